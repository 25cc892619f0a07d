"""Receipts: the message that tells a publisher the verdict on a submission."""

from dataclasses import dataclass
from typing import Any, Literal, cast

from portfolio_schemas.codec import Document, Json
from portfolio_schemas.entries import Entry

Verdict = Literal["recorded", "duplicate", "refused", "quarantined"]


@dataclass(frozen=True, slots=True)
class Submission:
    """The name of a submission: where it first stood in the intake topic. Written `<partition>-<offset>-<index>`."""

    partition: int
    offset: int
    index: int

    def __str__(self) -> str:
        return f"{self.partition}-{self.offset}-{self.index}"

    @classmethod
    def read(cls, name: str) -> "Submission":
        """Read a name.

        Raises:
            ValueError: when it is none.

        """
        parts = name.split("-")
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 20 for part in parts):  # noqa: PLR2004  three parts, of 64 bits
            raise ValueError(f"{name[:64]!r} is no submission: <partition>-<offset>-<index>.")
        return cls(*map(int, parts))


def from_entry(entry: Entry, *, last_entry: int | None = None, verdict: Verdict | None = None) -> Document:
    """Return the receipt of the submission that `entry` answers.

    `last_entry` is the number of the last consequence that was recorded with it; `verdict` is `duplicate` where the
    receipt is given again to another submission of the same event.
    """
    body = cast("dict[str, Any]", entry.refusal if entry.event is None else entry.event)
    refusal = entry.refusal or {}
    return receipt(
        verdict=verdict or ("refused" if entry.event is None else "recorded"),
        submission=entry.submission,
        portfolio=entry.portfolio,
        source=body["source"],
        id=body["id"],
        subject=body["subject"],
        entry=entry.entry,
        last_entry=entry.entry if last_entry is None else last_entry,
        version=cast("int | None", refusal.get("version") if entry.event is None else entry.version),
        hash=entry.hash,
        recordedtime=entry.recordedtime,
        flags=entry.flags,
        code=cast("str | None", refusal.get("code")),
        detail=cast("str | None", refusal.get("detail")),
        errors=refusal.get("errors", []),
    )


def quarantined(submission: str, *, code: str, detail: str, errors: Json = None) -> Document:
    """Return the receipt of a submission that could not be read: it carries the submission and the reason only."""
    return receipt(verdict="quarantined", submission=submission, code=code, detail=detail, errors=errors or [])


def receipt(
    *,
    verdict: Verdict,
    submission: str | None,
    portfolio: str | None = None,
    source: str | None = None,
    id: str | None = None,  # noqa: A002  the name of the contract
    subject: str | None = None,
    entry: int | None = None,
    last_entry: int | None = None,
    version: int | None = None,
    hash: str | None = None,  # noqa: A002  the name of the contract
    recordedtime: str | None = None,
    flags: list[str] | None = None,
    code: str | None = None,
    detail: str | None = None,
    errors: Json = None,
) -> Document:
    """Return a receipt with every field of the contract, null where it has no meaning."""
    return {
        "verdict": verdict,
        "submission": submission,
        "portfolio": portfolio,
        "source": source,
        "id": id,
        "subject": subject,
        "entry": entry,
        "last_entry": last_entry,
        "version": version,
        "hash": hash,
        "recordedtime": recordedtime,
        "flags": cast("Json", flags or []),
        "code": code,
        "detail": detail,
        "errors": errors or [],
    }
