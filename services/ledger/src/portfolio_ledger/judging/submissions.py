"""Submissions as the judge holds them: readable events on their way in, with what needs no state found out once."""

import msgspec

from portfolio_ledger.domain.decider import FieldError, Refused
from portfolio_schemas import codec, validation
from portfolio_schemas.entries import Door
from portfolio_schemas.envelope import Event
from portfolio_schemas.events import Event as Body
from portfolio_schemas.validation import Wrong


class Submission(msgspec.Struct, frozen=True):
    """An event that waits for its verdict.

    `place` is where it stands in this partition's intake, offset and index; None where it came from another partition under its
    first name. `text` is the event in its canonical form, as an entry holds it. `body` is the typed body of the event, or the
    refusal that it gets whatever the state is.
    """

    name: str
    place: tuple[int, int] | None
    event: Event
    text: bytes
    digest: str
    door: Door
    body: Body | Refused

    @property
    def forwarded(self) -> bool:
        """Tell whether it came from another partition."""
        return self.place is None


def submission(name: str, event: Event, *, place: tuple[int, int] | None, door: Door) -> Submission:
    """Return the submission of an event: its canonical form and digest, and its body read by its type."""
    text = codec.canonical(event.document)
    digest = codec.digest_of(text) if event.expectedversion is None else codec.digest(event.document)
    return Submission(name, place, event, text, digest, door, _read_body(event))


def _read_body(event: Event) -> Body | Refused:
    body = validation.read_body(event)
    if not isinstance(body, Wrong):
        return body
    return Refused(body.code, body.detail, tuple(FieldError(pointer, detail) for pointer, detail in body.errors))
