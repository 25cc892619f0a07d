"""What is generated from the types: in step with them, well formed, and of one opinion with the ledger's own reading."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest

from portfolio_deploy import generate
from portfolio_log import asyncapi
from portfolio_log.topics import Topics
from portfolio_schemas import catalogue, catalogue_page, codes, entries, envelope, json_schemas, receipts
from tests import schemas

ROOT = Path(__file__).parents[2]
EXAMPLES = {name: json.loads((ROOT / "schemas" / "examples" / f"{name}.json").read_bytes()) for name in catalogue.TYPES}
ODD: tuple[Any, ...] = (
    None,
    "",
    0,
    -1,
    2**53,
    True,
    [],
    {},
    "x" * 5000,
    "a\x00b",
    "lower case",
    "2026-13-01",
    ["a"],
    {"minor": 1},
)
"""What is put in the place of every field."""

ENTRY: dict[str, Any] = {
    "portfolio": "acme", "entry": 1, "previous": "0" * 64, "append": 1, "recordedtime": "2026-03-31T14:00:00.000000Z",
    "salt": "0" * 32, "submission": "3-41-0", "door": "http",
}  # fmt: skip
REFUSAL: dict[str, Any] = {
    "source": "/a", "id": "1", "type": "x", "subject": "item/A", "time": "2026-03-31T14:00:00Z", "actor": "ann", "version": 0,
    "code": "UNKNOWN_TYPE", "detail": "There is none.", "errors": [{"pointer": "/type", "detail": "None."}], "digest": "0" * 64,
}  # fmt: skip


def test_what_is_committed_is_what_is_generated():
    """`make generate` was run after the last change of a type."""
    assert generate.out_of_step(ROOT / "schemas") == []


def test_what_is_out_of_step_is_named(tmp_path: Path):
    """A file that is missing, changed or left over is found, and brought into step."""
    wanted = sorted(generate.files(tmp_path))
    assert generate.write(tmp_path) == wanted
    (tmp_path / "catalogue.md").write_text("old")
    (tmp_path / "json" / "portfolio.item.item-vanished.v1.json").write_text("{}")
    (tmp_path / "json" / "entry.json").unlink()
    stale = [Path("catalogue.md"), Path("json/entry.json"), Path("json/portfolio.item.item-vanished.v1.json")]
    assert generate.out_of_step(tmp_path) == stale
    assert generate.write(tmp_path) == stale
    assert generate.out_of_step(tmp_path) == []


@pytest.mark.parametrize("name", json_schemas.every())
def test_a_schema_is_well_formed(name: str):
    """Each is JSON Schema 2020-12, names itself once, and resolves within itself."""
    schema = json_schemas.every()[name]
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schemas.problems(schema, {}) is not None


def variations(value: Any) -> Iterator[Any]:  # noqa: ANN401  any message
    """A message with one thing changed: a field left out, a field added, or a value replaced by an odd one."""
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        yield {**fields, "unheard_of": 1}
        for key in fields:
            yield {name: item for name, item in fields.items() if name != key}
            for changed in (*ODD, *variations(fields[key])):
                yield {**fields, key: changed}
    elif isinstance(value, list):
        items = cast("list[Any]", value)
        for index, item in enumerate(items):
            for changed in variations(item):
                yield [*items[:index], changed, *items[index + 1 :]]


@pytest.mark.parametrize("name", catalogue.TYPES)
def test_a_schema_and_the_ledger_agree_about_bodies(name: str):
    """Whatever is changed in an example, both take it or neither does: a publisher can check offline."""
    schema = schemas.validator(json_schemas.of_data(catalogue.TYPES[name]))
    for changed in variations(copy.deepcopy(EXAMPLES[name]["data"])):
        try:
            catalogue.read_data(name, changed)
        except catalogue.WrongData:
            taken = False
        else:
            taken = True
        assert schema.is_valid(changed) is taken, changed


def test_the_schema_and_the_ledger_agree_about_envelopes():
    """Of the envelope as well; nulls are no attributes, unknown attributes are kept, names and texts are bounded."""
    schema = schemas.validator(json_schemas.of_envelope())
    full = EXAMPLES["portfolio.initiative.baseline-proposed.v1"] | {
        "reason": "x", "causationid": 1, "corrects": 1, "expectedversion": 0, "data": {}, "traceparent": "00", "sampled": True,
    }  # fmt: skip
    wrong = ({"Big": 1}, {"time": "2026-03-31T14:00:00"}, {"subject": "Item/A"}, {"sampled": 2**31})
    changes = [full, *(full | one for one in wrong), *variations(full)]
    for changed in changes:
        if "datacontenttype" in changed and changed["datacontenttype"] not in ("application/json", None):
            continue  # which media types are JSON is not a matter of the schema
        try:
            envelope.read_event(changed)
        except envelope.NotAnEvent:
            taken = False
        else:
            taken = True
        assert schema.is_valid(changed) is taken, changed


@pytest.mark.parametrize("name", catalogue.TYPES)
def test_an_entry_with_an_event_matches_its_schema(name: str):
    """A recorded event lies in the log as its publisher set it."""
    schema = json_schemas.of_entry()
    entry = ENTRY | {"event": EXAMPLES[name], "version": 1, "flags": ["DATES_DISAGREE"]}
    assert schemas.problems(schema, entry) == []
    assert schemas.problems(schema, entry | {"refusal": REFUSAL}) != []
    assert schemas.problems(schema, {key: value for key, value in entry.items() if key != "flags"}) != []


def test_a_refusal_and_its_receipt_match_their_schemas():
    """A refusal is an entry; receipts of every verdict have the same fields."""
    refused = ENTRY | {"refusal": REFUSAL}
    assert schemas.problems(json_schemas.of_entry(), refused) == []
    event: dict[str, Any] = {"event": EXAMPLES["portfolio.item.item-added.v1"], "version": 1, "flags": []}
    recorded = ENTRY | event
    given = [
        receipts.from_entry(entries.build(refused)),
        receipts.from_entry(entries.build(recorded)),
        receipts.from_entry(entries.build(recorded), verdict="duplicate", last_entry=2),
        receipts.quarantined("3-41-0", code="MALFORMED", detail="It is no JSON."),
    ]
    for receipt in given:
        assert schemas.problems(json_schemas.of_receipt(), receipt) == []


def test_the_asyncapi_document_speaks_of_the_topics_that_there_are():
    """Five channels with the topics' own names; every message of a channel and every reference is there."""
    document: Any = asyncapi.document(Topics(), version="1", servers={"local": "127.0.0.1:9092"})
    assert [channel["address"] for channel in document["channels"].values()] == [topic.name for topic in Topics()]
    for reference in _references(document):
        target = document
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]
    stated = {message["payload"]["allOf"][1]["properties"]["type"]["const"] for message in _structured(document)}
    assert stated == catalogue.TYPES.keys()


