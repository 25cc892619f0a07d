"""The rules of the domain, closed over all aggregates. Pure: states and the clock's answer come in as arguments."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from pydantic import TypeAdapter

from portfolio_ledger.domain import change_request, funding, initiative, item, portfolio, product, work_package
from portfolio_ledger.domain.decider import Accepted, Consequence, Decision, Fact, Refused, State, States
from portfolio_schemas import codes
from portfolio_schemas.codec import Document
from portfolio_schemas.events.change_request import ChangeRequestEvent
from portfolio_schemas.events.funding import FundingEvent
from portfolio_schemas.events.initiative import InitiativeEvent
from portfolio_schemas.events.item import ItemEvent
from portfolio_schemas.events.portfolio import PortfolioEvent
from portfolio_schemas.events.product import ProductEvent
from portfolio_schemas.events.work_package import WorkPackageEvent

__all__ = [
    "Accepted",
    "Consequence",
    "Decision",
    "Fact",
    "Refused",
    "State",
    "States",
    "decide",
    "dump",
    "evolve",
    "load",
    "reads",
]

FUTURE_LIMIT = timedelta(minutes=5)

_STATES: Mapping[str, TypeAdapter[Any]] = {
    "portfolio": TypeAdapter(portfolio.Portfolio),
    "initiative": TypeAdapter(initiative.Initiative),
    "change-request": TypeAdapter(change_request.ChangeRequest),
    "work-package": TypeAdapter(work_package.WorkPackage),
    "product": TypeAdapter(product.Product),
    "item": TypeAdapter(item.Item),
}


def reads(fact: Fact, states: States) -> frozenset[str]:
    """Name the subjects that `decide` and `evolve` look at, given what is loaded of them.

    Asked again with what it named, until it names nothing new: a subject's own state may point to others, one step far.
    """
    return frozenset((fact.portfolio_key, fact.subject, *_others(fact, states)))


def _others(fact: Fact, states: States) -> Iterable[str]:
    data = fact.data
    if isinstance(data, ItemEvent):
        return item.reads(fact, data, states)
    if isinstance(data, InitiativeEvent):
        return initiative.reads(fact, data, states)
    if isinstance(data, WorkPackageEvent):
        return work_package.reads(fact, data, states)
    if isinstance(data, ChangeRequestEvent):
        return change_request.reads(fact, data, states)
    if isinstance(data, FundingEvent):
        return funding.reads(fact, data, states)
    if isinstance(data, ProductEvent):
        return ()
    return _nothing(data)


def decide(fact: Fact, states: States, now: datetime) -> Decision:
    """Judge a fact against the states that `reads` named; `now` is the ledger's clock.

    What happened to a subject before its first event is flagged, whatever its aggregate.
    """
    decision = _judge(fact, states, now)
    subject = states.get(fact.subject)
    if subject is None or fact.time >= subject.born_at or isinstance(decision, Refused):
        return decision
    return replace(decision, flags=tuple(dict.fromkeys((codes.DATES_DISAGREE, *decision.flags))))


def _judge(fact: Fact, states: States, now: datetime) -> Decision:
    data = fact.data
    if not isinstance(data, PortfolioEvent) and states.get(fact.portfolio_key) is None:
        return Refused(codes.NOT_OPEN, f"The portfolio {fact.portfolio} is not open: its PortfolioOpened comes first.")
    if fact.time > now + FUTURE_LIMIT:
        return Refused(codes.FUTURE, f"The time {fact.time.isoformat()} lies ahead of now, {now.isoformat()}.")
    if isinstance(data, ItemEvent):
        return item.decide(fact, data, states)
    if isinstance(data, InitiativeEvent):
        return initiative.decide(fact, data, states)
    if isinstance(data, WorkPackageEvent):
        return work_package.decide(fact, data, states)
    if isinstance(data, ChangeRequestEvent):
        return change_request.decide(fact, data, states)
    if isinstance(data, FundingEvent):
        return funding.decide(fact, data, states)
    if isinstance(data, ProductEvent):
        return product.decide(fact, data, states)
    return portfolio.decide(fact, data, states)


def evolve(fact: Fact, states: States) -> Mapping[str, State]:
    """Return the states that a recorded fact changes."""
    data = fact.data
    if isinstance(data, ItemEvent):
        return item.evolve(fact, data, states)
    if isinstance(data, InitiativeEvent):
        return initiative.evolve(fact, data, states)
    if isinstance(data, WorkPackageEvent):
        return work_package.evolve(fact, data, states)
    if isinstance(data, ChangeRequestEvent):
        return change_request.evolve(fact, data, states)
    if isinstance(data, FundingEvent):
        return funding.evolve(fact, data, states)
    if isinstance(data, ProductEvent):
        return product.evolve(fact, data, states)
    return portfolio.evolve(fact, data, states)


def dump(key: str, state: State) -> Document:
    """Return a state as JSON, for the ledger's own tables."""
    return cast("Document", _STATES[_aggregate(key)].dump_python(state, mode="json"))


def load(key: str, document: Document) -> State:
    """Return a state as it was dumped."""
    return cast("State", _STATES[_aggregate(key)].validate_python(document))


def _nothing(_data: PortfolioEvent) -> Iterable[str]:
    """Close the chain: an aggregate that `reads` does not know is no PortfolioEvent, and the type checker says so."""
    return ()


def _aggregate(key: str) -> str:
    return key.partition("/")[0]
