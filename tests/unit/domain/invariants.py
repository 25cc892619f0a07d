"""What holds of a portfolio whatever was recorded: money, scope, orders and indexes agree with the facts, seen from outside.

Everything is worked out again from what is recorded, without the rules, and held against what they remember.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeVar

from portfolio_ledger.domain import backlogs, flow, iterations, matters, waiting
from portfolio_ledger.domain.accounts import POOL, Account, Pool
from portfolio_ledger.domain.baseline import current_key, plan_of
from portfolio_ledger.domain.benefit import Benefit
from portfolio_ledger.domain.decider import Fact, Member, State
from portfolio_ledger.domain.dependency import Dependency
from portfolio_ledger.domain.incident import Incident
from portfolio_ledger.domain.initiative import Initiative
from portfolio_ledger.domain.issue import Issue
from portfolio_ledger.domain.item import Item
from portfolio_ledger.domain.iteration import Iteration
from portfolio_ledger.domain.risk import Risk
from portfolio_ledger.domain.team import Team
from portfolio_ledger.domain.work_package import WorkPackage
from portfolio_schemas.events.initiative import BaselineProposed, PlannedWorkPackage
from portfolio_schemas.events.item import (
    ItemAdded,
    ItemCompleted,
    ItemDropped,
    ItemMerged,
    ItemMoved,
    ItemPromotedToInitiative,
    ItemReopened,
    ItemSplit,
    ItemTransferred,
)
from portfolio_schemas.events.iteration import IterationClosed

LEAVING = (ItemMoved, ItemCompleted, ItemDropped, ItemMerged, ItemPromotedToInitiative, ItemTransferred)
ALL_OF_IT = Decimal(1)
Kind = TypeVar("Kind", bound=State)


@dataclass(frozen=True)
class Portfolio:
    """What is recorded of a portfolio, and what the rules remember of it."""

    recorded: Sequence[Fact]
    states: Mapping[str, State]

    def of(self, kind: type[Kind]) -> dict[str, Kind]:
        """The states of a kind."""
        return {key: state for key, state in self.states.items() if isinstance(state, kind)}

    def check(self) -> None:
        """Check everything."""
        self.check_money()
        self.check_orders()
        self.check_flow()
        self.check_baselines()
        self.check_matters()
        self.check_iterations()
        self.check_assignments()
        self.check_waiting()

    def check_money(self) -> None:
        """Money moved sums to zero; nothing that is set aside is below 0."""
        held, pool = self.of(Account), self.states.get(POOL)
        given = sum(pool.balances.values()) if isinstance(pool, Pool) else 0
        assert sum(one.approved + one.released + one.reserved + one.spent for one in held.values()) + given == 0
        assert [key for key, one in held.items() if min(one.approved, one.reserved, one.spent) < 0] == []

    def check_orders(self) -> None:
        """The order of each backlog is a permutation of its open items, and its length is known."""
        found, items = orders(self.recorded), self.of(Item)
        for key in self.of(Member):
            mine = sorted(name for name, one in items.items() if one.is_open and one.backlog == key)
            assert sorted(found.get(key, [])) == mine, key
            assert backlogs.open_items(self.states, key) == len(mine), key

    def check_flow(self) -> None:
        """The states of a workflow hold as many items as are in them."""
        for key in self.of(Member):
            mine = Counter(one.flow for one in self.of(Item).values() if one.backlog == key and one.flow is not None)
            assert flow.of(self.states, key).counts == mine, key

    def check_baselines(self) -> None:
        """What was approved is what was proposed, and is current as a whole; every open work package is in a current plan."""
        packages = {key: one for key, one in self.of(WorkPackage).items() if one.is_open}
        for key, own in self.of(Initiative).items():
            current = [version for version, one in own.baselines.items() if one.state == "Approved"]
            assert len(current) <= 1, key
            parts = plan_of(self.states, current_key(key)).parts
            assert {name for name, one in packages.items() if one.initiative == key} <= parts.keys(), key
            if current:
                proposed = [
                    one.data
                    for one in self.recorded
                    if one.subject == key and isinstance(one.data, BaselineProposed) and one.data.version == current[0]
                ][-1]
                budgets = {f"work-package/{part.id}": _budget(part) for part in proposed.work_packages}
                assert {name: part.budget for name, part in parts.items()} == budgets, key
                assert own.baselines[current[0]].bac == proposed.bac.minor, key

    def check_matters(self) -> None:
        """What is open for a member is kept with it, and nothing else is; what became another left nothing behind."""
        open_for = defaultdict[str, set[str]](set)
        for key, one in self.states.items():
            for member in _open_for(one):
                open_for[member].add(key)
        for key, member in self.of(Member).items():
            kept = matters.of(self.states, key)
            assert kept.subjects.difference(kept.of_kind("change-request")) == open_for[key], key
            assert member.takes_costs or (not kept.subjects and backlogs.open_items(self.states, key) == 0), key

    def check_iterations(self) -> None:
        """A team is in one iteration at a time, no two have a day in common, and closed ones have lost nothing."""
        running = Counter(one.team for one in self.of(Iteration).values() if one.state == "Started")
        assert max(running.values(), default=0) <= 1
        for team in self.of(Team):
            known = iterations.of(self.states, team)
            assert (known.running is not None) is (running[team] == 1), team
            spans = sorted(known.days.values())
            assert all(before[1] < after[0] for before, after in pairwise(spans)), team
        for one in self.recorded:
            if isinstance(one.data, IterationClosed):
                assert not set(one.data.completed) & set(one.data.carried_over)

    def check_assignments(self) -> None:
        """Nobody works with more than all of a team, unless that was accepted once."""
        for key, team in self.of(Team).items():
            spans = [span for mine in team.works_for.values() for span in mine]
            for day in {span.start for span in spans if team.accepted is None}:
                assert sum(span.share for span in spans if span.holds_on(day)) <= ALL_OF_IT, key

    def check_waiting(self) -> None:
        """The index of who waits for whom is what the open dependencies say."""
        found = {
            key: (one.waits, one.awaited) for key, one in self.of(Dependency).items() if one.is_open and one.kind != "shares"
        }
        assert waiting.of(self.states).edges == found


def orders(recorded: Sequence[Fact]) -> dict[str, list[str]]:
    """The order of each backlog by a fold of its own, which fails where the rules let something impossible pass."""
    found, home = dict[str, list[str]](), dict[str, str]()
    for one in recorded:
        data: Any = one.data
        if one.corrects is not None:
            continue
        if isinstance(data, LEAVING):
            found[home[one.subject]].remove(one.subject)
        if isinstance(data, ItemAdded | ItemTransferred):
            home[one.subject] = data.backlog if isinstance(data, ItemAdded) else data.to
        order = found.setdefault(home.get(one.subject, ""), [])
        if isinstance(data, ItemSplit):
            place, names = order.index(one.subject), [new.item for new in data.into]
            order[place : place + 1] = names
            home.update(dict.fromkeys(names, home[one.subject]))
        if isinstance(data, ItemAdded | ItemMoved | ItemReopened | ItemTransferred):
            order.insert(0 if data.after is None else order.index(data.after) + 1, one.subject)
    return found


def _budget(part: PlannedWorkPackage) -> int:
    return sum(money.minor for money in (part.budget_at_start, part.budget_over_time) if money is not None)


def _open_for(state: State) -> Iterable[str]:
    """The initiatives and products that a subject is open for."""
    match state:
        case Risk() | Benefit() | Incident():
            return [state.home] if state.is_open else []
        case Issue():
            return [state.home] if state.state == "Open" else []
        case Dependency():
            return [state.waits, state.awaited] if state.is_open else []
        case Team():
            return state.works_for
        case _:
            return []
