"""Cursors: where the next page begins, opaque to the client. Each belongs to one list and is good for no other."""

import base64
import json
from typing import Any, cast

from portfolio_projector.http.problems import FieldProblem, Problem
from portfolio_schemas.codec import INTEGER_MAX

_LENGTH_MAX = 1024


def encode(list_: str, *key: int | str) -> str:
    """Return the cursor of the page after this key of a list."""
    text = json.dumps([list_, *key], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str | None, list_: str, *kinds: type[int] | type[str]) -> tuple[Any, ...] | None:
    """Return the key that a cursor of this list holds, its parts of these kinds; None without a cursor.

    Raises:
        Problem: when it is no cursor of this list.

    """
    if cursor is None:
        return None
    try:
        value: Any = json.loads(base64.urlsafe_b64decode(cursor[:_LENGTH_MAX] + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        raise refused() from None
    if not isinstance(value, list):
        raise refused()
    parts = cast("list[Any]", value)
    if [type(part) for part in parts] != [str, *kinds] or parts[0] != list_ or not all(map(_is_stored, parts)):
        raise refused()
    return tuple(parts[1:])


def _is_stored(part: int | str) -> bool:
    """Tell whether a part may stand in a table at all: what no list ever gave out must not reach the database."""
    return -1 <= part <= INTEGER_MAX if isinstance(part, int) else part.isascii() and part.isprintable()


def refused() -> Problem:
    """Return the problem of a cursor that cannot be used."""
    detail = "The cursor is not one of this list, or its place is gone: begin again without a cursor."
    return Problem(422, "CURSOR", detail, errors=[FieldProblem(pointer="query/cursor", detail=detail)])
