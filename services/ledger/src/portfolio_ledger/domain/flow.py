"""The flow of a backlog: its workflow, the limits of its states, and how many items are in each."""

from collections.abc import Mapping, Sequence

from msgspec import field
from msgspec.structs import replace

from portfolio_ledger.domain.decider import Refused, State, States
from portfolio_schemas import codes
from portfolio_schemas.codes import Code
from portfolio_schemas.events.product import WorkflowState


class Flow(State, frozen=True):
    """The states of a workflow, none where every state is known; limits, and numbers of items, by state.

    `first` is the state that an item is in by being added: a first one where nobody works and nothing counts. Flow counts in
    `states` from the place `committed` on.
    """

    states: tuple[str, ...] = ()
    first: str | None = None
    committed: int = 0
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


def defined(states: States, member: str, workflow: Sequence[WorkflowState]) -> Mapping[str, State]:
    """Return the flow with its workflow defined anew."""
    begin = workflow[0]
    first = begin.name if len(workflow) > 1 and not begin.active and not begin.counts_from else None
    committed = next((place for place, one in enumerate(workflow) if one.counts_from), 0 if first is None else 1)
    names = tuple(one.name for one in workflow)
    return {key_of(member): replace(of(states, member), states=names, first=first, committed=committed)}


def has_begun(states: States, member: str, name: str | None) -> bool:
    """Tell whether flow counts for an item in a state of a defined workflow, though nobody said that it was started."""
    known = of(states, member)
    return name in known.states[known.committed :]


def agrees(states: States, member: str, name: str | None, known: str | None) -> bool:
    """Tell whether an item can be said to have left a state: the one it is known to be in, at its beginning also the first."""
    return name == known or (known is None and name == of(states, member).first)


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
