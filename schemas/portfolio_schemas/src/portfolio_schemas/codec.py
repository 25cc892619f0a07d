"""The bytes of the log: a strict reader of JSON, and the canonical form that is hashed.

The profile is RFC 8785 restricted so that no two readers can disagree: ASCII member names without duplicates, no floats,
integers that every language holds exactly, no lone surrogates. What is outside of it is refused before it is anything else.
"""

import contextlib
import hashlib
import json
from collections.abc import Iterable
from typing import Any, NoReturn

from portfolio_schemas import plain

Json = dict[str, "Json"] | list["Json"] | str | int | bool | None
Document = dict[str, Json]

INTEGER_MAX = plain.INTEGER_MAX
DEPTH_MAX = plain.DEPTH_MAX
NAME_LENGTH_MAX = plain.NAME_LENGTH_MAX

_INTEGER_DIGITS_MAX = len(str(INTEGER_MAX))
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Unreadable(ValueError):
    """Bytes that are not JSON of the ledger's profile: `code` is TOO_LARGE or MALFORMED, `detail` says what and where.

    `is_json` tells a text that is JSON, but outside the profile, from one that is no JSON at all.
    """

    def __init__(self, code: str, detail: str, *, is_json: bool = False) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.is_json = is_json


def read_json(raw: bytes, *, size_max: int) -> Json:
    """Read one JSON text of at most `size_max` bytes strictly.

    Raises:
        Unreadable: with the first thing that is wrong. The size is checked before anything is parsed.

    """
    if len(raw) > size_max:
        raise Unreadable("TOO_LARGE", f"The body has {len(raw)} bytes, at most {size_max} are taken.")
    value = plain.read(raw)
    return _read_carefully(raw) if value is plain.UNSURE else value


def _read_carefully(raw: bytes) -> Json:
    if raw.startswith(_BYTE_ORDER_MARK):
        raise Unreadable("MALFORMED", "The text begins with a byte order mark: send UTF-8 without one.")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable("MALFORMED", f"The text is not UTF-8 at byte {error.start}.") from None
    try:
        value: Json = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        detail = f"The text is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        raise Unreadable("MALFORMED", detail) from None
    except RecursionError:
        raise _too_deep() from None
    _check_depth(value)
    if "\\u" in text:
        _check_surrogates(value)
    return value


def is_printable(raw: bytes) -> bool:
    """Tell whether every character of every text in a JSON text is surely printable: plain ASCII in which nothing is escaped."""
    return raw.isascii() and b"\\" not in raw and b"\x7f" not in raw


def canonical(value: object) -> bytes:
    """Encode a value of the profile in its one canonical form (RFC 8785).

    For ASCII member names the order of code points is the order of UTF-16 code units that RFC 8785 asks for.
    """
    return _encode(value)


def read_number(text: str) -> int | None:
    """Read an integer of the profile, from 0, as it stands in a header or a query; None when it is none."""
    if not (text.isascii() and text.isdigit() and len(text) <= _INTEGER_DIGITS_MAX):
        return None
    number = int(text)
    return number if number <= INTEGER_MAX else None


def digest(event: Document) -> str:
    """Return the SHA-256 (hex) of what a publisher set: the canonical event without `expectedversion`.

    Two submissions with the same source and id are the same event if, and only if, their digests agree.
    """
    if "expectedversion" in event:
        event = {name: value for name, value in event.items() if name != "expectedversion"}
    return digest_of(canonical(event))


def digest_of(text: bytes) -> str:
    """Return the digest of an event without `expectedversion` whose canonical form is known already."""
    return hashlib.sha256(text).hexdigest()


def _too_deep() -> Unreadable:
    return Unreadable("MALFORMED", f"The text nests deeper than {DEPTH_MAX} levels.", is_json=True)


def _check_depth(value: Json) -> None:
    level: list[Json] = [value]
    for _ in range(DEPTH_MAX):
        level = [child for node in level for child in _children(node)]
        if not level:
            return
    raise _too_deep()


def _children(node: Json) -> Iterable[Json]:
    if isinstance(node, dict):
        return [child for child in node.values() if isinstance(child, (dict, list))]
    if isinstance(node, list):
        return [child for child in node if isinstance(child, (dict, list))]
    return ()


def _check_surrogates(value: Json) -> None:
    try:
        canonical(value)
    except UnicodeEncodeError:
        raise Unreadable("MALFORMED", "A text holds a lone surrogate, which no UTF-8 can carry.", is_json=True) from None


def _read_members(members: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(members)
    if len(document) != len(members):
        seen: set[str] = set()
        for name, _ in members:
            if name in seen:
                detail = f"The member {name[:NAME_LENGTH_MAX]!r} stands twice in one object."
                raise Unreadable("MALFORMED", detail, is_json=True)
            seen.add(name)
    for name in document:
        if not name.isascii() or len(name) > NAME_LENGTH_MAX:
            detail = f"The member name {name[:NAME_LENGTH_MAX]!r} is not ASCII of at most {NAME_LENGTH_MAX} characters."
            raise Unreadable("MALFORMED", detail, is_json=True)
    return document


def _read_integer(digits: str) -> int:
    if len(digits) <= _INTEGER_DIGITS_MAX + 1:
        number = int(digits)
        if digits == "-0":
            raise Unreadable("MALFORMED", "The number -0 is not an integer: write 0.", is_json=True)
        if -INTEGER_MAX <= number <= INTEGER_MAX:
            return number
    raise Unreadable("MALFORMED", f"The number {digits[:24]} is beyond 2^53 - 1.", is_json=True)


def _refuse_float(digits: str) -> NoReturn:
    detail = f"The number {digits[:24]} is a float: write amounts as integers and ratios as texts."
    raise Unreadable("MALFORMED", detail, is_json=True)


def _refuse_constant(word: str) -> NoReturn:
    raise Unreadable("MALFORMED", f"The text is not JSON: {word} is no JSON value.")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_read_members,
    parse_int=_read_integer,
    parse_float=_refuse_float,
    parse_constant=_refuse_constant,
)
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def _encode_by_json(value: object) -> bytes:
    return _ENCODER.encode(value).encode("utf-8")


_encode = _encode_by_json
with contextlib.suppress(ImportError):
    # The services, which encode every entry, install msgspec for speed. A publisher needs pydantic alone.
    import msgspec

    _encode = msgspec.json.Encoder(order="sorted").encode
