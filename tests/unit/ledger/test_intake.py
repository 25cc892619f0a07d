"""Intake records, read into submissions: both modes of the Kafka binding, arrays, and what cannot be read."""

import functools
import json

import pytest

from portfolio_ledger.intake import elements, records
from portfolio_ledger.intake.elements import EVENTS_MAX, Unreadable
from portfolio_ledger.intake.records import (
    DOOR_HEADER,
    RECORD_SIZE_MAX,
    SEAL_HEADER,
    SUBMISSION_HEADER,
    Headers,
    Quarantined,
    Received,
)
from portfolio_ledger.intake.seal import Seal
from portfolio_ledger.judging.submissions import Submission
from portfolio_log.batches import Unread
from portfolio_schemas import codec
from portfolio_schemas.envelope import EVENT_SIZE_MAX, Event
from tests.unit.ledger.desks import event

UNREADABLE = Unreadable("MALFORMED", "It is none.", [], b"")

SEAL = Seal(b"k" * 32)
READ = functools.partial(elements.read, size_max=RECORD_SIZE_MAX)
BINARY = [(f"ce_{name}", str(value).encode()) for name, value in event().items() if name != "data"]
DATA = json.dumps(event()["data"]).encode()


def read(value: bytes | None, headers: Headers = ()) -> Received:
    """Read a record at offset 7 of partition 2."""
    return records.read(2, 7, b"acme", value, headers, read_text=READ, seal=SEAL)


def text(*documents: object) -> bytes:
    """An array as JSON."""
    return json.dumps(documents).encode()


def why(received: Received) -> list[str | None]:
    """Why the items of a record are quarantined; None for those that are not."""
    return [item.why.code if isinstance(item, Quarantined) else None for item in received.items]


@pytest.mark.parametrize("content", [None, b"application/cloudevents+json", b"application/json; charset=utf-8"])
def test_a_structured_event_is_read_by_its_content_type_or_without_one(content: bytes | None):
    """One event, one submission, named after where it stands; its receipt is no array."""
    received = read(json.dumps(event()).encode(), [("content-type", content)] if content else [])
    (item,) = received.items
    assert isinstance(item, Submission)
    assert (item.name, item.door, item.event.document, received.array) == ("2-7-0", "kafka", event(), False)


def test_a_binary_event_is_read_from_headers_and_value():
    """Attributes come as headers, `data` as the value, and its type as the content type."""
    received = read(DATA, [*BINARY, ("content-type", b"application/json")])
    (item,) = received.items
    assert isinstance(item, Submission)
    assert item.event.document == {**event(), "datacontenttype": "application/json"}


def test_integer_attributes_in_headers_are_integers():
    """`ce_expectedversion: 0` is the number 0."""
    (item,) = read(DATA, [*BINARY, ("ce_expectedversion", b"0")]).items
    assert isinstance(item, Submission)
    assert item.event.expectedversion == 0


def test_a_structured_event_may_have_foreign_headers_of_any_bytes():
    """Headers that mean nothing here may be anything, null and other encodings included."""
    headers = [("trace", None), ("trace", b"\xff\xfe"), ("content-type", b"application/cloudevents+json")]
    assert why(read(json.dumps(event()).encode(), headers)) == [None]


@pytest.mark.parametrize(
    "headers",
    [[*BINARY, ("ce_id", b"2")], [("ce_id", b"\xff"), *BINARY[2:]], [one for one in BINARY if one[0] != "ce_source"]],
    ids=["twice", "not UTF-8", "missing"],
)
def test_binary_headers_that_make_no_event_are_quarantined(headers: Headers):
    """Attributes that stand twice, are not UTF-8, or are missing."""
    assert why(read(DATA, headers)) == ["MALFORMED"]


def test_an_array_is_as_many_submissions_as_it_has_elements():
    """Each is named by its index; also an array of one is answered by an array."""
    received = read(text(event(), event(id="2")))
    assert [item.name for item in received.items] == ["2-7-0", "2-7-1"]
    assert received.array
    assert read(text(event())).array


