"""The envelope: a CloudEvents 1.0 message as a publisher of this ledger sets it.

What is wrong with the envelope makes a message unreadable (MALFORMED). What is wrong with `data` is a matter for the type.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from sys import intern
from typing import Any, Final, NamedTuple, cast

from portfolio_schemas import codec
from portfolio_schemas.codec import INTEGER_MAX, Document, Json

EVENT_SIZE_MAX = 256 * 1024
ID_LENGTH_MAX = 64
EXTENSIONS_MAX = 24

ATTRIBUTES = {
    "specversion": "always `1.0`",
    "id": "names the event within its source, for ever; 1 to 128 characters",
    "source": "the system that states the fact, a URI reference of 1 to 256 characters",
    "type": "`portfolio.<aggregate>.<past-tense-name>.v<n>`",
    "subject": "what it is about, `<aggregate>/<id>`",
    "time": "when it was true in the world, RFC 3339 with an offset",
    "portfolio": "the ledger it belongs to",
    "actor": "who did it, a pseudonymous id of 1 to 128 characters",
    "datacontenttype": "`application/json`",
    "dataschema": "the URI of the type's schema",
    "data": "the typed body",
    "reason": "why, at most 1000 characters; required by some types",
    "correlationid": "names the business transaction it belongs to",
    "causationid": "the number of the entry that caused it",
    "corrects": "the number of the entry it corrects",
    "expectedversion": "refuse unless the subject is at this version; 0: must not exist yet",
}
"""The attributes of an event, in reading order, and what they mean."""

REQUIRED = ("specversion", "id", "source", "type", "subject", "time", "portfolio", "actor")
_REQUIRED = frozenset(REQUIRED)
_USUAL = _REQUIRED | {"datacontenttype", "data", "reason", "correlationid"}
INTEGERS = ("causationid", "corrects", "expectedversion")

Problem = tuple[str, str]
"""Where (a JSON pointer into the event) and what is wrong."""

_required_of = itemgetter(*REQUIRED)
_ABSENT: Final = object()
_LENGTH_MAX = 128
_SOURCE_LENGTH_MAX = 256
_REASON_LENGTH_MAX = 1000

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
_AGGREGATE = re.compile(r"[a-z]+(-[a-z]+)*\Z")
_AGGREGATE_LENGTH_MAX = 32
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
_TIME = re.compile(rf"\d{{4}}-\d\d-\d\d[Tt]{_CLOCK}:[0-5]\d(\.\d{{1,9}})?([Zz]|[+-]{_CLOCK})\Z", re.ASCII)
FIRST_INSTANT = datetime.min.replace(microsecond=1, tzinfo=UTC)
LAST_INSTANT = datetime.max.replace(microsecond=999_998, tzinfo=UTC)
_EXTENSION = re.compile(r"[a-z0-9]{1,64}\Z")
_JSON_MEDIA = re.compile(r'application/([a-z0-9.-]+\+)?json\s*(;\s*charset=("utf-8"|utf-8)\s*)?\Z', re.IGNORECASE)
_EXTENSION_INTEGER_MAX = 2**31 - 1
_EXTENSION_LENGTH_MAX = 1024


class NotAnEvent(ValueError):
    """A JSON value that is no CloudEvent for a portfolio: `problems` says where and what."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{pointer or 'the message'}: {detail}" for pointer, detail in problems))
        self.problems = problems


class Event(NamedTuple):
    """An event as its publisher set it. `document` is the whole of it, `data` its body, still untyped."""

    portfolio: str
    source: str
    id: str
    type: str
    subject: str
    time: datetime
    actor: str
    reason: str | None
    corrects: int | None
    expectedversion: int | None
    data: Json
    document: Document


def read_event(value: Json, *, printable: bool = False) -> Event:
    """Read the envelope of one event. Attributes that are null count as absent, as CloudEvents says.

    `printable`: every text in it is known to be printable, as `codec.is_printable` tells of a whole text at once.

    Raises:
        NotAnEvent: with every problem of the envelope.

    """
    if not isinstance(value, dict):
        raise NotAnEvent([("", "An event is a JSON object.")])
    return _read_usual(value, printable=printable) or _read_carefully(value)


