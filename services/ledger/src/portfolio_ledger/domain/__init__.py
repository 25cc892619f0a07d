"""The rules of the domain, closed over all aggregates. Pure: states and the clock's answer come in as arguments."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from pydantic import TypeAdapter

from portfolio_ledger.domain import accounts, marks
from portfolio_ledger.domain.aggregates import AGGREGATES
from portfolio_ledger.domain.decider import (
    ACCEPTED,
    Accepted,
    Consequence,
    Decision,
    Fact,
    Original,
    Refused,
    State,
    States,
    subject_of,
)
from portfolio_schemas import codes
from portfolio_schemas.codec import Document

__all__ = [
    "FOLD",
    "Accepted",
    "Consequence",
    "Decision",
    "Fact",
    "Original",
    "Refused",
    "State",
    "States",
    "decide",
    "dump",
    "evolve",
    "load",
    "makes",
    "reads",
]

FOLD = "f64e9df0ef6d5d0c"
"""The name of what `evolve` makes of facts. States are stored with it: where it is another one, they are made again from the log.

It follows from the states that the published story leads to; a test says what it is where these have changed.
"""

_KINDS: Mapping[str, TypeAdapter[Any]] = {
    name: TypeAdapter(kind)
    for kinds in (marks, *(one.rules for one in AGGREGATES.values()))
    for name, kind in kinds.KINDS.items()
}


def reads(fact: Fact, states: States) -> frozenset[str]:
    """Name the subjects and indexes that `decide` and `evolve` look at, given what is loaded of them.

    Asked again with what it named, until it names nothing new: a subject's own state may point to others, one step far.
    """
    rules = AGGREGATES[fact.data.event_type.aggregate].rules
    return frozenset((*marks.reads(fact, states), *rules.reads(fact, fact.data, states)))


def decide(fact: Fact, states: States, now: datetime) -> Decision:
    """Judge a fact against the states that `reads` named; `now` is the ledger's clock.

    First come the rules that hold across types, then those of the aggregate. What happened to a subject before its first event
    is flagged, whatever its aggregate.
    """
    decision = marks.check(fact, states, now) or _decide(fact, states)
    subject = subject_of(states, fact.subject)
    if subject is None or fact.time >= subject.born_at or isinstance(decision, Refused):
        return decision
    return replace(decision, flags=tuple(dict.fromkeys((codes.DATES_DISAGREE, *decision.flags))))


def evolve(fact: Fact, states: States) -> Mapping[str, State]:
    """Return the states that a recorded fact changes."""
    if marks.is_restated_freely(fact):
        return marks.evolve(fact)
    changed = AGGREGATES[fact.data.event_type.aggregate].rules.evolve(fact, fact.data, states)
    return changed if fact.corrects is None else {**changed, **marks.evolve(fact)}


def makes(fact: Fact, key: str) -> bool:
    """Tell whether a key that a fact changes is named by its own entry: there was nothing before, and nothing to look up."""
    return key == accounts.posting_key(fact.entry)


def dump(key: str, state: State) -> Document:
    """Return a state as JSON, for the ledger's own tables."""
    return cast("Document", _KINDS[_kind(key)].dump_python(state, mode="json"))


def load(key: str, document: Document) -> State:
    """Return a state as it was dumped."""
    return cast("State", _KINDS[_kind(key)].validate_python(document))


def _decide(fact: Fact, states: States) -> Decision:
    if marks.is_restated_freely(fact):
        return ACCEPTED
    return AGGREGATES[fact.data.event_type.aggregate].rules.decide(fact, fact.data, states)


def _kind(key: str) -> str:
    return key.partition("/")[0]
