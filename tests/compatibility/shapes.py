"""Shapes: what a schema demands of a value, and nothing else. References are resolved, words for people are left out."""

from collections.abc import Mapping
from typing import Any, cast

Shape = dict[str, Any]

_SAID_TO_PEOPLE = frozenset({"title", "description", "default", "$schema", "$id", "$defs"})
_DEMANDS = frozenset(
    {
        "type",
        "enum",
        "const",
        "anyOf",
        "pattern",
        "format",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "items",
        "minItems",
        "maxItems",
        "properties",
        "required",
        "additionalProperties",
        "patternProperties",
        "minProperties",
        "maxProperties",
    }
)


class UnknownKeyword(ValueError):
    """A schema demands something in a way that the check does not know: teach it, in `shapes.py` and `inclusion.py`."""


def of(schema: Mapping[str, Any]) -> Shape:
    """Return the shape of a schema as pydantic makes them.

    Raises:
        UnknownKeyword: when it demands something by a keyword that the check would pass over.

    """
    return _shape(schema, schema.get("$defs", {}))


def _shape(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Shape:
    if "$ref" in schema:
        return _shape(definitions[schema["$ref"].removeprefix("#/$defs/")], definitions)
    demands = {keyword: value for keyword, value in schema.items() if not _is_said_to_people(keyword, value)}
    unknown = sorted(demands.keys() - _DEMANDS)
    if unknown:
        raise UnknownKeyword(f"{unknown[0]} in {schema}")
    if "const" in demands:
        demands["enum"] = [demands.pop("const")]
    return {keyword: _inner(keyword, value, definitions) for keyword, value in demands.items()}


def _inner(keyword: str, value: Any, definitions: Mapping[str, Any]) -> Any:  # noqa: ANN401  any part of a schema
    if keyword == "anyOf":
        return [_shape(one, definitions) for one in value]
    if keyword in ("properties", "patternProperties"):
        return {name: _shape(one, definitions) for name, one in value.items()}
    if keyword in ("items", "additionalProperties") and isinstance(value, Mapping):
        return _shape(cast("Mapping[str, Any]", value), definitions)
    return value


def _is_said_to_people(keyword: str, value: Any) -> bool:  # noqa: ANN401  any part of a schema
    if keyword == "propertyNames":
        return value.keys() <= _SAID_TO_PEOPLE
    return keyword in _SAID_TO_PEOPLE or keyword.startswith("x-")