def _read_usual(document: dict[str, Any], *, printable: bool) -> Event | None:
    """Read an envelope at a glance. None where it has what is less usual, or may be wrong: then each attribute is looked at."""
    if not _USUAL.issuperset(document):
        return None
    get = document.get
    try:
        version, id_, source, type_, subject, time, portfolio, actor = _required_of(document)
        reason, correlation, data = get("reason", "-"), get("correlationid", "-"), get("data", _ABSENT)
        texts = "".join((id_, source, type_, actor, reason, correlation))  # noqa: FLY002  this fails where one is no text
        if not (
            (printable or texts.isprintable())
            and 0 < len(id_) <= _LENGTH_MAX
            and 0 < len(source) <= _SOURCE_LENGTH_MAX
            and 0 < len(type_) <= _LENGTH_MAX
            and 0 < len(actor) <= _LENGTH_MAX
            and 0 < len(reason) <= _REASON_LENGTH_MAX
            and 0 < len(correlation) <= _LENGTH_MAX
            and version == "1.0"
            and get("datacontenttype", "application/json") == "application/json"
            and is_id(portfolio)
            and _is_subject(subject)
            and data is not None
        ):
            return None
        instant = read_time(time)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    portfolio, source = intern(portfolio), intern(source)
    said = None if data is _ABSENT else data
    return Event(portfolio, source, id_, type_, subject, instant, actor, get("reason"), None, None, said, document)


def _read_carefully(value: Document) -> Event:
    """Read an envelope attribute by attribute.

    Raises:
        NotAnEvent: with every problem.

    """
    document: Document = value
    if None in value.values():
        document = {name: item for name, item in value.items() if item is not None}
    checks = _CHECKS
    problems: list[Problem] = []
    if not document.keys() >= _REQUIRED:
        problems += [(f"/{name}", "This attribute is required.") for name in REQUIRED if name not in document]
    for name, item in document.items():
        check = checks.get(name)
        problem = check(item) if check else _check_extension(name, item)
        if problem is not None:
            problems.append((f"/{_escape(name)}", problem))
    if len(document) > len(ATTRIBUTES) + EXTENSIONS_MAX:
        problems.append(("", f"At most {EXTENSIONS_MAX} extension attributes are taken."))
    if problems:
        raise NotAnEvent(problems[:20])
    fields = cast("dict[str, Any]", document)
    return Event(
        portfolio=intern(fields["portfolio"]),
        source=intern(fields["source"]),
        id=fields["id"],
        type=fields["type"],
        subject=fields["subject"],
        time=read_time(fields["time"]),
        actor=fields["actor"],
        reason=fields.get("reason"),
        corrects=fields.get("corrects"),
        expectedversion=fields.get("expectedversion"),
        data=fields.get("data"),
        document=document,
    )


def read_attributes(headers: Mapping[str, str], content: str | None, data: Json) -> Document:
    """Return the structured form of an event sent in binary mode: attributes by name as texts, its content type, its body.

    Raises:
        NotAnEvent: when a header says what stands elsewhere in this mode.

    """
    document: Document = {name: text for name, text in headers.items() if name not in INTEGERS}
    if "data" in headers:
        raise NotAnEvent([("/data", "In binary mode the body is `data`.")])
    if content is not None and document.setdefault("datacontenttype", content) != content:
        raise NotAnEvent([("/datacontenttype", "In binary mode Content-Type says this, and it says something else.")])
    for name in INTEGERS:
        if name in headers:
            number = codec.read_number(headers[name])
            document[name] = headers[name] if number is None else number
    document["data"] = data
    return document


@lru_cache(maxsize=1024)
def read_time(text: str) -> datetime:
    """Read an RFC 3339 time with an offset as an aware UTC instant; digits beyond microseconds are cut.

    The very first and the very last instant that there is stand for infinity where they are stored: who says one of them is
    taken to mean the microsecond beside it.

    Raises:
        ValueError: when it is none, or names no instant of the years 1 to 9999.

    """
    if _TIME.match(text) is None:
        raise ValueError(f"{text[:40]!r} is no RFC 3339 time with an offset, such as 2026-03-31T14:00:00Z.")
    try:
        instant = datetime.fromisoformat(text.upper())
        if instant.tzinfo is not UTC:
            instant = instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{text[:40]!r} names no instant of the calendar.") from None
    return min(max(instant, FIRST_INSTANT), LAST_INSTANT)


