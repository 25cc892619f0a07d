"""The rules of a product: its life. How it becomes another has rules of its own, in `product_succession`."""

from collections.abc import Iterable, Mapping
from typing import Literal, assert_never

from msgspec.structs import replace

from portfolio_ledger.domain import accounts, flow, incident, matters, product_succession
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Member, Refused, State, States
from portfolio_schemas import codes
from portfolio_schemas.events.product import (
    Origin,
    OwnerChanged,
    PersevereDecided,
    PivotDecided,
    ProductActivated,
    ProductConceived,
    ProductEvent,
    ProductOpenedFrom,
    ProductPaused,
    ProductResumed,
    ProductRetired,
    ProductsMerged,
    ProductSplit,
    SunsetAnnounced,
    VisionChanged,
    WipLimitSet,
    WorkflowDefined,
)

StateName = Literal["Conceived", "Active", "Paused", "Sunsetting", "Retired", "Merged", "Split"]


class Product(Member, frozen=True, kw_only=True):
    """A product in its life, the words that its source uses for its items, and what it came from."""

    state: StateName
    mode: Literal["product"] = "product"
    owner: str | None
    statuses: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    origins: tuple[tuple[str, str], ...] = ()

    @property
    def has_ended(self) -> bool:
        """Tell whether nothing happens to it any more."""
        return self.state in ("Retired", "Merged", "Split")

    @property
    def takes_costs(self) -> bool:
        """Tell whether costs can be posted to it: once it became another they are that one's."""
        return self.state not in ("Merged", "Split")


KINDS: Mapping[str, type[State]] = {"product": Product}


def reads(fact: Fact, data: ProductEvent, states: States) -> Iterable[str]:
    """Name the other subjects and indexes that the rules look at."""
    match data:
        case ProductActivated():
            return (accounts.key_of(fact.subject),)
        case ProductsMerged() | ProductSplit():
            return product_succession.reads(fact, data, states)
        case WorkflowDefined() | WipLimitSet():
            return (flow.key_of(fact.subject),)
        case ProductRetired():
            return (matters.key_of(fact.subject), *matters.of(states, fact.subject).of_kind("incident"))
        case (
            ProductConceived()
            | ProductOpenedFrom()
            | VisionChanged()
            | OwnerChanged()
            | PivotDecided()
            | PersevereDecided()
            | ProductPaused()
            | ProductResumed()
            | SunsetAnnounced()
        ):
            return ()
        case _:
            assert_never(data)


def evolve(fact: Fact, data: ProductEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into the product."""
    product = of(states, fact.subject)
    match data:
        case ProductConceived():
            if product is None:
                product = Product(state="Conceived", owner=data.owner, currency=None, born_at=fact.time)
            statuses, stages = tuple(data.reported_statuses), tuple(data.reported_stages)
            return {fact.subject: replace(product, owner=data.owner, statuses=statuses, stages=stages)}
        case ProductOpenedFrom():
            origins = tuple(map(_origin, data.origins))
            if product is None:
                owner = data.opened.owner if data.opened else None
                return {fact.subject: Product(state="Active", owner=owner, origins=origins, currency=None, born_at=fact.time)}
            return {fact.subject: replace(product, origins=(*product.origins, *origins))}
        case ProductActivated():
            return {fact.subject: replace(product, state="Active")} if product else {}
        case WorkflowDefined():
            return flow.defined(states, fact.subject, data.states)
        case WipLimitSet():
            return flow.limited(states, fact.subject, data.state, data.limit)
        case OwnerChanged():
            return {fact.subject: replace(product, owner=data.owner)} if product else {}
        case VisionChanged() | PivotDecided() | PersevereDecided():
            return {}
        case ProductPaused() | ProductResumed() | SunsetAnnounced() | ProductRetired() | ProductsMerged() | ProductSplit():
            return {fact.subject: replace(product, state=_LEADS_TO[type(data)])} if product else {}
        case _:
            assert_never(data)


def decide(fact: Fact, data: ProductEvent, states: States) -> Decision:
    """Judge a fact about a product."""
    product = of(states, fact.subject)
    if product is None:
        return ACCEPTED
    match data:
        case ProductConceived() | ProductOpenedFrom():
            return ACCEPTED
        case ProductActivated():
            if product.state != "Conceived":
                return Refused(
                    codes.WRONG_STATE, f"{fact.subject} is {product.state} already; only what is conceived is activated, once."
                )
            if product.owner is None:
                return Refused(codes.NO_OWNER, f"{fact.subject} was conceived without an owner: state OwnerChanged before.")
            if accounts.of(states, fact.subject).received <= 0:
                return Refused(codes.NO_FUNDING, f"{fact.subject} has no money: release a tranche to it before.")
            return ACCEPTED
        case ProductPaused() | ProductResumed() | SunsetAnnounced():
            return _check_life(fact, data, product) or ACCEPTED
        case ProductRetired():
            return _check_life(fact, data, product) or _check_waiting(fact, states) or _check_incidents(fact, states) or ACCEPTED
        case WipLimitSet():
            return flow.check(states, fact.subject, data.state) or ACCEPTED
        case WorkflowDefined() | VisionChanged() | OwnerChanged() | PivotDecided() | PersevereDecided():
            return ACCEPTED
        case ProductsMerged():
            return product_succession.decide_merged(fact, data, states)
        case ProductSplit():
            return product_succession.decide_split(fact, data, states)
        case _:
            assert_never(data)


def of(states: States, key: str) -> Product | None:
    """Return a product's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Product) else None


def _check_life(
    fact: Fact, data: ProductPaused | ProductResumed | SunsetAnnounced | ProductRetired, product: Product
) -> Refused | None:
    before = _FOLLOWS[type(data)]
    if product.state in before:
        return None
    return Refused(codes.WRONG_STATE, f"{fact.subject} is {product.state}; this follows {' or '.join(before)}.")


def _check_waiting(fact: Fact, states: States) -> Refused | None:
    waiting = matters.of(states, fact.subject).of_kind("dependency")
    if not waiting:
        return None
    return Refused(codes.OPEN_DEPENDENCY, f"{waiting[0]} is open ({len(waiting)} in all): fulfil or repoint it before.")


def _check_incidents(fact: Fact, states: States) -> Refused | None:
    for key in matters.of(states, fact.subject).of_kind("incident"):
        known = incident.of(states, key)
        if known is not None and known.severity == incident.WORST:
            return Refused(codes.OPEN_INCIDENT, f"{key} is {known.state}, of severity {known.severity}: resolve it before.")
    return None


_FOLLOWS: Mapping[type, tuple[StateName, ...]] = {
    ProductPaused: ("Active",),
    ProductResumed: ("Paused",),
    SunsetAnnounced: ("Active", "Paused"),
    ProductRetired: ("Active", "Paused", "Sunsetting"),
}
_LEADS_TO: Mapping[type, StateName] = {
    ProductPaused: "Paused",
    ProductResumed: "Active",
    SunsetAnnounced: "Sunsetting",
    ProductRetired: "Retired",
    ProductsMerged: "Merged",
    ProductSplit: "Split",
}


def _origin(origin: Origin) -> tuple[str, str]:
    return origin.member, origin.share
