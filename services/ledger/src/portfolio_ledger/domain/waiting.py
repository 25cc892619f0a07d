"""Who waits for whom: one index of all open dependencies of a portfolio, in which circles are found without asking around."""

from collections.abc import Mapping

from msgspec import field

from portfolio_ledger.domain.decider import State, States

KEY = "waiting/portfolio"
"""Where it is kept: one index for a portfolio."""


class Waiting(State, frozen=True):
    """Who waits and who is waited for, by the dependency."""

    edges: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])


KINDS: Mapping[str, type[State]] = {"waiting": Waiting}


def of(states: States) -> Waiting:
    """Return who waits for whom."""
    state = states.get(KEY)
    return state if isinstance(state, Waiting) else Waiting()


def begun(states: States, dependency: str, waits: str, awaited: str) -> Mapping[str, State]:
    """Return the index with one who waits, or waits for another than before."""
    return {KEY: Waiting({**of(states).edges, dependency: (waits, awaited)})}


def ended(states: States, dependency: str) -> Mapping[str, State]:
    """Return the index without one who waits no longer."""
    known = of(states).edges
    return {KEY: Waiting({key: ends for key, ends in known.items() if key != dependency})} if dependency in known else {}


def closes_a_circle(states: States, dependency: str, waits: str, awaited: str) -> bool:
    """Tell whether who is waited for waits, by others than this dependency, for who waits."""
    following = dict[str, set[str]]()
    for key, (one, other) in of(states).edges.items():
        if key != dependency:
            following.setdefault(one, set()).add(other)
    seen, ahead = set[str](), {awaited}
    while ahead:
        seen |= ahead
        ahead = {other for one in ahead for other in following.get(one, ())} - seen
    return waits in seen
