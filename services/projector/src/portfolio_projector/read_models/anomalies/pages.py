"""Pages of anomalies: flags come from their table, findings were found in states; both in one order, the newest entry first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from portfolio_projector.http.telling import Telling
from portfolio_projector.read_models.anomalies.findings import Finding
from portfolio_projector.statements import Statements
from portfolio_projector.telling.past import EVER

_SQL = Statements("portfolio_projector.read_models.anomalies")

Key = tuple[int, str, str]
"""The place of an anomaly in the list: entry, code, subject."""


class Event(msgspec.Struct):
    """What a list says of an event."""

    type: str
    source: str
    actor: str
    time: datetime


class Said(msgspec.Struct):
    """What a list says of an entry."""

    event: Event
    recordedtime: str


_SAID = msgspec.json.Decoder(Said)


@dataclass(frozen=True, kw_only=True, slots=True)
class Narrowed:
    """What is asked for of all anomalies; None asks for all."""

    code: str | None
    subject: str | None
    source: str | None
    member: str | None
    holds: bool | None


class Anomaly(NamedTuple):
    """An anomaly in its place: a flag, or what the read side found."""

    entry: int
    code: str
    subject: str
    said: Said
    since: datetime
    holds: bool
    corrected_by: int | None = None
    finding: Finding | None = None

    @property
    def key(self) -> Key:
        """Its place in the list."""
        return self.entry, self.code, self.subject


async def flags(
    telling: Telling, asked: Narrowed, after: Key | None, still: Mapping[str, Sequence[str]], limit: int
) -> list[Anomaly]:
    """Read flags after a place, as many as asked for at most."""
    entry, code, _ = after or (telling.moment.entry + 1, "", "")
    named = [(name, subject) for name, subjects in still.items() for subject in subjects]
    records = await telling.connection.fetch(
        _SQL["flags"],
        telling.portfolio,
        telling.moment.entry,
        entry,
        code,
        asked.code,
        asked.subject,
        asked.source,
        asked.member,
        list(still),
        [name for name, _ in named],
        [subject for _, subject in named],
        telling.moment.until,
        asked.holds,
        limit,
    )
    return [
        Anomaly(
            row["entry"],
            row["code"],
            row["subject"],
            _SAID.decode(row["value"]),
            row["since"],
            row["holds"],
            row["corrected_by"],
        )
        for row in records
    ]


async def count(telling: Telling, asked: Narrowed) -> list[dict[str, Any]]:
    """Count the flags of each code, whatever code is asked for, still true or not."""
    until = None if telling.moment.until == EVER else telling.moment.until
    records = await telling.connection.fetch(
        _SQL["by_code"], telling.portfolio, telling.moment.entry, asked.subject, asked.source, asked.member, until
    )
    return [dict(record) for record in records]


async def place(telling: Telling, findings: Sequence[Finding]) -> list[Anomaly]:
    """Find the entries that findings come from, and return them in the order of the list."""
    connection, moment = telling.connection, telling.moment
    about = sorted({one.subject for one in findings if one.entry is None})
    records = await connection.fetch(_SQL["last_said"], telling.portfolio, about, moment.entry)
    last = {record["subject"]: record["entry"] for record in records}
    entries = {one: last[one.subject] if one.entry is None else one.entry for one in findings}
    said = await _said(telling, [entry for entry in entries.values() if entry is not None])
    placed = [
        Anomaly(
            entry,
            one.code,
            one.subject,
            said[entry],
            (one.since or said[entry].event.time).astimezone(UTC),
            one.until is None,
            finding=one,
        )
        for one, entry in entries.items()
        if entry in said
    ]
    return sorted(placed, key=in_order)


def in_order(one: Anomaly) -> tuple[int, str, str]:
    """Sort by this: the newest entry first."""
    return -one.entry, one.code, one.subject


def narrow(found: Iterable[Anomaly], asked: Narrowed) -> list[Anomaly]:
    """Return the findings that are asked for, of whatever code."""
    return [
        one
        for one in found
        if one.finding is not None
        and asked.subject in {None, one.subject}
        and asked.source in {None, one.said.event.source}
        and asked.member in {None, one.finding.member}
    ]


async def members(telling: Telling, page: Sequence[Anomaly]) -> Mapping[int, list[str]]:
    """Return whom flagged entries concern; a finding says itself whom it is about."""
    entries = sorted({one.entry for one in page if one.finding is None})
    records = await telling.connection.fetch(_SQL["members"], telling.portfolio, entries, telling.moment.entry)
    return {record["entry"]: record["members"] for record in records}


async def _said(telling: Telling, entries: Sequence[int]) -> Mapping[int, Said]:
    records = await telling.connection.fetch(_SQL["said"], telling.portfolio, sorted(set(entries)))
    return {record["entry"]: _SAID.decode(record["value"]) for record in records}
