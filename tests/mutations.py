"""Mutations: events that were sound, with something wrong in them, by a seed: in their structure, or in their bytes."""

import json
import random
from collections.abc import Callable
from typing import Any, NoReturn, cast

VALUES: list[Any] = [
    None, True, False, 0, -1, 1, 2**31, 2**53, 2**63, 10**40, [], {}, [[]], [None], {"": None}, {"a": {"b": {}}},
    "", " ", "0", "x", "\x00", "\x1f", "\x7f", "\u0085", "\u202e", "\ufeff", "\U0001f4a5", "e\u0301" * 50, "a" * 65, "a" * 5000,
    "../..", "%00", "'; DROP TABLE entries; --", "<script>alert(1)</script>", "{{7*7}}", "=1+1", "http://169.254.169.254/",
    "2026-02-30", "2026-01-01T00:00:00", "9999-12-31T23:59:60Z", "0000-01-01T00:00:00Z", "1e999999999", "NaN", "-0",
    "item/A", "product/pay", "portfolio/x", "__proto__",
]  # fmt: skip
TOKENS = [
    b"NaN", b"-0", b"1.0", b"1e400", b"9" * 400, b'"\\ud800"', b'"\\u0000"', b"[" * 40 + b"]" * 40,
    b'{"a":1,"a":2}', b'{"\\u0061":1,"a":2}',
]  # fmt: skip
"""Values as no library writes them."""

_PLACE = "\x1aa place for a token\x1a"


def of_structure(event: dict[str, Any], chance: random.Random) -> bytes:
    """An event with one to three things wrong in its structure: always one JSON text to a lenient reader."""
    changed = cast("dict[str, Any]", json.loads(json.dumps(event)))
    for _ in range(chance.randint(1, 3)):
        chance.choice(_CHANGES)(chance.choice(_objects(changed)), chance)
    text = json.dumps(changed, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    place = json.dumps(_PLACE).encode()
    while place in text:
        text = text.replace(place, chance.choice(TOKENS), 1)
    return text


def of_bytes(event: dict[str, Any], chance: random.Random) -> bytes:
    """An event with one to four things wrong in its bytes."""
    text = bytearray(json.dumps(event).encode())
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text))
        match chance.randrange(5):
            case 0:
                text[at] = chance.randrange(256)
            case 1:
                del text[at : at + chance.randint(1, 8)]
            case 2:
                text[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 4)))
            case 3:
                text[at:at] = text[at : at + chance.randint(1, 30)]
            case _:
                text[at] ^= 1 << chance.randrange(8)
    return bytes(text)


def is_one_text(raw: bytes) -> bool:
    """Whether a lenient reader takes it for one JSON text: then it may stand in an array without breaking it."""
    try:
        json.loads(raw.decode(), parse_int=lambda _: 0, parse_constant=_refuse_constant)
    except ValueError:
        return False
    return True


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _objects(value: Any) -> list[dict[str, Any]]:  # noqa: ANN401  JSON
    found = list[dict[str, Any]]()
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        found.append(members)
        for member in members.values():
            found += _objects(member)
    elif isinstance(value, list):
        for member in cast("list[Any]", value):
            found += _objects(member)
    return found


def _name(members: dict[str, Any], chance: random.Random) -> str:
    return chance.choice(list(members) or ["x"])


def _replace(members: dict[str, Any], chance: random.Random) -> None:
    members[_name(members, chance)] = chance.choice(VALUES)


def _replace_by_token(members: dict[str, Any], chance: random.Random) -> None:
    members[_name(members, chance)] = _PLACE


def _remove(members: dict[str, Any], chance: random.Random) -> None:
    members.pop(_name(members, chance), None)


def _add(members: dict[str, Any], chance: random.Random) -> None:
    members[chance.choice(["x", "X", "\u00fc", "a" * 200, "", "data", "__proto__", "\x00", "type", "subject"])] = chance.choice(
        VALUES
    )


def _rename(members: dict[str, Any], chance: random.Random) -> None:
    name = _name(members, chance)
    if name in members:
        members[name + chance.choice(["s", " ", "\x00", "_"])] = members.pop(name)


def _nest(members: dict[str, Any], chance: random.Random) -> None:
    name = _name(members, chance)
    for _ in range(chance.choice([1, 2, 40])):
        members[name] = {name: members.get(name)}


_CHANGES: list[Callable[[dict[str, Any], random.Random], None]] = [
    _replace,
    _replace,
    _replace,
    _replace_by_token,
    _remove,
    _add,
    _rename,
    _nest,
]
