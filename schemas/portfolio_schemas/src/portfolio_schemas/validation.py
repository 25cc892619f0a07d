"""What is wrong with an event, as far as it can be told without any state: by the ledger, or before by who publishes it."""

from dataclasses import dataclass

from portfolio_schemas import catalogue, codes
from portfolio_schemas.codes import Code
from portfolio_schemas.entries import LEDGER_SOURCE
from portfolio_schemas.envelope import Event, Problem, split_subject
from portfolio_schemas.events import Event as Body
from portfolio_schemas.events.event_data import EventType


@dataclass(frozen=True, slots=True)
class Wrong:
    """The ledger would refuse the event, whatever was recorded before: with a code, a sentence, and where in the event."""

    code: Code
    detail: str
    errors: tuple[Problem, ...] = ()


def read_body(event: Event) -> Body | Wrong:
    """Return the typed body of an event in the newest version of its type, or what is wrong with it."""
    if event.source == LEDGER_SOURCE:
        return Wrong(
            codes.LEDGER_ONLY, f"The source {LEDGER_SOURCE} is the ledger's own.", (("/source", "Use a source of yours."),)
        )
    try:
        body = catalogue.read_data(event.type, event.data)
    except catalogue.UnknownType as error:
        return Wrong(codes.UNKNOWN_TYPE, str(error), (("/type", str(error)),))
    except catalogue.WrongData as error:
        return Wrong(codes.SCHEMA, codes.SCHEMA.meaning, tuple(error.problems))
    return _check_envelope(event, catalogue.find(event.type).event_type) or body


def _check_envelope(event: Event, stated: EventType) -> Wrong | None:
    """Check what a type says of the envelope."""
    if stated.ledger_only:
        return Wrong(codes.LEDGER_ONLY, codes.LEDGER_ONLY.meaning)
    if split_subject(event.subject)[0] != stated.aggregate:
        problem = f"The subject of this type is {stated.aggregate}/<id>."
        return Wrong(codes.SCHEMA, problem, (("/subject", problem),))
    if stated.needs_reason and event.reason is None:
        return Wrong(codes.NO_REASON, codes.NO_REASON.meaning, (("/reason", "This attribute is required by the type."),))
    return None
