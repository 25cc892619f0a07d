"""Transitions: a project that becomes a product and loses nothing, and what the published story tells of others."""

from datetime import date
from typing import Any

import pytest

from portfolio_projector.folding.facts import Fact
from portfolio_projector.metrics.lifetimes import Cost
from portfolio_projector.read_models.money import sums
from portfolio_projector.read_models.money.fold import MONEY
from portfolio_projector.read_models.money.state import Money
from portfolio_projector.read_models.transitions import answers
from portfolio_projector.read_models.transitions.answers import TransitionAnswer
from portfolio_projector.read_models.transitions.fold import TRANSITIONS
from portfolio_projector.read_models.transitions.lineage import LineageAnswer, lineages
from portfolio_projector.read_models.transitions.state import Transitions
from tests import judged
from tests.chronicles import state_of
from tests.histories import History
from tests.judged import Judged


def known(history: History, *, until: int | None = None) -> tuple[Transitions, Money]:
    """What is known of transitions and of money, by an entry."""
    facts = [fact for fact in history.facts() if until is None or fact.number <= until]
    return state_of(TRANSITIONS, facts), state_of(MONEY, facts)


def transitions(history: History, *, until: int | None = None) -> list[TransitionAnswer]:
    """The transitions as their model reads them."""
    state, money = known(history, until=until)
    return [
        TransitionAnswer.model_validate(answers.transition(one, "EUR", money.of(one.source or ""))) for one in state.transitions
    ]


def chains(history: History, only: str | None = None) -> dict[str, LineageAnswer]:
    """The lineages as their model reads them."""
    state, money = known(history)
    own = {name: Cost(sums.spent(account), account.currency) for name, account in money.accounts.items() if account.postings}
    return {one["member"]: LineageAnswer.model_validate(one) for one in lineages(state, own, only)}


def minors(*told: Any) -> list[int | None]:  # noqa: ANN401  figures of any kind
    """The amounts of figures."""
    return [one.value and one.value.minor for one in told]


def eur(minor: int) -> dict[str, Any]:
    """An amount."""
    return {"minor": minor, "currency": "EUR"}


def work(name: str, start: str, finish: str, budget: int) -> dict[str, Any]:
    """A work package that earns as it progresses."""
    return {"id": name, "name": name, "start": start, "finish": finish, "budget_over_time": eur(budget)}


