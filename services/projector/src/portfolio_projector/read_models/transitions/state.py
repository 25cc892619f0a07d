"""What the chronicle `transitions` remembers of a portfolio. Money is in minor units of the currency of what was left."""

from datetime import date, datetime
from typing import Literal

import msgspec

from portfolio_projector.folding.acts import Act

Kind = Literal["transition", "mode_change", "merger", "split", "promotion"]
StateName = Literal["proposed", "replaced", "lapsed", "done"]
Becomes = Literal["item", "dropped", "finish_in_project"]
What = Literal["carried_over", "repointed", "fulfilled", "retained", "freed"]


class Member(msgspec.Struct):
    """An initiative or a product, from its beginning."""

    name: str
    mode: str
    born: Act
    currency: str | None = None
    ended: Act | None = None


class Part(msgspec.Struct, frozen=True):
    """One of those that something became: the share of cost and money that it took over, and whether it began with that."""

    member: str
    share: str
    opened: bool


class Disposition(msgspec.Struct, frozen=True):
    """What was proposed for an open work package."""

    work_package: str
    becomes: Becomes
    item: str | None
    reason: str | None


class Frozen(msgspec.Struct, frozen=True):
    """The last baseline and its figures, fixed for ever."""

    version: int
    status_date: date
    bac: int
    pv: int
    ev: int
    ac: int
    eac: int | None
    earned_schedule_days: str


class Converted(msgspec.Struct, frozen=True):
    """A work package of which the rest became an item, as old as the work package."""

    work_package: str
    item: str
    remaining_budget: int
    created_at: datetime


class Dropped(msgspec.Struct, frozen=True):
    """A work package of which the rest is not done, and why."""

    work_package: str
    remaining_budget: int
    reason: str | None


class Moved(msgspec.Struct, frozen=True):
    """An item that went along."""

    item: str
    to: str


class Given(msgspec.Struct, frozen=True):
    """Money that went along."""

    to: str
    minor: int


class Matter(msgspec.Struct, frozen=True):
    """A risk, an issue, a dependency, a benefit or a team, and what became of it; `to` is null where it did not go along."""

    subject: str
    what: What
    to: str | None
    owner: str | None = None


class Transition(msgspec.Struct):
    """Something that became something else, from the proposal on. `source` is null where nobody said whose an item was."""

    kind: Kind
    source: str | None
    state: StateName
    parts: list[Part] = []
    proposed: Act | None = None
    proposed_by: str | None = None
    decided: Act | None = None
    conditions: str | None = None
    cut_over: date | None = None
    promoted: str | None = None
    to_mode: str | None = None
    release: str | None = None
    dispositions: list[Disposition] = []
    frozen: Frozen | None = None
    converted: list[Converted] = []
    dropped: list[Dropped] = []
    items: list[Moved] = []
    money: list[Given] = []
    matters: list[Matter] = []

    @property
    def entry(self) -> int:
        """The entry that names it: that of the decision, else that of the proposal."""
        act = self.decided or self.proposed
        return -1 if act is None else act.entry


class Transitions(msgspec.Struct):
    """All transitions in the order of the log, and the members that there are.

    `causes` are places of transitions by deciding entries, `pending` places of proposals by initiative. `homes` are places in
    `backlogs` by item: an item that is promoted does not say whose it was.
    """

    members: dict[str, Member] = {}
    transitions: list[Transition] = []
    causes: dict[str, int] = {}
    pending: dict[str, int] = {}
    homes: dict[str, int] = {}
    backlogs: list[str] = []

    def settle(self, item: str, member: str) -> None:
        """Remember whose an item is."""
        if member not in self.backlogs:
            self.backlogs.append(member)
        self.homes[item] = self.backlogs.index(member)

    def home_of(self, item: str) -> str | None:
        """Return whose an item is, None where that is not known."""
        place = self.homes.get(item)
        return None if place is None else self.backlogs[place]
