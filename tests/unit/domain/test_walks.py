"""Random walks: whatever publishers submit, what is recorded keeps the promises of the rules."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio_ledger import domain
from portfolio_ledger.domain.baseline import Baseline, Plan
from portfolio_ledger.domain.decider import Accepted, Fact
from portfolio_ledger.domain.initiative import Initiative
from portfolio_ledger.domain.item import Item
from portfolio_ledger.domain.work_package import WorkPackage
from portfolio_schemas.events.item import ItemAdded, ItemCompleted, ItemDropped, ItemMoved, ItemReopened, ItemSplit
from tests.rules import OPENED, START, Rules, fact
from tests.unit.domain import item_specifications as items
from tests.unit.domain import planning_specifications as plans


def life(kind: str, name: str, at: int) -> Fact:
    """An item is started or completed."""
    return fact(f"item-{kind}.v1", name, at=at)


def plan(parts: list[dict[str, Any]], version: int) -> Fact:
    """A baseline is proposed."""
    return plans.planned(*parts, version=version, at=10)


def approval(version: int, change: str, by: str) -> Fact:
    """A baseline is approved, right or wrong."""
    return plans.approved(version, change, by=by, at=11, change_request="change-request/1")


NAMES = st.sampled_from([f"item/{letter}" for letter in "ABCDE"])
AFTER = st.none() | NAMES
HOURS = st.integers(-2, 30)
ITEM_FACTS = st.one_of(
    st.builds(items.added, NAMES, product=st.sampled_from(["product/payments", "product/other"]), after=AFTER, at=HOURS),
    st.builds(items.moved, NAMES, AFTER, at=HOURS),
    st.builds(items.reopened, NAMES, after=AFTER, at=HOURS),
    st.builds(items.dropped, NAMES),
    st.builds(items.split, NAMES, NAMES, st.sampled_from(["item/F", "item/G"])),
    st.builds(life, st.sampled_from(["started", "completed"]), NAMES, HOURS),
    st.builds(items.status, NAMES, st.none() | st.sampled_from(["Done", "implementeable"]), at=HOURS),
    st.builds(items.stage, NAMES, st.none() | st.sampled_from(["alpha", "stable", "GA"]), at=HOURS),
    st.builds(items.target, st.sampled_from(["set", "moved", "cleared"]), NAMES),
)
PLAN = "current-plan/initiative/apollo"
CLASSES = st.sampled_from(["initial", "internal_replan", "scope_change", "over_target", "administrative"])
PARTS = st.lists(st.builds(plans.part, st.sampled_from("abc"), budget=st.integers(0, 3)), min_size=1, max_size=3)
PLAN_FACTS = st.one_of(
    st.builds(plan, PARTS, st.integers(1, 4)),
    st.builds(approval, st.integers(1, 4), CLASSES, st.sampled_from(["ben", "ines"])),
    st.builds(plans.rejected, st.integers(1, 4)),
    st.builds(plans.started, st.sampled_from("abc"), at=HOURS),
    st.builds(plans.progress, st.sampled_from(["0", "0.3", "1"]), at=HOURS),
    st.builds(plans.completed, st.sampled_from("abc"), at=HOURS),
    st.just(plans.REOPENED),
)


def replay(facts: list[Fact]) -> dict[str, domain.State]:
    """The states that recorded facts lead to, folded again from nothing without judging."""
    again = Rules()
    for recorded in facts:
        again.record(recorded)
    return again.states


def orders(facts: list[Fact]) -> dict[str, list[str]]:
    """The order of each backlog by a fold of its own, which fails where the rules let something impossible pass."""
    backlogs, home = dict[str, list[str]](), dict[str, str]()
    for one in facts:
        subject, data = one.subject, one.data
        if isinstance(data, ItemAdded):
            home[subject] = data.backlog
        order = backlogs.setdefault(home.get(subject, ""), [])
        if isinstance(data, ItemMoved | ItemCompleted | ItemDropped):
            order.remove(subject)
        if isinstance(data, ItemSplit):
            place, names = order.index(subject), [new.item for new in data.into]
            order[place : place + 1] = names
            home.update(dict.fromkeys(names, home[subject]))
        if isinstance(data, ItemAdded | ItemMoved | ItemReopened):
            order.insert(0 if data.after is None else order.index(data.after) + 1, subject)
    return backlogs


@settings(max_examples=150)
@given(st.lists(ITEM_FACTS, max_size=25))
def test_a_backlog_stays_a_permutation_of_its_open_items(submitted: list[Fact]):
    """Every order can be folded from what is recorded, and holds each open item of its product once."""
    rules = Rules()
    for one in (OPENED, items.PAYMENTS, items.OTHER, *submitted):
        rules.submit(one)
    backlogs = orders(rules.recorded)
    for product in ("product/payments", "product/other"):
        mine = {key: state for key, state in rules.states.items() if isinstance(state, Item) and state.backlog == product}
        assert sorted(backlogs.get(product, [])) == sorted(key for key, state in mine.items() if state.is_open)


@settings(max_examples=100)
@given(st.lists(ITEM_FACTS | PLAN_FACTS, max_size=25))
def test_a_replay_leads_to_the_same_states(submitted: list[Fact]):
    """What was judged once is folded again from nothing, without rules, to the same states."""
    rules = Rules()
    for one in (*plans.CHANGING, items.PAYMENTS, items.OTHER, *submitted):
        rules.submit(one)
    assert replay(rules.recorded) == rules.states


@settings(max_examples=150)
@given(st.lists(PLAN_FACTS, max_size=25))
def test_an_approved_baseline_never_changes(submitted: list[Fact]):
    """From its approval to the approval of the next, at most one baseline is current, and its content stays as it was."""
    rules = Rules()
    for one in plans.CHANGING:
        rules.submit(one)
    for one in submitted:
        before, plan = _current(rules), rules.states[PLAN]
        rules.submit(one)
        after = _current(rules)
        assert len(after) == 1
        assert max(after) > max(before) or rules.states[PLAN] == plan
        assert after == before or max(after) > max(before)


@settings(max_examples=150)
@given(st.lists(PLAN_FACTS, max_size=25))
def test_the_budgets_of_the_current_baseline_are_those_of_its_work_packages(submitted: list[Fact]):
    """Scope is accounted for: what a current baseline plans is there with its budget, everything else is removed."""
    rules = Rules()
    for one in (*plans.CHANGING, *submitted):
        rules.submit(one)
    (current,) = _current(rules).values()
    there = {key: state for key, state in rules.states.items() if isinstance(state, WorkPackage)}
    planned = {key: state.budget for key, state in there.items() if state.state != "Removed"}
    plan = rules.states[PLAN]
    assert isinstance(plan, Plan)
    assert planned == {key: part.budget for key, part in plan.parts.items()}
    assert sum(planned.values()) == current.bac


@settings(max_examples=60)
@given(ITEM_FACTS | PLAN_FACTS, st.integers(-10_000, 10_000))
def test_a_judgement_depends_on_its_arguments_alone(submitted: Fact, minutes: int):
    """Asked twice, the same is answered; a fact far enough ahead is refused, whatever it is."""
    states: dict[str, domain.State | None] = {"portfolio/acme": Rules().states.get("portfolio/acme")}
    now = START + timedelta(minutes=minutes)
    assert domain.decide(submitted, states, now) == domain.decide(submitted, states, now)
    rules = Rules(now=submitted.time - timedelta(minutes=6))
    rules.record(OPENED)
    assert not isinstance(rules.submit(submitted), Accepted)


def _current(rules: Rules) -> dict[int, Baseline]:
    own = rules.states["initiative/apollo"]
    assert isinstance(own, Initiative)
    return {version: one for version, one in own.baselines.items() if one.state == "Approved"}
