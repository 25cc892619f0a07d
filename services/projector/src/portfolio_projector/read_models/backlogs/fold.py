"""The fold of `backlogs`: what each event does to products, items, their order and its history.

`after` names the item that stands before; none means the top, also for an item that is reopened. Completed, split, dropped,
merged and promoted items leave the order and stay in the history. What a split makes takes the place of the item that was split,
in the order given.
"""

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

from portfolio_projector.folding.facts import Fact, Impossible, types_of
from portfolio_projector.folding.folding import Folding
from portfolio_projector.folding.retelling import retelling
from portfolio_projector.folding.rows import Rows
from portfolio_projector.read_models.backlogs import ranks
from portfolio_projector.read_models.backlogs.order import TOP, Order
from portfolio_projector.read_models.backlogs.rows import ItemRow, ItemState, Move, MoveRow, ProductRow, ProductState
from portfolio_schemas.events import item as items
from portfolio_schemas.events import product as products
from portfolio_schemas.events.event_data import EventData

ITEM_TYPES = types_of(
    items.ItemAdded,
    items.ItemMoved,
    items.ItemStarted,
    items.ItemCompleted,
    items.ItemReopened,
    items.ItemDropped,
    items.ItemSplit,
    items.ItemStatusReported,
    items.ItemStageReported,
    items.ItemTargetSet,
    items.ItemTargetMoved,
    items.ItemTargetCleared,
    items.ItemMilestoneReported,
    items.ItemTransferred,
    items.ItemPromotedToInitiative,
    items.ItemMerged,
)
TYPES = ITEM_TYPES | types_of(
    products.ProductConceived,
    products.ProductActivated,
    products.ProductOpenedFrom,
    products.ProductsMerged,
    products.ProductSplit,
    products.ProductPaused,
    products.ProductResumed,
    products.SunsetAnnounced,
    products.ProductRetired,
    products.VisionChanged,
    products.OwnerChanged,
)
PLACING_TYPES = types_of(
    items.ItemAdded,
    items.ItemMoved,
    items.ItemCompleted,
    items.ItemReopened,
    items.ItemDropped,
    items.ItemSplit,
    items.ItemTransferred,
    items.ItemPromotedToInitiative,
    items.ItemMerged,
)
"""The types that change an order."""

Key = tuple[str, str]


class Backlogs:
    """Products and items by portfolio and id, orders by portfolio and product, and the moves that are new."""

    def __init__(self, complete: bool) -> None:  # noqa: FBT001  the description of a read model says what it is
        self.products = Rows[Key, ProductRow]("products", itemgetter(0, 1), complete=complete)
        self.items = Rows[Key, ItemRow]("items", itemgetter(0, 1), complete=complete)
        self.moves = list[MoveRow]()
        self._orders = dict[Key, Order]()
        self._complete = complete

    def keep(self) -> int:
        """Take what changed as stored. Orders are as they are in the tables too."""
        self.moves.clear()
        return self.products.keep() + self.items.keep()

    def rows(self) -> Mapping[str, list[Any]]:
        """See `Retold`."""
        return {"products": self.products.sorted(), "items": self.items.sorted(), "moves": self.moves}

    def learn(self, rows: Mapping[str, list[Any]]) -> None:
        """See `Retold`. Orders are what the items' ranks say."""
        self.products.learn((), rows["products"])
        self.items.learn((), rows["items"])
        self.moves = rows["moves"]
        ranked = dict[Key, list[tuple[str, str]]]()
        for row in rows["items"]:
            if row.rank is not None:
                ranked.setdefault((row.portfolio, row.product), []).append((row.rank, row.item))
        for key, places in ranked.items():
            self.order(*key).replace(sorted(places))

    def order(self, portfolio: str, product: str) -> Order:
        """Return the order of a product's backlog, or the part of it that is known."""
        order = self._orders.get((portfolio, product))
        if order is None:
            order = self._orders[portfolio, product] = Order(portfolio, product, whole=self._complete)
        return order


