"""What members promise next, how often that moved, and what of it has a forecast. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from portfolio_projector.metrics.reasons import NO_RELEASE, NOT_PROMISED, NOT_SIMULATED, Unknown
from portfolio_projector.read_models.dependencies import promises as dependencies
from portfolio_projector.read_models.dependencies.state import Dependencies, Dependency
from portfolio_projector.read_models.gates import targets
from portfolio_projector.read_models.gates.state import Gates
from portfolio_projector.read_models.iterations import forecasts, progress
from portfolio_projector.read_models.iterations.forecasts import Draws, Outlook
from portfolio_projector.read_models.iterations.state import Forecast, Iterations
from portfolio_projector.read_models.products.state import Products

Basis = Literal["published", "simulated"]
_OPEN = ("identified", "committed")


class Promise(NamedTuple):
    """The next promise: a day, an instant or a source's own word; and what says so."""

    next: str | Unknown
    of: str | None = None


class Likely(NamedTuple):
    """The day by which it is kept in 85 of 100 cases, and who says so."""

    day: str | Unknown
    basis: Basis | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What is promised to others: dependencies, in a zone."""

    known: Dependencies
    zone: ZoneInfo

    def next(self, member: str) -> tuple[date, str] | None:
        """Return the earliest day that a member has promised to those who wait for it, and the dependency."""
        found = [
            (day, name)
            for name, one in self._of(member)
            if one.state in _OPEN
            for commitment in one.promises[-1:]
            if isinstance(day := dependencies.committed(self.known, commitment, self.zone), date)
        ]
        return min(found, default=None)

    def moves(self, member: str) -> Iterator[datetime]:
        """Return when days that it has promised became others."""
        for _, one in self._of(member):
            before: date | None = None
            for commitment in one.promises:
                day = dependencies.committed(self.known, commitment, self.zone)
                if isinstance(day, Unknown):
                    continue
                if before is not None and day != before:
                    yield commitment.act.at
                before = day

    def _of(self, member: str) -> Iterable[tuple[str, Dependency]]:
        return ((name, one) for name, one in self.known.dependencies.items() if one.awaited == member and one.kind != "shares")


def of_agile(state: Iterations | None, given: tuple[date, str] | None) -> Promise:
    """Return what an agile initiative promises next: the planned end of a release, or what others wait for."""
    release = None if state is None else _next_release(state)
    found = [given] if given is not None else []
    if state is not None and release is not None:
        found.append((progress.planned_finish(state.releases[release]), f"release/{release}"))
    if not found:
        return Promise(NO_RELEASE)
    day, name = min(found)
    return Promise(day.isoformat(), name if "/" in name else f"dependency/{name}")


def likely_of_agile(state: Iterations | None, promise: Promise, zone: ZoneInfo) -> Likely:
    """Return when the release that is promised may be done.

    A forecast that was published after the last iteration was closed holds; else what iterations so far let one expect, and
    where they let one expect nothing, what was published last.
    """
    if isinstance(promise.next, Unknown):
        return Likely(promise.next)
    name = (promise.of or "").removeprefix("release/")
    if state is None or name not in state.releases:
        return Likely(NOT_SIMULATED)
    release = state.releases[name]
    steps = progress.steps(state, name, progress.spent_by(()), zone)
    published = max(release.forecasts, key=lambda one: (one.act.at, one.act.entry), default=None)
    if published is not None and (not steps or published.act.at.astimezone(zone).date() >= steps[-1].day):
        return _published(published)
    done = steps[-1].done.points if steps else Decimal(0)
    remaining = max(progress.scope_points(release) - done, Decimal(0))
    found = forecasts.simulated(Outlook(name, release, steps, remaining), Draws())["p85"]
    if found["value"] is not None:
        return Likely(found["value"], "simulated")
    return Likely(Unknown(found["reason"])) if published is None else _published(published)


def of_product(told: Mapping[str, Any] | None, given: tuple[date, str] | None) -> Promise:
    """Return what a product promises next: days before the words of sources, the earliest first."""
    own = None if told is None else told["date"]
    if given is not None and (own is None or given[0] < own):
        return Promise(given[0].isoformat(), f"dependency/{given[1]}")
    if told is None:
        return Promise(NOT_PROMISED)
    what = "end" if told["kind"] == "end" else f"target {told['target']} for {told['gate']}"
    return Promise(str(told["date"] or told["target"]), what)


def promised_items(products: Products, told: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return the open items that have the target for the gate that is told of their member, by member."""
    found: dict[str, list[str]] = {member: [] for member in told}
    for name, item in products.items.items():
        if item.is_open and item.targets and item.home in told:
            promise = told[item.home]
            if item.targets.get(promise["gate"]) == promise["target"]:
                found[item.home].append(name)
    return found


def target_moves(gates: Gates | None, member: str) -> Iterator[datetime]:
    """Return when a target of an item of a member took the place of another."""
    for item in gates.items.values() if gates is not None else ():
        if item.moved_to in {None, member}:
            for moves in item.targets.values():
                yield from targets.changed_at(moves)


def counted(moves: Sequence[datetime], today: date, zone: ZoneInfo, never: Unknown) -> tuple[int, int | Unknown]:
    """Return how many moves there are, and how many days ago the last of them was."""
    return len(moves), (today - max(moves).astimezone(zone).date()).days if moves else never


def _next_release(state: Iterations) -> str | None:
    return next((name for name, release in progress.ordered(state) if release.shipped is None), None)


def _published(forecast: Forecast) -> Likely:
    return Likely(forecast.p85.isoformat(), "published")
