"""How `concerns` reads and writes its tables."""

from collections import Counter
from collections.abc import Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast

from portfolio_projector import storing
from portfolio_projector.folding.facts import Fact
from portfolio_projector.folding.rows import NotLoaded
from portfolio_projector.read_models.concerns.fold import HANDED_ON, ConcernRow, Concerns, HomeRow, wants
from portfolio_projector.statements import Statements

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

_SQL = Statements("portfolio_projector.read_models.concerns")
_PORTFOLIO_AND_MEMBER = itemgetter(0, 1)


async def load(connection: "Connection", state: Concerns, facts: Sequence[Fact], missing: Sequence[NotLoaded]) -> None:
    """Read where the subjects of facts belong."""
    wanted, born = wants(facts)
    state.homes.begin(born)
    wanted.update(cast("Any", row.key) for row in missing)
    await storing.load(connection, _SQL["homes"], state.homes, HomeRow, wanted)


async def write(connection: "Connection", state: Concerns) -> None:
    """Append the new rows, count them, and let what was said of subjects that moved concern whom they moved to."""
    await storing.write(connection, "homes", _SQL["update_homes"], state.homes)
    await storing.copy(connection, "concerns", ConcernRow, state.concerns)
    if state.moved:
        await connection.execute(_SQL["move"], *storing.columns(state.moved), sorted(HANDED_ON))
    counted = Counter(map(_PORTFOLIO_AND_MEMBER, state.concerns))
    if counted:
        rows = [(*key, count) for key, count in sorted(counted.items())]
        await connection.execute(_SQL["count"], *storing.columns(rows))


async def forget(connection: "Connection", portfolio: str) -> None:
    """Delete everything of a portfolio, and what was folded from it."""
    await connection.execute(_SQL["forget"], portfolio)