class Project:
    """A project with 60 of 100 earned, for 75 of 120, that becomes a product on the first of July 2024."""

    NAME = "initiative/P-1"

    def __init__(self) -> None:
        self.judged = Judged()
        self.say("portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"}, "2024-01-01", by="ines")
        data = {"name": "Paper", "mode": "waterfall", "currency": "EUR", "sponsor": "carla"}
        self.say("initiative-proposed", self.NAME, data, "2024-01-02")
        self.say("initiative-approved", self.NAME, {}, "2024-01-03", by="ines")
        self.say("initiative-activated", self.NAME, {}, "2024-01-04")
        first = [
            work("WP1", "2024-02-05", "2024-03-29", 40),
            work("WP2", "2024-04-01", "2024-04-30", 20),
            work("WP3", "2024-06-30", "2024-07-04", 25),
        ]
        self.plan(1, 85, first, "initial", "2024-01-10")
        request = {"initiative": self.NAME, "title": "More", "kind": "scope"}
        self.say("change-request-raised", "change-request/C1", request, "2024-01-30")
        self.say("change-request-approved", "change-request/C1", {}, "2024-01-31", by="ines")
        self.plan(2, 100, [*first, work("WP4", "2024-07-08", "2024-07-31", 15)], "scope_change", "2024-02-01", request="C1")
        money = {"member": self.NAME, "tranche_no": 1, "amount": eur(120), "valid_from": "2024-02-01", "valid_to": "2024-12-31"}
        self.say("tranche-released", "funding/P-1", {**money, "proposed_by": "dan"}, "2024-02-02", by="books")
        for name, day, cost in (("WP1", "2024-03-29", 45), ("WP2", "2024-04-30", 25)):
            self.say("work-package-started", f"work-package/{name}", {}, day)
            self.say("work-package-completed", f"work-package/{name}", {}, day)
            self.cost(self.NAME, cost, day)
        self.cost(self.NAME, 5, "2024-06-28")

    def say(self, type_: str, subject: str, data: dict[str, Any], day: str, *, by: str = "dan", why: str | None = None) -> int:
        """State a fact of a day."""
        reason = {} if why is None else {"reason": why}
        return self.judged.say(type_, subject, data, time=f"{day}T09:00:00Z", actor=by, **reason)

    def plan(
        self, version: int, bac: int, parts: list[dict[str, Any]], change_class: str, day: str, *, request: str | None = None
    ) -> None:
        """Propose a baseline, and approve it."""
        plan = {"version": version, "bac": eur(bac), "work_packages": parts}
        self.say("baseline-proposed", self.NAME, plan if version == 1 else {**plan, "previous": version - 1}, day)
        decision: dict[str, Any] = {"version": version, "effective_date": "2024-02-05", "change_class": change_class}
        if request is not None:
            decision["change_request"] = f"change-request/{request}"
        self.say("baseline-approved", self.NAME, decision, day, by="ines")

    def cost(self, member: str, minor: int, day: str) -> int:
        """Post a cost."""
        data = {"member": member, "amount": eur(minor), "period": day[:7], "category": "labour", "treatment": "opex"}
        return self.say("cost-posted.v2", f"funding/{member.partition('/')[2]}", data, day, by="books")

    def open_matters(self) -> None:
        """Let a risk, a benefit and a dependency be open."""
        self.say("product-conceived", "product/X", {"name": "X", "owner": "eva"}, "2024-05-01")
        self.say("risk-identified", "risk/R1", {"member": self.NAME, "title": "Late", "category": "schedule"}, "2024-05-02")
        benefit = {"member": self.NAME, "title": "Saved", "owner": "carla", "kind": "cash", "unit": "EUR/year"}
        self.say("benefit-identified", "benefit/B1", benefit, "2024-05-02")
        self.say("dependency-identified", "dependency/D1", {"from": self.NAME, "to": "product/X", "kind": "needs"}, "2024-05-02")

    def propose(self, day: str = "2024-06-30") -> int:
        """Propose the transition."""
        dispositions = [
            {"work_package": "work-package/WP3", "becomes": "item", "item": "item/WP3"},
            {"work_package": "work-package/WP4", "becomes": "dropped", "reason": "Nobody asks for it."},
        ]
        data = {
            "product": "product/PR-9",
            "opened": {"name": "Paper", "owner": "finn"},
            "cut_over": "2024-07-01",
            "dispositions": dispositions,
        }
        return self.say("transition-proposed", self.NAME, data, day)

    def approve(self) -> int:
        """Approve the transition."""
        return self.say("transition-approved", self.NAME, {"conditions": "No paper."}, "2024-07-01", by="ines")


@pytest.fixture
def project() -> Project:
    """The project with its open matters, just before anything is proposed."""
    made = Project()
    made.open_matters()
    return made


