"""The routes of `backlogs`."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from portfolio_projector.http import answers as http_answers
from portfolio_projector.http import cursors
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.problems import Problem
from portfolio_projector.http.reading import Asked, CursorText, Id, Limit
from portfolio_projector.read_models.backlogs import answers
from portfolio_projector.read_models.backlogs.fold import FOLDING
from portfolio_projector.read_models.backlogs.history import History
from portfolio_projector.read_models.backlogs.rows import ProductRow
from portfolio_projector.read_models.backlogs.views import ORDERS, VIEWS, Ordered, View

router = APIRouter(prefix="/portfolios/{portfolio}/products", tags=["products"], responses=http_answers.CARRIED)


@router.get("/{product}/backlog", response_model=answers.BacklogAnswer, responses=http_answers.tabular("items"))
async def show_backlog(asked: Asked, product: Id, limit: Limit = 100, cursor: CursorText = None) -> Response:
    """Show the rolling backlog in order. A cursor keeps its place while items move: it names the item to go on after."""
    list_ = f"backlog/{asked.portfolio}/{product}"
    after = cursors.decode(cursor, list_, int, str, str)

    async def build(view: Ordered, moment: Moment) -> dict[str, object]:
        row = await _known(view, product, moment)
        rank = "" if after is None else await _rank(view, row, *after)
        before, rows = await view.page(product, rank, limit + 1)
        last = rows[limit - 1] if len(rows) > limit else None
        return {
            "product": product,
            "open_items": row.open_items,
            "items": [answers.item(one, before + n, moment.today, moment.zone) for n, one in enumerate(rows[:limit], start=1)],
            "next_cursor": None if last is None else cursors.encode(list_, row.rankings, last.rank or "", last.item),
        }

    return await asked.answer(ORDERS, build, scope=f"product/{product}", table="items")


@router.get(
    "/{product}/backlog/priorities", response_model=answers.PrioritiesAnswer, responses=http_answers.tabular("priorities")
)
async def show_backlog_priorities(asked: Asked, product: Id, limit: Limit = 100) -> Response:
    """Show the open items that were scored in the order that weighted shortest job first suggests, and where they stand."""

    async def build(view: View, moment: Moment) -> dict[str, object]:
        await _known(view, product, moment)
        found = await view.scored(product)
        return {"product": product, "scored_items": len(found), "priorities": answers.priorities(found)[:limit]}

    return await asked.answer(VIEWS, build, scope=f"product/{product}", table="priorities")


@router.get("/{product}/backlog/history", response_model=answers.BacklogHistoryAnswer, responses=http_answers.tabular("moves"))
async def show_backlog_history(
    asked: Asked,
    product: Id,
    item: Annotated[str | None, Query(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="only the moves of this item")] = None,
    limit: Limit = 100,
    cursor: CursorText = None,
) -> Response:
    """Show every move in the backlog, or of one item: what happened, from where to where, who did it, and why."""
    list_ = f"moves/{asked.portfolio}/{product}/{item or ''}"
    after = cursors.decode(cursor, list_, int, str) or (-1, "")
    async with asked.moment(FOLDING.name) as (connection, moment):
        history = History(connection, asked.portfolio, product)
        if not await history.is_known(moment):
            raise _unknown(product, moment)
        rows = await history.moves(item, (after[0], after[1]), limit + 1, moment)
    if item is not None and not rows and cursor is None:
        raise Problem(404, "UNKNOWN_ITEM", f"There is no item {item} in the backlog of {product}.", entry=moment.entry)
    last = rows[limit - 1] if len(rows) > limit else None
    content = {
        "product": product,
        "item": item,
        "moves": [answers.move(row) for row in rows[:limit]],
        "next_cursor": None if last is None else cursors.encode(list_, last.entry, last.item),
    }
    return http_answers.respond(asked.request, asked.basis(FOLDING, moment), content, table="moves")


def _unknown(product: str, moment: Moment) -> Problem:
    return Problem(404, "UNKNOWN_PRODUCT", f"There is no product {product}.", entry=moment.entry)


async def _known(view: Ordered, product: str, moment: Moment) -> ProductRow:
    row = await view.product(product)
    if row is None:
        raise _unknown(product, moment)
    return row


async def _rank(view: Ordered, product: ProductRow, rankings: int, rank: str, item: str) -> str:
    """Return the rank to go on after: the cursor's own, unless the backlog was ranked anew since."""
    if rankings == product.rankings:
        return rank
    row = await view.item(item)
    if row is None or row.rank is None or row.product != product.product:
        raise cursors.refused()
    return row.rank
