"""The shapes of entries, as they lie in the log, and of pages of them."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from portfolio_projector.http.answers import Answer, Skip
from portfolio_projector.http.values import Instant
from portfolio_schemas.envelope import ATTRIBUTES


class PortfolioSummary(BaseModel):
    """A portfolio that was opened."""

    portfolio: str
    name: str
    currency: str
    entry: int = Field(description="the last entry that is applied")
    opened: int = Field(description="the entry that opened it")
    stopped: bool = Field(description="whether its log is broken and waits for an operator")


class Portfolios(BaseModel):
    """The portfolios, by id."""

    portfolios: list[PortfolioSummary]
    next_cursor: str | None
    model: str


_EXTENSION: JsonDict = {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "boolean"}]}


class EventAnswer(BaseModel):
    """A CloudEvents 1.0 message as its publisher sent it. What it left out is absent; extension attributes are kept."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"additionalProperties": _EXTENSION})

    specversion: Literal["1.0"] = Field(description=ATTRIBUTES["specversion"])
    id: str = Field(description=ATTRIBUTES["id"])
    source: str = Field(description=ATTRIBUTES["source"])
    type: str = Field(description=ATTRIBUTES["type"])
    subject: str = Field(description=ATTRIBUTES["subject"])
    time: Instant = Field(description=ATTRIBUTES["time"])
    portfolio: str = Field(description=ATTRIBUTES["portfolio"])
    actor: str = Field(description=ATTRIBUTES["actor"])
    datacontenttype: str | None = Field(default=None, description=ATTRIBUTES["datacontenttype"])
    dataschema: str | None = Field(default=None, description=ATTRIBUTES["dataschema"])
    data: dict[str, Any] | None = Field(default=None, description="the body; the catalogue has its fields, by `type`")
    reason: str | None = Field(default=None, description=ATTRIBUTES["reason"])
    correlationid: str | None = Field(default=None, description=ATTRIBUTES["correlationid"])
    causationid: int | None = Field(default=None, description=ATTRIBUTES["causationid"])
    corrects: int | None = Field(default=None, description=ATTRIBUTES["corrects"])
    expectedversion: int | None = Field(default=None, description=ATTRIBUTES["expectedversion"])


class FieldRefusal(BaseModel):
    """One field that was wrong."""

    pointer: str = Field(description="a JSON pointer into the event")
    detail: str


class RefusedAnswer(BaseModel):
    """What was refused and why, without the body of the event."""

    source: str
    id: str
    type: str
    subject: str
    time: Instant
    actor: str
    version: int = Field(description="the version of the subject, 0 where there is none")
    code: str = Field(description="stable, for programs")
    detail: str
    errors: list[FieldRefusal]
    digest: str = Field(description="SHA-256 of the canonical JSON of what the publisher set")


class EntryAnswer(BaseModel):
    """An element of the log: with `event`, `version` and `flags` a recorded event, with `refusal` a refusal."""

    portfolio: str
    entry: int = Field(description="its number: 0, 1, 2 without a hole within a portfolio")
    previous: str = Field(description="the hash of the entry before it, 64 zeros for the first")
    append: int = Field(description="the number of the first entry that entered the log together with it")
    recordedtime: Instant = Field(description="when the ledger recorded it; never before the entry before it")
    salt: str
    submission: str
    door: Literal["http", "kafka"]
    event: EventAnswer | None = None
    version: int | None = Field(default=None, description="the version of the subject that this event made")
    flags: list[str] = Field(default=[], description="what is ugly about it, by code")
    refusal: RefusedAnswer | None = None


class EntriesAnswer(Answer):
    """Entries, each as it lies in the log, byte for byte, and in the same order their hashes.

    A page of large entries ends before `limit`, after 4 MiB of them: while there is a `next_cursor`, there are more.
    """

    entries: list[EntryAnswer]
    hashes: list[str] = Field(description="SHA-256 over a zero byte and the entry's bytes")
    skipped: list[Skip] = Field(default=[], description="which of them read models skip; the field is absent without any")
    next_cursor: str | None


class HistoryAnswer(EntriesAnswer):
    """Every entry of one subject, what was refused too."""

    subject: str
