"""The iterations of a team: which days they take, and which one runs."""

from collections.abc import Mapping
from datetime import date

from msgspec import field
from msgspec.structs import replace

from portfolio_ledger.domain.decider import State, States


class Iterations(State, frozen=True):
    """The first and the last day of each iteration of a team that was not cancelled, and the one that runs now."""

    days: Mapping[str, tuple[date, date]] = field(default_factory=dict[str, tuple[date, date]])
    running: str | None = None

    def overlapping(self, subject: str, start: date, finish: date) -> str | None:
        """Return another iteration that has days of this span, None where there is none."""
        return next((key for key, (a, b) in self.days.items() if key != subject and a <= finish and start <= b), None)


KINDS: Mapping[str, type[State]] = {"iterations": Iterations}


def key_of(team: str) -> str:
    """Return the key of a team's iterations."""
    return f"iterations/{team}"


def of(states: States, team: str) -> Iterations:
    """Return the iterations of a team."""
    state = states.get(key_of(team))
    return state if isinstance(state, Iterations) else Iterations()


def planned(states: States, team: str, subject: str, start: date, finish: date) -> Mapping[str, State]:
    """Return them with one that takes days, or takes others than before."""
    known = of(states, team)
    return {key_of(team): replace(known, days={**known.days, subject: (start, finish)})}


def started(states: States, team: str, subject: str) -> Mapping[str, State]:
    """Return them with the one that runs now."""
    return {key_of(team): replace(of(states, team), running=subject)}


def closed(states: States, team: str, subject: str) -> Mapping[str, State]:
    """Return them after one was closed; its days stay taken."""
    known = of(states, team)
    return {key_of(team): replace(known, running=None)} if known.running == subject else {}


def cancelled(states: States, team: str, subject: str) -> Mapping[str, State]:
    """Return them without one that is not held."""
    known = of(states, team)
    left = {key: days for key, days in known.days.items() if key != subject}
    return {key_of(team): replace(known, days=left, running=None if known.running == subject else known.running)}
