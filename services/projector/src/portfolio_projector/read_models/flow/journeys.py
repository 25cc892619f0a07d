"""Journeys: how each item went through the columns of one workflow, day by day, told from its steps. Pure."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portfolio_projector.metrics.flow import Passage, visit
from portfolio_projector.read_models.flow import state as steps
from portfolio_projector.read_models.flow.state import KINDS, SAID_WAITING, STATES, Flow, Item, Workflow

_DAY = 86_400_000_000
_FIRST_DAY = datetime(1970, 1, 1, tzinfo=UTC).toordinal()
_QUARTER = 900_000_000
_BY_QUARTERS = 2 * 365 * _DAY
_EARLIEST = int(datetime(1, 1, 3, tzinfo=UTC).timestamp())


class Journey(NamedTuple):
    """An item's way. `committed`: the day from which its flow counts; `done`: on which it was done, None where it left undone.

    `at` is the column where it is, `state` what that is called. `active` and `waiting` are microseconds since it was committed,
    until it was done or now.
    """

    item: str
    kind: str
    passage: Passage
    committed: int | None
    done: int | None
    is_open: bool
    at: int
    state: str | None
    is_blocked: bool
    active: int
    waiting: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Conventions:
    """What can be counted in more than one way.

    `last_entry`: after an item went back, the last entry into a state counts, else the first. `with_dropped`: what was dropped
    counts as done, else it counts until it was dropped.
    """

    last_entry: bool = True
    with_dropped: bool = False


@dataclass(slots=True)
class Journeys:
    """The items of a backlog on their way through a workflow, and on which days the backlog was changed."""

    workflow: Workflow
    found: list[Journey] = field(default_factory=list[Journey])
    moved: Counter[int] = field(default_factory=Counter[int])
    added: Counter[int] = field(default_factory=Counter[int])
    dropped: Counter[int] = field(default_factory=Counter[int])


def current(flow: Flow) -> Workflow:
    """Return the workflow that was defined last; an item's own life where none was."""
    return max(flow.workflows, key=lambda one: (one.time, one.version), default=steps.LIFE)


def read(flow: Flow, zone: ZoneInfo, now: int, conventions: Conventions) -> Journeys:
    """Return the ways of all items through the current workflow. `now`, in microseconds, ends what has not ended."""
    reader = _reader(flow, days_in(zone), now, conventions)
    for name, item in flow.items.items():
        reader.read(name, item)
    return reader.journeys


def read_since(day: int, flow: Flow, zone: ZoneInfo, now: int, conventions: Conventions) -> Journeys:
    """Return the ways of all items that took a step since a day, and of one that was there before, where there is such."""
    day_of = days_in(zone)
    reader, found_one = _reader(flow, day_of, now, conventions), False
    for name, item in flow.items.items():
        if found_one and day_of(item.last) < day:
            continue
        reader.read(name, item)
        found_one = found_one or any((one.passage.reached[0] or day) < day for one in reader.journeys.found[-1:])
    return reader.journeys


def _reader(flow: Flow, day_of: Callable[[int], int], now: int, conventions: Conventions) -> "_Reader":
    names = sorted(flow.states, key=flow.states.__getitem__)  # a state that was a snapshot has them in the order of their names
    return _Reader(current(flow), names, day_of, now, conventions)


def days_in(zone: ZoneInfo) -> Callable[[int], int]:
    """Return a function from microseconds to the ordinal of the day in a zone.

    Since 1972 zones differ, and change, by quarters of an hour: each quarter is looked up once.
    """
    known = dict[int, int]()

    def day_of(time: int) -> int:
        if time < _BY_QUARTERS:
            return _day(time, zone)
        quarter = time // _QUARTER
        day = known.get(quarter)
        if day is None:
            day = known[quarter] = _day(time, zone)
        return day

    if zone.key == "UTC":
        return lambda time: time // _DAY + _FIRST_DAY
    return day_of


