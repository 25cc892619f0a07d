"""Refusals: what the log keeps of a submission that was not recorded: without the event's body, every text bounded."""

from portfolio_ledger.domain.decider import FieldError, Refused
from portfolio_ledger.judging.submissions import Submission
from portfolio_ledger.state.answers import Answer
from portfolio_schemas import codes
from portfolio_schemas.codec import Document, Json

DETAIL_LENGTH_MAX = 1000
ERRORS_MAX = 20
_POINTER_LENGTH_MAX = 200
_ERROR_LENGTH_MAX = 300


def body(submission: Submission, refused: Refused, version: int) -> Document:
    """Return what a refusal entry says. `version` is the current one of the subject."""
    event = submission.event
    return {
        "source": event.source,
        "id": event.id,
        "type": event.type,
        "subject": event.subject,
        "time": event.document["time"],
        "actor": event.actor,
        "version": version,
        "code": refused.code.name,
        "detail": _words(refused.detail, DETAIL_LENGTH_MAX),
        "errors": [_error(error) for error in refused.errors[:ERRORS_MAX]],
        "digest": submission.digest,
    }


def conflicting_id(recorded: Answer) -> Refused:
    """Refuse an id that is taken by other content."""
    return Refused(
        codes.CONFLICTING_ID,
        f"This source and id are recorded as entry {recorded.entry} with other content. Give a new fact a new id.",
        (FieldError("/id", f"taken by entry {recorded.entry}"),),
    )


def conflicting_version(expected: int, version: int) -> Refused:
    """Refuse an event that expects the subject at another version."""
    return Refused(
        codes.CONFLICTING_VERSION,
        f"The subject is at version {version}, not at {expected}. Read it again and decide anew.",
        (FieldError("/expectedversion", f"the version is {version}"),),
    )


def _error(error: FieldError) -> Json:
    return {"pointer": _words(error.pointer, _POINTER_LENGTH_MAX), "detail": _words(error.detail, _ERROR_LENGTH_MAX)}


def _words(text: str, length_max: int) -> str:
    """Bound a text. It may quote what was submitted, such as a member's name, and no database takes a NUL."""
    return text[:length_max].replace("\x00", "\ufffd")
