"""The golden examples: one message for each type and version, all from one story that the rules accept."""

import json
from pathlib import Path
from typing import Any

import pytest

from portfolio_ledger.domain.decider import Accepted, Fact
from portfolio_schemas import catalogue, codec, envelope, json_schemas
from portfolio_schemas.entries import LEDGER_SOURCE
from tests import schemas
from tests.rules import Rules

FOLDER = Path(__file__).parents[2] / "schemas" / "examples"
STORY: list[dict[str, Any]] = json.loads((FOLDER / "story.json").read_bytes())


def example(name: str) -> dict[str, Any]:
    """The example of a type."""
    return json.loads((FOLDER / f"{name}.json").read_bytes())


def fact(document: dict[str, Any]) -> Fact:
    """An event as the rules see it."""
    event = envelope.read_event(document)
    data = catalogue.read_data(event.type, event.data)
    return Fact(event.portfolio, event.subject, event.time, event.actor, event.reason, event.corrects, 0, data)


def test_every_type_and_version_has_an_example_and_nothing_else_has():
    """A type without an example is named; so is an example of a type that is gone, which would not read any more."""
    assert {path.stem for path in FOLDER.glob("*.json")} - {"story"} == catalogue.TYPES.keys()


@pytest.mark.parametrize("name", catalogue.TYPES)
def test_an_example_reads(name: str):
    """Strictly, as a publisher's would be: the message, its envelope, and its body, upcast to the newest version."""
    raw = (FOLDER / f"{name}.json").read_bytes()
    event = envelope.read_event(codec.read_json(raw, size_max=envelope.EVENT_SIZE_MAX))
    stated = catalogue.TYPES[name].event_type
    assert event.type == name
    assert envelope.split_subject(event.subject)[0] == stated.aggregate
    assert (event.reason is not None) >= stated.needs_reason
    assert (event.source == LEDGER_SOURCE) is stated.ledger_only
    newest = catalogue.read_data(name, event.data)
    assert newest.upcast() is newest


@pytest.mark.parametrize("name", catalogue.TYPES)
def test_an_example_matches_its_schemas(name: str):
    """The generated schemas of envelope and body say of it what the types say."""
    document = example(name)
    assert schemas.problems(json_schemas.of_envelope(), document) == []
    assert schemas.problems(json_schemas.of_data(catalogue.TYPES[name]), document["data"]) == []


@pytest.mark.parametrize("name", [name for name, body in catalogue.TYPES.items() if not body.event_type.ledger_only])
def test_an_example_is_part_of_the_story(name: str):
    """What a publisher copies from the catalogue has its place in a story that works."""
    assert example(name) in STORY


def test_the_story_is_accepted_without_a_flag():
    """Posted in its order, every event is recorded and nothing about it is ugly; the consequence is the example of its type."""
    rules = Rules()
    for document in STORY:
        decision = rules.submit(fact(document))
        assert isinstance(decision, Accepted), (document["id"], decision)
        assert decision.flags == (), document["id"]
    superseded = fact(example("portfolio.initiative.baseline-superseded.v1"))
    assert superseded in rules.recorded
    assert len(rules.recorded) == len(STORY) + 1


def test_the_story_names_its_entries_rightly():
    """Where an example names an entry, by what it corrects or what caused it, that entry is what it should be."""
    entries = [*STORY]
    consequence = example("portfolio.initiative.baseline-superseded.v1")
    entries.insert(consequence["causationid"] + 1, consequence)
    assert entries[consequence["causationid"]]["type"] == "portfolio.initiative.baseline-approved.v1"
    assert consequence["id"] == f"{consequence['causationid']}.1"
    corrected = example("portfolio.work-package.progress-corrected.v1")["corrects"]
    assert entries[corrected]["type"] == "portfolio.work-package.progress-reported.v1"
    assert len({(one["source"], one["id"]) for one in entries}) == len(entries)