def test_the_asyncapi_messages_take_the_examples():
    """The structured message of each type takes its example, the binary one its body."""
    document: Any = asyncapi.document(Topics(), version="1")
    for name, body in catalogue.TYPES.items():
        for key, value in ((body.__name__, EXAMPLES[name]), (f"{body.__name__}Binary", EXAMPLES[name]["data"])):
            schema = {**document["components"]["messages"][key]["payload"], "components": document["components"]}
            assert schemas.problems(schema, value) == [], key


def test_the_catalogue_page_shows_every_type_field_and_code():
    """Whoever reads the page misses nothing, and none of its links leads nowhere."""
    page = catalogue_page.page()
    for name, body in catalogue.TYPES.items():
        assert f"### {name}\n" in page
        assert all(f"| `{field.alias or field_name}` |" in page for field_name, field in body.model_fields.items())
    assert all(f'<a id="{name.lower()}"></a>' in page for name in codes.CODES)
    headings = {line.lstrip("# ").replace(".", "").lower() for line in page.splitlines() if line.startswith("#")}
    anchors = headings | {name.lower() for name in codes.CODES}
    links = {part.partition(")")[0] for part in page.split("](")[1:]}
    for link in links:
        if link.startswith("#"):
            assert link.removeprefix("#") in anchors
        else:
            assert (ROOT / "schemas" / link).is_file(), link


def _references(value: Any) -> Iterator[str]:  # noqa: ANN401  any part of a document
    if isinstance(value, dict):
        for key, item in cast("dict[str, Any]", value).items():
            if key == "$ref" and isinstance(item, str):
                yield item
            else:
                yield from _references(item)
    elif isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from _references(item)


def _structured(document: Any) -> list[Any]:  # noqa: ANN401  an AsyncAPI document
    return [message for message in document["components"]["messages"].values() if "allOf" in message["payload"]]
