"""Which flags are still true: some speak of a state of things that can pass, not of a fact. Pure."""

from collections.abc import Callable, Iterator, Mapping

from portfolio_projector.http.moments import Moment
from portfolio_projector.read_models.anomalies.known import Known
from portfolio_projector.read_models.dependencies import answers as dependencies
from portfolio_projector.read_models.flow import journeys
from portfolio_projector.read_models.flow.journeys import Conventions
from portfolio_projector.read_models.flow.routes import midnight
from portfolio_projector.read_models.flow.state import Flow
from portfolio_projector.read_models.money import sums
from portfolio_schemas import codes


def still_true(known: Known, moment: Moment) -> dict[str, list[str]]:
    """Return, for each code that speaks of a state of things, the subjects and members of which it is true at a moment.

    Every other flag is true until its entry is corrected.
    """
    return {code: list(subjects(known, moment)) for code, subjects in _STANDING.items()}


def _overspent(known: Known, _: Moment) -> Iterator[str]:
    for member, account in known.money.accounts.items():
        held = sums.balances(account)
        if account.moves and held.released < held.spent:
            yield member


def _circular(known: Known, _: Moment) -> Iterator[str]:
    for cycle in dependencies.cycles_of(known.dependencies):
        yield from (f"dependency/{name}" for name in cycle["dependencies"])


def _unmeasured(known: Known, _: Moment) -> Iterator[str]:
    for name, benefit in known.outcomes.benefits.items():
        if benefit.conclusion == "Realised" and not benefit.measurements:
            yield f"benefit/{name}"


def _schedule_only(known: Known, _: Moment) -> Iterator[str]:
    for member, state in known.performance.items():
        last = max(state.approvals, key=lambda one: (one.time, one.entry), default=None)
        version = None if last is None else state.versions.get(str(last.version))
        if version is None or version.bac == 0:
            yield member


def _over_limit(known: Known, moment: Moment) -> Iterator[str]:
    """Return the items that are in a state of which the limit is exceeded, of those backlogs that have limits."""
    for flow in known.flow.values():
        if flow.limits:
            yield from _items_over(flow, moment)


def _items_over(flow: Flow, moment: Moment) -> Iterator[str]:
    limits = {limit.state: limit.limit for limit in sorted(flow.limits, key=lambda one: (one.time, one.entry))}
    by_state = dict[str, list[str]]()
    read = journeys.read(flow, moment.zone, midnight(moment), Conventions())
    for one in read.found:
        if one.is_open and one.state in limits:
            by_state.setdefault(one.state, []).append(f"item/{one.item}")
    for state, items in by_state.items():
        if len(items) > limits[state]:
            yield from items


_STANDING: Mapping[str, Callable[[Known, Moment], Iterator[str]]] = {
    codes.OVERSPENT.name: _overspent,
    codes.CIRCULAR_WAIT.name: _circular,
    codes.UNMEASURED.name: _unmeasured,
    codes.SCHEDULE_ONLY.name: _schedule_only,
    codes.OVER_WIP.name: _over_limit,
}
