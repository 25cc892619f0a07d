"""The rules of a product: its life. How it becomes another has rules of its own, in `product_succession`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from portfolio_ledger.domain import accounts, product_succession
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Member, Refused, State, States
from portfolio_schemas import codes
from portfolio_schemas.events.event_data import Mode
from portfolio_schemas.events.product import (
    Origin,
    ProductActivated,
    ProductConceived,
    ProductEvent,
    ProductOpenedFrom,
    ProductsMerged,
    ProductSplit,
)


@dataclass(frozen=True, slots=True)
class Product(Member):
    """A product in its life, the words that its source uses for its items, and what it came from."""

    state: Literal["Conceived", "Active", "Merged", "Split"]
    owner: str | None
    statuses: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    origins: tuple[tuple[str, str], ...] = ()

    @property
    def has_ended(self) -> bool:
        """Tell whether nothing happens to it any more."""
        return self.state in ("Merged", "Split")

    @property
    def takes_costs(self) -> bool:
        """Tell whether costs can be posted to it: once it became another they are that one's."""
        return self.state not in ("Merged", "Split")

    @property
    def delivery_mode(self) -> Mode:
        """A product is delivered continuously."""
        return "product"


KINDS: Mapping[str, type[State]] = {"product": Product}


def reads(fact: Fact, data: ProductEvent, states: States) -> Iterable[str]:
    """Name the other subjects and indexes that the rules look at."""
    match data:
        case ProductActivated():
            return (accounts.key_of(fact.subject),)
        case ProductsMerged() | ProductSplit():
            return product_succession.reads(fact, data, states)
        case ProductConceived() | ProductOpenedFrom():
            return ()
        case _:
            assert_never(data)


def evolve(fact: Fact, data: ProductEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into the product."""
    product = of(states, fact.subject)
    match data:
        case ProductConceived():
            words = (tuple(data.reported_statuses), tuple(data.reported_stages))
            if product is not None:
                return {fact.subject: replace(product, owner=data.owner, statuses=words[0], stages=words[1])}
            return {fact.subject: Product("Conceived", data.owner, *words, born_at=fact.time)}
        case ProductOpenedFrom():
            origins = tuple(map(_origin, data.origins))
            if product is None:
                owner = data.opened.owner if data.opened else None
                return {fact.subject: Product("Active", owner, origins=origins, born_at=fact.time)}
            return {fact.subject: replace(product, origins=(*product.origins, *origins))}
        case ProductActivated():
            return {fact.subject: replace(product, state="Active")} if product else {}
        case ProductsMerged():
            return {fact.subject: replace(product, state="Merged")} if product else {}
        case ProductSplit():
            return {fact.subject: replace(product, state="Split")} if product else {}
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
                return Refused(codes.WRONG_STATE, f"{fact.subject} is {product.state} already.")
            if product.owner is None:
                return Refused(codes.NO_OWNER, f"{fact.subject} was conceived without an owner.")
            if accounts.of(states, fact.subject).received <= 0:
                return Refused(codes.NO_FUNDING, f"{fact.subject} has no money: release a tranche to it before.")
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


def _origin(origin: Origin) -> tuple[str, str]:
    return origin.member, origin.share
