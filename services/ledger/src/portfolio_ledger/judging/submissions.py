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

    `body` is the typed body of the event, or the refusal that it gets whatever the state is. `forwarded`: it came from
    another partition under its first name.
    """

    name: str
    event: Event
    digest: str
    door: Door
    forwarded: bool
    body: Body | Refused


def submission(name: str, event: Event, *, door: Door, forwarded: bool = False) -> Submission:
    """Return the submission of an event: its digest, and its body read by its type."""
    return Submission(name, event, codec.digest(event.document), door, forwarded, _read_body(event))


def _read_body(event: Event) -> Body | Refused:
    body = validation.read_body(event)
    if not isinstance(body, Wrong):
        return body
    return Refused(body.code, body.detail, tuple(FieldError(pointer, detail) for pointer, detail in body.errors))