def fold(state: Backlogs, fact: Fact) -> None:
    """Fold one event.

    Raises:
        Impossible: when the event cannot follow those before it.

    """
    data = fact.data
    handlers = _HANDLERS if fact.corrects is None else _CORRECTIONS
    handle = handlers.get(type(data), _keep if fact.corrects is not None else None)
    if handle is None:
        raise Impossible(f"The type {fact.type} is not one of this read model.")
    handle(state, fact, data)


def _conceive(state: Backlogs, fact: Fact, data: products.ProductConceived) -> None:
    state.products.put(
        ProductRow(fact.portfolio, fact.id, data.name, data.vision, data.owner, "Conceived", fact.time, None, 0, 0, fact.number)
    )


def _conceive_anew(state: Backlogs, fact: Fact, data: products.ProductConceived) -> None:
    state.products.put(
        _product(state, fact)._replace(name=data.name, vision=data.vision, owner=data.owner, last_entry=fact.number)
    )


def _keep(_state: Backlogs, _fact: Fact, _data: EventData) -> None:
    """Change nothing: the correction restates when or why something happened, not what."""


def _open_from(state: Backlogs, fact: Fact, data: products.ProductOpenedFrom) -> None:
    """Begin a product that something became; one that lived before only lives on."""
    opened, product = data.opened, state.products.get((fact.portfolio, fact.id))
    if product is not None:
        state.products.put(product._replace(last_entry=fact.number))
        return
    if opened is None:
        raise Impossible(f"There is no product {fact.id}.")
    state.products.put(
        ProductRow(
            fact.portfolio, fact.id, opened.name, opened.vision, opened.owner, "Active", fact.time, fact.time, 0, 0, fact.number
        )
    )


def _live(state: Backlogs, fact: Fact, data: EventData) -> None:
    """Let a product enter another state of its life."""
    state.products.put(_product(state, fact)._replace(state=_LEADS_TO[type(data)], last_entry=fact.number))


def _see_anew(state: Backlogs, fact: Fact, data: products.VisionChanged) -> None:
    state.products.put(_product(state, fact)._replace(vision=data.vision, last_entry=fact.number))


def _own_anew(state: Backlogs, fact: Fact, data: products.OwnerChanged) -> None:
    state.products.put(_product(state, fact)._replace(owner=data.owner, last_entry=fact.number))


def _product(state: Backlogs, fact: Fact) -> ProductRow:
    product = state.products.get((fact.portfolio, fact.id))
    if product is None:
        raise Impossible(f"There is no product {fact.id}.")
    return product


def _merge(state: Backlogs, fact: Fact, _: items.ItemMerged) -> None:
    _close(state, fact, "Merged", "merged")


def _transfer(state: Backlogs, fact: Fact, data: items.ItemTransferred) -> None:
    """Take an item out of one backlog and put it into another."""
    item = _item(state, fact)
    _leave(state, item)
    _count(state, item, -1, fact)
    moved = item._replace(product=_home(data.to), rank=None)
    state.items.put(_enter(state, fact, moved, data.after, "transferred"))
    _count(state, moved, 1, fact)


def _promote(state: Backlogs, fact: Fact, _: items.ItemPromotedToInitiative) -> None:
    _close(state, fact, "Promoted", "promoted")


def _add(state: Backlogs, fact: Fact, data: items.ItemAdded) -> None:
    item = _new_item(fact, fact.id, _home(data.backlog), data.title, data.kind, split_from=None)
    state.items.put(_enter(state, fact, item, data.after, "added"))
    _count(state, item, 1, fact)


def _start(state: Backlogs, fact: Fact, data: items.ItemStarted) -> None:
    item = _item(state, fact)
    state.items.put(
        item._replace(state="Started", workflow_state=data.state, started_at=item.started_at or fact.time, last_entry=fact.number)
    )


def _activate(state: Backlogs, fact: Fact, _: products.ProductActivated) -> None:
    state.products.put(_product(state, fact)._replace(state="Active", activated_at=fact.time, last_entry=fact.number))


def _report_status(state: Backlogs, fact: Fact, data: items.ItemStatusReported) -> None:
    state.items.put(_item(state, fact)._replace(status=data.status, last_entry=fact.number))


def _report_stage(state: Backlogs, fact: Fact, data: items.ItemStageReported) -> None:
    state.items.put(_item(state, fact)._replace(stage=data.stage, last_entry=fact.number))


