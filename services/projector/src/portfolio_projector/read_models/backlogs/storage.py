"""How `backlogs` reads and writes its tables."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

from portfolio_projector import storing
from portfolio_projector.folding.facts import Fact
from portfolio_projector.folding.rows import NotLoaded
from portfolio_projector.read_models.backlogs.order import FOLLOWERS, PREDECESSORS, TOP, WHOLE
from portfolio_projector.read_models.backlogs.rows import REPORTED, ItemRow, MoveRow, ProductRow, SizeRow, beside_life, lived
from portfolio_projector.read_models.backlogs.state import Backlogs, Key, MoveKey
from portfolio_projector.read_models.backlogs.wants import wants
from portfolio_projector.statements import Statements

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

_SQL = Statements("portfolio_projector.read_models.backlogs")

Place = tuple[str, str, str]


async def load(connection: "Connection", state: Backlogs, facts: Sequence[Fact], missing: Sequence[NotLoaded]) -> None:
    """Read the items, products and moves that facts name, then what stands beside them in the orders that they change."""
    wanted = wants(facts)
    tables = (FOLLOWERS, PREDECESSORS, "items", "products", "moves")
    asked = {table: [cast("Any", row.key) for row in missing if row.table == table] for table in tables}
    moves: set[MoveKey] = {*wanted.moves, *asked["moves"]}
    await storing.load(connection, _SQL["moves_by_word"], state.moves, MoveRow, moves)
    state.items.begin(wanted.born)
    items: set[Key] = {*wanted.items, *wanted.tops_of, *asked["items"]}
    await storing.load(connection, _SQL["items"], state.items, ItemRow, items)
    found = {key: row for key in items if (row := state.items.get(key)) is not None}
    products: set[Key] = {*wanted.products, *asked["products"], *((row.portfolio, row.product) for row in found.values())}
    await storing.load(connection, _SQL["products"], state.products, ProductRow, products)
    _learn_order(state, found.values())
    places: set[Place] = {
        (row.portfolio, row.product, row.rank) for key in wanted.followed if (row := found.get(key)) and row.rank
    }
    places |= {(*key, TOP) for key in wanted.tops}
    places |= {(row.portfolio, row.product, TOP) for key in wanted.tops_of if (row := found.get(key))}
    places |= {place for place in asked[FOLLOWERS] if place[2] != WHOLE}
    await _load_followers(connection, state, places)
    before: set[Place] = {
        (row.portfolio, row.product, row.rank) for key in wanted.preceded if (row := found.get(key)) and row.rank
    }
    await _load_predecessors(connection, state, before | set(asked[PREDECESSORS]))
    await _load_whole(connection, state, [place for place in asked[FOLLOWERS] if place[2] == WHOLE])


async def write(connection: "Connection", state: Backlogs) -> None:
    """Store what changed."""
    await storing.write(connection, "backlog_products", _SQL["update_products"], state.products)
    new, old = state.items.changes()
    await storing.copy(connection, "backlog_items", ItemRow, new)
    await _update_items(connection, state, old)
    await storing.write(connection, "backlog_moves", _SQL["update_moves"], state.moves)
    sizes, _ = state.sizes.changes()
    await storing.copy(connection, "backlog_sizes", SizeRow, sizes)


async def forget(connection: "Connection", portfolio: str) -> None:
    """Delete everything of a portfolio."""
    await connection.execute(_SQL["forget"], portfolio)


async def _update_items(connection: "Connection", state: Backlogs, rows: Sequence[ItemRow]) -> None:
    """Update items: most changes are reports, or steps in an item's life, which touch a few columns of many."""
    reported, stepped, other = list[tuple[Any, ...]](), list[tuple[Any, ...]](), list[ItemRow]()
    for row in rows:
        before = state.items.before((row.portfolio, row.item))
        if before is not None and before[:REPORTED] == row[:REPORTED]:
            reported.append((*row[:2], *row[REPORTED:]))
        elif before is not None and beside_life(before) == beside_life(row):
            stepped.append(lived(row))
        else:
            other.append(row)
    if reported:
        await connection.execute(_SQL["update_reported"], *storing.columns(reported))
    if stepped:
        await connection.execute(_SQL["update_lived"], *storing.columns(stepped))
    if other:
        await connection.execute(_SQL["update_items"], *storing.columns(other))


async def _load_followers(connection: "Connection", state: Backlogs, wanted: set[Place]) -> None:
    places = {place for place in wanted if not state.order(*place[:2]).tells(place[2])}
    if not places:
        return
    found = [ItemRow(*record) for record in await connection.fetch(_SQL["followers"], *storing.columns(sorted(places)))]
    _learn(state, found)
    for portfolio, product, rank in places:
        state.order(portfolio, product).learn_follower(rank)


async def _load_predecessors(connection: "Connection", state: Backlogs, wanted: set[Place]) -> None:
    places = {place for place in wanted if not state.order(*place[:2]).tells_before(place[2])}
    if not places:
        return
    found = [ItemRow(*record) for record in await connection.fetch(_SQL["predecessors"], *storing.columns(sorted(places)))]
    _learn(state, found)
    for portfolio, product, rank in places:
        state.order(portfolio, product).learn_predecessor(rank)


async def _load_whole(connection: "Connection", state: Backlogs, places: Sequence[Place]) -> None:
    if not places:
        return
    keys = sorted({(portfolio, product) for portfolio, product, _ in places})
    found = [ItemRow(*record) for record in await connection.fetch(_SQL["open_items"], *storing.columns(keys))]
    _learn(state, found)
    for portfolio, product in keys:
        state.order(portfolio, product).whole = True


def _learn(state: Backlogs, found: Sequence[ItemRow]) -> None:
    state.items.learn((), found)
    _learn_order(state, found)


def _learn_order(state: Backlogs, found: Iterable[ItemRow]) -> None:
    for row in found:
        if row.rank is not None:
            state.order(row.portfolio, row.product).learn(row.rank, row.item)
