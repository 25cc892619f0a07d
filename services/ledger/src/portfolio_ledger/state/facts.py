"""Facts: events in the form in which the rules and their fold see them."""

from typing import cast

from portfolio_ledger.domain.decider import Fact, Original
from portfolio_schemas import catalogue, envelope
from portfolio_schemas.entries import Entry
from portfolio_schemas.envelope import Event
from portfolio_schemas.events import Event as Body


class Unfoldable(Exception):
    """A recorded event that this version of the ledger does not know: a newer one wrote it, or none did."""


def of_event(event: Event, body: Body, entry: int, *, original: Original | None = None) -> Fact:
    """Return the fact that an event states, with the number that its entry has or would get, and what it corrects."""
    return Fact(
        event.portfolio, event.subject, event.time, event.actor, event.reason, event.corrects, entry, body, original=original
    )


def of_entry(entry: Entry) -> Fact | None:
    """Return the fact that an entry of the log recorded; None for a refusal.

    Raises:
        Unfoldable: when its type, or its body, is not of the installed schemas.

    """
    document = entry.event
    if document is None:
        return None
    try:
        event = envelope.read_event(document)
        return of_event(event, catalogue.read_data(event.type, event.data), entry.entry)
    except (envelope.NotAnEvent, catalogue.UnknownType, catalogue.WrongData) as error:
        kind = cast("str", document.get("type", "?"))
        raise Unfoldable(f"{kind} cannot be read here: {error}") from None


def stated(entry: Entry) -> Fact | None:
    """Return the fact that an entry recorded, None where there is none or it cannot be read."""
    try:
        return of_entry(entry)
    except Unfoldable:
        return None