def _report_milestone(state: Backlogs, fact: Fact, data: items.ItemMilestoneReported) -> None:
    state.items.put(_item(state, fact)._replace(milestone=data.milestone, last_entry=fact.number))


def _set_target(state: Backlogs, fact: Fact, data: items.ItemTargetSet | items.ItemTargetMoved) -> None:
    _target(state, fact, data.gate, data.target)


def _clear_target(state: Backlogs, fact: Fact, data: items.ItemTargetCleared) -> None:
    _target(state, fact, data.gate, None)


def _place(state: Backlogs, fact: Fact, data: items.ItemMoved) -> None:
    item = _item(state, fact)
    _leave(state, item)
    state.items.put(_enter(state, fact, item, data.after, "moved"))


def _complete(state: Backlogs, fact: Fact, _: items.ItemCompleted) -> None:
    _close(state, fact, "Done", "completed")


def _drop(state: Backlogs, fact: Fact, _: items.ItemDropped) -> None:
    _close(state, fact, "Dropped", "dropped")


def _reopen(state: Backlogs, fact: Fact, data: items.ItemReopened) -> None:
    item = _item(state, fact)._replace(state="Reopened", closed_at=None)
    state.items.put(_enter(state, fact, item, data.after, "reopened"))
    _count(state, item, 1, fact)


def _target(state: Backlogs, fact: Fact, gate: str, target: str | None) -> None:
    item = _item(state, fact)
    targets = {name: value for name, value in item.targets.items() if name != gate}
    if target is not None:
        targets[gate] = target
    state.items.put(item._replace(targets=targets, last_entry=fact.number))


def _close(state: Backlogs, fact: Fact, item_state: ItemState, move: Move) -> None:
    item = _item(state, fact)
    _leave(state, item)
    state.items.put(item._replace(state=item_state, rank=None, closed_at=fact.time, last_entry=fact.number))
    state.moves.append(_move(fact, item, move, None))
    _count(state, item, -1, fact)


def _split(state: Backlogs, fact: Fact, data: items.ItemSplit) -> None:
    """Put the new items after the old one, each after the one before, and then take the old one away."""
    old = _item(state, fact)
    after = f"item/{old.item}"
    for new in data.into:
        item = _new_item(fact, _id(new.item), old.product, new.title, new.kind or old.kind, split_from=old.item)
        state.items.put(_enter(state, fact, item, after, "split_from"))
        _count(state, item, 1, fact)
        after = new.item
    _close(state, fact, "Split", "split")


def _new_item(fact: Fact, item: str, product: str, title: str, kind: str, *, split_from: str | None) -> ItemRow:
    return ItemRow(
        fact.portfolio, item, product, title, kind, "New", None, None, fact.time, None, None, split_from, None, None, None, {},
        fact.number,
    )  # fmt: skip


def _enter(state: Backlogs, fact: Fact, item: ItemRow, after: str | None, move: Move) -> ItemRow:
    """Place an item that is in no order after another one, or at the top, and return it with its rank."""
    order = state.order(item.portfolio, item.product)
    low = TOP if after is None else _rank_of(state, item, _id(after))
    rank = ranks.between(low or None, order.next_rank(low))
    order.insert(rank, item.item)
    placed = item._replace(rank=rank, last_entry=fact.number)
    state.moves.append(_move(fact, item, move, None if after is None else _id(after)))
    if ranks.is_long(rank):
        state.items.put(placed)
        return _rank_anew(state, order, placed)
    return placed


def _leave(state: Backlogs, item: ItemRow) -> None:
    if item.rank is None:
        raise Impossible(f"The item {item.item} is not in the order.")
    state.order(item.portfolio, item.product).remove(item.rank)


def _rank_anew(state: Backlogs, order: Order, placed: ItemRow) -> ItemRow:
    """Give every open item of a backlog a short rank in the order in which they stand."""
    order.need_whole()
    standing = list(order)
    ranked = list(zip(ranks.first(len(standing)), standing, strict=True))
    for rank, name in ranked:
        state.items.put(_known(state, placed.portfolio, name)._replace(rank=rank))
    order.replace(ranked)
    product = state.products.get((placed.portfolio, placed.product))
    if product is not None:
        state.products.put(product._replace(rankings=product.rankings + 1))
    return _known(state, placed.portfolio, placed.item)


