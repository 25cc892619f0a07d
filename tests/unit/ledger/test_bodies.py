"""Bodies of POST /events, by their headers: three forms, and what fails whole."""

import json
from typing import Any, cast

import pytest

from portfolio_ledger.http import bodies, preferences
from portfolio_ledger.http.bodies import Posted
from portfolio_ledger.http.preferences import Preference
from portfolio_ledger.http.problems import Problem
from portfolio_ledger.intake.elements import EVENTS_MAX, Unreadable
from portfolio_schemas.codec import Document
from portfolio_schemas.envelope import EVENT_SIZE_MAX, Event
from tests.unit.ledger.desks import event

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
RAW = json.dumps(event()).encode()
BINARY = {f"ce-{name}": str(value) for name, value in event().items() if name != "data"}
DATA = json.dumps(event()["data"]).encode()


def read(body: bytes, content: str | None = STRUCTURED, **headers: str) -> Posted:
    """Read a body; header names are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if content is not None:
        named["content-type"] = content
    return bodies.read(body, [(name.encode(), value.encode()) for name, value in named.items()])


def only(posted: Posted) -> Document:
    """The one event that was posted."""
    (item,) = posted.items
    assert isinstance(item, Event)
    assert not posted.batch
    return item.document


def problem(body: bytes, content: str | None = STRUCTURED, **headers: str) -> Problem:
    """Why a body fails whole."""
    with pytest.raises(Problem) as raised:
        read(body, content, **headers)
    return raised.value


@pytest.mark.parametrize(
    "content", [STRUCTURED, "application/json", f'{STRUCTURED}; charset="UTF-8"', "Application/JSON;charset=utf-8"]
)
def test_structured(content: str):
    """The body is the event; its own bytes may go into intake."""
    posted = read(RAW, content)
    assert only(posted) == event()
    assert posted.verbatim == RAW


@pytest.mark.parametrize("content", ["application/json", None])
def test_binary(content: str | None):
    """Attributes are `ce-` headers, the body is `data`."""
    posted = read(DATA, content, **BINARY)
    assert only(posted) == event() | ({"datacontenttype": content} if content else {})
    assert posted.verbatim is None


def test_binary_values_are_percent_decoded():
    """The HTTP binding writes what is not ASCII, and quotes, percent-encoded."""
    posted = read(DATA, "application/json", **BINARY, **{"ce-reason": "%C3%A9t%C3%A9 100%25"})
    assert only(posted)["reason"] == "été 100%"
    assert problem(DATA, "application/json", **{**BINARY, "ce-reason": "%ff"}).code == "MALFORMED"


def test_a_batch_is_read_element_by_element():
    """One that is unreadable has its own reason, and the body is not taken as it is."""
    posted = read(json.dumps([event(), {"id": 7}]).encode(), BATCH)
    assert posted.batch
    assert posted.verbatim is None
    assert [type(item) for item in posted.items] == [Event, Unreadable]
    assert read(json.dumps([event()]).encode(), BATCH).verbatim is not None
    assert read(b"[]", BATCH).items == []


@pytest.mark.parametrize(
    ("body", "content", "status"),
    [
        (b"", STRUCTURED, 400),
        (b"{", STRUCTURED, 400),
        (b"[]", STRUCTURED, 400),
        (b"{}", STRUCTURED, 400),
        (RAW, BATCH, 400),
        (b"[{]", BATCH, 400),
        (RAW, "text/plain", 415),
        (RAW, None, 415),
        (RAW, "application/cloudevents+avro", 415),
        (RAW, f"{STRUCTURED}; charset=utf-16", 415),
        (b" " * (EVENT_SIZE_MAX + 1), STRUCTURED, 413),
        (json.dumps([event()] * (EVENTS_MAX + 1)).encode(), BATCH, 413),
    ],
)
def test_what_fails_whole(body: bytes, content: str | None, status: int):
    """Each with its status; nothing of it is stored."""
    assert problem(body, content).status == status


def test_what_is_wrong_is_named():
    """Every field of the envelope that is wrong, by its pointer."""
    errors = cast("list[dict[str, Any]]", problem(json.dumps({**event(), "time": "now", "id": ""}).encode()).errors)
    assert {error["pointer"] for error in errors} == {"/time", "/id"}


def test_a_content_encoding_is_not_taken():
    """415, whatever the body is; `identity` is no encoding."""
    assert problem(RAW, content_encoding="gzip").status == 415
    assert only(read(RAW, content_encoding="identity")) == event()


def test_if_match_is_expectedversion():
    """It says the same; both and different is a 400; anything but one version is a 400."""
    assert only(read(RAW, if_match='"3"'))["expectedversion"] == 3
    assert only(read(json.dumps(event(expectedversion=3)).encode(), if_match='"3"'))["expectedversion"] == 3
    assert problem(json.dumps(event(expectedversion=4)).encode(), if_match='"3"').code == "MALFORMED"
    for wrong in ("*", 'W/"3"', "3", '"x"', '"3", "4"', '""', '"99999999999999999999"'):
        assert problem(RAW, if_match=wrong).code == "MALFORMED"
    assert problem(b"[]", BATCH, if_match='"3"').code == "MALFORMED"


@pytest.mark.parametrize("name", ["content-type", "if-match", "ce-id"])
def test_headers_that_count_stand_once(name: str):
    """Two of them, and nobody knows which one another reader would take."""
    headers = [(b"content-type", STRUCTURED.encode()), (name.encode(), b"x"), (name.encode(), b"x")]
    with pytest.raises(Problem, match="stands twice"):
        bodies.read(RAW, headers)


@pytest.mark.parametrize(
    ("prefer", "expected"),
    [
        ([], Preference(10.0)),
        (["respond-async"], Preference(0.0, asynchronous=True)),
        (["wait=3"], Preference(3.0)),
        (["respond-async, wait=3"], Preference(3.0, asynchronous=True)),
        (["wait=2", "Respond-Async; foo=1"], Preference(2.0, asynchronous=True)),
        (["wait=0"], Preference(0.0)),
        (["wait=99999"], Preference(60.0)),
        (["wait=1, wait=2"], Preference(1.0)),
        (["wait=-1, wait=x, wait=1e9, return=minimal"], Preference(10.0)),
    ],
)
def test_preferences(prefer: list[str], expected: Preference):
    """What is understood is honoured, within limits; the rest is passed over."""
    assert preferences.read(prefer) == expected
