"""Answers: bytes with a strong validator, and the entry that they reflect."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pydantic_core
from fastapi import Request, Response
from pydantic import BaseModel, Field

from portfolio_projector.http import compressed, tables


class Skip(BaseModel):
    """An entry that a read model does not fold, by an operator's word."""

    read_model: str
    entry: int
    reason: str
    actor: str
    skipped_at: str = Field(description="when the operator said so")


class Answer(BaseModel):
    """What every answer about a portfolio says besides what was asked."""

    portfolio: str
    entry: int = Field(description="the last entry that the answer reflects; -1 before the first")
    settled: bool = Field(description="whether the same question about the same moment can never be answered otherwise")
    model: str = Field(description="the read model and its version")
    skipped: list[Skip] = Field(default=[], description="entries that this answer leaves out; the field is absent without any")


@dataclass(frozen=True, slots=True)
class Basis:
    """What an answer rests on."""

    portfolio: str
    entry: int
    settled: bool
    model: str
    skipped: Sequence[Mapping[str, object]] = ()

    def head(self) -> dict[str, object]:
        """Return the fields that every answer begins with."""
        head: dict[str, object] = {"portfolio": self.portfolio, "entry": self.entry, "settled": self.settled, "model": self.model}
        return {**head, "skipped": self.skipped} if self.skipped else head


HEADERS: dict[str, Any] = {
    "Ledger-Entry": {"description": "`<portfolio>@<entry>` that the answer reflects", "schema": {"type": "string"}},
    "ETag": {"description": "strong validator of this form of the answer, for If-None-Match", "schema": {"type": "string"}},
}
CARRIED: dict[int | str, dict[str, Any]] = {
    200: {"headers": HEADERS},
    304: {"description": "What the client holds is still the answer.", "headers": HEADERS},
}
"""What an answer about a portfolio carries beside its body, for the OpenAPI document."""


def tabular(table: str) -> dict[int | str, dict[str, Any]]:
    """Return the same of an answer of which a list can be had as CSV."""
    csv = {tables.MEDIA_TYPE: {"schema": {"type": "string"}}}
    link = {"description": "`rel=next`: the next page, while there is one", "schema": {"type": "string"}}
    description = f"With `Accept: text/csv`, its `{table}` as a table."
    return {**CARRIED, 200: {"headers": {**HEADERS, "Link": link}, "content": csv, "description": description}}


def respond(request: Request, basis: Basis, content: Mapping[str, object], *, table: str | None = None) -> Response:
    """Return the answer, or 304 when the client holds it already. `table` names the list that can be had as CSV."""
    cursor = cast("str | None", content.get("next_cursor"))
    if table is not None and tables.wanted(request.headers.get("accept")):
        body = tables.render(request.scope["route"].response_model, table, cast("Sequence[object]", content[table]))
        media_type = f"{tables.MEDIA_TYPE}; charset=utf-8"
        return respond_bytes(request, body, basis, media_type=media_type, varies=True, next_cursor=cursor)
    body = pydantic_core.to_json({**basis.head(), **content})
    return respond_bytes(request, body, basis, varies=table is not None, next_cursor=cursor)


def respond_bytes(
    request: Request,
    body: bytes,
    basis: Basis | None,
    *,
    media_type: str = "application/json",
    varies: bool = False,
    next_cursor: str | None = None,
) -> Response:
    """Return bytes, or 304 when the client holds them already. `varies`: there is another form of the same answer."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if basis is not None:
        headers["Ledger-Entry"] = f"{basis.portfolio}@{basis.entry}"
    if varies:
        headers["Vary"] = "Accept"
    if next_cursor is not None:
        query = request.url.include_query_params(cursor=next_cursor).query
        headers["Link"] = f'<?{query}>; rel="next"'
    held = find_held(request.headers.get("if-none-match"), tag)
    if held is not None:
        return Response(status_code=304, headers={**headers, "ETag": held})
    return Response(body, media_type=media_type, headers=headers)


def find_held(condition: str | None, tag: str) -> str | None:
    """Return the tag of the form that the client holds, or None; compared weakly, as If-None-Match asks for."""
    if condition is None:
        return None
    if condition.strip() == "*":
        return tag
    return next((one.strip().removeprefix("W/") for one in condition.split(",") if compressed.tag_of(one) == tag), None)