@pytest.mark.parametrize(
    "bad",
    [
        '{"specversion":"1.0"}',
        "17",
        '{"id": 1.5}',
        '{"id": "a", "id": "b"}',
        '{"id": 1e400}',
        '{"id": "\\ud800"}',
        '{"id": 99999999999999999999999999}',
        "[" * 40 + "]" * 40,
        '{"n\u00e4me": 1}',
    ],
)
def test_a_bad_element_never_takes_its_neighbours_along(bad: str):
    """Whatever is wrong with the element in the middle: it alone is quarantined, with its bytes."""
    good = json.dumps(event())
    received = read(f" [ {good} , {bad} , {json.dumps(event(id='],['))} ] ".encode())
    assert why(received) == [None, "MALFORMED", None]
    item = received.items[1]
    assert isinstance(item, Quarantined)
    assert item.name == "2-7-1"
    assert codec.canonical(json.loads(good)) not in item.why.raw


@pytest.mark.parametrize(
    "value", [None, b"", b"{", b"[", b"nonsense", b"\xef\xbb\xbf{}", b"\xff", b"[1.5,", b"[1.5] 7", b'["a]', b"[1.5}]"]
)
def test_what_is_not_json_is_quarantined_whole(value: bytes | None):
    """One submission, without a portfolio, bytes verbatim."""
    received = read(value)
    assert why(received) == ["MALFORMED"]
    (item,) = received.items
    assert isinstance(item, Quarantined)
    assert item.why.raw == (value or b"")


def test_limits_are_those_of_the_contract():
    """A text that is too large or has too many elements fails whole; an event that is too large fails alone."""
    large = event(data={"name": "x" * EVENT_SIZE_MAX})
    assert why(read(json.dumps(large).encode())) == ["TOO_LARGE"]
    assert why(read(text(event(), large))) == [None, "TOO_LARGE"]
    assert why(read(text(*[event()] * (EVENTS_MAX + 1)))) == ["TOO_LARGE"]
    assert why(read(b" " * (RECORD_SIZE_MAX + 1))) == ["TOO_LARGE"]
    assert why(read(text(*[event()] * EVENTS_MAX))) == [None] * EVENTS_MAX


def test_too_many_elements_are_refused_whole_also_beside_a_bad_one():
    """The slow way of reading keeps the limit."""
    assert why(read(b"[1.5" + b",1" * EVENTS_MAX + b"]")) == ["TOO_LARGE"]


def sealed(name: str, value: bytes, seal: Seal = SEAL) -> list[tuple[str, bytes | None]]:
    """The headers of a submission that a ledger forwarded."""
    return [(SUBMISSION_HEADER, name.encode()), (SEAL_HEADER, seal.of(name, value).encode()), (DOOR_HEADER, b"http")]


def test_a_forwarded_submission_keeps_its_first_name_and_door():
    """As the ledger's seal proves."""
    value = json.dumps(event()).encode()
    (item,) = read(value, sealed("1-5-3", value)).items
    assert isinstance(item, Submission)
    assert (item.name, item.forwarded, item.door) == ("1-5-3", True, "http")


def test_whoever_claims_the_name_of_another_submission_has_its_own():
    """Without a seal, by another key, with that of another name or value; and what no ledger seals: no name, or one of here."""
    value = json.dumps(event()).encode()
    whole = dict(sealed("1-5-3", value))
    forged = [
        [(SUBMISSION_HEADER, b"1-5-3")],
        [(SUBMISSION_HEADER, b"nonsense")],
        [(SUBMISSION_HEADER, b"1-5-3"), (SEAL_HEADER, b"")],
        [(SUBMISSION_HEADER, b"1-5-3"), (SEAL_HEADER, "\u00e9".encode())],
        sealed("1-5-3", value, Seal(b"1" * 32)),
        [(SUBMISSION_HEADER, b"1-5-4"), (SEAL_HEADER, whole[SEAL_HEADER])],
        sealed("1-5-3", value + b" "),
        [(SEAL_HEADER, whole[SEAL_HEADER])],
        sealed("2-5-3", value),
        sealed("nonsense", value),
    ]
    for headers in forged:
        (item,) = read(value, headers).items
        assert isinstance(item, Submission)
        assert (item.name, item.forwarded) == ("2-7-0", False)


