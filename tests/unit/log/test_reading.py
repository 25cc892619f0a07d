"""Reading records quickly: it agrees with reading them with care."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_log import reading
from portfolio_schemas import codec, entries
from portfolio_schemas.codec import Document, Json
from portfolio_schemas.entries import EMPTY_HASH, Entry, Foreign

DOCUMENT: Document = {
    "append": 0,
    "door": "http",
    "entry": 0,
    "event": {"id": "1", "type": "t", "subject": "item/A", "time": "now", "actor": "ann", "data": {"title": "\u20ac"}},
    "flags": [],
    "portfolio": "acme",
    "previous": EMPTY_HASH,
    "recordedtime": "2026-03-31T14:00:00.000000Z",
    "salt": "0" * 32,
    "submission": "0-0-0",
    "version": 1,
}
NAMES = ("portfolio", "entry", "previous", "append", "recordedtime", "submission", "recorded", "hash", "value", "document")
SAID = ("type", "subject", "time", "actor", "reason", "corrects")

PARTS = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 2), st.floats(0, 1), st.text(max_size=3), st.just("a" * 64), st.just({}),
    st.dictionaries(st.sampled_from((*SAID, "data")), st.none() | st.text() | st.integers()),
)  # fmt: skip


@given(st.dictionaries(st.sampled_from([*DOCUMENT, "refusal", "repair"]), PARTS, max_size=3), st.sampled_from(list(DOCUMENT)))
def test_what_is_read_quickly_is_read_the_same_with_care(change: dict[str, Json], missing: str):
    """Nothing is an entry the quick way which is none, or another one, with care; it says the same of itself."""
    document = {name: value for name, value in DOCUMENT.items() if name != missing or name in change} | change
    for whole in (DOCUMENT | change, document):
        value = json.dumps(whole, ensure_ascii=False).encode(errors="replace")
        outcomes = list[object]()
        for read in (reading.read, entries.read):
            try:
                entry = read(value)
            except Foreign:
                outcomes.append(None)
            else:
                assert isinstance(entry, Entry)
                said = [getattr(entry.said, name) for name in SAID]
                outcomes.append([[getattr(entry, name) for name in NAMES], said, json.loads(bytes(entry.said.data))])
        assert outcomes[0] == outcomes[1]


def test_bytes_that_are_no_text_are_foreign_wherever_they_stand():
    """Also in a body, which is not read before somebody asks for it."""
    value = codec.canonical(DOCUMENT)
    assert isinstance(reading.read(value), Entry)
    with pytest.raises(Foreign):
        reading.read(value.replace("\u20ac".encode(), b"\xff"))


@pytest.mark.parametrize("both", [("event", "refusal"), ("event", "repair"), ("refusal", "repair"), ()])
def test_a_record_that_says_two_things_or_nothing_is_foreign(both: tuple[str, ...]):
    """An event and its refusal at once: no reader takes it for one of them."""
    said = dict.fromkeys(both, DOCUMENT["event"])
    value = codec.canonical({**{name: part for name, part in DOCUMENT.items() if name != "event"}, **said})
    for read in (reading.read, entries.read):
        with pytest.raises(Foreign):
            read(value)


def test_a_record_without_a_value_is_foreign():
    """As a tombstone is."""
    with pytest.raises(Foreign):
        reading.read(None)
