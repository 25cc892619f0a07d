"""Elements: a JSON text with one event, or an array of events, read so that one bad element never takes its neighbours along."""

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from portfolio_schemas import codec, envelope
from portfolio_schemas.codec import Json
from portfolio_schemas.envelope import EVENT_SIZE_MAX, Event

EVENTS_MAX = 1000
"""How many events a batch, or an array in an intake record, may have."""

# A text that does not end is a mark as well, up to the end: the whole is read once, whatever stands in it.
_MARKS = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)
RECENT_BYTES_MAX = 2 * 1024 * 1024
"""Bytes of the texts that are kept with what was read of them, which takes about ten times as much memory."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An element that is no event: why, and its bytes."""

    code: str
    detail: str
    errors: list[Json]
    raw: bytes


Element = Event | Unreadable


@dataclass(frozen=True, slots=True)
class Elements:
    """What a text holds. `array`: it is an array of them, also where it has one element only."""

    array: bool
    items: list[Element]


def read(raw: bytes, *, size_max: int) -> Elements:
    """Read a text of at most `size_max` bytes.

    Raises:
        codec.Unreadable: when it is not JSON, too large, or has too many elements: it fails whole.

    """
    try:
        value = codec.read_json(raw, size_max=size_max)
    except codec.Unreadable as error:
        if not error.is_json:
            raise
        if not raw.lstrip(b" \t\r\n").startswith(b"["):
            return Elements(array=False, items=[Unreadable(error.code, error.detail, [], raw)])
        return Elements(array=True, items=list(_read_apart(raw)))
    printable = codec.is_printable(raw)
    if not isinstance(value, list):
        return Elements(array=False, items=[_read_element(value, len(raw), raw, printable=printable)])
    _check_count(len(value))
    if len(raw) <= EVENT_SIZE_MAX:
        return Elements(array=True, items=[_read_element(item, 0, None, printable=printable) for item in value])
    return Elements(array=True, items=[_read_element(item, len(text := codec.canonical(item)), text) for item in value])


def read_binary(attributes: Mapping[str, str], content: str | None, raw: bytes) -> Element:
    """Read one event of the binary mode: its attributes from headers, what its content is said to be, and its body.

    Raises:
        codec.Unreadable: when the body is not JSON, or too large.

    """
    data = codec.read_json(raw, size_max=EVENT_SIZE_MAX) if raw else None
    try:
        return envelope.read_event(envelope.read_attributes(attributes, content, data))
    except envelope.NotAnEvent as error:
        return _no_event(error, raw)


def _read_element(value: Json, size: int, raw: bytes | None, *, printable: bool = False) -> Element:
    if size > EVENT_SIZE_MAX:
        detail = f"The event has {size} bytes, at most {EVENT_SIZE_MAX} are taken."
        return Unreadable("TOO_LARGE", detail, [], codec.canonical(value) if raw is None else raw)
    try:
        return envelope.read_event(value, printable=printable)
    except envelope.NotAnEvent as error:
        return _no_event(error, codec.canonical(value) if raw is None else raw)


def _no_event(error: envelope.NotAnEvent, raw: bytes) -> Unreadable:
    errors: list[Json] = [{"pointer": pointer, "detail": detail} for pointer, detail in error.problems]
    return Unreadable("MALFORMED", "This is no CloudEvent for a portfolio.", errors, raw)


def _read_apart(raw: bytes) -> Iterator[Element]:
    """Read the elements of an array that is JSON, but somewhere outside the profile, one by one."""
    spans = list(islice(_spans(raw), EVENTS_MAX + 1))
    if len(spans) > EVENTS_MAX:
        raise _too_many(f"more than {EVENTS_MAX}")
    for text in spans:
        try:
            value = codec.read_json(text, size_max=max(EVENT_SIZE_MAX, len(text)))
        except codec.Unreadable as error:
            if not error.is_json:
                raise
            yield Unreadable(error.code, error.detail, [], text)
        else:
            yield _read_element(value, len(text), text)


def _spans(raw: bytes) -> Iterator[bytes]:
    depth, begin = 0, 0
    for mark in _MARKS.finditer(raw):
        match mark[0]:
            case b"[" | b"{":
                depth += 1
                if depth == 1:
                    begin = mark.end()
            case b"]" | b"}":
                depth -= 1
                if depth == 0:
                    yield raw[begin : mark.start()].strip()
                    if raw[mark.end() :].strip():
                        raise codec.Unreadable("MALFORMED", f"The text goes on after its end at byte {mark.end()}.")
                    return
            case b"," if depth == 1:
                yield raw[begin : mark.start()].strip()
                begin = mark.end()
            case _:
                pass
    raise codec.Unreadable("MALFORMED", "The text ends within its array.")


def _check_count(count: int) -> None:
    if count > EVENTS_MAX:
        raise _too_many(str(count))


def _too_many(count: str) -> codec.Unreadable:
    return codec.Unreadable("TOO_LARGE", f"The array has {count} events, at most {EVENTS_MAX} are taken.", is_json=True)


class Recent:
    """Texts that this process read a moment ago, at its HTTP door, so that its judge need not read the same bytes again."""

    def __init__(self, *, bytes_max: int = RECENT_BYTES_MAX) -> None:
        self._read = OrderedDict[bytes, Elements]()
        self._bytes = 0
        self._bytes_max = bytes_max

    def keep(self, raw: bytes, elements: Elements) -> None:
        """Keep what was read of a text."""
        if raw not in self._read:
            self._bytes += len(raw)
        self._read[raw] = elements
        while self._bytes > self._bytes_max:
            oldest, _ = self._read.popitem(last=False)
            self._bytes -= len(oldest)

    def read(self, raw: bytes, *, size_max: int) -> Elements:
        """Read a text, or take what was read of the same bytes before. See `read`."""
        kept = self._read.pop(raw, None)
        if kept is None:
            return read(raw, size_max=size_max)
        self._bytes -= len(raw)
        return kept
