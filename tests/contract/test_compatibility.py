"""What is published stays: a change of a type that would refuse what was right before is found, and named by type and field."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from portfolio_schemas import catalogue
from tests.compatibility import promises, shapes
from tests.compatibility.differences import Narrowed, narrowed
from tests.compatibility.inclusion import takes_all
from tests.compatibility.shapes import Shape

ROOT = Path(__file__).parents[2]
PROMISED = promises.read(ROOT / promises.FILE)
REF, NAME = r"^(risk|issue)/[A-Za-z0-9._-]{1,64}$", r"^[^\x00-\x1f\x7f-\x9f]*$"
TEXT = {"type": "string", "pattern": NAME, "minLength": 1, "maxLength": 200}
NOTHING = {"type": "null"}


def body(required: tuple[str, ...] = ("a",), **fields: Shape) -> Shape:
    """A body with fields, of which some are required."""
    return {"type": "object", "properties": fields, "required": list(required), "additionalProperties": False}


def ref(*kinds: str) -> Shape:
    """A reference to subjects of some kinds."""
    return {"type": "string", "pattern": f"^({'|'.join(kinds)})/[A-Za-z0-9._-]{{1,64}}$"}


def listed(item: Shape = TEXT, **limits: int) -> Shape:
    """A list of items."""
    return {"type": "array", "items": item, **limits}


def keyed(pattern: str, values: Shape = TEXT, **limits: int) -> Shape:
    """An object whose names are of a pattern."""
    return {"type": "object", "patternProperties": {pattern: values}, "additionalProperties": False, **limits}


WORDS = {"type": "string", "enum": ["open", "closed"]}
DATE = {"type": "string", "format": "date"}
INSTANT = {"type": "string", "format": "date-time"}
WIDER: dict[str, tuple[Shape, Shape]] = {
    "nothing": (TEXT, TEXT),
    "an optional field is added": (body(a=TEXT), body(a=TEXT, b=TEXT)),
    "a field is required no more": (body(a=TEXT), body((), a=TEXT)),
    "a text may be longer": (TEXT, {**TEXT, "maxLength": 4000}),
    "a text may be shorter": (TEXT, {**TEXT, "minLength": 0}),
    "a text may be anything": (TEXT, {"type": "string"}),
    "a field may be null": (TEXT, {"anyOf": [TEXT, NOTHING]}),
    "a day may be an instant": (DATE, {"anyOf": [DATE, INSTANT]}),
    "a day may be any text": (DATE, {"type": "string"}),
    "a word is added": (WORDS, {**WORDS, "enum": ["open", "held", "closed"]}),
    "any short text is a word": (WORDS, TEXT),
    "another kind may be referred to": (ref("risk", "issue"), ref("risk", "incident", "issue")),
    "an id may be any text": (ref("risk"), {"type": "string", "pattern": NAME}),
    "a number may be larger": ({"type": "integer", "minimum": 0, "maximum": 5}, {"type": "integer", "minimum": 0, "maximum": 6}),
    "a list may be longer": (listed(maxItems=5), listed(maxItems=6)),
    "a list may hold more": (listed(WORDS), listed(TEXT)),
    "names may be longer": (keyed("^[a-z]{1,4}$"), keyed("^[a-z]{1,5}$")),
    "more may be named": (keyed("^[a-z]$", maxProperties=3), keyed("^[a-z]$", maxProperties=4)),
}
NARROWER: dict[str, tuple[Shape, Shape, str, str]] = {
    "a field is gone": (body(a=TEXT, b=TEXT), body(a=TEXT), "/data/b", "the field is gone"),
    "a field is required": (body(a=TEXT, b=TEXT), body(("a", "b"), a=TEXT, b=TEXT), "/data/b", "the field is required now"),
    "a required field is added": (body(a=TEXT), body(("a", "b"), a=TEXT, b=TEXT), "/data/b", "the field is new and required"),
    "a text is shorter": (body(a=TEXT), body(a={**TEXT, "maxLength": 199}), "/data/a", "maxLength was 200, and is 199"),
    "a text is longer at least": (body(a=TEXT), body(a={**TEXT, "minLength": 2}), "/data/a", "minLength was 1, and is 2"),
    "a text is not any more": (body(a={"type": "string"}), body(a=TEXT), "/data/a", "maxLength was free, and is 200"),
    "a field is never null": (body(a={"anyOf": [TEXT, NOTHING]}), body(a=TEXT), "/data/a", "anyOf was "),
    "a day is an instant": (body(a=DATE), body(a=INSTANT), "/data/a", "format was date, and is date-time"),
    "a text is a day": (body(a={"type": "string"}), body(a=DATE), "/data/a", "format was free, and is date"),
    "a word is gone": (body(a=WORDS), body(a={**WORDS, "enum": ["open"]}), "/data/a", "enum was ['open', 'closed'], and is"),
    "a name is a word": (body(a=TEXT), body(a=WORDS), "/data/a", "enum was free, and is"),
    "a word is too long": (body(a=WORDS), body(a={**TEXT, "maxLength": 5}), "/data/a", "enum was "),
    "a kind is not referred to": (body(a=ref("risk", "issue")), body(a=ref("risk")), "/data/a", "pattern was ^(risk|issue)/"),
    "a text is a number": (body(a=TEXT), body(a={"type": "integer"}), "/data/a", "type was string, and is integer"),
    "a number is smaller": (
        body(a={"type": "integer", "maximum": 6}),
        body(a={"type": "integer", "maximum": 5}),
        "/data/a",
        "maximum was 6, and is 5",
    ),
    "a list is shorter": (body(a=listed(maxItems=6)), body(a=listed(maxItems=5)), "/data/a", "maxItems was 6, and is 5"),
    "a list holds less": (body(a=listed(TEXT)), body(a=listed(WORDS)), "/data/a/*", "enum was free, and is"),
    "a field deep inside is gone": (
        body(a=listed(body(a=TEXT, b=TEXT))),
        body(a=listed(body(a=TEXT))),
        "/data/a/*/b",
        "the field is gone",
    ),
    "names are shorter": (keyed("^[a-z]{1,5}$"), keyed("^[a-z]{1,4}$"), "/data", "patternProperties was "),
    "less is named": (
        keyed("^[a-z]$", maxProperties=4),
        keyed("^[a-z]$", maxProperties=3),
        "/data",
        "maxProperties was 4, and is 3",
    ),
    "what is named holds less": (keyed("^[a-z]$", TEXT), keyed("^[a-z]$", WORDS), "/data", "patternProperties was "),
}


def test_every_promise_is_kept():
    """Whatever was right by a published type is right by it now."""
    assert [str(one) for one in promises.broken(PROMISED, promises.current())] == [], promises.WHAT_TO_DO


def test_every_type_is_promised():
    """The committed promises are those of all types as they are: `make generate` was run after the last change."""
    assert (ROOT / promises.FILE).read_text("utf-8") == promises.text(promises.current())


@pytest.mark.parametrize(("old", "new"), WIDER.values(), ids=WIDER)
def test_what_takes_more_is_compatible(old: Shape, new: Shape):
    """Publishers need not know of it."""
    assert narrowed(old, new) == []


@pytest.mark.parametrize(("old", "new", "pointer", "detail"), NARROWER.values(), ids=NARROWER)
def test_what_takes_less_is_named(old: Shape, new: Shape, pointer: str, detail: str):
    """By the field, as deep as it lies, and by what was and is."""
    (found,) = narrowed(old, new)
    assert found.pointer == pointer
    assert detail in found.detail


def test_each_of_several_fields_is_named():
    """A maintainer sees all at once."""
    found = narrowed(body(a=TEXT, b=WORDS, c=TEXT), body(a={"type": "boolean"}, b=WORDS))
    assert [one.pointer for one in found] == ["/data/c", "/data/a"]


@pytest.mark.parametrize("name", catalogue.TYPES)
def test_every_type_can_be_judged(name: str):
    """Of each type: with a field more it takes all that it took, with a field less or one more required it does not."""
    shape = promises.of(catalogue.TYPES[name]).shape
    fields: dict[str, Shape] = shape.get("properties", {})
    wider: Shape = {**shape, "properties": {**fields, "unheard_of": TEXT}}
    assert takes_all(wider, shape)
    assert narrowed(wider, shape) == [Narrowed("/data/unheard_of", "the field is gone")]
    for field in sorted(fields.keys() - set(shape.get("required", ())))[:1]:
        strict: Shape = {**shape, "required": [*shape.get("required", ()), field]}
        assert narrowed(shape, strict) == [Narrowed(f"/data/{field}", "the field is required now")]


@pytest.mark.parametrize("name", ["portfolio.item.item-added.v2", "portfolio.initiative.initiative-proposed.v1"])
def test_every_field_of_a_type_is_looked_at(name: str):
    """Whichever is another kind of thing than it was: that one is named, and no other."""
    shape = promises.of(catalogue.TYPES[name]).shape
    for field in shape["properties"]:
        other: Shape = {**shape, "properties": {**shape["properties"], field: {"type": "boolean"}}}
        assert [one.pointer for one in narrowed(shape, other)] == [f"/data/{field}"]


def test_a_rule_about_the_message_is_a_promise_too():
    """A reason that becomes required, and a type that publishers may not state any more, break what they do."""
    now = PROMISED["portfolio.item.item-added.v2"]
    strict, free = replace(now, needs_reason=True), replace(now, ledger_only=True)
    assert [str(one) for one in promises.broken({now.type: now}, {now.type: strict})] == [
        f"{now.type} /reason: it is required now"
    ]
    assert "/source" in str(promises.broken({now.type: now}, {now.type: free})[0])
    assert promises.broken({now.type: strict}, {now.type: now}) == []
    assert "gone" in str(promises.broken({now.type: now}, {})[0])


def test_a_demand_that_the_check_does_not_know_is_no_silence():
    """A keyword that would be passed over stops the check."""
    with pytest.raises(shapes.UnknownKeyword, match="multipleOf"):
        shapes.of({"type": "integer", "multipleOf": 5})


def command(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the command as `make in-step` and `make generate` do."""
    return subprocess.run(
        [sys.executable, "-m", "tests.compatibility", *options],
        cwd=folder, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_command_says_what_is_broken_and_what_to_do(tmp_path: Path):
    """Exit code 1 with the type, the field and the way out; nothing is written over."""
    (tmp_path / "schemas").mkdir()
    file = tmp_path / promises.FILE
    now = PROMISED["portfolio.item.item-added.v2"]
    title = {**now.shape["properties"]["title"], "maxLength": 300}
    before = replace(now, shape={**now.shape, "properties": {**now.shape["properties"], "title": title}})
    file.write_text(promises.text({**PROMISED, before.type: before}))
    written = file.read_text()
    for options in ((), ("--publish",)):
        ended = command(tmp_path, *options)
        assert ended.returncode == 1
        assert "incompatible: portfolio.item.item-added.v2 /data/title: maxLength was 300, and is 200" in ended.stderr
        assert "make a new version" in ended.stderr
        assert file.read_text() == written


def test_the_command_publishes_what_is_new(tmp_path: Path):
    """A type that was not promised yet is missed, then written, then in step."""
    (tmp_path / "schemas").mkdir()
    file = tmp_path / promises.FILE
    lines = (ROOT / promises.FILE).read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[1:]))
    missed = command(tmp_path)
    assert (missed.returncode, "make generate" in missed.stderr) == (1, True)
    assert command(tmp_path, "--publish").returncode == 0
    assert [json.loads(line) for line in file.read_text("utf-8").splitlines()] == [json.loads(line) for line in lines]
    assert command(tmp_path).returncode == 0
