"""What a product's flow is told from: the steps of each item, the workflows and the limits. Pure; compact, for 100,000 items.

The steps of an item lie packed in bytes, in the order of the log: when, and what.
"""

from itertools import pairwise
from operator import itemgetter
from struct import Struct as Layout

import msgspec

from portfolio_schemas.events.item import ItemKind

_STEP = Layout("<qH")
_NEVER = -(2**63)
SAID_WAITING = 0x8000
"""Set beside a state: the source said that nobody works on the item there."""

ADDED, MADE, READY, STARTED, COMPLETED, REOPENED, DROPPED, ENDED, BLOCKED, UNBLOCKED, MOVED, ARRIVED = range(12)
"""What a step is, where it enters no state of the workflow.

`MADE`: by a split. `ENDED`: it was split, merged, promoted, or went to another backlog; `ARRIVED`: it came from another.
"""

STATES = 16
"""A step of this number or above enters a state: that with the number less this one."""

KINDS: tuple[ItemKind, ...] = ("feature", "defect", "risk", "debt")

_LIFE = frozenset((ADDED, MADE, COMPLETED, REOPENED, DROPPED, ENDED, ARRIVED))

Step = tuple[int, int]
"""Microseconds since 1970 in UTC, and what."""


class Item(msgspec.Struct, array_like=True, gc=False):
    """An item: the place of its kind in `KINDS`, whether it is in another backlog now, and its steps."""

    kind: int
    is_away: bool
    steps: bytes = b""

    def step(self, time: int, what: int) -> None:
        """Append a step."""
        self.steps += _STEP.pack(time, what)

    @property
    def was_here(self) -> bool:
        """Tell whether it is, or was, in this backlog: what parts come from may be known and never have been."""
        return not self.is_away or any(what == ENDED for _, what in _STEP.iter_unpack(self.steps))

    @property
    def last(self) -> int:
        """When the last of its steps was taken, whichever was told last; the beginning of time where there is none."""
        return max((time for time, _ in _STEP.iter_unpack(self.steps)), default=_NEVER)

    @property
    def is_in_order(self) -> bool:
        """Tell whether no step was before the one that was told before it."""
        times = [time for time, _ in _STEP.iter_unpack(self.steps)]
        return all(earlier <= later for earlier, later in pairwise(times))

    def walk(self) -> list[Step]:
        """Return the steps as they were taken: those between two turns of its life in the order of time, however late they came.

        The ledger has judged the turns themselves in the order of the log, also where the times that they state disagree.
        """
        told = list(_STEP.iter_unpack(self.steps))
        if sorted(told, key=itemgetter(0)) == told:
            return told
        walked, begun = list[Step](), 0
        for step in told:
            if step[1] in _LIFE:
                walked[begun:] = sorted(walked[begun:], key=itemgetter(0))
                begun = len(walked) + 1
            walked.append(step)
        walked[begun:] = sorted(walked[begun:], key=itemgetter(0))
        return walked


class State(msgspec.Struct, frozen=True):
    """A state of a workflow."""

    name: str
    is_active: bool
    counts_from: bool


class Workflow(msgspec.Struct, frozen=True):
    """A workflow as it was defined at an entry; `version` counts from 1. Where none was, an item's own life is one, version 0."""

    version: int
    entry: int | None
    time: int
    states: list[State]

    @property
    def begins_in_first(self) -> bool:
        """Tell whether an item is in the first state by being added: one where nobody works, and nothing counts yet."""
        first = self.states[0]
        return self.version > 0 and len(self.states) > 1 and not first.is_active and not first.counts_from

    @property
    def committed(self) -> int:
        """The column from which flow counts: the first state that says so, else the first that no item is in by being added."""
        counting = (place for place, state in enumerate(self.states, start=1) if state.counts_from)
        return next(counting, 1 + self.begins_in_first)


LIFE = Workflow(
    0, None, 0, [State("Ready", is_active=False, counts_from=False), State("Started", is_active=True, counts_from=True)]
)
"""The workflow of a backlog for which none was defined."""


class Limit(msgspec.Struct, frozen=True):
    """How many items should be in a state at most, from an entry on."""

    time: int
    entry: int
    state: str
    limit: int


class Flow(msgspec.Struct):
    """The flow of one product, or of one initiative."""

    scope: str = ""
    is_known: bool = False
    items: dict[str, Item] = {}
    states: dict[str, int] = {}
    workflows: list[Workflow] = []
    limits: list[Limit] = []
