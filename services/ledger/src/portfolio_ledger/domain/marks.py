"""The rules that hold across types, each checked here once for every type that bears its mark.

An event's member is the initiative or product that it belongs to: the subject itself, the one that the body names, or the
one that the subject was born into.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from portfolio_ledger.domain import books, portfolio, zones
from portfolio_ledger.domain.decider import Fact, FieldError, Member, Refused, State, States, SubjectState, member_of, subject_of
from portfolio_schemas import codes
from portfolio_schemas.events import amounts
from portfolio_schemas.events.event_data import EventType

if TYPE_CHECKING:
    from portfolio_schemas.values import Calendar

FUTURE_LIMIT = timedelta(minutes=5)


class Corrected(State, frozen=True):
    """An entry that was corrected: by which."""

    by: int


KINDS: Mapping[str, type[State]] = {"corrected": Corrected, **books.KINDS}


def reads(fact: Fact, states: States) -> Iterable[str]:
    """Name what the rules across types look at."""
    stated, data = fact.data.event_type, fact.data
    wanted = [fact.portfolio_key, fact.subject]
    member = _member_key(fact, stated, states)
    if member is not None:
        wanted.append(member)
    for name in stated.refers:
        wanted += _references(getattr(data, name))
    if fact.corrects is not None:
        wanted.append(corrected_key(fact.corrects))
    if stated.posts:
        wanted.append(books.KEY)
    return wanted


def evolve(fact: Fact) -> Mapping[str, State]:
    """Remember what was corrected."""
    return {} if fact.corrects is None else {corrected_key(fact.corrects): Corrected(fact.entry)}


def check(fact: Fact, states: States, now: datetime) -> Refused | None:
    """Judge a fact by everything that does not depend on its aggregate."""
    stated = fact.data.event_type
    home = portfolio.of(states, fact.portfolio_key)
    if home is None and not (stated.aggregate == "portfolio" and stated.occurs == "first"):
        return Refused(codes.NOT_OPEN, f"The portfolio {fact.portfolio} is not open: its PortfolioOpened comes first.")
    if fact.time > now + FUTURE_LIMIT:
        return Refused(codes.FUTURE, f"The time {fact.time.isoformat()} lies ahead of now, {now.isoformat()}.")
    known = subject_of(states, fact.subject)
    member = _member_key(fact, stated, states)
    return (
        _check_people(fact, stated)
        or _check_correction(fact, stated, states)
        or _check_existence(fact, stated, states, known)
        or _check_calendar(fact, stated)
        or _check_end(fact, states, home, known, member)
        or _check_member(fact, stated, states, member, home)
    )


def is_restated_freely(fact: Fact) -> bool:
    """Tell whether a correction states anew what no rule depends on: there is nothing more to judge, and nothing to fold."""
    return fact.corrects is not None and fact.data.event_type.restated == "freely"


def corrected_key(entry: int) -> str:
    """Return the key under which it is kept that an entry was corrected."""
    return f"corrected/{entry}"


def _check_people(fact: Fact, stated: EventType) -> Refused | None:
    if stated.needs_reason and fact.reason is None:
        return Refused(codes.NO_REASON, codes.NO_REASON.meaning, (FieldError("/reason", "This type requires it."),))
    if stated.second_person and fact.actor == getattr(fact.data, "proposed_by", None):
        detail = f"{fact.actor} proposed it: somebody else approves it."
        return Refused(codes.SELF_APPROVAL, detail, (FieldError("/actor", "is who proposed it"),))
    return None


def _check_existence(fact: Fact, stated: EventType, states: States, known: SubjectState | None) -> Refused | None:
    if known is not None and stated.occurs == "first" and fact.corrects is None:
        return Refused(codes.ALREADY_EXISTS, f"{fact.subject} exists already: choose another id.")
    if known is None and (stated.occurs == "later" or (stated.occurs == "first" and fact.corrects is not None)):
        return Refused(stated.unknown, f"There is no {fact.subject} yet: state its first event before.")
    for name in (stated.member, *stated.refers) if stated.member else stated.refers:
        for key in _references(getattr(fact.data, name)):
            if subject_of(states, key) is None:
                return Refused(
                    codes.UNKNOWN_AGGREGATE,
                    f"There is no {key} yet: state its first event before, or name another.",
                    (FieldError(f"/data/{name}", f"names {key}, which is unknown"),),
                )
    return None


def _check_correction(fact: Fact, stated: EventType, states: States) -> Refused | None:
    corrects, original = fact.corrects, fact.original
    if corrects is None:
        return _corrects_unknown("Name the entry that it reverses in `corrects`.") if stated.always_corrects else None
    if original is None:
        return _corrects_unknown(f"There is no recorded entry {corrects} in this portfolio.")
    if not stated.corrects:
        return _corrects_unknown(f"An event of the type {stated.name} corrects nothing.")
    if original.subject != fact.subject or original.stem not in stated.corrects:
        wanted = " or ".join(stated.corrects)
        return _corrects_unknown(
            f"Entry {corrects} is {original.stem} of {original.subject}; this corrects {wanted} of its own subject."
        )
    by = states.get(corrected_key(corrects))
    if isinstance(by, Corrected):
        detail = f"Entry {corrects} was corrected by entry {by.by} already: correct that one."
        return Refused(codes.CORRECTS_TWICE, detail, (FieldError("/corrects", f"was corrected by entry {by.by}"),))
    return None


def _corrects_unknown(detail: str) -> Refused:
    return Refused(codes.CORRECTS_UNKNOWN, detail, (FieldError("/corrects", "names nothing that this can correct"),))


def _check_calendar(fact: Fact, stated: EventType) -> Refused | None:
    """Refuse a calendar by whose zone nobody could tell a day."""
    calendar = cast("Calendar | None", getattr(fact.data, "calendar", None)) if stated.has_calendar else None
    if calendar is None or calendar.zone in zones.NAMES:
        return None
    meant = zones.find_like(calendar.zone)
    detail = f"There is no time zone {calendar.zone}: write it as the IANA database does, such as {meant}."
    return Refused(codes.UNKNOWN_ZONE, detail, (FieldError("/data/calendar/zone", "is no time zone that there is"),))


def _check_end(
    fact: Fact, states: States, home: portfolio.Portfolio | None, known: SubjectState | None, member: str | None
) -> Refused | None:
    if home is not None and home.has_ended:
        return _ended(fact.portfolio_key)
    if fact.data.event_type.after_end or fact.corrects is not None:
        return None
    if known is not None and known.has_ended:
        return _ended(fact.subject)
    owner = subject_of(states, member) if member else None
    return _ended(member) if owner is not None and owner.has_ended else None


def _ended(key: str | None) -> Refused:
    return Refused(codes.ENDED, f"{key} has ended; nothing of this kind happens to it any more.")


def _check_member(
    fact: Fact, stated: EventType, states: States, key: str | None, home: portfolio.Portfolio | None
) -> Refused | None:
    if not (stated.modes or stated.has_money or stated.posts):
        return None
    member = member_of(states, key) if key else None
    if stated.modes and (member is None or member.mode not in stated.modes):
        mode = "no initiative or product" if member is None else member.mode
        return Refused(codes.MODE, f"{key or fact.subject} is {mode}; this belongs to {' and '.join(stated.modes)}.")
    if stated.has_money:
        refused = _check_currency(fact, key, member, home)
        if refused:
            return refused
    if stated.posts:
        return books.check_open(fact, states)
    return None


def _check_currency(fact: Fact, key: str | None, member: Member | None, home: portfolio.Portfolio | None) -> Refused | None:
    currency = (member and member.currency) or getattr(fact.data, "currency", None) or (home and home.currency)
    for money in amounts.amounts_of(fact.data):
        if money.currency != currency:
            return Refused(codes.CURRENCY, f"{key or fact.subject} is kept in {currency}, an amount is in {money.currency}.")
    return None


def _member_key(fact: Fact, stated: EventType, states: States) -> str | None:
    if stated.member is not None:
        return cast("str | None", getattr(fact.data, stated.member))
    state = states.get(fact.subject if stated.through is None else getattr(fact.data, stated.through))
    if isinstance(state, Member):
        return fact.subject
    return state.member if isinstance(state, SubjectState) else None


def _references(value: str | list[str] | None) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value