def test_a_project_that_becomes_a_product_loses_nothing(project: Project) -> None:
    """Frozen figures, scope, money and matters: what was converted, dropped and carried over, and on whose word."""
    proposed, decided = project.propose(), project.approve()
    (one,) = transitions(project.judged.history)
    assert one.proposed is not None
    assert one.decided is not None
    assert (one.kind, one.state, one.from_, one.transition) == ("transition", "done", "initiative/P-1", decided)
    assert [(part.member, part.share, part.opened) for part in one.to] == [("product/PR-9", "1", True)]
    assert (one.proposed.entry, one.proposed.by, one.decided.by, one.conditions) == (proposed, "dan", "ines", "No paper.")
    frozen = one.frozen
    assert frozen is not None
    assert minors(frozen.bac, frozen.pv, frozen.ev, frozen.ac, frozen.sv, frozen.cv, frozen.eac) == [
        100,
        70,
        60,
        75,
        -10,
        -15,
        125,
    ]
    assert (frozen.baseline, frozen.spi.value, frozen.cpi.value) == (2, "0.8571429", "0.8")
    assert [(part.work_package, part.item, part.created_at.date()) for part in one.converted] == [
        ("WP3", "WP3", date(2024, 1, 10))
    ]
    assert [(part.work_package, part.reason) for part in one.dropped] == [("WP4", "Nobody asks for it.")]
    assert {(matter.subject, matter.what, matter.to) for matter in one.matters} == {
        ("risk/R1", "carried_over", "product/PR-9"),
        ("benefit/B1", "carried_over", "product/PR-9"),
        ("dependency/D1", "repointed", "product/PR-9"),
    }
    funds = one.funds
    assert funds is not None
    assert [given.amount.minor for given in funds.carried_over] == [45]
    assert (funds.approved.minor, funds.spent.minor, funds.left.minor) == (120, 75, 0)


def test_the_life_of_the_product_has_cost_what_the_project_did_and_more(project: Project) -> None:
    """The frozen figures stay when the product spends; its lifetime cost grows."""
    project.propose()
    project.approve()
    history = project.judged.history
    before = chains(history)["product/PR-9"]
    assert minors(before.own_cost, before.inherited_cost, before.lifetime_cost) == [0, 75, 75]
    (frozen,) = transitions(history)
    project.cost("product/PR-9", 10, "2024-07-15")
    after = chains(history)["product/PR-9"]
    assert minors(after.own_cost, after.inherited_cost, after.lifetime_cost) == [10, 75, 85]
    assert transitions(history)[0].frozen == frozen.frozen
    assert [(link.member, link.share) for link in after.origins] == [("initiative/P-1", "1")]
    project_ = chains(history)["initiative/P-1"]
    assert project_.ended is not None
    assert [link.member for link in project_.successors] == ["product/PR-9"]


def test_a_proposal_waits_is_replaced_or_lapses(project: Project) -> None:
    """A later one takes its place; a project that ends otherwise leaves none behind."""
    first = project.propose("2024-06-01")
    assert [(one.state, one.transition) for one in transitions(project.judged.history)] == [("proposed", first)]
    second = project.propose("2024-06-02")
    told = [(one.state, one.transition) for one in transitions(project.judged.history)]
    assert told == [("replaced", first), ("proposed", second)]
    assert transitions(project.judged.history)[1].funds is None
    project.say("initiative-cancelled", Project.NAME, {}, "2024-06-03", by="ines", why="No money.")
    assert [one.state for one in transitions(project.judged.history)] == ["replaced", "lapsed"]
    assert chains(project.judged.history) == {}


def test_the_past_shows_what_was_only_proposed_then(project: Project) -> None:
    """By an earlier entry nothing had happened."""
    proposed, decided = project.propose(), project.approve()
    (before,) = transitions(project.judged.history, until=proposed)
    (within,) = transitions(project.judged.history, until=decided + 1)
    assert (before.state, before.frozen, within.state, within.converted) == ("proposed", None, "done", [])
    assert within.frozen is not None


def test_the_published_story_tells_all_kinds() -> None:
    """A transition, a change of mode, a promotion, mergers and a split, in the order in which they were decided."""
    told = transitions(judged.told())
    assert [(one.kind, one.from_) for one in told[:6]] == [
        ("transition", "initiative/hermes"),
        ("mode_change", "initiative/vega"),
        ("promotion", "product/payments"),
        ("merger", "product/refunds"),
        ("split", "product/letters"),
        ("merger", "product/gateway"),
    ]
    changed, promoted, merged, split = told[1], told[2], told[3], told[4]
    assert changed.to_mode == "agile"
    assert (changed.release, changed.proposed_by, [one.item for one in changed.converted]) == (
        "release/vega-1",
        "p-dan",
        ["VEG-1"],
    )
    assert changed.frozen is not None
    assert (promoted.promoted, [part.member for part in promoted.to]) == ("PAY-7", ["initiative/debit"])
    assert [(one.item, one.to) for one in merged.items] == [("REF-1", "product/letters")]
    assert split.funds is not None
    assert [(one.to, one.amount.minor) for one in split.funds.carried_over] == [
        ("product/paper", 3_375_000),
        ("product/payments", 1_125_000),
    ]
    assert split.funds.left.minor == 0


