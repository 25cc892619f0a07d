"""How a question names a baseline: by its version, or as the one that was current at an entry, at an instant, or on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo

from portfolio_projector.http.problems import FieldProblem, Problem
from portfolio_projector.read_models.initiatives.rows import BaselineRow
from portfolio_schemas import codec
from portfolio_schemas.envelope import read_time

WORDS = "a version such as `2`, or the baseline that was current then: a day, an instant, or an entry such as `@412`"

VERSION_MAX = 10_000

_APPROVED = ("Approved", "Superseded", "Frozen")
"""States of baselines that were approved once."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What was asked for, in the words of the question, and which of the ways to name a baseline that is."""

    text: str
    named: int | date | datetime
    is_entry: bool = False

    def find(self, versions: Iterable[BaselineRow], zone: tzinfo) -> BaselineRow | None:
        """Return the baseline that is meant, None where there was none. Days end in the zone."""
        named = self.named
        if isinstance(named, int) and not self.is_entry:
            return next((row for row in versions if row.version == named), None)
        return max((row for row in approved(versions) if self._is_past(row, zone)), key=_decided, default=None)

    def _is_past(self, row: BaselineRow, zone: tzinfo) -> bool:
        if row.decided_at is None or row.decided_entry is None:
            return False
        match self.named:
            case int(number):
                return row.decided_entry <= number
            case datetime() as instant:
                return row.decided_at <= instant
            case date() as day:
                return row.decided_at <= datetime.combine(day, time.max, zone)


def read(parameter: str, text: str) -> Reference:
    """Read a parameter.

    Raises:
        Problem: when it names no baseline in any of the ways.

    """
    is_entry = text.startswith("@")
    number = codec.read_number(text.removeprefix("@"))
    if number is not None and (is_entry or number <= VERSION_MAX):
        return Reference(text, number, is_entry=is_entry)
    for way in (_read_day, read_time):
        try:
            return Reference(text, way(text))
        except ValueError:
            continue
    detail = f"{parameter} is {WORDS}."
    raise Problem(422, "BASELINE", detail, errors=[FieldProblem(pointer=f"query/{parameter}", detail=detail)])


def approved(versions: Iterable[BaselineRow]) -> list[BaselineRow]:
    """Return the baselines that were ever approved, in the order in which they were."""
    return sorted((row for row in versions if row.state in _APPROVED), key=_decided)


def between(first: BaselineRow, second: BaselineRow, versions: Iterable[BaselineRow]) -> list[BaselineRow]:
    """Return the baselines that were approved after the earlier one of two, up to the later one."""
    places = sorted(_decided(row) for row in (first, second))
    return [row for row in approved(versions) if places[0] < _decided(row) <= places[1]]


def _decided(row: BaselineRow) -> tuple[bool, int]:
    """Where in the log a baseline was decided on, whatever time that names; one that is not yet comes after all others."""
    return row.decided_entry is None, row.proposed_entry if row.decided_entry is None else row.decided_entry


def _read_day(text: str) -> date:
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError("A day is written as 2026-03-31.")
    return day
