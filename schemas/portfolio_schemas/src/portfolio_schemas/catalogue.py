"""The catalogue of event types: from a type's name to its class, and from a body to a typed event."""

from typing import Any, cast, get_args

from pydantic import ValidationError

from portfolio_schemas import events
from portfolio_schemas.codec import Json
from portfolio_schemas.envelope import Problem
from portfolio_schemas.events.event_data import EventData

ERRORS_MAX = 20
_MESSAGE_LENGTH_MAX = 300


class UnknownType(ValueError):
    """There is no such type of event, or no such version of it."""


class WrongData(ValueError):
    """A body that does not match its type: `problems` say where, as JSON pointers into the event, and what."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{pointer}: {detail}" for pointer, detail in problems))
        self.problems = problems


TYPES: dict[str, type[EventData]] = {
    body.event_type.name: body for body in (*cast("tuple[type[EventData], ...]", get_args(events.Event)), *events.OLDER)
}
"""Every type that can be read, by its name; the newest versions first."""


def find(name: str) -> type[EventData]:
    """Return the class of a type.

    Raises:
        UnknownType: with a sentence that says what there is instead, where something is near.

    """
    body = TYPES.get(name)
    if body is not None:
        return body
    stem = name.rpartition(".")[0]
    versions = sorted(known for known in TYPES if known.rpartition(".")[0] == stem)
    if versions:
        raise UnknownType(f"There is no version of that name; there is {', '.join(versions)}.")
    raise UnknownType("There is no such type of event; the catalogue lists those that there are.")


def read_data(name: str, data: Json) -> events.Event:
    """Return the typed body of an event, in the newest version of its type.

    Raises:
        UnknownType: when there is no such type.
        WrongData: when the body does not match it.

    """
    body_type = find(name)
    if data is not None and not isinstance(data, dict):
        raise _no_object()
    try:
        body: Any = body_type.__pydantic_validator__.validate_python(data or {})
    except ValidationError as error:
        raise WrongData(_problems(error)) from None
    return body.upcast()


def read_text(name: str, text: bytes) -> events.Event:
    """Return the same of a body that is still JSON text, as it lies in the log: it is parsed and checked in one step.

    Raises:
        UnknownType: when there is no such type.
        WrongData: when the body does not match it.

    """
    body_type = find(name)
    if not text.startswith(b"{"):
        if text != b"null":
            raise _no_object()
        text = b"{}"
    try:
        body = body_type.__pydantic_validator__.validate_json(text)
    except ValidationError as error:
        raise WrongData(_problems(error)) from None
    return cast("events.Event", body.upcast())


def _no_object() -> WrongData:
    return WrongData([("/data", "The body of an event is a JSON object.")])


def _problems(error: ValidationError) -> list[Problem]:
    found = error.errors(include_url=False, include_context=True, include_input=False)
    return [(_pointer(problem["loc"]), _sentence(cast("dict[str, Any]", problem))) for problem in found[:ERRORS_MAX]]


def _pointer(place: tuple[int | str, ...]) -> str:
    parts = (str(part)[:64].replace("~", "~0").replace("/", "~1") for part in place if part != "function-before")
    return "/".join(("/data", *parts))


def _sentence(problem: dict[str, Any]) -> str:
    match problem["type"]:
        case "missing":
            return "This field is required."
        case "extra_forbidden":
            return "This type has no such field."
        case "string_pattern_mismatch":
            pattern = problem["ctx"]["pattern"]
            return _PATTERNS.get(pattern) or _reference_sentence(pattern)
        case _:
            return str(problem["msg"]).removeprefix("Value error, ")[:_MESSAGE_LENGTH_MAX].rstrip(".") + "."


def _reference_sentence(pattern: str) -> str:
    aggregate, slash, _ = pattern.removeprefix("^").partition("/")
    if not slash:
        return f"This text must match {pattern}"
    return f"This names a subject, {' or '.join(f'{name}/<id>' for name in aggregate.strip('()').split('|'))}."


_PATTERNS = {
    r"^[^\x00-\x1f\x7f-\x9f]*$": "This text holds a control character.",
    r"^[A-Z]{3}$": "A currency is its three-letter code in capitals, such as EUR.",
    r"^[A-Za-z0-9._-]{1,64}$": "An id is 1 to 64 of A-Z a-z 0-9 . _ -",
    r"^(0(\.[0-9]{1,6})?|1(\.0{1,6})?)$": 'A fraction is a text from "0" to "1" with at most six digits, such as "0.25".',
    r"^(0|[1-9][0-9]{0,6})(\.[0-9]{1,2})?$": 'This is a text from "0" with at most two digits after the point, such as "12.5".',
    r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?$": 'A number is a text with at most six digits after the point, such as "-12.5".',
    r"^[0-9]{4}(-(H[12]|Q[1-4]|0[1-9]|1[0-2]))?$": "A fiscal period is a text such as 2026, 2026-H1, 2026-Q3 or 2026-07.",
    r"^(0|[1-9][0-9]{0,3})(\.[0-9]{1,2})?$": 'A score is a text from "0" with at most two digits after the point, such as "8".',
    r"^[0-9]{4}-(0[1-9]|1[0-2])$": "An accounting period is a month such as 2026-03.",
}
