"""Entries as bytes: built once, read by everyone."""

import hashlib

import pytest

from portfolio_schemas import codec, entries
from portfolio_schemas.codec import Document, Json
from portfolio_schemas.entries import EMPTY_HASH, Entry, Foreign

DOCUMENT: Document = {
    "append": 0,
    "door": "http",
    "entry": 0,
    "event": {"id": "1"},
    "flags": ["UNKNOWN_STATE"],
    "portfolio": "acme",
    "previous": EMPTY_HASH,
    "recordedtime": "2026-01-01T00:00:00.000000Z",
    "salt": "0" * 32,
    "submission": "0-0-0",
    "version": 1,
}


def test_an_entry_is_read_as_it_was_built():
    """The bytes in the log are the canonical document; reading them gives the same entry."""
    built = entries.build(DOCUMENT)
    assert built.value == codec.canonical(DOCUMENT)
    assert entries.read(built.value) == built


def test_the_hash_is_the_leaf_hash_of_rfc_6962():
    """SHA-256 over a zero byte and the value."""
    built = entries.build(DOCUMENT)
    assert built.hash == hashlib.sha256(b"\x00" + built.value).hexdigest()
    assert entries.leaf_hash(b"") == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_readers_hash_the_bytes_as_they_lie():
    """White space in a record changes its hash: nobody writes an entry again to hash it."""
    value = codec.canonical(DOCUMENT) + b" "
    read = entries.read(value)
    assert isinstance(read, Entry)
    assert read.hash == entries.leaf_hash(value)


@pytest.mark.parametrize(
    "change",
    [
        {"entry": "0"},
        {"entry": -1},
        {"append": 1},
        {"append": None},
        {"previous": "0" * 63},
        {"previous": "F" * 64},
        {"portfolio": 1},
        {"event": None},
        {"refusal": {}},
        {"submission": None},
        {"recordedtime": 1},
    ],
)
def test_what_lacks_the_fields_of_an_entry_is_foreign(change: dict[str, Json]):
    """A record that merely looks like an entry is none."""
    with pytest.raises(Foreign):
        entries.read(codec.canonical(DOCUMENT | change))


@pytest.mark.parametrize("value", [None, b"", b"[]", b"\xff", b'{"portfolio":"acme"}', b'{"portfolio":"acme","repair":{}}'])
def test_what_is_no_record_of_the_ledger_is_foreign(value: bytes | None):
    """Nothing that lies in the topic can make a reader fail."""
    with pytest.raises(Foreign):
        entries.read(value)
