"""Tables: the list in an answer as CSV (RFC 4180), for spreadsheets. Values in a value become columns of their own."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import pydantic_core

MEDIA_TYPE = "text/csv"

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula at the beginning of a text."""


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


def render(rows: Sequence[Any]) -> bytes:
    """Return rows as CSV with a header line; the columns are those of all rows, in the order in which they first appear."""
    flat = [dict(_columns(pydantic_core.to_jsonable_python(row))) for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(names)
    writer.writerows([_cell(row.get(name)) for name in names] for row in flat)
    return text.getvalue().encode()


def _columns(value: object, prefix: str = "") -> Iterator[tuple[str, object]]:
    if not isinstance(value, Mapping):
        yield prefix or "value", value
        return
    for name, part in cast("Mapping[str, object]", value).items():
        column = f"{prefix}.{name}" if prefix else name
        if isinstance(part, Mapping) and part:
            yield from _columns(cast("object", part), column)
        else:
            yield column, part


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
