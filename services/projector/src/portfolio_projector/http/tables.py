"""Tables: the list in an answer as CSV (RFC 4180), for spreadsheets. Values in a value become columns of their own.

The columns are those of the shape that the OpenAPI document gives a row, on every page, and on an empty one too. What is null or
absent is an empty cell. Only of what is kept by names that events give (targets by gate) there is a column for each in sight.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from types import NoneType, UnionType
from typing import Any, NamedTuple, Union, cast, get_args, get_origin

import pydantic_core
from pydantic import BaseModel

MEDIA_TYPE = "text/csv"

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet would take for a formula at the beginning of a text; the last four are wide forms of the first."""


def wanted(accept: str | None) -> bool:
    """Tell whether a client would rather have CSV than JSON."""
    if accept is None:
        return False
    weights = dict[str, float]()
    for one in accept.split(","):
        media, _, rest = one.strip().partition(";")
        quality = next((part.strip()[2:] for part in rest.split(";") if part.strip().startswith("q=")), "1")
        try:
            weights[media.strip().lower()] = float(quality)
        except ValueError:
            weights[media.strip().lower()] = 0
    return weights.get(MEDIA_TYPE, 0) > weights.get("application/json", weights.get("*/*", 0) * 0.9)


class Column(NamedTuple):
    """A column: the names that lead to its value in a row, and whether that is one of several, by names that events give."""

    path: tuple[str, ...]
    by_name: bool = False


def render(answer: type[BaseModel], table: str, rows: Sequence[Any]) -> bytes:
    """Return the rows of a list in an answer as CSV with a header line."""
    plain: list[Any] = pydantic_core.to_jsonable_python(rows)
    columns = list(_named(columns_of(answer, table), plain))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(".".join(path) for path in columns)
    writer.writerows([_cell(_value(row, path)) for path in columns] for row in plain)
    return text.getvalue().encode()


@cache
def columns_of(answer: type[BaseModel], table: str) -> tuple[Column, ...]:
    """Return the columns of a list in an answer, by the shape of its rows."""
    (row,) = get_args(answer.model_fields[table].annotation)
    return tuple(_columns(row, ()))


def _columns(kind: Any, path: tuple[str, ...]) -> Iterator[Column]:  # noqa: ANN401  whatever a field may be of
    if get_origin(kind) in (Union, UnionType) and len(known := [one for one in get_args(kind) if one is not NoneType]) == 1:
        (kind,) = known
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            yield from _columns(field.annotation, (*path, field.alias or name))
    else:
        yield Column(path, by_name=get_origin(kind) is dict)


def _named(columns: Sequence[Column], rows: Sequence[Any]) -> Iterator[tuple[str, ...]]:
    for path, by_name in columns:
        if by_name:
            found = [cast("Mapping[str, object]", _value(row, path) or {}) for row in rows]
            yield from ((*path, name) for name in dict.fromkeys(chain.from_iterable(found)))
        else:
            yield path


def _value(row: object, path: Sequence[str]) -> object:
    for name in path:
        if not isinstance(row, Mapping):
            return None
        row = cast("Mapping[str, object]", row).get(name)
    return row


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, Mapping)):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, str) and value.startswith(_FORMULA) and not _is_number(value):
        return f"'{value}"
    return str(value)


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).isdigit()
