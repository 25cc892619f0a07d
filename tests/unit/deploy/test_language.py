"""The published language at the terminal: the catalogue, and what is wrong with a file."""

import json
from pathlib import Path

import pytest

from portfolio_deploy.errors import WrongUse
from portfolio_deploy.language import lookup, validating
from portfolio_schemas import catalogue, examples
from tests import story


def test_the_catalogue_lists_every_type(capsys: pytest.CaptureFixture[str]):
    """Each with its first sentence; as JSON for programs."""
    lookup.show(None, as_json=False)
    told = capsys.readouterr().out
    assert all(name in told for name in catalogue.TYPES)
    lookup.show(None, as_json=True)
    assert [one["type"] for one in json.loads(capsys.readouterr().out)] == list(catalogue.TYPES)


@pytest.mark.parametrize("name", catalogue.TYPES)
def test_the_catalogue_shows_a_type(name: str, capsys: pytest.CaptureFixture[str]):
    """Its fields, the codes that its rules answer, and an example that can be copied."""
    lookup.show(name, as_json=False)
    told = capsys.readouterr().out
    body = catalogue.TYPES[name]
    assert all(f"  {field.alias or key}" in told for key, field in body.model_fields.items())
    assert all(f"  {code.name}\n" in told for code in body.event_type.codes)
    lookup.show(name, as_json=True)
    assert json.loads(capsys.readouterr().out)["example"] == examples.every()[name]


@pytest.mark.parametrize("part", ["item-added", "ItemAdded", "item.item-added", "portfolio.item.item-added"])
def test_a_part_of_a_name_is_enough(part: str, capsys: pytest.CaptureFixture[str]):
    """The newest version is shown."""
    lookup.show(part, as_json=False)
    assert capsys.readouterr().out.startswith("portfolio.item.item-added.v2\n")


def test_a_type_that_there_is_not_is_said_with_what_is_near():
    """One sentence, and exit code 2."""
    with pytest.raises(WrongUse, match=r"portfolio\.item\.item-added\.v1"):
        lookup.show("item-add", as_json=False)
    with pytest.raises(WrongUse, match="portfolio catalogue"):
        lookup.show("nonsense", as_json=False)


def test_a_story_that_is_right_is_said_to_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """The published story, as an array and as lines."""
    array, lines = tmp_path / "story.json", tmp_path / "story.jsonl"
    array.write_text(json.dumps(story.DOCUMENTS))
    lines.write_text("\n".join(map(json.dumps, story.DOCUMENTS)))
    assert validating.validate([str(array), str(lines)], as_json=False) == 0
    assert f"{2 * len(story.DOCUMENTS):,} events" in capsys.readouterr().out


def test_what_is_wrong_is_said_where_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """By file and line, with the ledger's code and sentence, and a pointer to each field."""
    dropped = examples.every()["portfolio.item.item-dropped.v1"]
    added = examples.every()["portfolio.item.item-added.v2"]
    wrong = [
        "no JSON at all",
        json.dumps(dropped | {"reason": None}),
        json.dumps(added | {"data": {"title": ""}}),
        json.dumps(added | {"type": "portfolio.item.item-vanished.v1"}),
        json.dumps(added | {"source": "/ledger"}),
        json.dumps(added),
    ]
    file = tmp_path / "wrong.jsonl"
    file.write_text("\n".join(wrong))
    assert validating.validate([str(file)], as_json=True) == 1
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["line"], one["code"]) for one in found] == [
        (1, "MALFORMED"),
        (2, "NO_REASON"),
        (3, "SCHEMA"),
        (4, "UNKNOWN_TYPE"),
        (5, "LEDGER_ONLY"),
    ]
    assert {error["pointer"] for error in found[2]["errors"]} == {"/data/backlog", "/data/title", "/data/kind"}
    assert validating.validate([str(file)], as_json=False) == 1
    told = capsys.readouterr().out
    assert f"{file}:3: SCHEMA portfolio.item.item-added.v2" in told
    assert "6 events, 5 of them" in told


def test_a_file_that_cannot_be_read_is_wrong_use():
    """Before anything is read."""
    with pytest.raises(WrongUse, match="cannot be read"):
        validating.validate(["/nowhere/events.jsonl"], as_json=False)
