"""Submissions as the judge holds them: readable events on their way in, with what needs no state found out once."""

import msgspec

from portfolio_ledger.domain.decider import FieldError, Refused
from portfolio_schemas import catalogue, codec, codes
from portfolio_schemas.entries import LEDGER_SOURCE, Door
from portfolio_schemas.envelope import Event, split_subject
from portfolio_schemas.events import Event as Body
from portfolio_schemas.events.event_data import EventType


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
    if event.source == LEDGER_SOURCE:
        return Refused(
            codes.LEDGER_ONLY, f"The source {LEDGER_SOURCE} is the ledger's own.", (_at("/source", "Use a source of yours."),)
        )
    try:
        body = catalogue.read_data(event.type, event.data)
    except catalogue.UnknownType as error:
        return Refused(codes.UNKNOWN_TYPE, str(error), (_at("/type", str(error)),))
    except catalogue.WrongData as error:
        errors = tuple(_at(pointer, detail) for pointer, detail in error.problems)
        return Refused(codes.SCHEMA, codes.SCHEMA.meaning, errors)
    return _check_envelope(event, catalogue.find(event.type).event_type) or body


def _check_envelope(event: Event, stated: EventType) -> Refused | None:
    """Check what a type says of the envelope."""
    if stated.ledger_only:
        return Refused(codes.LEDGER_ONLY, codes.LEDGER_ONLY.meaning)
    if split_subject(event.subject)[0] != stated.aggregate:
        problem = f"The subject of this type is {stated.aggregate}/<id>."
        return Refused(codes.SCHEMA, problem, (_at("/subject", problem),))
    if stated.needs_reason and event.reason is None:
        return Refused(codes.NO_REASON, codes.NO_REASON.meaning, (_at("/reason", "This attribute is required by the type."),))
    return None


def _at(pointer: str, detail: str) -> FieldError:
    return FieldError(pointer, detail)
