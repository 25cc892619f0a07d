"""The golden examples: one message for each type and version, all from one story that the rules accept."""

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from portfolio_ledger.domain.decider import Accepted
from portfolio_schemas import catalogue, codec, envelope, json_schemas
from portfolio_schemas.entries import LEDGER_SOURCE
from tests import schemas, story

FOLDER = Path(__file__).parents[2] / "schemas" / "examples"


def example(name: str) -> dict[str, Any]:
    """The example of a type."""
    return json.loads((FOLDER / f"{name}.json").read_bytes())


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
    assert example(name) == next(told for told in story.DOCUMENTS if told["type"] == name)


def test_the_story_is_accepted_without_a_flag():
    """Posted in its order, every event is recorded and nothing about it is ugly."""
    assert len(story.moments()) == len(story.DOCUMENTS)


@pytest.mark.parametrize("name", [name for name, body in catalogue.TYPES.items() if body.event_type.ledger_only])
def test_an_example_of_a_consequence_follows_from_the_story(name: str):
    """What only the ledger states is shown as it stands in the log after the story, under the entry that caused it."""
    entries = consequences()
    document = example(name)
    assert document == next((entry for entry in entries if entry["type"] == name), None)


def test_the_story_corrects_what_can_be_corrected():
    """Where an event names an entry that it corrects, that entry is of the same subject."""
    entries = {(told["portfolio"], number): told for told, number in numbered()}
    corrections = [told for told in story.DOCUMENTS if "corrects" in told]
    assert corrections
    for told in corrections:
        assert entries[told["portfolio"], told["corrects"]]["subject"] == told["subject"]


def test_the_story_names_its_events_once():
    """Posted as it is, none of its events is taken for another."""
    assert len({(told["source"], told["id"]) for told in story.DOCUMENTS}) == len(story.DOCUMENTS)


def numbered() -> list[tuple[dict[str, Any], int]]:
    """The events of the story, with the numbers of the entries that record them."""
    before = [moment.before.recorded for moment in story.moments()]
    return [
        (document, sum(one.portfolio == document["portfolio"] for one in recorded))
        for document, recorded in zip(story.DOCUMENTS, before, strict=True)
    ]


def consequences() -> list[dict[str, Any]]:
    """What the ledger states of its own while it records the story."""
    following = list[dict[str, Any]]()
    for (document, cause), moment in zip(numbered(), story.moments(), strict=True):
        rules = moment.rules()
        decision = rules.submit(moment.fact)
        assert isinstance(decision, Accepted)
        for number, consequence in zip(count(1), decision.consequences, strict=False):
            why = {"reason": consequence.reason} if consequence.reason else {}
            following.append(
                {
                    "specversion": "1.0",
                    "id": f"{cause}.{number}",
                    "source": LEDGER_SOURCE,
                    "type": consequence.data.event_type.name,
                    "subject": consequence.subject,
                    "time": document["time"],
                    "portfolio": document["portfolio"],
                    "actor": document["actor"],
                    **why,
                    "causationid": cause,
                    "data": consequence.data.model_dump(mode="json", by_alias=True, exclude_defaults=True),
                }
            )
    return following
