"""The rules of a change: what happens to it once happens once; in which order its source tells of it does not matter."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal, assert_never

from msgspec.structs import replace

from portfolio_ledger.domain import corrections
from portfolio_ledger.domain.decider import ACCEPTED, Decision, Fact, Refused, State, States, SubjectState, accept
from portfolio_schemas import codes
from portfolio_schemas.codes import Code
from portfolio_schemas.events.change import (
    BuildFinished,
    ChangeAbandoned,
    ChangeCommitted,
    ChangeEvent,
    ChangeMerged,
    CommitAdded,
    FirstReviewed,
    ReviewOpened,
)

Once = ReviewOpened | FirstReviewed | ChangeMerged | ChangeAbandoned


class Change(SubjectState, frozen=True):
    """A change: whose it is, by whom, and when what happens once has happened."""

    home: str
    author: str | None
    opened_at: datetime | None = None
    reviewed_at: datetime | None = None
    ended_at: datetime | None = None
    state: Literal["Open", "Merged", "Abandoned"] = "Open"

    @property
    def member(self) -> str:
        """The initiative or product that it changes."""
        return self.home


KINDS: Mapping[str, type[State]] = {"change": Change}


def reads(_fact: Fact, _data: ChangeEvent, _states: States) -> Iterable[str]:
    """Name nothing: what the rules look at is the subject itself, and what the body refers to."""
    return ()


def evolve(fact: Fact, data: ChangeEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into a change."""
    known = of(states, fact.subject)
    if isinstance(data, ChangeCommitted):
        made = Change(data.member, data.author, born_at=fact.time)
        return {fact.subject: replace(known, author=data.author) if known else made}
    if known is None:
        return {}
    match data:
        case ReviewOpened() | FirstReviewed() | ChangeMerged() | ChangeAbandoned():
            return {} if fact.corrects is not None else {fact.subject: _happened(known, data, fact.time)}
        case CommitAdded() | BuildFinished():
            return {}
        case _:
            assert_never(data)


def decide(fact: Fact, data: ChangeEvent, states: States) -> Decision:
    """Judge a fact about a change."""
    known = of(states, fact.subject)
    match data:
        case ChangeCommitted():
            if known is not None and data.member != known.home:
                return corrections.fixed("member", known.home)
            return accept(_authored_later(fact, data))
        case CommitAdded():
            return accept(_authored_later(fact, data))
        case BuildFinished():
            return ACCEPTED
        case ReviewOpened() | FirstReviewed() | ChangeMerged() | ChangeAbandoned():
            return _decide_once(fact, data, known) if known else ACCEPTED
        case _:
            assert_never(data)


def of(states: States, key: str) -> Change | None:
    """Return a change's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Change) else None


def _decide_once(fact: Fact, data: Once, known: Change) -> Decision:
    before = _happened_at(known, data)
    if before is not None and fact.corrects is None:
        return Refused(codes.WRONG_STATE, f"That happened to {fact.subject} at {before.isoformat()} already; it happens once.")
    after = known if fact.corrects is not None else _happened(known, data, fact.time)
    reviewed_itself = isinstance(data, FirstReviewed) and data.reviewer == known.author
    return accept(
        None if _is_in_order(after) else codes.DATES_DISAGREE,
        codes.SELF_REVIEW if reviewed_itself else None,
    )


def _happened_at(known: Change, data: Once) -> datetime | None:
    match data:
        case ReviewOpened():
            return known.opened_at
        case FirstReviewed():
            return known.reviewed_at
        case ChangeMerged() | ChangeAbandoned():
            return known.ended_at
        case _:
            assert_never(data)


def _happened(known: Change, data: Once, at: datetime) -> Change:
    match data:
        case ReviewOpened():
            return replace(known, opened_at=at)
        case FirstReviewed():
            return replace(known, reviewed_at=at)
        case ChangeMerged():
            return replace(known, ended_at=at, state="Merged")
        case ChangeAbandoned():
            return replace(known, ended_at=at, state="Abandoned")
        case _:
            assert_never(data)


def _is_in_order(change: Change) -> bool:
    """Tell whether a review was opened before anything came of it. A merged change may well be reviewed later."""
    if change.opened_at is None:
        return True
    return all(at is None or change.opened_at <= at for at in (change.reviewed_at, change.ended_at))


def _authored_later(fact: Fact, data: ChangeCommitted | CommitAdded) -> Code | None:
    return codes.DATES_DISAGREE if data.authored_at > fact.time else None
