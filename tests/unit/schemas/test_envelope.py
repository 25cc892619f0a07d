"""The envelope: what makes a JSON value an event for a portfolio."""

from datetime import UTC, datetime

import pytest

from portfolio_schemas import codec
from portfolio_schemas.codec import Document, Json
from portfolio_schemas.envelope import NotAnEvent, read_attributes, read_event

EVENT: Document = {
    "specversion": "1.0",
    "id": "42",
    "source": "/jira",
    "type": "portfolio.item.item-added.v1",
    "subject": "item/PAY-1",
    "time": "2026-03-31T14:00:00.5+02:00",
    "portfolio": "acme",
    "actor": "p-17",
    "data": {},
}


def problems(value: Json, *, printable: bool = False) -> dict[str, str]:
    """What is wrong with a value, by pointer."""
    with pytest.raises(NotAnEvent) as caught:
        read_event(value, printable=printable)
    return dict(caught.value.problems)


def test_a_whole_event_is_read():
    """Every attribute lands in its field, the time in UTC."""
    event = read_event(EVENT | {"corrects": 3, "expectedversion": 0, "traceparent": "00-1"})
    assert (event.portfolio, event.source, event.id, event.subject) == ("acme", "/jira", "42", "item/PAY-1")
    assert event.time == datetime(2026, 3, 31, 12, 0, 0, 500_000, tzinfo=UTC)
    assert (event.corrects, event.expectedversion) == (3, 0)
    assert event.document["traceparent"] == "00-1"


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000001+00:00"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999998+00:00"),
        ("0001-01-01T00:00:00.000002Z", "0001-01-01T00:00:00.000002+00:00"),
    ],
)
def test_the_instants_that_stand_for_infinity_are_read_as_those_beside_them(said: str, read: str):
    """PostgreSQL would give them back without a zone, and then they compare with no other."""
    assert read_event(EVENT | {"time": said}).time.isoformat() == read


def test_null_attributes_count_as_absent():
    """CloudEvents says that a null attribute is not set: it is neither kept nor hashed."""
    assert read_event(EVENT | {"reason": None}).document == EVENT
    assert problems(EVENT | {"actor": None}) == {"/actor": "This attribute is required."}


@pytest.mark.parametrize("name", [name for name in EVENT if name != "data"])
def test_each_required_attribute_is_asked_for(name: str):
    """A missing attribute is named by its pointer."""
    assert problems({key: value for key, value in EVENT.items() if key != name}) == {f"/{name}": "This attribute is required."}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("specversion", "0.3"),
        ("id", ""),
        ("id", "x" * 129),
        ("id", 7),
        ("source", "a\x00b"),
        ("source", "a\x85b"),
        ("subject", "item"),
        ("subject", "item/"),
        ("subject", "item/" + "x" * 65),
        ("subject", "item/a/b"),
        ("subject", "Item/a"),
        ("subject", "item/..%2f"),
        ("time", "2026-03-31"),
        ("time", "2026-03-31T14:00:00"),
        ("time", "2016-12-31T23:59:60Z"),
        ("time", "0000-01-01T00:00:00Z"),
        ("time", "10000-01-01T00:00:00Z"),
        ("time", "2026-02-30T00:00:00Z"),
        ("time", 0),
        ("portfolio", "a/b"),
        ("portfolio", "x" * 65),
        ("actor", ["p"]),
        ("reason", "x" * 1001),
        ("corrects", "3"),
        ("corrects", -1),
        ("expectedversion", True),
        ("datacontenttype", "text/xml"),
        ("data_base64", "aGk="),
        ("Traceparent", "x"),
        ("__proto__", "x"),
        ("trace", {"a": 1}),
        ("trace", 2**31),
    ],
)
def test_a_wrong_attribute_is_named(name: str, value: Json):
    """One wrong attribute gives one problem, at its pointer, also where the text as a whole is known to be printable."""
    wrong = EVENT | {name: value}
    found = problems(wrong)
    assert set(found) == {f"/{name}"}
    if codec.is_printable(codec.canonical(wrong)):
        assert problems(wrong, printable=True) == found


@pytest.mark.parametrize("more", [{}, {"reason": "why"}, {"correlationid": "c-1"}, {"datacontenttype": "application/json"}])
def test_what_is_unusual_changes_nothing_of_the_rest(more: Document):
    """An extension, or a text that some terminal could not show, lets every attribute be read as it is read without."""
    usual = read_event(EVENT | more)
    assert read_event(EVENT | more, printable=True) == usual
    assert read_event(EVENT | more | {"traceparent": "00-1"})[:-1] == usual[:-1]
    assert read_event(EVENT | more | {"source": "/jira\u200b"}) == usual._replace(
        source="/jira\u200b", document=EVENT | more | {"source": "/jira\u200b"}
    )


def test_an_event_without_a_body_has_none():
    """`data` may be missing or null; either way there is no body, and nothing of it is kept."""
    bare = {name: value for name, value in EVENT.items() if name != "data"}
    assert read_event(bare) == read_event(EVENT | {"data": None}) == read_event(EVENT)._replace(data=None, document=bare)


@pytest.mark.parametrize("value", [None, [], "x", 1, True])
def test_what_is_no_object_is_no_event(value: Json):
    """Only an object can be an event."""
    assert "" in problems(value)


def test_binary_mode_turns_the_integers_into_integers():
    """Headers are texts; the attributes that are numbers become numbers, or stay what they are to be refused."""
    document = read_attributes({"id": "1", "expectedversion": "3", "corrects": "x"}, None, {"a": 1})
    assert document == {"id": "1", "expectedversion": 3, "corrects": "x", "data": {"a": 1}}


@pytest.mark.parametrize(
    ("headers", "pointer"), [({"data": "x"}, "/data"), ({"datacontenttype": "application/xml"}, "/datacontenttype")]
)
def test_binary_mode_has_one_place_for_everything(headers: dict[str, str], pointer: str):
    """What the body, or Content-Type, says is not said by another header as well: neither is passed over in silence."""
    with pytest.raises(NotAnEvent) as caught:
        read_attributes(headers, "application/json", {})
    assert [where for where, _ in caught.value.problems] == [pointer]
