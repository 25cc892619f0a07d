"""The fold of `products`. Pure: the order is the log's, in which the ledger judged."""

import dataclasses
from decimal import Decimal
from typing import assert_never, cast, get_args

from msgspec.structs import replace

from portfolio_projector.folding.acts import act_of
from portfolio_projector.folding.chronicles import chronicle
from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.read_models.capacity import assignments
from portfolio_projector.read_models.capacity.assignments import Assignment
from portfolio_projector.read_models.products.state import (
    Change,
    Direction,
    Incident,
    Item,
    Life,
    Phase,
    Product,
    Products,
    Share,
    Version,
)
from portfolio_schemas.events import incident as incidents
from portfolio_schemas.events import item as items
from portfolio_schemas.events import product as products
from portfolio_schemas.events import release as releases
from portfolio_schemas.events import team as teams
from portfolio_schemas.events.portfolio import PortfolioOpened

_Birth = products.ProductConceived | products.ProductOpenedFrom
_Life = (
    products.ProductActivated
    | products.ProductPaused
    | products.ProductResumed
    | products.SunsetAnnounced
    | products.ProductRetired
    | products.ProductsMerged
    | products.ProductSplit
)
_Direction = products.VisionChanged | products.OwnerChanged | products.PivotDecided | products.PersevereDecided
_Team = teams.TeamAssigned | teams.TeamFreed | teams.TeamRetained
_Placing = (
    items.ItemAdded
    | items.ItemReopened
    | items.ItemTransferred
    | items.ItemCompleted
    | items.ItemDropped
    | items.ItemSplit
    | items.ItemMerged
    | items.ItemPromotedToInitiative
)
_Target = items.ItemTargetSet | items.ItemTargetMoved | items.ItemTargetCleared
_Incident = (
    incidents.IncidentOpened
    | incidents.IncidentReclassified
    | incidents.IncidentResolved
    | incidents.IncidentReopened
    | incidents.IncidentCancelled
    | incidents.IncidentCarriedOver
)
Known = PortfolioOpened | _Birth | _Life | _Direction | _Team | _Placing | _Target | _Incident | releases.ReleasePublished


def fold(state: Products, fact: Fact) -> None:
    """Change the state by one fact; what has no premise is passed over."""
    data = cast("Known", fact.data)
    if isinstance(data, _Placing):
        _place(state, fact, data)
    elif isinstance(data, _Target):
        _target(state, fact, data)
    elif isinstance(data, _Incident):
        _fold_incident(state, fact, data)
    elif isinstance(data, _Team):
        _fold_team(state, fact, data)
    elif isinstance(data, _Birth):
        _begin(state, fact, data)
    elif isinstance(data, releases.ReleasePublished):
        _publish(state, fact, data)
    elif isinstance(data, PortfolioOpened):
        state.zone = None if data.calendar is None else data.calendar.zone
    elif (product := state.products.get(fact.id)) is not None:
        product.last_entry = fact.number
        _live(product, fact, data)


def _begin(state: Products, fact: Fact, data: _Birth) -> None:
    """Begin a product; one that something else becomes a part of may live already."""
    product = state.products.get(fact.id)
    born = data if isinstance(data, products.ProductConceived) else data.opened
    if product is None and born is not None:
        product = state.products[fact.id] = Product(born.name, fact.time)
        act = act_of(fact)
        product.phases.append(Phase("Conceived" if isinstance(data, products.ProductConceived) else "Active", act))
        if born.vision is not None:
            product.visions.append(Change(born.vision, act))
        if born.owner is not None:
            product.owners.append(Change(born.owner, act))
    if product is not None:
        product.last_entry = fact.number
        if isinstance(data, products.ProductOpenedFrom):
            product.origins += [Share(one.member, one.share, act_of(fact)) for one in data.origins]


def _live(product: Product, fact: Fact, data: _Life | _Direction) -> None:
    act = act_of(fact)
    match data:
        case products.ProductActivated() | products.ProductPaused() | products.ProductResumed():
            product.phases.append(Phase(_LEADS_TO[type(data)], act))
        case products.SunsetAnnounced(date=day):
            product.phases.append(Phase("Sunsetting", act))
            product.sunset_on = day
        case products.ProductRetired(data_disposition=disposition):
            product.phases.append(Phase("Retired", act))
            product.data_disposition = disposition
        case products.ProductsMerged(into=into):
            product.phases.append(Phase("Merged", act))
            product.became.append(Share(into, "1", act))
        case products.ProductSplit(into=parts):
            product.phases.append(Phase("Split", act))
            product.became += [Share(part.product, part.share, act) for part in parts]
        case products.VisionChanged(vision=vision):
            product.visions.append(Change(vision, act))
        case products.OwnerChanged(owner=owner):
            product.owners.append(Change(owner, act))
        case products.PivotDecided(hypothesis=hypothesis, evidence=evidence):
            product.directions.append(Direction("pivot", hypothesis, evidence, act))
        case products.PersevereDecided(hypothesis=hypothesis, evidence=evidence):
            product.directions.append(Direction("persevere", hypothesis, evidence, act))
        case _:
            assert_never(data)


