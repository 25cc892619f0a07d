"""Moments: what `as_of` names, and the days that ages are counted to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from portfolio_projector.http.problems import FieldProblem, Problem
from portfolio_projector.statements import Statements
from portfolio_schemas import codec
from portfolio_schemas.entries import format_time
from portfolio_schemas.envelope import read_time

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

_SQL = Statements("portfolio_projector.http")


Skip = Mapping[str, Any]
"""What is stored of an entry that a read model skips: `entry`, `read_model`, `reason`, `actor`, `skipped_at`."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A place in a portfolio's past: an entry, the day it belongs to, and whether its answers can still change.

    `skips` are the entries of the portfolio up to then that read models skip.
    """

    entry: int
    today: date
    settled: bool
    skips: Sequence[Skip] = ()


AsOf = int | datetime | None
"""What a reader asked for: an entry number, an instant, or the present."""


def read_as_of(text: str | None) -> AsOf:
    """Read the parameter `as_of`.

    Raises:
        Problem: when it is neither an entry number nor an instant.

    """
    if text is None:
        return None
    number = codec.read_number(text)
    try:
        return read_time(text) if number is None else number
    except ValueError:
        detail = "as_of is an entry number, or an instant with an offset such as 2026-03-31T14:00:00Z."
        raise Problem(422, "AS_OF", detail, errors=[FieldProblem(pointer="query/as_of", detail=detail)]) from None


def present(head: int) -> Moment:
    """Return the moment of the last entry that is applied; more may come."""
    return Moment(head, datetime.now(UTC).date(), settled=False)


async def resolve(connection: "Connection", portfolio: str, as_of: int | datetime, head: int) -> Moment:
    """Find the moment that `as_of` names. An entry number must not lie beyond the head."""
    if isinstance(as_of, int):
        recorded: str = await connection.fetchval(_SQL["recordedtime"], portfolio, as_of)
        return Moment(as_of, date.fromisoformat(recorded[:10]), settled=True)
    instant = format_time(as_of)
    entry: int = await connection.fetchval(_SQL["last_at"], portfolio, head, instant)
    settled: bool = await connection.fetchval(_SQL["recorded_after"], portfolio, head, instant)
    return Moment(entry, as_of.date(), settled)