def is_id(text: str) -> bool:
    """Tell whether a text is an id: 1 to 64 of `A-Z a-z 0-9 . _ -`."""
    return _ID.match(text) is not None


def split_subject(subject: str) -> tuple[str, str]:
    """Split `<aggregate>/<id>` into the two."""
    aggregate, _, identity = subject.partition("/")
    return aggregate, identity


def _is_subject(text: str) -> bool:
    aggregate, slash, identity = text.partition("/")
    return slash == "/" and len(aggregate) <= _AGGREGATE_LENGTH_MAX and _is_aggregate(aggregate) and is_id(identity)


@lru_cache(maxsize=256)
def _is_aggregate(name: str) -> bool:
    return _AGGREGATE.match(name) is not None


def _text(length_max: int) -> Callable[[Json], str | None]:
    def check(value: Json) -> str | None:
        if type(value) is not str:
            return "This attribute is a text."
        if not 0 < len(value) <= length_max:
            return f"This attribute has 1 to {length_max} characters, not {len(value)}."
        return None if value.isprintable() else _check_controls(value)

    return check


def _check_specversion(value: Json) -> str | None:
    return None if value == "1.0" else "The only version taken is 1.0."


def _check_portfolio(value: Json) -> str | None:
    return None if type(value) is str and is_id(value) else "A portfolio is 1 to 64 of A-Z a-z 0-9 . _ -"


def _check_subject(value: Json) -> str | None:
    if type(value) is str and _is_subject(value):
        return None
    return "A subject is <aggregate>/<id>, the id 1 to 64 of A-Z a-z 0-9 . _ -"


def _check_time(value: Json) -> str | None:
    if type(value) is not str:
        return "This attribute is an RFC 3339 time."
    try:
        read_time(value)
    except ValueError as error:
        return str(error)
    return None


def _check_media(value: Json) -> str | None:
    return None if type(value) is str and _JSON_MEDIA.match(value) else "The only content taken is application/json."


def _check_integer(value: Json) -> str | None:
    if type(value) is int and 0 <= value <= INTEGER_MAX:
        return None
    return "This attribute is an integer from 0."


def _check_controls(text: str) -> str | None:
    return "This attribute holds a control character." if _CONTROLS.search(text) else None


def _check_extension(name: str, value: Json) -> str | None:
    if name == "data_base64":
        return "Binary data is not taken: send JSON in `data`."
    if not _EXTENSION.match(name):
        return "An attribute's name is 1 to 64 of a-z 0-9."
    if isinstance(value, bool) or (isinstance(value, int) and abs(value) <= _EXTENSION_INTEGER_MAX):
        return None
    if isinstance(value, str) and len(value) <= _EXTENSION_LENGTH_MAX:
        return None if value.isprintable() else _check_controls(value)
    return f"An extension attribute is a text of at most {_EXTENSION_LENGTH_MAX} characters, a 32-bit integer or a truth value."


def _escape(name: str) -> str:
    return name[:64].replace("~", "~0").replace("/", "~1")


_CHECKS: dict[str, Callable[[Json], str | None]] = {
    "specversion": _check_specversion,
    "id": _text(_LENGTH_MAX),
    "source": _text(_SOURCE_LENGTH_MAX),
    "type": _text(_LENGTH_MAX),
    "subject": _check_subject,
    "time": _check_time,
    "portfolio": _check_portfolio,
    "actor": _text(_LENGTH_MAX),
    "datacontenttype": _check_media,
    "dataschema": _text(_SOURCE_LENGTH_MAX),
    "data": lambda _: None,
    "reason": _text(_REASON_LENGTH_MAX),
    "correlationid": _text(_LENGTH_MAX),
    "causationid": _check_integer,
    "corrects": _check_integer,
    "expectedversion": _check_integer,
}