def _publish(state: Products, fact: Fact, data: releases.ReleasePublished) -> None:
    """Keep the last version of its series, by when it was published."""
    product = _of(state, data.member)
    if product is None:
        return
    version = Version(fact.subject, data.version, data.series, act_of(fact))
    known = product.versions.get(data.series or "")
    if known is None or known.act.at <= version.act.at:
        product.versions[data.series or ""] = version
    product.last_entry = fact.number


def _fold_team(state: Products, fact: Fact, data: _Team) -> None:
    act, day = act_of(fact), assignments.day_of(fact.time, state.zone)
    match data:
        case teams.TeamAssigned(to=member, share=share, start=start, until=until):
            product = _of(state, member)
            if product is not None:
                new = Assignment(Decimal(share), start, until, act)
                product.teams[fact.subject] = assignments.assigned(product.teams.get(fact.subject, []), new)
        case teams.TeamFreed(member=member):
            product = _of(state, member)
            if product is not None:
                product.teams[fact.subject] = assignments.ended(product.teams.get(fact.subject, []), day)
        case teams.TeamRetained(member=member, to=to):
            before, product = _of(state, member), _of(state, to)
            if before is not None:
                before.teams[fact.subject] = assignments.ended(before.teams.get(fact.subject, []), day - assignments.DAY)
            if product is not None:
                product.teams.setdefault(fact.subject, []).append(Assignment(None, day, None, act))
        case _:
            assert_never(data)
    if product is not None:
        product.last_entry = fact.number


def _place(state: Products, fact: Fact, data: _Placing) -> None:
    known = state.items.get(fact.id)
    match data:
        case items.ItemAdded(backlog=home):
            _hold(state, fact, fact.id, Item(home))
        case items.ItemTransferred(to=to):
            _hold(state, fact, fact.id, Item(to, targets=known.targets if known else None))
        case items.ItemReopened():
            if known is not None:
                _hold(state, fact, fact.id, Item(known.home, targets=known.targets))
        case items.ItemSplit(into=parts):
            _close(state, fact, fact.id)
            if known is not None:
                for part in parts:
                    _hold(state, fact, part.item.partition("/")[2], Item(known.home))
        case items.ItemCompleted() | items.ItemDropped() | items.ItemMerged() | items.ItemPromotedToInitiative():
            _close(state, fact, fact.id)
        case _:
            assert_never(data)


def _target(state: Products, fact: Fact, data: _Target) -> None:
    known = state.items.get(fact.id)
    if known is None:
        return
    targets = {gate: target for gate, target in (known.targets or {}).items() if gate != data.gate}
    if not isinstance(data, items.ItemTargetCleared):
        targets[data.gate] = data.target
    known.targets = targets or None


def _hold(state: Products, fact: Fact, name: str, item: Item) -> None:
    """Count an item where it is open now."""
    _close(state, fact, name)
    state.items[name] = item
    _count(state, fact, item, 1)


def _close(state: Products, fact: Fact, name: str) -> None:
    item = state.items.get(name)
    if item is not None and item.is_open:
        item.is_open = False
        _count(state, fact, item, -1)


def _count(state: Products, fact: Fact, item: Item, change: int) -> None:
    product = _of(state, item.home)
    if product is not None:
        product.open_items += change
        product.last_entry = fact.number


def _fold_incident(state: Products, fact: Fact, data: _Incident) -> None:
    known = state.incidents.get(fact.id)
    if isinstance(data, incidents.IncidentOpened):
        state.incidents[fact.id] = Incident(data.member, data.severity)
        return
    if known is None:
        return
    match data:
        case incidents.IncidentReclassified(severity=severity):
            known = replace(known, severity=severity)
        case incidents.IncidentResolved():
            known = replace(known, is_open=False)
        case incidents.IncidentReopened():
            known = replace(known, is_open=True)
        case incidents.IncidentCarriedOver(to=to):
            known = replace(known, member=to)
        case incidents.IncidentCancelled():
            del state.incidents[fact.id]
            return
        case _:
            assert_never(data)
    state.incidents[fact.id] = known


def _of(state: Products, member: str) -> Product | None:
    aggregate, _, name = member.partition("/")
    return state.products.get(name) if aggregate == "product" else None


_LEADS_TO: dict[type[object], Life] = {
    products.ProductActivated: "Active",
    products.ProductPaused: "Paused",
    products.ProductResumed: "Active",
}

PRODUCTS = chronicle("products", 3, types=types_of(*get_args(Known)), state=Products, fold=fold)

PRODUCTS_OF_ALL = dataclasses.replace(PRODUCTS, name="products_of_all", of_portfolio=True)
"""The same of all products at once: a list asks for one state, however many there are."""
