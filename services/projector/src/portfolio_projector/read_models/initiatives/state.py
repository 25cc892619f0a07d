"""The state of `initiatives`: the rows of its tables by their keys."""

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from portfolio_projector.folding.facts import Impossible
from portfolio_projector.folding.rows import Rows
from portfolio_projector.read_models.initiatives.rows import BaselineRow, CostRow, InitiativeRow, PackageRow, ReleaseRow

Key = tuple[str, str]
BaselineKey = tuple[str, str, int]
CostKey = tuple[str, int]


class Initiatives:
    """Initiatives, work packages and releases by portfolio and id, baselines by version too, costs by entry."""

    def __init__(self, complete: bool) -> None:  # noqa: FBT001  the description of a read model says what it is
        self.initiatives = Rows[Key, InitiativeRow]("initiatives", InitiativeRow, itemgetter(0, 1), complete=complete)
        self.baselines = Rows[BaselineKey, BaselineRow]("baselines", BaselineRow, itemgetter(0, 1, 2), complete=complete)
        self.packages = Rows[Key, PackageRow]("packages", PackageRow, itemgetter(0, 1), complete=complete)
        self.releases = Rows[Key, ReleaseRow]("releases", ReleaseRow, itemgetter(0, 1), complete=complete)
        self.costs = _costs(complete=complete)
        self._complete = complete

    def initiative(self, portfolio: str, initiative: str) -> InitiativeRow:
        """Return an initiative.

        Raises:
            Impossible: when nobody has proposed it.

        """
        row = self.initiatives.get((portfolio, initiative))
        if row is None:
            raise Impossible(f"There is no initiative {initiative}.")
        return row

    @property
    def size(self) -> int:
        """How many bytes are known, about."""
        return sum(rows.size for rows in self._tables.values())

    def keep(self) -> None:
        """Take what changed as stored. Costs are looked up again by whoever corrects one."""
        self.costs = _costs(complete=self._complete)
        for rows in self._tables.values():
            rows.keep()

    def forget(self, share: float) -> None:
        """Forget a share of the rows."""
        for rows in self._tables.values():
            rows.forget(share)

    def rows(self) -> Mapping[str, list[Any]]:
        """See `Retold`."""
        return {name: rows.sorted() for name, rows in self._tables.items()}

    def learn(self, rows: Mapping[str, list[Any]]) -> None:
        """See `Retold`."""
        for name, table in self._tables.items():
            table.learn((), rows[name])

    @property
    def _tables(self) -> Mapping[str, Rows[Any, Any]]:
        return {
            "initiatives": self.initiatives,
            "baselines": self.baselines,
            "packages": self.packages,
            "releases": self.releases,
            "costs": self.costs,
        }


def _costs(*, complete: bool) -> Rows[CostKey, CostRow]:
    return Rows[CostKey, CostRow]("costs", CostRow, itemgetter(0, 1), complete=complete)
