"""Backlogs: how many items of an initiative or a product are open. Their order is a matter of the read side."""

from collections.abc import Mapping

from portfolio_ledger.domain.decider import State, States


class Backlog(State, frozen=True):
    """How many open items a backlog has: whoever moves all of it names as many."""

    open: int


KINDS: Mapping[str, type[State]] = {"backlog": Backlog}


def key_of(member: str) -> str:
    """Return the key of a member's backlog."""
    return f"backlog/{member}"


def open_items(states: States, member: str) -> int:
    """Return how many items of a member are open."""
    state = states.get(key_of(member))
    return state.open if isinstance(state, Backlog) else 0


def counted(states: States, member: str, change: int) -> Mapping[str, State]:
    """Return the backlog after items entered or left it."""
    return {key_of(member): Backlog(open_items(states, member) + change)} if change else {}
