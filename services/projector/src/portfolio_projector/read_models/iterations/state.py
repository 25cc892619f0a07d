"""What the chronicle `iterations` remembers. Points are decimal texts, money is in minor units of the initiative's currency."""

from datetime import date, datetime

import msgspec

from portfolio_projector.folding.acts import Act


class ScopeChange(msgspec.Struct, frozen=True):
    """Items entered the scope of a release, or left it; `points` are below 0 then."""

    act: Act
    has_entered: bool
    points: str
    items: list[str]


class Forecast(msgspec.Struct, frozen=True):
    """When somebody said that a release would be shipped."""

    act: Act
    method: str
    p50: date
    p85: date
    p95: date | None
    items: int | None
    seed: int | None
    runs: int | None


class Release(msgspec.Struct):
    """A release: what was promised, how its scope changed, and what became of it. `earned` is carried over from another mode."""

    planned: Act
    name: str
    planned_iterations: int
    iteration_days: int
    points: str
    bac: int
    start: date
    earned: int | None
    scope: list[ScopeChange] = []
    forecasts: list[Forecast] = []
    approved: Act | None = None
    shipped: Act | None = None
    version: str | None = None


class Changed(msgspec.Struct, frozen=True):
    """Items entered or left the scope of an iteration."""

    act: Act
    added: list[str]
    removed: list[str]


class Closed(msgspec.Struct, frozen=True):
    """How an iteration ended; points are those of its items as they were estimated then."""

    act: Act
    completed: list[str]
    carried_over: list[str]
    points_done: str
    points_carried_over: str


class Iteration(msgspec.Struct):
    """An iteration of a team. `committed_points` are those of its scope when it began; the estimates of some may be missing."""

    planned: Act
    team: str
    no: int
    start: date
    finish: date
    goal: str | None
    committed: list[str]
    changes: list[Changed] = []
    started: Act | None = None
    committed_points: str | None = None
    unestimated: list[str] = []
    closed: Closed | None = None
    cancelled: Act | None = None


class Item(msgspec.Struct):
    """An item: its last estimate, and the points that it has earned since it was accepted."""

    points: str | None = None
    earned: str | None = None


class Earned(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An item was accepted and has earned its points; they are below 0 where it turned out not to be done."""

    entry: int
    time: datetime
    item: str
    points: str


class Frozen(msgspec.Struct, frozen=True):
    """The figures of the last baseline, when the initiative went on as an agile one."""

    act: Act
    version: int
    status_date: date
    bac: int
    pv: int
    ev: int
    ac: int
    eac: int | None


class Iterations(msgspec.Struct):
    """The releases and iterations of an initiative, by id."""

    name: str | None = None
    mode: str | None = None
    currency: str | None = None
    changed: Act | None = None
    frozen: Frozen | None = None
    releases: dict[str, Release] = {}
    iterations: dict[str, Iteration] = {}
    items: dict[str, Item] = {}
    earned: list[Earned] = []
