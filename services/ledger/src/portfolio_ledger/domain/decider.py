"""The words of the rules: facts, what is decided about them, and the states that they are judged against.

The Decider pattern: `decide` judges a fact against states, `evolve` folds a recorded fact into states. Both are pure: no I/O,
no clock.
"""

from datetime import datetime
from typing import Protocol

from msgspec import Struct

from portfolio_schemas.codes import Code
from portfolio_schemas.events import Event
from portfolio_schemas.events.event_data import Mode


class Original(Struct, frozen=True, gc=False):
    """What is corrected: the subject of a recorded entry, and its type without the version."""

    subject: str
    stem: str


class Fact(Struct, frozen=True, gc=False):
    """One event on its way through the rules: `data` is of the newest version, `entry` the number that it has or would get.

    `original` is what the entry named by `corrects` recorded, None where that is no recorded entry; only judging asks for it.
    """

    portfolio: str
    subject: str
    time: datetime
    actor: str
    reason: str | None
    corrects: int | None
    entry: int
    data: Event
    original: Original | None = None

    @property
    def portfolio_key(self) -> str:
        """The subject of the portfolio itself."""
        return f"portfolio/{self.portfolio}"


class Consequence(Struct, frozen=True, gc=False):
    """A fact of its own that follows from another and enters the log together with it."""

    subject: str
    data: Event
    reason: str | None = None


class Accepted(Struct, frozen=True, gc=False):
    """The fact is recorded, with what is ugly about it and what follows from it."""

    flags: tuple[Code, ...] = ()
    consequences: tuple[Consequence, ...] = ()


class FieldError(Struct, frozen=True, gc=False):
    """What is wrong with one field, by a JSON pointer into the event."""

    pointer: str
    detail: str


class Refused(Struct, frozen=True, gc=False):
    """The fact is refused, with a code and a sentence that a person can act on."""

    code: Code
    detail: str
    errors: tuple[FieldError, ...] = ()


Decision = Accepted | Refused

ACCEPTED = Accepted()


class State(Struct, frozen=True, gc=False):
    """What the rules remember under one key: of a subject, or in an index beside subjects. Small, since it is written whole."""


class SubjectState(State, frozen=True, kw_only=True):
    """What the rules remember of one subject; each aggregate has a kind of its own. `born_at` is the time of its first event."""

    born_at: datetime

    @property
    def has_ended(self) -> bool:
        """Tell whether nothing happens to it any more."""
        return False

    @property
    def member(self) -> str | None:
        """The initiative or product that it belongs to, with whose end it ends."""
        return None


class Member(SubjectState, frozen=True, kw_only=True):
    """A state of what a portfolio governs, an initiative or a product, as the rules of other aggregates see it.

    `mode` is by which mode of delivery it is governed; `currency` is None where it is kept in the portfolio's own.
    """

    mode: Mode
    currency: str | None

    @property
    def takes_costs(self) -> bool:
        """Tell whether costs can be posted to it: what became another is spent on no longer, what merely ended is, late."""
        return True


class States(Protocol):
    """States by subject, or by the key of an index."""

    def get(self, key: str, /) -> State | None:
        """Return a state; None where there is none."""
        ...


def subject_of(states: States, key: str) -> SubjectState | None:
    """Return the state of a subject, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, SubjectState) else None


def member_of(states: States, key: str) -> Member | None:
    """Return the state of an initiative or a product, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Member) else None


def accept(*raised: Code | None) -> Accepted:
    """Accept, with those flags that are raised."""
    flags = tuple(code for code in raised if code is not None)
    return Accepted(flags) if flags else ACCEPTED
