"""Whatever is missing of a history: no fold raises, and every answer is what its model says."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel

from portfolio_projector.folding.chronicles import WHOLE, Chronicle
from portfolio_projector.folding.facts import Fact
from portfolio_projector.http.moments import UTC_ZONE
from portfolio_projector.metrics.lifetimes import Cost
from portfolio_projector.read_models.capacity.state import Capacity
from portfolio_projector.read_models.change_requests import answers as changes
from portfolio_projector.read_models.change_requests.fold import CHANGE_REQUESTS
from portfolio_projector.read_models.dependencies import answers as dependencies
from portfolio_projector.read_models.dependencies.fold import DEPENDENCIES
from portfolio_projector.read_models.exceptions import answers as exceptions
from portfolio_projector.read_models.exceptions.fold import EXCEPTIONS
from portfolio_projector.read_models.gates import answers as gates
from portfolio_projector.read_models.gates import stages, targets
from portfolio_projector.read_models.gates.fold import GATES
from portfolio_projector.read_models.iterations import answers as iterations
from portfolio_projector.read_models.iterations import burn_up, performance, progress
from portfolio_projector.read_models.iterations.burn_up import BurnUp, Today
from portfolio_projector.read_models.iterations.fold import ITERATIONS
from portfolio_projector.read_models.iterations.forecasts import Draws
from portfolio_projector.read_models.iterations.performance import AgilePerformance
from portfolio_projector.read_models.milestones import answers as milestones
from portfolio_projector.read_models.milestones.fold import MILESTONES
from portfolio_projector.read_models.money.state import Account
from portfolio_projector.read_models.transitions import answers as transitions
from portfolio_projector.read_models.transitions.fold import TRANSITIONS
from portfolio_projector.read_models.transitions.lineage import LineageAnswer, lineages
from tests import judged
from tests.chronicles import state_of, whole

TODAY = date(2025, 12, 31)
Shown = Sequence[tuple[type[BaseModel], Mapping[str, Any]]]


def show_gates(state: Any) -> Shown:  # noqa: ANN401  the state of the chronicle
    """All that is told of gates."""
    items = [targets.item(name, known) for name, known in state.items.items()]
    return [
        (stages.StageStanding, stages.standing(state)),
        *((stages.StageAnswer, one) for one in stages.stages(state, TODAY, UTC_ZONE)),
        *((gates.GateReviewAnswer, one) for one in gates.of_initiative(state, TODAY, UTC_ZONE)["reviews"]),
        *((targets.ItemAnswer, one) for one in items),
    ]


def show_changes(state: Any) -> Shown:  # noqa: ANN401  the same
    """All that is told of change requests."""
    found = changes.selected(state, None, -1)
    return [
        *((changes.ChangeRequestAnswer, changes.change(name, one, state.currency, TODAY, UTC_ZONE)) for name, one in found),
        *((changes.ChangeTotals, one) for one in changes.totals(state)),
    ]


def show_exceptions(state: Any) -> Shown:  # noqa: ANN401  the same
    """All that is told of limits."""
    head = {"portfolio": "acme", "entry": 1, "settled": True, "model": "exceptions/1", "initiative": "x"}
    return [(exceptions.ExceptionsAnswer, {**head, **exceptions.exceptions(state, 5, TODAY, UTC_ZONE, paging=whole())})]


def show_milestones(state: Any) -> Shown:  # noqa: ANN401  the same
    """All that is told of milestones."""
    return [(milestones.MilestoneAnswer, one) for one in milestones.milestones(state, TODAY, whole())]


def show_iterations(state: Any) -> Shown:  # noqa: ANN401  the same
    """All that is told of iterations, releases and their burn-up."""
    shown = list[tuple[type[BaseModel], Mapping[str, Any]]]()
    for name, release in state.releases.items():
        steps = progress.steps(state, name, lambda _: 5, UTC_ZONE)
        shown += [
            (BurnUp, burn_up.burn_up(state, name, steps, Today(TODAY, UTC_ZONE), Draws())),
            (AgilePerformance, performance.performance(state, release, steps)),
        ]
    frozen = iterations.frozen(state)
    return [
        *shown,
        *((iterations.IterationAnswer, one) for one in iterations.iterations(state, Capacity(), whole())),
        *((iterations.ReleaseAnswer, one) for one in iterations.releases(state, UTC_ZONE, whole())),
        *([] if frozen is None else [(iterations.FrozenAnswer, frozen)]),
    ]


def show_transitions(state: Any) -> Shown:  # noqa: ANN401  the same
    """All that is told of transitions."""
    account, own = Account(currency="EUR"), {"product/letters": Cost(7, "EUR")}
    return [
        *((transitions.TransitionAnswer, transitions.transition(one, "EUR", account)) for one in state.transitions),
        *((LineageAnswer, one) for one in lineages(state, own, None)),
    ]


def show_dependencies(state: Any) -> Shown:  # noqa: ANN401  the same
    """All that is told of dependencies."""
    found, names = dependencies.cycles_of(state), dependencies.selected(state, None, None, "")
    return [
        *((dependencies.DependencyAnswer, one) for one in dependencies.dependencies(state, names, found, TODAY, UTC_ZONE)),
        *((dependencies.CycleAnswer, one) for one in found),
    ]


CHRONICLES: Mapping[str, tuple[Chronicle[Any], Callable[[Any], Shown]]] = {
    one.name: (one, show)
    for one, show in (
        (GATES, show_gates),
        (CHANGE_REQUESTS, show_changes),
        (EXCEPTIONS, show_exceptions),
        (MILESTONES, show_milestones),
        (ITERATIONS, show_iterations),
        (TRANSITIONS, show_transitions),
        (DEPENDENCIES, show_dependencies),
    )
}


def check(told: Chronicle[Any], show: Callable[[Any], Shown], facts: Sequence[Fact]) -> int:
    """Fold facts, read all answers by their models, and return how many there were."""
    shown = show(state_of(told, facts, scope=WHOLE))
    for model, content in shown:
        model.model_validate(content)
    return len(shown)


@pytest.mark.parametrize("name", CHRONICLES)
def test_the_story_is_told_whatever_is_missing(name: str) -> None:
    """All of it, and a hundred times with facts left out at random, as of an initiative that the whole portfolio is taken for."""
    told, show = CHRONICLES[name]
    facts = [fact for fact in judged.told().facts() if fact.type in told.types]
    assert check(told, show, facts) > 0
    chance = random.Random(name)  # noqa: S311  a seed is what makes a test repeatable
    for _ in range(100):
        share = chance.random()
        check(told, show, [fact for fact in facts if chance.random() < share])