def test_chains_lead_both_ways_and_only_as_far_as_time_allows() -> None:
    """What a product took over after it promoted an item did not go into the initiative that the item became."""
    found = chains(judged.told())
    assert found["product/paper"].ancestors == ["product/letters", "initiative/hermes", "product/refunds"]
    assert found["initiative/hermes"].descendants == ["product/letters", "product/paper", "product/payments"]
    assert (found["initiative/debit"].ancestors, found["initiative/debit"].origins[0].kind) == (["product/payments"], "promotion")
    shares = minors(found["product/paper"].inherited_cost, found["product/payments"].inherited_cost)
    assert shares == [5_625_000, 1_875_000]
    assert set(chains(judged.told(), "initiative/debit")) == {"initiative/debit", "product/payments"}


def test_a_consequence_of_something_else_is_no_part_of_a_transition() -> None:
    """Work packages are dropped by completions too, and teams are freed by people."""
    history = History("acme")
    history.add("team.team-freed", "team/t", {"member": "initiative/x"})
    dropped = {"remaining_budget": eur(5)}
    history.add("work-package.work-package-dropped", "work-package/w", dropped, reason="Late.", causationid=0)
    state, _ = known(history)
    assert state.transitions == []
    assert Fact(history.entries[1], 1).causation == 0


def test_incidents_that_were_open_go_along_and_are_told() -> None:
    """As every other open matter is: nothing open stays behind, and the transition says what became of each."""
    told = Judged()
    told.say("portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"}, time="2024-01-01T00:00:00Z")
    for name in ("pay", "till"):
        told.say("product-conceived", f"product/{name}", {"name": name, "owner": "ann"}, time="2024-01-01T00:00:00Z")
    broken = {"member": "product/pay", "title": "Down", "severity": 2, "started_at": "2024-01-02T00:00:00Z"}
    told.say("incident-opened", "incident/i-1", broken, time="2024-01-02T00:00:00Z")
    told.say("products-merged", "product/pay", {"into": "product/till"}, time="2024-01-03T00:00:00Z")
    (merger,) = transitions(told.history)
    assert [(one.subject, one.what, one.to) for one in merger.matters] == [("incident/i-1", "carried_over", "product/till")]


def test_a_product_has_its_origins_on_a_day_on_which_their_transition_had_not_been_proposed() -> None:
    """The proposal was dated later than what was decided on it: the product was there, with all that it had cost before."""
    history = History("acme")
    proposal = {"product": "product/pay", "opened": {"name": "Pay", "owner": "ann"}, "cut_over": "2024-03-01"}
    history.add("initiative.transition-proposed", "initiative/x", proposal, time="2024-06-01T00:00:00Z")
    approval = history.add("initiative.transition-approved", "initiative/x", {}, time="2024-03-01T00:00:00Z").entry
    opened = {"origins": [{"member": "initiative/x", "share": "1"}], "opened": proposal["opened"]}
    history.add("product.product-opened-from", "product/pay", opened, time="2024-03-01T00:00:00Z", causationid=approval)
    state = state_of(TRANSITIONS, history.facts(), effective=date(2024, 4, 1))
    (link,) = lineages(state, {"initiative/x": Cost(70, "EUR")}, "product/pay")[1]["origins"]
    assert (link["member"], link["share"], link["transition"]) == ("initiative/x", "1", approval)
    (one,) = state.transitions
    assert (one.state, one.proposed, one.parts[0].opened) == ("done", None, True)