def _rank_of(state: Backlogs, item: ItemRow, after: str) -> str:
    before = _known(state, item.portfolio, after)
    if before.rank is None or before.product != item.product or after == item.item:
        raise Impossible(f"The item {item.item} cannot stand after {after}, which is not open in the same backlog.")
    return before.rank


def _item(state: Backlogs, fact: Fact) -> ItemRow:
    return _known(state, fact.portfolio, fact.id)


def _known(state: Backlogs, portfolio: str, item: str) -> ItemRow:
    row = state.items.get((portfolio, item))
    if row is None:
        raise Impossible(f"There is no item {item}.")
    return row


def _count(state: Backlogs, item: ItemRow, change: int, fact: Fact) -> None:
    product = state.products.get((item.portfolio, item.product))
    if product is None:
        if "/" in item.product:
            return
        raise Impossible(f"There is no product {item.product}.")
    state.products.put(product._replace(open_items=product.open_items + change, last_entry=fact.number))


def _move(fact: Fact, item: ItemRow, move: Move, after: str | None) -> MoveRow:
    return MoveRow(
        item.portfolio, item.product, fact.number, item.item, move, after, fact.actor, fact.reason, fact.time,
        fact.entry.recordedtime,
    )  # fmt: skip


def _home(backlog: str) -> str:
    """Return how a backlog is named here: a product by its id, an initiative by its reference."""
    return backlog.removeprefix("product/")


def _id(reference: str) -> str:
    return reference.partition("/")[2]


_LEADS_TO: dict[type[EventData], ProductState] = {
    products.ProductsMerged: "Merged",
    products.ProductSplit: "Split",
    products.ProductPaused: "Paused",
    products.ProductResumed: "Active",
    products.SunsetAnnounced: "Sunsetting",
    products.ProductRetired: "Retired",
}

_HANDLERS: dict[type[EventData], Callable[[Backlogs, Fact, Any], None]] = {
    products.ProductConceived: _conceive,
    products.ProductActivated: _activate,
    items.ItemAdded: _add,
    items.ItemMoved: _place,
    items.ItemStarted: _start,
    items.ItemCompleted: _complete,
    items.ItemReopened: _reopen,
    items.ItemDropped: _drop,
    items.ItemSplit: _split,
    items.ItemStatusReported: _report_status,
    items.ItemStageReported: _report_stage,
    items.ItemTargetSet: _set_target,
    items.ItemTargetMoved: _set_target,
    items.ItemTargetCleared: _clear_target,
    items.ItemMilestoneReported: _report_milestone,
    items.ItemTransferred: _transfer,
    items.ItemPromotedToInitiative: _promote,
    products.ProductOpenedFrom: _open_from,
    items.ItemMerged: _merge,
    products.ProductsMerged: _live,
    products.ProductSplit: _live,
    products.ProductPaused: _live,
    products.ProductResumed: _live,
    products.SunsetAnnounced: _live,
    products.ProductRetired: _live,
    products.VisionChanged: _see_anew,
    products.OwnerChanged: _own_anew,
}
"""By class, since a `match` over classes would ask each of them in turn, for every event of the log."""

_CORRECTIONS: dict[type[EventData], Callable[[Backlogs, Fact, Any], None]] = {
    products.ProductConceived: _conceive_anew,
    products.VisionChanged: _see_anew,
    products.OwnerChanged: _own_anew,
    items.ItemStatusReported: _report_status,
    items.ItemStageReported: _report_stage,
    items.ItemTargetSet: _set_target,
    items.ItemTargetMoved: _set_target,
    items.ItemMilestoneReported: _report_milestone,
}
"""What a correction changes here; every other one changes nothing that is shown."""

FOLDING = Folding(name="backlogs", version=2, types=TYPES, begin=Backlogs, fold=fold)

CHRONICLE = retelling(FOLDING, {"products": ProductRow, "items": ItemRow, "moves": MoveRow})
