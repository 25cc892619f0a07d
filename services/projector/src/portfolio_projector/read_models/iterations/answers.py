"""The answers about iterations, releases and velocity. Pure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from portfolio_projector.http.acts import Act, act, act_or_none
from portfolio_projector.http.answers import Answer
from portfolio_projector.http.paging import Key, Paging
from portfolio_projector.http.values import InitiativeMode
from portfolio_projector.metrics import agile, definitions, metric, reasons
from portfolio_projector.metrics.metric import MoneyMetric, NumberMetric, Sum
from portfolio_projector.metrics.reasons import Unknown
from portfolio_projector.read_models.capacity.answers import DefinitionAnswer, definition
from portfolio_projector.read_models.capacity.state import Capacity
from portfolio_projector.read_models.iterations import forecasts, progress
from portfolio_projector.read_models.iterations.burn_up import BurnUp
from portfolio_projector.read_models.iterations.fold import scope_of
from portfolio_projector.read_models.iterations.forecasts import Published
from portfolio_projector.read_models.iterations.item_lines import ItemBurnUp
from portfolio_projector.read_models.iterations.performance import AgilePerformance
from portfolio_projector.read_models.iterations.progress import Step
from portfolio_projector.read_models.iterations.state import Iteration, Iterations, Release


class ScopeChanged(BaseModel):
    """Items entered or left the scope of an iteration."""

    added: list[str]
    removed: list[str]
    changed: Act


class IterationAnswer(BaseModel):
    """An iteration: what its team committed to, and what became of it."""

    iteration: str
    no: int
    team: str
    release: str | None = Field(description="the release that was worked on at its first day")
    state: Literal["planned", "started", "closed", "cancelled"]
    start: date
    finish: date
    goal: str | None
    committed: list[str] = Field(description="the items that it was planned with")
    scope_changes: list[ScopeChanged]
    scope: list[str] = Field(description="its items after all changes")
    completed: list[str]
    carried_over: list[str]
    dropped: list[str] = Field(description="items of its scope that were neither completed nor carried over when it was closed")
    committed_points: NumberMetric = Field(description="of its scope when it began, as it was estimated then")
    unestimated: list[str] = Field(description="items that had no estimate then, and count as 0 points")
    points_done: NumberMetric
    points_carried_over: NumberMetric
    commitment_kept: NumberMetric
    definition_of_done: DefinitionAnswer | None = Field(
        description="what its team called done when it was closed, or calls done now; null where the team never said"
    )
    planned: Act
    started: Act | None
    closed: Act | None
    cancelled: Act | None


class Velocity(BaseModel):
    """The points that are done in an iteration."""

    mean: NumberMetric
    recent: NumberMetric
    points: list[str] = Field(description="of each closed iteration; of teams that work side by side together")


class ReleaseAnswer(BaseModel):
    """A release: what was promised for it, and how far it is."""

    release: str
    name: str
    state: Literal["planned", "approved", "shipped"]
    start: date
    planned_iterations: int
    iteration_days: int
    planned_finish: date
    bac: MoneyMetric
    earned_before: Sum | None = Field(description="what was earned before the mode changed, carried over as money")
    planned_points: NumberMetric
    scope_points: NumberMetric
    points_done: NumberMetric
    iterations_closed: int
    velocity: Velocity
    published_forecasts: list[Published] = Field(description="when others said that it will be shipped; /burn-up has its own")
    version: str | None
    planned: Act
    approved: Act | None
    shipped: Act | None


class FrozenAnswer(BaseModel):
    """The last baseline, as it was frozen when the initiative went on as an agile one."""

    version: int
    status_date: date
    bac: MoneyMetric
    pv: MoneyMetric
    ev: MoneyMetric
    ac: MoneyMetric
    eac: MoneyMetric
    frozen: Act


class IterationsAnswer(Answer):
    """The releases and iterations of an initiative. One that is not agile has none."""

    initiative: str
    name: str | None
    mode: InitiativeMode | None
    mode_changed: Act | None
    frozen: FrozenAnswer | None
    releases: list[ReleaseAnswer]
    iterations: list[IterationAnswer]
    next_cursor: str | None = Field(description="goes on with both lists")


class BurnUpAnswer(Answer):
    """The burn-up of a release, and its agile earned value. Without a release there is neither."""

    initiative: str
    name: str | None
    mode: InitiativeMode | None
    mode_changed: Act | None
    releases: list[str] = Field(description="those that the initiative has, in the order in which they begin")
    release: ReleaseAnswer | None
    burn_up: BurnUp | None = Field(description="in points")
    performance: AgilePerformance | None
    items: ItemBurnUp = Field(description="the burn-up of the whole backlog, in items")


class ProductBurnUpAnswer(Answer):
    """The burn-up of a product's backlog, in items."""

    product: str
    items: ItemBurnUp


def head(state: Iterations) -> dict[str, Any]:
    """Return what every answer says of the initiative."""
    return {"name": state.name, "mode": state.mode, "mode_changed": act_or_none(state.changed)}


def iterations(state: Iterations, capacity: Capacity, paging: Paging) -> list[dict[str, Any]]:
    """Return a page of the iterations, in the order of their days."""
    found = paging.take("iterations", state.iterations.items(), _by_days)
    return [{**_iteration(state, name, one), "definition_of_done": _done(one, capacity)} for name, one in found]


