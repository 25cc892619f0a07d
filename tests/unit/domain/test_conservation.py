"""Conservation: whatever publishers submit, half of it wrong, what is recorded loses nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio_ledger.domain import backlogs, matters
from portfolio_ledger.domain.accounts import POOL, Account, Pool
from portfolio_ledger.domain.baseline import Plan
from portfolio_ledger.domain.decider import Fact, Member, SubjectState
from portfolio_ledger.domain.item import Item
from portfolio_ledger.domain.work_package import WorkPackage
from tests.rules import OPENED, Rules, fact
from tests.unit.domain import flow_specifications as flows
from tests.unit.domain import governance_specifications as governance
from tests.unit.domain import invariants
from tests.unit.domain import item_specifications as items
from tests.unit.domain import matter_specifications as common
from tests.unit.domain import money_specifications as money
from tests.unit.domain import planning_specifications as plans
from tests.unit.domain import transition_specifications as transitions

OPENING = (*transitions.FUNDED, transitions.conceived(transitions.LETTERS), money.asked(subject="funding/2"))


def began(name: str) -> Fact:
    """Work on an item began."""
    return fact("item-started.v1", name, at=3)


def ended(name: str) -> Fact:
    """Work on an item ended."""
    return fact("item-completed.v1", name, at=4)


def corrected(one: Fact, number: int) -> Fact:
    """A fact that corrects an entry, perhaps rightly."""
    return Fact(one.portfolio, one.subject, one.time, one.actor, one.reason, number, 0, one.data)


NAMES = st.sampled_from([f"item/{letter}" for letter in "ABCDE"])
PRODUCTS = st.sampled_from([transitions.PAYMENTS, transitions.LETTERS, "product/1"])
MEMBERS = st.sampled_from([transitions.APOLLO, transitions.PAYMENTS, transitions.LETTERS])
AMOUNTS = st.integers(1, 150)
ORDERS = st.sampled_from(["A-1", "A-2"])
MONEY = st.one_of(
    st.builds(money.asked, MEMBERS, AMOUNTS, st.sampled_from(["funding/1", "funding/2"])),
    st.builds(money.granted, AMOUNTS, st.sampled_from(["funding/1", "funding/2"])),
    st.builds(money.released, st.integers(1, 4), AMOUNTS, MEMBERS),
    st.builds(money.posted, AMOUNTS, MEMBERS),
    st.builds(money.accrued, AMOUNTS, MEMBERS),
    st.builds(money.reserved, AMOUNTS, ORDERS),
    st.builds(money.cancelled, ORDERS),
    st.builds(money.moved, AMOUNTS, MEMBERS, MEMBERS),
    st.builds(money.taken, st.sampled_from(["funding-withdrawn", "funding-returned"]), AMOUNTS, MEMBERS),
    st.builds(money.reversed_, st.sampled_from(["cost-reversed", "accrual-reversed"]), st.integers(8, 30), AMOUNTS, MEMBERS),
    st.builds(corrected, st.builds(money.posted, AMOUNTS, MEMBERS), st.integers(8, 30)),
    st.builds(money.books, st.sampled_from(["closed", "reopened"])),
)
ITEMS = st.one_of(
    st.builds(items.added, NAMES, product=PRODUCTS, after=st.none() | NAMES),
    st.builds(items.moved, NAMES, st.none() | NAMES),
    st.builds(began, NAMES),
    st.builds(ended, NAMES),
    st.builds(items.dropped, NAMES),
    st.builds(items.reopened, NAMES, after=st.none() | NAMES),
    st.builds(items.split, NAMES, st.sampled_from(["item/F", "item/G"])),
    st.builds(transitions.promoted, NAMES),
    st.builds(flows.item, st.just("item-merged"), NAMES, into=NAMES),
    st.builds(transitions.merged, NAMES, NAMES, into=PRODUCTS),
    st.builds(transitions.merged, NAMES, into=PRODUCTS),
    st.builds(transitions.merged, into=PRODUCTS),
)
CHANGES = st.sampled_from(
    [
        transitions.transition(*transitions.BOTH),
        transitions.transition(*transitions.disposed("b", becomes="dropped"), why="No"),
        transitions.transition(product=transitions.PAYMENTS),
        transitions.agreed(),
        transitions.agreed("ben"),
        transitions.agile(*transitions.BOTH),
        plans.started("b"),
        plans.completed("b"),
        common.risk(),
        common.CLOSED,
        common.dependency(),
        common.FULFILLED,
        common.benefit(),
        common.FORMED,
        common.assigned("0.5"),
        common.FREED,
        governance.raised(),
        governance.answered("approved"),
        governance.life("cancelled", at=30),
        transitions.split(*transitions.HALVES),
    ]
)
ANYTHING = st.lists(MONEY | ITEMS | CHANGES, max_size=30)


def walked(submitted: list[Fact]) -> Rules:
    """The rules after a running initiative, two products, and whatever came then."""
    rules = Rules()
    for one in (*OPENING, *submitted):
        rules.submit(one)
    return rules


@settings(max_examples=150, deadline=None)
@given(ANYTHING)
def test_money_moved_sums_to_zero(submitted: list[Fact]):
    """What members hold and have spent is exactly what the portfolio gave; nothing that is set aside is below 0."""
    rules = walked(submitted)
    held = [state for state in rules.states.values() if isinstance(state, Account)]
    pool = rules.states[POOL]
    assert isinstance(pool, Pool)
    assert sum(one.approved + one.released + one.reserved + one.spent for one in held) + sum(pool.balances.values()) == 0
    assert all(one.approved >= 0 and one.reserved >= 0 and one.spent >= 0 for one in held)


@settings(max_examples=150, deadline=None)
@given(ANYTHING)
def test_every_order_is_a_permutation_of_the_open_items(submitted: list[Fact]):
    """Orders folded from what is recorded hold each open item once, also after mergers; and their lengths are known."""
    rules = walked(submitted)
    orders = invariants.orders(rules.recorded)
    for key in [key for key, state in rules.states.items() if isinstance(state, Member)]:
        mine = sorted(
            name for name, item in rules.states.items() if isinstance(item, Item) and item.is_open and item.backlog == key
        )
        assert sorted(orders.get(key, [])) == mine
        assert backlogs.open_items(rules.states, key) == len(mine)


@settings(max_examples=150, deadline=None)
@given(ANYTHING)
def test_nothing_open_is_left_behind(submitted: list[Fact]):
    """What is open belongs to somebody who goes on, or to one that was cancelled; what became another left nothing."""
    rules = walked(submitted)
    for key, state in rules.states.items():
        if isinstance(state, Member) and not state.takes_costs:
            assert [one for one in matters.of(rules.states, key).subjects if not one.startswith("change-request/")] == []
            assert backlogs.open_items(rules.states, key) == 0


@settings(max_examples=150, deadline=None)
@given(ANYTHING)
def test_scope_is_accounted_for(submitted: list[Fact]):
    """Every work package that was ever planned is in the current plan, done, an item, dropped or removed."""
    rules = walked(submitted)
    plan = rules.states["current-plan/initiative/apollo"]
    assert isinstance(plan, Plan)
    for key, state in rules.states.items():
        if isinstance(state, WorkPackage) and state.is_open:
            assert key in plan.parts


@settings(max_examples=60, deadline=None)
@given(ANYTHING)
def test_what_is_recorded_folds_to_the_same_states(submitted: list[Fact]):
    """Without any rule, from nothing."""
    rules, again = walked(submitted), Rules()
    for recorded in rules.recorded:
        again.record(recorded)
    assert again.states == rules.states
    assert all(isinstance(state, SubjectState) or "/" in key for key, state in again.states.items())


def test_the_opening_is_what_walks_begin_with():
    """Nothing of it is refused: walks go on from a state that there is."""
    rules = Rules()
    assert [type(rules.submit(one)).__name__ for one in OPENING] == ["Accepted"] * len(OPENING)
    assert OPENING[0] == OPENED
