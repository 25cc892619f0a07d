"""Whether one shape takes everything that another one takes.

The library decides it for objects, lists, numbers and alternatives. Of texts it knows too little, or takes hours: a text is put
before it as an object with a pattern, a format and a length, where the pattern is one of those that lie within it. What is true
of these objects is true of the texts; where a text would be taken for more reasons than these, the answer is no.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from interegular import parse_pattern
from jsonsubschema import is_subschema  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]  it ships no types

from tests.compatibility.shapes import Shape

ANY = "any"
_LENGTHS = {"minimum": "minLength", "maximum": "maxLength"}
_SIZES = {"minimum": "minProperties", "maximum": "maxProperties"}


@dataclass(frozen=True)
class Words:
    """The patterns and formats in two shapes: what a text of either can be told from others by."""

    patterns: frozenset[str]
    formats: frozenset[str]

    def within(self, pattern: str) -> list[str]:
        """Return those patterns that lie within one."""
        return sorted(one for one in self.patterns if lies_within(one, pattern))


def takes_all(new: Shape, old: Shape) -> bool:
    """Tell whether the new shape takes everything that the old one took."""
    if old == new:
        return True
    old, new = _without_the_same(old, new)
    texts = [*_texts(old), *_texts(new)]
    words = Words(
        frozenset({ANY, *(one["pattern"] for one in texts if "pattern" in one)}),
        frozenset({ANY, *(one["format"] for one in texts if "format" in one)}),
    )
    return cast("bool", is_subschema(_put(old, words), _put(new, words)))


def _without_the_same(old: Shape, new: Shape) -> tuple[Shape, Shape]:
    """Return two shapes whose fields that are the same in both are short, since they take the library most of its time."""
    before, after = old.get("properties", {}), new.get("properties", {})
    same = {name: {"type": "null"} for name in before.keys() & after.keys() if before[name] == after[name]}
    if not same:
        return old, new
    return {**old, "properties": {**before, **same}}, {**new, "properties": {**after, **same}}


@cache
def lies_within(inner: str, outer: str) -> bool:
    """Tell whether every text that one pattern takes is taken by another. `ANY` stands for none at all."""
    if ANY in (inner, outer):
        return outer == ANY
    # Patterns of schemas are found anywhere in a text, unless they say otherwise; those of the library are the whole of it.
    ends = [cast("Any", parse_pattern(_whole(pattern))).to_fsm() for pattern in (inner, outer)]
    return cast("bool", ends[0].issubset(ends[1]))


def _whole(pattern: str) -> str:
    begin = "" if pattern.startswith("^") else "(.|\\n)*"
    end = "" if pattern.endswith("$") else "(.|\\n)*"
    return f"{begin}{pattern.removeprefix('^').removesuffix('$')}{end}"


def _texts(shape: Shape) -> Iterator[Shape]:
    """Return the shapes of texts in a shape, and of the names of what objects hold."""
    yield from ({"pattern": pattern} for pattern in shape.get("patternProperties", {}))
    if shape.get("type") == "string":
        yield from _words_of(shape)
    for inner in _inner(shape):
        yield from _texts(inner)


def _inner(shape: Shape) -> Iterator[Shape]:
    yield from shape.get("anyOf", [])
    for keyword in ("properties", "patternProperties"):
        yield from shape.get(keyword, {}).values()
    for keyword in ("items", "additionalProperties"):
        if isinstance(shape.get(keyword), dict):
            yield shape[keyword]


def _words_of(shape: Shape) -> list[Shape]:
    """Return a text as alternatives without an enumeration: each word of that is a pattern and a length of its own."""
    if "enum" not in shape:
        return [shape]
    return [
        {"type": "string", "pattern": f"^{re.escape(word)}$", "minLength": len(word), "maxLength": len(word)}
        for word in shape["enum"]
    ]


def _put(shape: Shape, words: Words) -> Shape:
    """Return a shape as the library is asked about it."""
    if "anyOf" in shape:
        return {"anyOf": [_put(one, words) for one in shape["anyOf"]]}
    match shape.get("type"):
        case "string":
            return {"anyOf": [_text(one, words) for one in _words_of(shape)]}
        case "object":
            return _object(shape, words)
        case "array":
            return {**shape, "items": _put(shape.get("items", {}), words)}
        case _:
            return shape


def _text(shape: Shape, words: Words) -> Shape:
    form = shape.get("format", ANY)
    forms = sorted(words.formats) if form == ANY else [form]
    inside = words.within(shape.get("pattern", ANY))
    return _made({"pattern": {"enum": inside}, "format": {"enum": forms}, "length": _range(shape, _LENGTHS)})


def _object(shape: Shape, words: Words) -> Shape:
    if "properties" in shape or (shape.get("additionalProperties") is False and "patternProperties" not in shape):
        named = {name: _put(one, words) for name, one in shape.get("properties", {}).items()}
        required = {"required": shape["required"]} if shape.get("required") else {}
        return {"type": "object", "properties": named, "additionalProperties": False, **required}
    (pattern, values), *others = shape.get("patternProperties", {ANY: shape.get("additionalProperties", {})}).items()
    if others:
        patterns = ", ".join((pattern, *(other for other, _ in others)))
        raise ValueError(
            f"The names of one object follow several patterns ({patterns}), which cannot be compared here: "
            "make a body of it whose fields have names, or one of these patterns."
        )
    return _made({"names": {"enum": words.within(pattern)}, "values": _put(values, words), "size": _range(shape, _SIZES)})


def _range(shape: Shape, names: dict[str, str]) -> Shape:
    bounds = {bound: shape[name] for bound, name in names.items() if name in shape}
    return {"type": "integer", "minimum": 0, **bounds}


def _made(parts: Shape) -> Shape:
    """Return an object that no message could be taken for: its names have a space at their beginning."""
    named = {f" {name}": part for name, part in parts.items()}
    return {"type": "object", "properties": named, "required": sorted(named), "additionalProperties": False}