def test_what_cannot_be_read_is_answered_under_its_own_name():
    """Else a quarantined receipt could be had for anybody's submission."""
    for value in (b"nonsense", text(event(), event(id="2"))):
        received = read(value, [(SUBMISSION_HEADER, b"1-5-3")])
        assert [item.name for item in received.items] == [f"2-7-{n}" for n in range(len(received.items))]


def test_a_text_that_the_door_read_is_not_read_again():
    """The judge gets what the door made of the very same bytes; other bytes are read."""
    recent = elements.Recent()
    raw = json.dumps(event()).encode()
    kept = elements.read(raw, size_max=EVENT_SIZE_MAX)
    recent.keep(raw, kept)
    assert recent.read(raw, size_max=EVENT_SIZE_MAX) is kept
    again = recent.read(raw, size_max=EVENT_SIZE_MAX)
    assert again == kept
    assert again is not kept


def test_what_the_door_keeps_is_bounded():
    """Large texts push older ones out."""
    recent = elements.Recent(bytes_max=1000)
    first, second = b" " * 600 + b"[]", b"  " * 300 + b"[]  "
    kept = elements.read(first, size_max=1000)
    recent.keep(first, kept)
    recent.keep(second, elements.read(second, size_max=1000))
    assert recent.read(first, size_max=1000) is not kept


def test_reading_apart_agrees_with_reading_whole():
    """Elements found one by one are those of the array, whatever stands in their texts."""
    documents = [event(id=name) for name in ("a,b", "[", "}", '"', "\\", '\\\\"]', "\u2028")]
    whole = elements.read(text(*documents), size_max=RECORD_SIZE_MAX).items
    apart = elements.read(text(*documents)[:-1] + b", 1.5]", size_max=RECORD_SIZE_MAX).items
    assert [item.document for item in whole if isinstance(item, Event)] == documents
    assert apart[:-1] == whole
    assert isinstance(apart[-1], Unreadable)


def test_records_are_read_in_stretches_of_so_many_submissions_and_none_before_it_is_its_turn():
    """A flood of large arrays neither keeps the partition's lock from being held nor has to be answered whole to count."""
    sizes, read = [3, 0, 4, 1, 1, 9, 2], list[int]()

    def received(offset: int) -> Received:
        read.append(offset)
        return Received(0, offset, None, array=True, items=[Quarantined("0-0-0", UNREADABLE)] * sizes[offset])

    stretches = records.stretches(map(received, range(len(sizes))), 5)
    assert ([one.offset for one in next(stretches)], read) == ([0, 1, 2], [0, 1, 2])
    assert [[one.offset for one in part] for part in stretches] == [[3, 4, 5], [6]]
    assert list(records.stretches([], 5)) == []


def test_what_the_reader_passed_over_is_quarantined():
    """With its batch where it is the first of it that was not read, else with the name of the submission that has it."""
    error = codec.Unreadable("TOO_LARGE", "Too large.")
    for offset, raw, where in (
        (7, b"the batch", "What is quarantined is the batch that it came in, as it was sent."),
        (6, b"", "Its batch is quarantined with 2-6-0."),
    ):
        received = read(Unread.of(memoryview(b"the batch"), 7, offset, error), [("content-type", b"\xff")])
        (item,) = received.items
        assert isinstance(item, Quarantined)
        assert (item.name, item.why.code, item.why.raw) == ("2-7-0", "TOO_LARGE", raw)
        assert item.why.detail == f"Too large. {where}"
