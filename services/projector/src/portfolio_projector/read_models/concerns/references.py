"""Where bodies name initiatives and products: found once for each type, in its schema. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, cast

from portfolio_schemas.events import Event
from portfolio_schemas.events.event_data import EventData

_MEMBERS = ("initiative/", "product/")
_SAMPLES = tuple(f"{aggregate}x" for aggregate in _MEMBERS)

Path = tuple[str, ...]


def members_named(data: Event) -> Iterator[str]:
    """Return the initiatives and products that a body names, as subjects."""
    for path in _paths(type(data)):
        yield from _at(data, path)


def names_members(body: type[EventData]) -> bool:
    """Tell whether bodies of a type can name an initiative or a product at all."""
    return bool(_paths(body))


@cache
def _paths(body: type[EventData]) -> tuple[Path, ...]:
    schema = body.model_json_schema(by_alias=False)
    return tuple(dict.fromkeys(_found(schema, schema.get("$defs", {}), ())))


def _found(node: Mapping[str, Any], definitions: Mapping[str, Any], path: Path) -> Iterator[Path]:
    """Return the fields, through lists and the values in them, whose texts are references to members."""
    reference: str | None = node.get("$ref")
    if reference is not None:
        yield from _found(definitions[reference.rpartition("/")[2]], definitions, path)
    if "/" in node.get("pattern", "") and any(re.match(node["pattern"], sample) for sample in _SAMPLES):
        yield path
    for choice in node.get("anyOf", ()):
        yield from _found(choice, definitions, path)
    if "items" in node:
        yield from _found(node["items"], definitions, path)
    for name, child in node.get("properties", {}).items():
        yield from _found(child, definitions, (*path, name))


def _at(value: object, path: Path) -> Iterator[str]:
    if isinstance(value, list):
        for part in cast("Iterable[object]", value):
            yield from _at(part, path)
    elif not path:
        if isinstance(value, str) and value.startswith(_MEMBERS):
            yield value
    elif value is not None:
        yield from _at(getattr(value, path[0]), path[1:])
