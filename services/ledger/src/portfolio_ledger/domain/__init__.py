"""The rules of the domain, closed over all aggregates. Pure: states and the clock's answer come in as arguments."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

import msgspec
from msgspec.structs import replace
from pydantic import BaseModel

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

FOLD = "6ee38d979c220d28"
"""The name of what `evolve` makes of facts. States are stored with it: where it is another one, they are made again from the log.

It follows from the states that the published story leads to; a test says what it is where these have changed.
"""


def _dump_value(value: BaseModel) -> object:
    """Return a value of the published language, which some states hold, as JSON."""
    return value.model_dump(mode="json")


def _load_value(kind: type[BaseModel], document: object) -> BaseModel:
    return kind.model_validate(document)


_encode = msgspec.json.Encoder(enc_hook=_dump_value).encode
_KINDS: Mapping[str, msgspec.json.Decoder[Any]] = {
    name: msgspec.json.Decoder(kind, dec_hook=_load_value)
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


def dump(state: State) -> str:
    """Return a state as JSON text, for the ledger's own tables."""
    return _encode(state).decode()


def load(key: str, text: str) -> State:
    """Return a state as it was dumped."""
    return cast("State", _KINDS[_kind(key)].decode(text))


def _decide(fact: Fact, states: States) -> Decision:
    if marks.is_restated_freely(fact):
        return ACCEPTED
    return AGGREGATES[fact.data.event_type.aggregate].rules.decide(fact, fact.data, states)


def _kind(key: str) -> str:
    return key.partition("/")[0]
