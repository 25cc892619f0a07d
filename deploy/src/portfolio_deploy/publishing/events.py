"""Events on their way out: pieces of a file that are CloudEvents for a portfolio, told from those that are not."""

import zlib
from dataclasses import dataclass

from portfolio_deploy.publishing.files import Piece
from portfolio_schemas import codec, envelope
from portfolio_schemas.codec import Json
from portfolio_schemas.envelope import EVENT_SIZE_MAX, Problem

_PROBLEMS_TOLD_MAX = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event stands: its file, its number in it from 1, its line, and how much of the file was read by then.

    `digest` is of all the texts up to it: a file whose beginning was changed is another file.
    """

    file: str
    number: int
    line: int
    position: int
    digest: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An event that can be sent, as it stands in its file."""

    place: Place
    portfolio: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class NoEvent:
    """A piece that is no event: nothing of it is sent."""

    place: Place
    code: str
    detail: str
    errors: list[Json]
    raw: bytes


def after(piece: Piece, file: str, before: Place | None) -> Place:
    """Return the place of the piece that follows another one."""
    number, digest = (before.number, before.digest) if before else (0, 0)
    return Place(file, number + 1, piece.line, piece.position, zlib.crc32(piece.raw, digest))


def read(raw: bytes, place: Place) -> Outgoing | NoEvent:
    """Read a piece as strictly as the ledger's door does."""
    try:
        event = envelope.read_event(codec.read_json(raw, size_max=EVENT_SIZE_MAX))
    except codec.Unreadable as error:
        detail = error.detail if b"\n" in raw else error.detail.replace(" at line 1, column ", " at column ")
        return NoEvent(place, error.code, detail, [], raw)
    except envelope.NotAnEvent as error:
        errors: list[Json] = [{"pointer": pointer, "detail": detail} for pointer, detail in error.problems]
        return NoEvent(place, "MALFORMED", _sentence(error.problems), errors, raw)
    return Outgoing(place, event.portfolio, raw)


def _sentence(problems: list[Problem]) -> str:
    told = "; ".join(f"{pointer or 'the whole'}: {detail.rstrip('.')}" for pointer, detail in problems[:_PROBLEMS_TOLD_MAX])
    more = len(problems) - _PROBLEMS_TOLD_MAX
    return f"This is no CloudEvent for a portfolio: {told}{f'; and {more} more' if more > 0 else ''}."
