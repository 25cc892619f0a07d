"""The fold of `backlogs`: what each event does to products, items, their order and its history.

`after` names the item that stands before; none means the top, also for an item that is reopened. Completed, split, dropped,
merged and promoted items leave the order and stay in the history. What a split makes takes the place of the item that was split,
in the order given.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from portfolio_projector.folding.facts import Fact, Impossible, types_of
from portfolio_projector.folding.folding import Folding
from portfolio_projector.read_models.backlogs import attributes, placing
from portfolio_projector.read_models.backlogs.placing import id_of
from portfolio_projector.read_models.backlogs.rows import ItemRow, ProductRow, ProductState
from portfolio_projector.read_models.backlogs.state import Backlogs
from portfolio_schemas.events import item as items
from portfolio_schemas.events import product as products
from portfolio_schemas.events.event_data import EventData


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


def _keep(_state: Backlogs, _fact: Fact, _data: EventData) -> None:
    """Change nothing: the correction restates when or why something happened, not what."""


def _conceive(state: Backlogs, fact: Fact, data: products.ProductConceived) -> None:
    _begin(state, fact, data, "Conceived")


def _conceive_anew(state: Backlogs, fact: Fact, data: products.ProductConceived) -> None:
    state.products.put(attributes.said(_product(state, fact), fact, name=data.name, vision=data.vision, owner=data.owner))


def _open_from(state: Backlogs, fact: Fact, data: products.ProductOpenedFrom) -> None:
    """Begin a product that something became; one that lived before only lives on."""
    product = state.products.get((fact.portfolio, fact.id))
    if product is not None:
        state.products.put(product._replace(last_entry=fact.number))
    elif data.opened is None:
        raise Impossible(f"There is no product {fact.id}.")
    else:
        _begin(state, fact, data.opened, "Active")


def _begin(state: Backlogs, fact: Fact, said: products.ProductConceived | products.NewProduct, begins_as: ProductState) -> None:
    state.products.put(
        ProductRow(
            portfolio=fact.portfolio,
            product=fact.id,
            name=said.name,
            vision=said.vision,
            owner=said.owner,
            state=begins_as,
            conceived_at=fact.time,
            activated_at=fact.time if begins_as == "Active" else None,
            sunset_on=None,
            open_items=0,
            rankings=0,
            set_by=dict.fromkeys(("name", "vision", "owner"), fact.number),
            first_entry=fact.number,
            last_entry=fact.number,
        )
    )


def _activate(state: Backlogs, fact: Fact, _: products.ProductActivated) -> None:
    state.products.put(_product(state, fact)._replace(state="Active", activated_at=fact.time, last_entry=fact.number))


def _live(state: Backlogs, fact: Fact, data: EventData) -> None:
    """Let a product enter another state of its life."""
    state.products.put(_product(state, fact)._replace(state=_LEADS_TO[type(data)], last_entry=fact.number))


def _announce(state: Backlogs, fact: Fact, data: products.SunsetAnnounced) -> None:
    _live(state, fact, data)
    _announce_anew(state, fact, data)


def _announce_anew(state: Backlogs, fact: Fact, data: products.SunsetAnnounced) -> None:
    state.products.put(attributes.said(_product(state, fact), fact, sunset_on=data.date))


def _see_anew(state: Backlogs, fact: Fact, data: products.VisionChanged) -> None:
    state.products.put(attributes.said(_product(state, fact), fact, vision=data.vision))


def _own_anew(state: Backlogs, fact: Fact, data: products.OwnerChanged) -> None:
    state.products.put(attributes.said(_product(state, fact), fact, owner=data.owner))


def _product(state: Backlogs, fact: Fact) -> ProductRow:
    product = state.products.get((fact.portfolio, fact.id))
    if product is None:
        raise Impossible(f"There is no product {fact.id}.")
    return product


def _item(state: Backlogs, fact: Fact) -> ItemRow:
    row = state.items.get(fact.key)
    return placing.known(state, fact.portfolio, fact.id) if row is None else row


def _add(state: Backlogs, fact: Fact, data: items.ItemAdded) -> None:
    item = _new_item(fact, fact.id, _home(data.backlog), data.title, data.kind, created_at=data.created_at)
    state.items.put(placing.enter(state, fact, item, data.after, "added"))
    placing.count(state, item, 1, fact)


def _place(state: Backlogs, fact: Fact, data: items.ItemMoved) -> None:
    item = _item(state, fact)
    placing.place_of(state, item, data.after)
    was_after = placing.leave(state, item)
    state.items.put(placing.enter(state, fact, item, data.after, "moved", was_after=was_after))


def _transfer(state: Backlogs, fact: Fact, data: items.ItemTransferred) -> None:
    """Take an item out of one backlog and put it into another."""
    item = _item(state, fact)
    moved = item._replace(product=_home(data.to), rank=None)
    placing.place_of(state, moved, data.after)
    placing.leave(state, item)
    placing.count(state, item, -1, fact)
    state.items.put(placing.enter(state, fact, moved, data.after, "transferred"))
    placing.count(state, moved, 1, fact)


def _reopen(state: Backlogs, fact: Fact, data: items.ItemReopened) -> None:
    item = _item(state, fact)._replace(state="Reopened", closed_at=None)
    if item.rank is not None:
        raise Impossible(f"The item {item.item} is in the order already.")
    state.items.put(placing.enter(state, fact, item, data.after, "reopened"))
    placing.count(state, item, 1, fact)


def _split(state: Backlogs, fact: Fact, data: items.ItemSplit) -> None:
    """Put the new items after the old one, each after the one before, and then take the old one away."""
    old = _item(state, fact)
    after = f"item/{old.item}"
    for new in data.into:
        item = _new_item(fact, id_of(new.item), old.product, new.title, new.kind or old.kind, split_from=old.item)
        state.items.put(placing.enter(state, fact, item, after, "split_from"))
        placing.count(state, item, 1, fact)
        after = new.item
    placing.close(state, fact, "Split", "split")


def _complete(state: Backlogs, fact: Fact, _: items.ItemCompleted) -> None:
    placing.close(state, fact, "Done", "completed")


def _drop(state: Backlogs, fact: Fact, _: items.ItemDropped) -> None:
    placing.close(state, fact, "Dropped", "dropped")


def _merge(state: Backlogs, fact: Fact, _: items.ItemMerged) -> None:
    placing.close(state, fact, "Merged", "merged")


def _promote(state: Backlogs, fact: Fact, _: items.ItemPromotedToInitiative) -> None:
    placing.close(state, fact, "Promoted", "promoted")


def _restate(state: Backlogs, fact: Fact, _: EventData) -> None:
    placing.restate(state, fact)


def _ready(state: Backlogs, fact: Fact, _: items.ItemReady) -> None:
    state.items.put(_item(state, fact)._replace(state="Ready", last_entry=fact.number))


def _start(state: Backlogs, fact: Fact, data: items.ItemStarted) -> None:
    item = _item(state, fact)
    state.items.put(
        item._replace(state="Started", workflow_state=data.state, started_at=item.started_at or fact.time, last_entry=fact.number)
    )


def _flow(state: Backlogs, fact: Fact, data: items.ItemStateChanged) -> None:
    state.items.put(_item(state, fact)._replace(workflow_state=data.to, last_entry=fact.number))


def _block(state: Backlogs, fact: Fact, _: items.ItemBlocked) -> None:
    state.items.put(_item(state, fact)._replace(blocked=True, last_entry=fact.number))


def _unblock(state: Backlogs, fact: Fact, _: items.ItemUnblocked) -> None:
    state.items.put(_item(state, fact)._replace(blocked=False, last_entry=fact.number))


def _estimate(state: Backlogs, fact: Fact, data: items.ItemEstimated) -> None:
    state.items.put(_item(state, fact)._replace(points=data.points, last_entry=fact.number))


def _estimate_anew(state: Backlogs, fact: Fact, data: items.ItemReestimated) -> None:
    state.items.put(_item(state, fact)._replace(points=data.new, last_entry=fact.number))


def _score(state: Backlogs, fact: Fact, data: items.ItemScored) -> None:
    state.items.put(attributes.said(_item(state, fact), fact, score=data.wsjf.model_dump()))


def _link(state: Backlogs, fact: Fact, data: items.ItemLinked) -> None:
    state.items.put(attributes.linked(_item(state, fact), fact, data.to))


def _reclassify(state: Backlogs, fact: Fact, data: items.ItemReclassified) -> None:
    state.items.put(attributes.said(_item(state, fact), fact, kind=data.kind))


def _serve(state: Backlogs, fact: Fact, data: items.ClassOfServiceSet) -> None:
    state.items.put(attributes.said(_item(state, fact), fact, service=data.service))


def _report_status(state: Backlogs, fact: Fact, data: items.ItemStatusReported) -> None:
    state.items.put(attributes.said(_item(state, fact), fact, status=data.status))


def _report_stage(state: Backlogs, fact: Fact, data: items.ItemStageReported) -> None:
    state.items.put(attributes.said(_item(state, fact), fact, stage=data.stage))


def _report_milestone(state: Backlogs, fact: Fact, data: items.ItemMilestoneReported) -> None:
    state.items.put(attributes.said(_item(state, fact), fact, milestone=data.milestone))


def _set_target(state: Backlogs, fact: Fact, data: items.ItemTargetSet | items.ItemTargetMoved) -> None:
    state.items.put(attributes.aimed(_item(state, fact), fact, data.gate, data.target))


def _clear_target(state: Backlogs, fact: Fact, data: items.ItemTargetCleared) -> None:
    state.items.put(attributes.aimed(_item(state, fact), fact, data.gate, None))


def _new_item(
    fact: Fact,
    item: str,
    product: str,
    title: str,
    kind: str,
    *,
    created_at: datetime | None = None,
    split_from: str | None = None,
) -> ItemRow:
    return ItemRow(
        portfolio=fact.portfolio,
        item=item,
        product=product,
        title=title,
        kind=kind,
        state="New",
        rank=None,
        workflow_state=None,
        blocked=False,
        added_at=fact.time,
        created_at=created_at,
        started_at=None,
        closed_at=None,
        split_from=split_from,
        service="standard",
        points=None,
        score=None,
        links={},
        status=None,
        stage=None,
        milestone=None,
        targets={},
        target_facts={},
        set_by={"kind": fact.number},
        last_entry=fact.number,
    )


def _home(backlog: str) -> str:
    """Return how a backlog is named here: a product by its id, an initiative by its reference."""
    return backlog.removeprefix("product/")


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
    products.ProductOpenedFrom: _open_from,
    products.ProductsMerged: _live,
    products.ProductSplit: _live,
    products.ProductPaused: _live,
    products.ProductResumed: _live,
    products.SunsetAnnounced: _announce,
    products.ProductRetired: _live,
    products.VisionChanged: _see_anew,
    products.OwnerChanged: _own_anew,
    items.ItemAdded: _add,
    items.ItemMoved: _place,
    items.ItemReady: _ready,
    items.ItemStarted: _start,
    items.ItemStateChanged: _flow,
    items.ItemBlocked: _block,
    items.ItemUnblocked: _unblock,
    items.ItemCompleted: _complete,
    items.ItemReopened: _reopen,
    items.ItemDropped: _drop,
    items.ItemMerged: _merge,
    items.ItemSplit: _split,
    items.ItemTransferred: _transfer,
    items.ItemPromotedToInitiative: _promote,
    items.ItemEstimated: _estimate,
    items.ItemReestimated: _estimate_anew,
    items.ItemScored: _score,
    items.ItemLinked: _link,
    items.ItemReclassified: _reclassify,
    items.ClassOfServiceSet: _serve,
    items.ItemStatusReported: _report_status,
    items.ItemStageReported: _report_stage,
    items.ItemTargetSet: _set_target,
    items.ItemTargetMoved: _set_target,
    items.ItemTargetCleared: _clear_target,
    items.ItemMilestoneReported: _report_milestone,
}
"""By class, since a `match` over classes would ask each of them in turn, for every event of the log."""

_CORRECTIONS: dict[type[EventData], Callable[[Backlogs, Fact, Any], None]] = {
    products.ProductConceived: _conceive_anew,
    products.VisionChanged: _see_anew,
    products.OwnerChanged: _own_anew,
    products.SunsetAnnounced: _announce_anew,
    items.ItemCompleted: _restate,
    items.ItemDropped: _restate,
    items.ItemScored: _score,
    items.ItemLinked: _link,
    items.ItemReclassified: _reclassify,
    items.ClassOfServiceSet: _serve,
    items.ItemStatusReported: _report_status,
    items.ItemStageReported: _report_stage,
    items.ItemTargetSet: _set_target,
    items.ItemTargetMoved: _set_target,
    items.ItemMilestoneReported: _report_milestone,
}
"""What a correction changes here; every other one changes nothing that is shown."""

_PRODUCT_KINDS = tuple(kind for kind in _HANDLERS if kind.event_type.aggregate == "product")
_ITEM_KINDS = tuple(kind for kind in _HANDLERS if kind.event_type.aggregate == "item")
_LEAVING_KINDS = (
    items.ItemMoved,
    items.ItemCompleted,
    items.ItemDropped,
    items.ItemMerged,
    items.ItemSplit,
    items.ItemTransferred,
    items.ItemPromotedToInitiative,
)

ITEM_TYPES = types_of(*_ITEM_KINDS)
TYPES = ITEM_TYPES | types_of(*_PRODUCT_KINDS)
LEAVING_TYPES = types_of(*_LEAVING_KINDS)
"""The types by which an item leaves its place in an order."""

PLACING_TYPES = LEAVING_TYPES | types_of(items.ItemAdded, items.ItemReopened)
"""The types that change an order."""

FOLDING = Folding(name="backlogs", version=4, types=TYPES, begin=Backlogs, fold=fold)
