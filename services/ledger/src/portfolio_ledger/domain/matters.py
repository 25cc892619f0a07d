"""Open matters: what must not stay behind when an initiative or a product ends or becomes another.

One index for each member: the subjects that belong to it and are open. Each aggregate adds its subjects and takes them away.
"""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from portfolio_ledger.domain.decider import State, States


class Matters(State, frozen=True):
    """The subjects that are open for one member, by their keys."""

    subjects: frozenset[str] = frozenset()

    def of_kind(self, aggregate: str) -> list[str]:
        """Return those of one aggregate, in the order of their ids."""
        return sorted(key for key in self.subjects if key.startswith(f"{aggregate}/"))


KINDS: Mapping[str, type[State]] = {"matters": Matters}


def key_of(member: str) -> str:
    """Return the key of a member's open matters."""
    return f"matters/{member}"


def of(states: States, member: str) -> Matters:
    """Return the open matters of a member."""
    state = states.get(key_of(member))
    return state if isinstance(state, Matters) else Matters()


def opened(states: States, member: str, *subjects: str) -> Mapping[str, State]:
    """Return the index with subjects that are open now."""
    known = of(states, member)
    return {key_of(member): replace(known, subjects=known.subjects.union(subjects))}


def closed(states: States, member: str, *subjects: str) -> Mapping[str, State]:
    """Return the index without subjects that are open no longer."""
    known = of(states, member)
    return {key_of(member): replace(known, subjects=known.subjects.difference(subjects))}


def carried(states: States, old: str, new: str, subject: str) -> Mapping[str, State]:
    """Return both indexes after a subject went from one member to another."""
    return {**closed(states, old, subject), **opened(states, new, subject)}


def keys(members: Iterable[str | None]) -> list[str]:
    """Return the keys of the open matters of several members."""
    return [key_of(member) for member in members if member is not None]
