"""Placing items: into an order, out of it, and what is remembered of each move. Pure."""

from portfolio_projector.folding.facts import Fact, Impossible
from portfolio_projector.read_models.backlogs import ranks
from portfolio_projector.read_models.backlogs.order import TOP, Order
from portfolio_projector.read_models.backlogs.rows import ItemRow, ItemState, Move, Placed, ProductRow, SizeRow, move_row
from portfolio_projector.read_models.backlogs.state import Backlogs


def known(state: Backlogs, portfolio: str, item: str) -> ItemRow:
    """Return an item.

    Raises:
        Impossible: when there is none.

    """
    row = state.items.get((portfolio, item))
    if row is None:
        raise Impossible(f"There is no item {item}.")
    return row


def enter(state: Backlogs, fact: Fact, item: ItemRow, after: str | None, move: Move, *, was_after: str | None = None) -> ItemRow:
    """Place an item that is in no order after another one, or at the top, and return it with its rank."""
    if not state.holds(item.product):
        return item._replace(last_entry=fact.number)
    order = state.order(item.portfolio, item.product)
    low = place_of(state, item, after)
    rank = ranks.between(low or None, order.next_rank(low))
    order.insert(rank, item.item)
    placed = item._replace(rank=rank, last_entry=fact.number)
    _remember(state, fact, placed, move, (was_after, None if after is None else id_of(after)))
    if ranks.is_long(rank):
        state.items.put(placed)
        return _rank_anew(state, fact, order, placed)
    return placed


def place_of(state: Backlogs, item: ItemRow, after: str | None) -> str:
    """Return the rank after which an item is placed. Who forgives takes what is not there yet for the bottom.

    Raises:
        Impossible: when what it should stand after is not open in the same backlog, or there is no such product.

    """
    if not state.holds(item.product):
        return TOP
    _need_product(state, item)
    if after is None:
        return TOP
    name = id_of(after)
    before = state.items.get((item.portfolio, name))
    if before is not None and before.rank is not None and before.product == item.product and name != item.item:
        return before.rank
    if not state.forgiving:
        raise Impossible(f"The item {item.item} cannot stand after {name}, which is not open in the same backlog.")
    return state.order(item.portfolio, item.product).last_rank() or TOP


def leave(state: Backlogs, item: ItemRow) -> str | None:
    """Take an item out of its order, and return the item that it stood after; None at the top.

    Raises:
        Impossible: when it is in none, or there is no such product.

    """
    if not state.holds(item.product):
        return None
    _need_product(state, item)
    if item.rank is None:
        raise Impossible(f"The item {item.item} is not in the order.")
    return state.order(item.portfolio, item.product).remove(item.rank)


def close(state: Backlogs, fact: Fact, item_state: ItemState, move: Move) -> None:
    """Take an item out of its order for good, or until it is reopened."""
    item = known(state, fact.portfolio, fact.id)
    was_after = leave(state, item)
    closed = item._replace(
        state=item_state, rank=None, workflow_state=None, blocked=False, closed_at=fact.time, last_entry=fact.number
    )
    state.items.put(closed)
    _remember(state, fact, closed, move, (was_after, None))
    count(state, item, -1, fact)


def count(state: Backlogs, item: ItemRow, change: int, fact: Fact) -> None:
    """Count an item that entered or left a product's backlog."""
    product = state.products.get((item.portfolio, item.product))
    if product is not None:
        _measure(state, fact, product._replace(open_items=product.open_items + change, last_entry=fact.number))


def restate(state: Backlogs, fact: Fact) -> None:
    """Let a move say who and why as its correction does; what was said before holds until then."""
    if state.scope is not None or fact.corrects is None:
        return
    move = state.moves.get((fact.portfolio, fact.id, fact.corrects))
    if move is not None:
        state.moves.put(move._replace(until_entry=fact.number))
        state.moves.put(move._replace(said_by=fact.number, actor=fact.actor, reason=fact.reason))


def id_of(reference: str) -> str:
    """Return the id in a reference."""
    return reference.partition("/")[2]


def _need_product(state: Backlogs, item: ItemRow) -> None:
    """Find out, before anything is changed, that the order of an item is that of something: who forgives can do without.

    Raises:
        Impossible: when there is no such product.

    """
    is_of_initiative = "/" in item.product
    if not (is_of_initiative or state.forgiving) and state.products.get((item.portfolio, item.product)) is None:
        raise Impossible(f"There is no product {item.product}.")


def _measure(state: Backlogs, fact: Fact, product: ProductRow) -> None:
    """Store a product that has another size, or was ranked anew, and remember that of this entry."""
    state.products.put(product)
    if state.scope is None:
        state.sizes.put(SizeRow(product.portfolio, product.product, fact.number, product.open_items, product.rankings))


def _remember(state: Backlogs, fact: Fact, item: ItemRow, move: Placed, places: tuple[str | None, str | None]) -> None:
    if state.scope is None:
        number, (was_after, after) = fact.number, places
        cells = (
            item.portfolio, item.product, number, item.item, number, None, move, was_after, after, fact.actor, fact.reason,
            fact.time, fact.entry.recordedtime, item.rank,
        )  # fmt: skip
        state.moves.put(move_row(cells))


def _remember_rank(state: Backlogs, fact: Fact, item: ItemRow) -> None:
    """Remember a rank that an item has anew: beside its move, where this entry moved it."""
    move = state.moves.changed.get((item.portfolio, item.item, fact.number))
    if move is None:
        _remember(state, fact, item, "ranked", (None, None))
    else:
        state.moves.put(move._replace(rank=item.rank))


def _rank_anew(state: Backlogs, fact: Fact, order: Order, placed: ItemRow) -> ItemRow:
    """Give every open item of a backlog a short rank in the order in which they stand."""
    order.need_whole()
    standing = list(order)
    ranked = list(zip(ranks.first(len(standing)), standing, strict=True))
    for rank, name in ranked:
        item = known(state, placed.portfolio, name)._replace(rank=rank)
        state.items.put(item)
        _remember_rank(state, fact, item)
    order.replace(ranked)
    product = state.products.get((placed.portfolio, placed.product))
    if product is not None:
        _measure(state, fact, product._replace(rankings=product.rankings + 1, last_entry=fact.number))
    return known(state, placed.portfolio, placed.item)
