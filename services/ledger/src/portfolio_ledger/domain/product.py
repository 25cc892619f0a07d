"""The rules of a product."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Member, Refused, State, States
from portfolio_schemas import codes
from portfolio_schemas.events.event_data import Mode
from portfolio_schemas.events.product import ProductActivated, ProductConceived, ProductEvent


@dataclass(frozen=True, slots=True)
class Product(Member):
    """A product in its life, and the words that its source uses for its items."""

    state: Literal["Conceived", "Active"]
    owner: str | None
    statuses: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()

    @property
    def delivery_mode(self) -> Mode:
        """A product is delivered continuously."""
        return "product"


KINDS: Mapping[str, type[State]] = {"product": Product}


def reads(_fact: Fact, _data: ProductEvent, _states: States) -> Iterable[str]:
    """Name nothing: a product is judged by itself."""
    return ()


def evolve(fact: Fact, data: ProductEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into the product."""
    product = of(states, fact.subject)
    match data:
        case ProductConceived():
            words = (tuple(data.reported_statuses), tuple(data.reported_stages))
            if product is not None:
                return {fact.subject: replace(product, owner=data.owner, statuses=words[0], stages=words[1])}
            return {fact.subject: Product("Conceived", data.owner, *words, born_at=fact.time)}
        case ProductActivated():
            return {fact.subject: replace(product, state="Active")} if product else {}
        case _:
            assert_never(data)


def decide(fact: Fact, data: ProductEvent, states: States) -> Decision:
    """Judge a fact about a product."""
    product = of(states, fact.subject)
    if isinstance(data, ProductConceived) or product is None:
        return ACCEPTED
    match data:
        case ProductActivated():
            if product.state != "Conceived":
                return Refused(codes.WRONG_STATE, f"{fact.subject} is {product.state} already.")
            if product.owner is None:
                return Refused(codes.NO_OWNER, f"{fact.subject} was conceived without an owner.")
            return ACCEPTED
        case _:
            assert_never(data)


def of(states: States, key: str) -> Product | None:
    """Return a product's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Product) else None
