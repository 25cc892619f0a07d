"""The answer about anomalies, and how a page of it is made."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from portfolio_projector.http.answers import Answer
from portfolio_projector.http.remarks import CodeCount, sentence
from portfolio_projector.http.telling import Telling
from portfolio_projector.http.values import Instant
from portfolio_projector.read_models.anomalies import pages
from portfolio_projector.read_models.anomalies.findings import Finding
from portfolio_projector.read_models.anomalies.known import SENTENCES
from portfolio_projector.read_models.anomalies.pages import Anomaly, Key, Narrowed


class AnomalyAnswer(BaseModel):
    """Something that is ugly but true."""

    code: str
    sentence: str = Field(description="what the code means")
    detail: str | None = Field(description="what it is in this case; null where the entry says it all")
    found_by: Literal["ledger", "reader"] = Field(
        description="the ledger flagged the entry as it was recorded, or the read side found it in what all entries add up to"
    )
    subject: str
    members: list[str] = Field(description="the initiatives and products that it concerns")
    entry: int = Field(description="the entry that made it so")
    type: str
    source: str
    actor: str
    since: datetime = Field(description="when what makes it so was true in the world, in UTC")
    recordedtime: Instant
    holds: bool = Field(description="whether it is still true")
    until: date | None = Field(description="the day by which it was over, of what the read side found and is over")
    corrected_by: int | None = Field(description="the entry that corrected it")


class AnomaliesAnswer(Answer):
    """Anomalies of a portfolio, the newest entry first."""

    total: int = Field(description="how many there are of what is asked for, still true or not")
    codes: list[CodeCount]
    anomalies: list[AnomalyAnswer]
    next_cursor: str | None


async def answer(
    telling: Telling,
    asked: Narrowed,
    after: Key | None,
    limit: int,
    *,
    findings: Sequence[Finding],
    still: Mapping[str, Sequence[str]],
) -> tuple[dict[str, Any], Key | None]:
    """Return a page, and the key after which there are more."""
    found = pages.narrow(await pages.place(telling, findings), asked)
    counts = await pages.count(telling, asked)
    codes = sorted([*(_told(row) for row in counts), *_counted(found)], key=lambda one: one["code"])
    chosen = [
        one
        for one in found
        if asked.code in {None, one.code}
        and asked.holds in {None, one.holds}
        and (after is None or pages.in_order(one) > (-after[0], after[1], after[2]))
    ]
    flags = await pages.flags(telling, asked, after, still, limit + 1)
    merged = sorted([*chosen, *flags], key=pages.in_order)
    page = merged[:limit]
    members = await pages.members(telling, page)
    content = {
        "total": sum(one["count"] for one in codes if asked.code in {None, one["code"]}),
        "codes": codes,
        "anomalies": [_anomaly(one, members.get(one.entry, [])) for one in page],
    }
    return content, page[-1].key if len(merged) > limit else None


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "sentence": sentence(row["code"])}


def _counted(found: Sequence[Anomaly]) -> list[dict[str, Any]]:
    by_code = dict[str, list[int]]()
    for one in found:
        by_code.setdefault(one.code, []).append(one.entry)
    return [
        {"code": code, "sentence": SENTENCES[code], "count": len(entries), "last_entry": max(entries)}
        for code, entries in by_code.items()
    ]


def _anomaly(one: Anomaly, members: Sequence[str]) -> dict[str, Any]:
    finding = one.finding
    return {
        "code": one.code,
        "sentence": sentence(one.code) if finding is None else SENTENCES[one.code],
        "detail": None if finding is None else finding.detail,
        "found_by": "ledger" if finding is None else "reader",
        "subject": one.subject,
        "members": members if finding is None else [finding.member],
        "entry": one.entry,
        "type": one.said.event.type,
        "source": one.said.event.source,
        "actor": one.said.event.actor,
        "since": one.since,
        "recordedtime": one.said.recordedtime,
        "holds": one.holds,
        "until": None if finding is None else finding.until,
        "corrected_by": one.corrected_by,
    }
