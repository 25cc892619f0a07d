"""Chronicles in instructions: they have no rows, so that nothing of them is folded on or made anew; an entry can be skipped.

An entry is skipped only where a chronicle cannot be told beyond it, as it is for read models with rows.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from portfolio_projector.folding.chronicles import WHOLE, Chronicle
from portfolio_projector.instructions.storage import Answer, Instructions, Wish
from portfolio_projector.statements import Statements
from portfolio_projector.telling.past import Unfoldable, Wanted, tell

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

_SQL = Statements("portfolio_projector.instructions")
_FACTS_MAX = 10_000_000


async def carry_out(instructions: Instructions, chronicle: Chronicle[Any], wish: Wish, portfolio: str) -> Answer:
    """Skip an entry where that is wished; say of anything else why there is nothing to do."""
    name = chronicle.name
    if wish.rebuild:
        detail = "what it is told by is made anew with"
        return Answer.no(f"{name} has no rows: it is told from entries; {detail} portfolio resume concerns {portfolio} --rebuild")
    if wish.skip is None:
        return Answer.yes(
            f"{name} is told from entries at each question: with a program that can fold them it goes on by itself."
        )
    async with instructions.looking() as connection:
        failed = await _first_failure(connection, chronicle, portfolio, wish.skip)
    if failed != wish.skip:
        at = f"can be told of entry {wish.skip}" if failed is None else f"stands still at entry {failed}, not {wish.skip}"
        return Answer.no(f"Nothing was skipped: {name} {at} in {portfolio}.")
    await instructions.skip(wish)
    return Answer.yes(f"{name} passes entry {wish.skip} of {portfolio} over from now on; its answers say so.")


async def _first_failure(connection: "Connection", chronicle: Chronicle[Any], portfolio: str, entry: int) -> int | None:
    """Return the first entry up to one at which the chronicle fails in a scope that the entry belongs to."""
    skipped = frozenset[int](
        row["entry"] for row in await connection.fetch(_SQL["skipped"], portfolio, chronicle.name) if row["entry"] <= entry
    )
    for scope in await _scopes(connection, chronicle, portfolio, entry):
        try:
            await tell(connection, chronicle, Wanted(portfolio, entry, skipped=skipped), [scope], facts_max=_FACTS_MAX)
        except Unfoldable as error:
            return error.entry
    return None


async def _scopes(connection: "Connection", chronicle: Chronicle[Any], portfolio: str, entry: int) -> Sequence[str]:
    if chronicle.of_portfolio:
        return [WHOLE]
    return [row["member"] for row in await connection.fetch(_SQL["concerned"], portfolio, entry)]
