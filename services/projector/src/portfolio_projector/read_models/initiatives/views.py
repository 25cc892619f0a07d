"""Two ways to look at initiatives by the same questions: the tables as they are now, and a fold of the past."""

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from portfolio_projector.folding.chronicles import WHOLE
from portfolio_projector.http.reading import Views
from portfolio_projector.http.telling import Telling
from portfolio_projector.read_models.initiatives.fold import CHRONICLE
from portfolio_projector.read_models.initiatives.rows import BaselineRow, InitiativeRow, PackageRow, ReleaseRow
from portfolio_projector.read_models.initiatives.state import Initiatives
from portfolio_projector.read_models.money import sums
from portfolio_projector.read_models.money.fold import MONEY, MONEY_OF_ALL
from portfolio_projector.statements import Statements

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

_SQL = Statements("portfolio_projector.read_models.initiatives")


class View(Protocol):
    """The initiatives of one portfolio at one moment."""

    async def initiatives(self, after: str, limit: int) -> Sequence[InitiativeRow]:
        """Return initiatives by id, those after one."""
        ...

    async def initiative(self, initiative: str) -> InitiativeRow | None:
        """Return an initiative."""
        ...

    async def packages(self, initiative: str) -> Sequence[PackageRow]:
        """Return an initiative's work packages by id."""
        ...

    async def releases(self, initiatives: Sequence[str]) -> Sequence[ReleaseRow]:
        """Return the releases of initiatives."""
        ...

    async def baselines(self, initiative: str, after: int, limit: int) -> Sequence[BaselineRow]:
        """Return an initiative's baselines by version, those after one; their plans may be left out."""
        ...

    async def baseline(self, initiative: str, version: int) -> BaselineRow | None:
        """Return a baseline with its plan."""
        ...


class Live:
    """The tables, within a transaction."""

    def __init__(self, connection: "Connection", portfolio: str) -> None:
        self._connection = connection
        self._portfolio = portfolio

    async def initiatives(self, after: str, limit: int) -> Sequence[InitiativeRow]:
        """See View."""
        rows = await self._connection.fetch(_SQL["initiative_page"], self._portfolio, after, limit)
        return [InitiativeRow(*row) for row in rows]

    async def initiative(self, initiative: str) -> InitiativeRow | None:
        """See View."""
        row = await self._connection.fetchrow(_SQL["initiatives"], [self._portfolio], [initiative])
        return None if row is None else InitiativeRow(*row)

    async def packages(self, initiative: str) -> Sequence[PackageRow]:
        """See View."""
        rows = await self._connection.fetch(_SQL["packages_of"], self._portfolio, initiative)
        return [PackageRow(*row) for row in rows]

    async def releases(self, initiatives: Sequence[str]) -> Sequence[ReleaseRow]:
        """See View."""
        rows = await self._connection.fetch(_SQL["releases_of"], self._portfolio, initiatives)
        return [ReleaseRow(*row) for row in rows]

    async def baselines(self, initiative: str, after: int, limit: int) -> Sequence[BaselineRow]:
        """See View."""
        rows = await self._connection.fetch(_SQL["baseline_page"], self._portfolio, initiative, after, limit)
        return [BaselineRow(*row) for row in rows]

    async def baseline(self, initiative: str, version: int) -> BaselineRow | None:
        """See View."""
        row = await self._connection.fetchrow(_SQL["baselines"], [self._portfolio], [initiative], [version])
        return None if row is None else BaselineRow(*row)


class Past:
    """A state that knows everything."""

    def __init__(self, state: Initiatives, portfolio: str) -> None:
        self._state = state
        self._portfolio = portfolio

    async def initiatives(self, after: str, limit: int) -> Sequence[InitiativeRow]:
        """See View."""
        rows = sorted(self._state.initiatives.all().values(), key=lambda row: row.initiative)
        return list(islice((row for row in rows if row.initiative > after), limit))

    async def initiative(self, initiative: str) -> InitiativeRow | None:
        """See View."""
        return self._state.initiatives.get((self._portfolio, initiative))

    async def packages(self, initiative: str) -> Sequence[PackageRow]:
        """See View."""
        rows = (row for row in self._state.packages.all().values() if row.initiative == initiative)
        return sorted(rows, key=lambda row: row.package)

    async def releases(self, initiatives: Sequence[str]) -> Sequence[ReleaseRow]:
        """See View."""
        return [row for row in self._state.releases.all().values() if row.initiative in initiatives]

    async def baselines(self, initiative: str, after: int, limit: int) -> Sequence[BaselineRow]:
        """See View."""
        rows = (row for row in self._state.baselines.all().values() if row.initiative == initiative and row.version > after)
        return sorted(rows, key=lambda row: row.version)[:limit]

    async def baseline(self, initiative: str, version: int) -> BaselineRow | None:
        """See View."""
        return self._state.baselines.get((self._portfolio, initiative, version))


async def count_costs(telling: Telling, state: Initiatives) -> None:
    """Let initiatives have cost what they had by the moment that is told: corrections and reversals have times of their own."""
    rows = {f"initiative/{row.initiative}": row for row in state.initiatives.all().values()}
    if not rows:
        return
    whole = len(rows) > 1  # then the money of all is told at once
    money = (await telling.state(MONEY_OF_ALL, WHOLE) if whole else await telling.state(MONEY, next(iter(rows)))).state
    for member, row in rows.items():
        account = money.of(member)
        state.initiatives.put(row._replace(cost=sums.spent(account), costs=len(account.postings)))


VIEWS: Views[Initiatives, View] = Views(chronicle=CHRONICLE, live=Live, past=Past, by_day=count_costs)
