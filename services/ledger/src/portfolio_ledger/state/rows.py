"""Rows: how answers, subjects and standings lie in PostgreSQL."""

import json
from collections.abc import Iterable
from typing import Any

from portfolio_ledger import domain
from portfolio_ledger.state.answers import Answer
from portfolio_ledger.state.changes import Subject, SubjectKey
from portfolio_ledger.state.standings import Standing
from portfolio_schemas.follow import Head, Place, Stop


def read_answer(  # noqa: PLR0917  the columns of a row, in their order
    portfolio: str,
    entry: int,
    hash_: bytes,
    submission: str,
    source: str,
    id_: str,
    type_: str,
    subject: str,
    digest: bytes,
    version: int,
    recordedtime: str,
    flags: list[str],
    refusal: str | None,
    last_entry: int,
) -> Answer:
    """Return the answer in a row."""
    said = None if refusal is None else json.loads(refusal)
    return Answer(
        portfolio,
        entry,
        hash_.hex(),
        submission,
        source,
        id_,
        type_,
        subject,
        digest.hex(),
        version,
        recordedtime,
        flags,
        said,
        last_entry,
    )


ANSWER_COLUMNS = (
    "portfolio", "entry", "hash", "submission", "source", "id", "type", "subject", "digest", "version", "recordedtime",
    "flags", "refusal",
)  # fmt: skip


def of_answer(answer: Answer) -> tuple[Any, ...]:
    """Return the row of an answer, in the order of the columns."""
    return (
        answer.portfolio,
        answer.entry,
        bytes.fromhex(answer.hash),
        answer.submission,
        answer.source,
        answer.id,
        answer.type,
        answer.subject,
        bytes.fromhex(answer.digest),
        answer.version,
        answer.recordedtime,
        answer.flags,
        None if answer.refusal is None else _json(answer.refusal),
    )


def by_key(item: tuple[SubjectKey, Subject]) -> SubjectKey:
    """Return what subjects are sorted by, so that writers never wait for each other in a circle."""
    return item[0]


def of_subject(portfolio: str, key: str, subject: Subject) -> tuple[Any, ...]:
    """Return the row of a subject."""
    return portfolio, key, subject.version, None if subject.state is None else domain.dump(subject.state)


def of_standing(portfolio: str, standing: Standing) -> tuple[Any, ...]:
    """Return the row of a portfolio."""
    place = standing.place
    stop = (None, None, None) if place.stop is None else (place.stop.offset, place.stop.hash, place.stop.detail)
    return portfolio, place.head.entry, place.head.hash, place.tip, standing.recordedtime, *stop, standing.intake_offset


def read_standing(  # noqa: PLR0917  the columns of a row, in their order
    entry: int,
    hash_: str,
    tip: str | None,
    recordedtime: str,
    stop_offset: int | None,
    stop_hash: str | None,
    stop_detail: str | None,
    intake_offset: int | None,
) -> Standing:
    """Return the standing in a row."""
    stop = None if stop_offset is None else Stop(stop_offset, stop_hash or "", stop_detail or "")
    return Standing(Place(Head(entry, hash_), tip, stop), recordedtime, intake_offset)


def columns(rows: Iterable[tuple[Any, ...]], width: int) -> list[tuple[Any, ...]]:
    """Turn rows into the columns that `unnest` takes."""
    return list(zip(*rows, strict=True)) or [()] * width


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