def releases(state: Iterations, zone: ZoneInfo, paging: Paging) -> list[dict[str, Any]]:
    """Return a page of the releases, in the order in which they begin."""
    free = progress.spent_by(())
    found = paging.take("releases", state.releases.items(), lambda one: progress.place(one[1]))
    return [release(state, name, progress.steps(state, name, free, zone)) for name, _ in found]


def _by_days(named: tuple[str, Iteration]) -> Key:
    name, known = named
    return known.start.isoformat(), known.finish.isoformat(), known.no, name


def release(state: Iterations, name: str, steps: Sequence[Step]) -> dict[str, Any]:
    """Return a release as answers show it."""
    known = state.releases[name]
    return {
        "release": name,
        "name": known.name,
        "state": _state(known),
        "start": known.start,
        "planned_iterations": known.planned_iterations,
        "iteration_days": known.iteration_days,
        "planned_finish": progress.planned_finish(known),
        "bac": _money(state, definitions.RELEASE_BAC, known.bac),
        "earned_before": _earned_before(state, known),
        "planned_points": metric.number(definitions.SCOPE_POINTS, Decimal(known.points)),
        "scope_points": metric.number(definitions.SCOPE_POINTS, progress.scope_points(known)),
        "points_done": metric.number(definitions.POINTS_DONE, steps[-1].done.points if steps else reasons.NO_ITERATION),
        "iterations_closed": len(steps),
        "velocity": _velocity(progress.velocities(steps)),
        "published_forecasts": forecasts.published(known),
        "version": known.version,
        "planned": act(known.planned),
        "approved": act_or_none(known.approved),
        "shipped": act_or_none(known.shipped),
    }


def frozen(state: Iterations) -> dict[str, Any] | None:
    """Return the last baseline of an initiative that changed its mode."""
    known = state.frozen
    if known is None:
        return None
    return {
        "version": known.version,
        "status_date": known.status_date,
        "bac": _money(state, definitions.BAC, known.bac),
        "pv": _money(state, definitions.PV, known.pv),
        "ev": _money(state, definitions.EV, known.ev),
        "ac": _money(state, definitions.AC, known.ac),
        "eac": _money(state, definitions.EAC_CPI, reasons.NO_PROGRESS if known.eac is None else known.eac),
        "frozen": act(known.act),
    }


def _iteration(state: Iterations, name: str, known: Iteration) -> dict[str, Any]:
    scope, closed = scope_of(known), known.closed
    completed, carried = (closed.completed, closed.carried_over) if closed is not None else ([], [])
    committed = reasons.NOT_YET if known.committed_points is None else Decimal(known.committed_points)
    done = reasons.NOT_YET if closed is None else Decimal(closed.points_done)
    return {
        "iteration": name,
        "no": known.no,
        "team": known.team,
        "release": progress.release_on(state, known.start),
        "state": _progress(known),
        "start": known.start,
        "finish": known.finish,
        "goal": known.goal,
        "committed": known.committed,
        "scope_changes": [{"added": one.added, "removed": one.removed, "changed": act(one.act)} for one in known.changes],
        "scope": scope,
        "completed": completed,
        "carried_over": carried,
        "dropped": [] if closed is None else [item for item in scope if item not in {*completed, *carried}],
        "committed_points": metric.number(definitions.POINTS, committed),
        "unestimated": known.unestimated,
        "points_done": metric.number(definitions.POINTS_DONE, done),
        "points_carried_over": metric.number(
            definitions.POINTS, reasons.NOT_YET if closed is None else Decimal(closed.points_carried_over)
        ),
        "commitment_kept": metric.number(definitions.COMMITMENT_KEPT, _kept(committed, done)),
        "planned": act(known.planned),
        "started": act_or_none(known.started),
        "closed": None if closed is None else act(closed.act),
        "cancelled": act_or_none(known.cancelled),
    }


def _done(known: Iteration, capacity: Capacity) -> dict[str, Any] | None:
    team = capacity.teams.get(known.team.removeprefix("team/"))
    return None if team is None else definition(team.calls_done(None if known.closed is None else known.closed.act.at))


def _progress(known: Iteration) -> str:
    if known.cancelled is not None:
        return "cancelled"
    if known.closed is not None:
        return "closed"
    return "planned" if known.started is None else "started"


def _state(known: Release) -> str:
    if known.shipped is not None:
        return "shipped"
    return "planned" if known.approved is None else "approved"


def _kept(committed: Decimal | Unknown, done: Decimal | Unknown) -> metric.Known:
    if isinstance(committed, Unknown):
        return committed
    return done if isinstance(done, Unknown) else agile.ratio(done, committed, reasons.NO_POINTS)


def _velocity(points: list[Decimal]) -> dict[str, Any]:
    return {
        "mean": metric.number(definitions.VELOCITY, agile.mean_velocity(points)),
        "recent": metric.number(definitions.RECENT_VELOCITY, agile.recent_velocity(points)),
        "points": [metric.decimal_text(one, definitions.POINTS.digits) for one in points],
    }


def _earned_before(state: Iterations, known: Release) -> dict[str, Any] | None:
    return None if known.earned is None or state.currency is None else {"minor": known.earned, "currency": state.currency}


def _money(state: Iterations, definition: definitions.Definition, found: int | Unknown) -> metric.Figure:
    return metric.money(definition, reasons.NOT_GIVEN if state.currency is None else found, state.currency or "")
