"""The published story: every event of `schemas/examples/story.json` at the moment at which it is told."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from portfolio_ledger.domain.decider import Accepted, Fact
from portfolio_schemas import catalogue, envelope
from tests.rules import Rules

DOCUMENTS: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "schemas" / "examples" / "story.json").read_bytes())


@dataclass(frozen=True)
class Moment:
    """An event of the story, and the rules as they stand just before it."""

    fact: Fact
    before: Rules

    def rules(self) -> Rules:
        """The rules just before it, free to go on differently."""
        return self.before.copy()


def fact(document: dict[str, Any]) -> Fact:
    """An event as the rules see it."""
    event = envelope.read_event(document)
    data = catalogue.read_data(event.type, event.data)
    return Fact(event.portfolio, event.subject, event.time, event.actor, event.reason, event.corrects, 0, data)


@cache
def moments() -> list[Moment]:
    """The whole story, judged event by event."""
    rules, told = Rules(), list[Moment]()
    for document in DOCUMENTS:
        moment = Moment(fact(document), rules.copy())
        decision = rules.submit(moment.fact)
        assert isinstance(decision, Accepted), (document["id"], decision)
        assert decision.flags == (), (document["id"], decision)
        told.append(moment)
    return told


@cache
def first_moments() -> dict[str, Moment]:
    """The first event of each type, by the type's newest name."""
    found = dict[str, Moment]()
    for moment in moments():
        found.setdefault(moment.fact.data.event_type.name, moment)
    return found
