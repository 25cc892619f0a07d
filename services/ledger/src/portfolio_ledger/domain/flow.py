"""The flow of a backlog: its workflow, the limits of its states, and how many items are in each."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from portfolio_ledger.domain.decider import Refused, State, States
from portfolio_schemas import codes
from portfolio_schemas.codes import Code


@dataclass(frozen=True, slots=True)
class Flow(State):
    """The states of a workflow, none where every state is known; limits, and numbers of items, by state."""

    states: tuple[str, ...] = ()
    limits: Mapping[str, int] = field(default_factory=dict[str, int])
    counts: Mapping[str, int] = field(default_factory=dict[str, int])


KINDS: Mapping[str, type[State]] = {"flow": Flow}


def key_of(member: str) -> str:
    """Return the key of a member's flow."""
    return f"flow/{member}"


def of(states: States, member: str) -> Flow:
    """Return the flow of a member's backlog."""
    state = states.get(key_of(member))
    return state if isinstance(state, Flow) else Flow()


def defined(states: States, member: str, names: tuple[str, ...]) -> Mapping[str, State]:
    """Return the flow with its workflow defined anew."""
    return {key_of(member): replace(of(states, member), states=names)}


def limited(states: States, member: str, name: str, limit: int) -> Mapping[str, State]:
    """Return the flow with a limit set anew."""
    known = of(states, member)
    return {key_of(member): replace(known, limits={**known.limits, name: limit})}


def moved(states: States, member: str, old: str | None, new: str | None) -> Mapping[str, State]:
    """Return the flow after an item left one state for another, or entered or left the flow."""
    if old == new:
        return {}
    known = of(states, member)
    counts = dict(known.counts)
    for name, change in ((old, -1), (new, 1)):
        if name is not None:
            counts[name] = counts.get(name, 0) + change
    return {key_of(member): replace(known, counts={name: count for name, count in counts.items() if count})}


def check(states: States, member: str, name: str | None) -> Refused | None:
    """Refuse a state that a defined workflow does not have."""
    known = of(states, member)
    if name is None or not known.states or name in known.states:
        return None
    return Refused(codes.UNKNOWN_WORKFLOW_STATE, f"The workflow of {member} has no state {name}.")


def flag(states: States, member: str, old: str | None, new: str | None) -> Code | None:
    """Flag an item that enters a state above its limit."""
    known = of(states, member)
    if new is None or new == old or new not in known.limits:
        return None
    return codes.OVER_WIP if known.counts.get(new, 0) >= known.limits[new] else None