def _day(time: int, zone: ZoneInfo) -> int:
    return datetime.fromtimestamp(max(time // 1_000_000, _EARLIEST), zone).toordinal()


class _Reader:
    """Reads items, one after the other, through one workflow."""

    def __init__(
        self, workflow: Workflow, names: Sequence[str], day_of: Callable[[int], int], now: int, conventions: Conventions
    ) -> None:
        self.journeys = Journeys(workflow)
        self._names = names
        self._day_of = day_of
        self._now = now
        self._last_entry = conventions.last_entry
        self._with_dropped = conventions.with_dropped
        self._columns = (workflow.committed, len(workflow.states) + 1, 1 if workflow.version == 0 else 0)
        self._entering = _entering(workflow, names)
        self._counted = {steps.MOVED: self.journeys.moved, steps.ADDED: self.journeys.added, steps.DROPPED: self.journeys.dropped}

    def read(self, name: str, item: Item) -> None:
        """Read one item; one that is in another backlog, and never was in this, is none of this."""
        if not item.was_here:
            return
        way = _Way(*self._columns, last_entry=self._last_entry)
        day_of, entering, counted = self._day_of, self._entering, self._counted
        for time, what in item.walk():
            day = day_of(time)
            way.wait_until(time)
            entered = entering.get(what)
            if entered is None:
                way.turn(what, day)
            else:
                way.go(day, *entered)
                way.what = what
            if what in counted:
                counted[what][day] += 1
        way.wait_until(self._now)
        self.journeys.found.append(self._journey(name, item, way))

    def _journey(self, name: str, item: Item, way: "_Way") -> Journey:
        left, is_open = way.left, way.left is None and way.at < way.done
        if left is not None and way.is_dropped and self._with_dropped:
            way.go(left, way.done)
            left = None
        reached, arrived = way.reached, way.arrived
        committed = reached[way.committed]
        if arrived is not None:
            reached = [None if day is None else max(day, arrived) for day in reached]
        done = reached[-1] if left is None else None
        state = self._state(way) if is_open else None
        passed = Passage(tuple(reached), left)
        return Journey(
            name, KINDS[item.kind], passed, committed, done, is_open, way.at, state, way.is_blocked, way.active, way.waiting
        )

    def _state(self, way: "_Way") -> str | None:
        """Return what the state is called in which an item is: by its source, or by the workflow."""
        if way.what >= STATES:
            return self._names[(way.what & ~SAID_WAITING) - STATES]
        return self.journeys.workflow.states[way.at - 1].name if way.at > 0 else None


Entered = tuple[int, bool]
"""A column, -1 for one that the workflow does not have, and whether somebody works there."""


def _entering(workflow: Workflow, names: Sequence[str]) -> dict[int, Entered]:
    """Return what each step enters, of those that enter the same whatever was before."""
    columns = {state.name: (place, state.is_active) for place, state in reversed(list(enumerate(workflow.states, start=1)))}
    begins: Entered = (1 if workflow.begins_in_first else 0, False)
    found: dict[int, Entered] = {steps.ADDED: begins, steps.MADE: begins}
    for number, name in enumerate(names, start=STATES):
        column, is_active = columns.get(name, (_UNKNOWN, True))
        found[number] = (column, is_active)
        found[number | SAID_WAITING] = (column, False)
    return found


_UNKNOWN = -1


class _Way:
    """The way of one item so far, through columns of which one commits, one is done, and one says that it is ready."""

    __slots__ = (
        "_before", "_last_entry", "_ready", "_since", "active", "arrived", "at", "committed", "done", "is_active", "is_blocked",
        "is_dropped", "left", "reached", "waiting", "what",
    )  # fmt: skip

    def __init__(self, committed: int, done: int, ready: int, *, last_entry: bool) -> None:
        self.committed = committed
        self.done = done
        self.reached: list[int | None] = [None] * (done + 1)
        self.at = -1
        self.what = steps.ADDED
        self.left: int | None = None
        self.arrived: int | None = None
        self.is_dropped = self.is_active = self.is_blocked = False
        self.active = self.waiting = 0
        self._last_entry = last_entry
        self._ready = ready
        self._before = 0
        self._since = 0

    def wait_until(self, time: int) -> None:
        """Let time pass: what is committed and open is worked on, or waits."""
        if self.committed <= self.at < self.done and self.left is None and time > self._since:
            if self.is_active and not self.is_blocked:
                self.active += time - self._since
            else:
                self.waiting += time - self._since
        self._since = time

    def go(self, day: int, column: int, is_active: bool = False) -> None:  # noqa: FBT001, FBT002  given by position, for speed
        """Enter a column; where that commits the item its time begins. One that is unknown is some state after commitment."""
        at = self.at
        if column < 0:
            column = max(at, self.committed)
        if at < self.committed <= column:
            self.active = self.waiting = 0
        visit(self.reached, at, column, day, last_entry=self._last_entry)
        self.at, self.is_active = column, is_active

    def turn(self, what: int, day: int) -> None:
        """Take a step that depends on those before, or enters no column."""
        match what:
            case steps.READY:
                self.go(day, max(self.at, self._ready))
            case steps.STARTED:
                self.go(day, max(self.at, self.committed), is_active=True)
                self.what = what
            case steps.COMPLETED:
                self._before = self.at
                self.go(day, self.done)
                self.is_blocked = False
            case steps.REOPENED:
                self.go(day, self._before)
                self.left = None
            case steps.DROPPED | steps.ENDED:
                self.left, self.is_dropped = day, what == steps.DROPPED
            case steps.BLOCKED | steps.UNBLOCKED:
                self.is_blocked = what == steps.BLOCKED
            case steps.ARRIVED:
                self.left, self.arrived = None, day
            case _:
                pass
