"""The books of a portfolio: which accounting periods are closed."""

from collections.abc import Mapping

from portfolio_ledger.domain.decider import Fact, FieldError, Refused, State, States
from portfolio_schemas import codes

KEY = "books/portfolio"
"""Where the books are kept: one index for a portfolio."""


class Books(State, frozen=True):
    """The accounting periods that are closed now."""

    closed: frozenset[str] = frozenset()


KINDS: Mapping[str, type[State]] = {"books": Books}


def of(states: States) -> Books:
    """Return the books; without any event every period is open."""
    state = states.get(KEY)
    return state if isinstance(state, Books) else Books()


def check_open(fact: Fact, states: States) -> Refused | None:
    """Refuse what posts into a period that is closed."""
    period = getattr(fact.data, "period", None)
    if period not in of(states).closed:
        return None
    detail = f"The period {period} is closed: post into an open one, as a correction where it corrects something."
    return Refused(codes.PERIOD_CLOSED, detail, (FieldError("/data/period", "is closed"),))
