"""What the read side finds by itself, and which flags are still true: told from histories, from both sides."""

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from portfolio_projector.http.moments import Moment
from portfolio_projector.read_models.anomalies import findings, standing
from portfolio_projector.read_models.anomalies.findings import Finding
from portfolio_projector.read_models.anomalies.known import SENTENCES, SILENT_DAYS, Known
from portfolio_projector.read_models.delivery.fold import DELIVERY
from portfolio_projector.read_models.dependencies.fold import DEPENDENCIES
from portfolio_projector.read_models.entries.fold import is_flagged
from portfolio_projector.read_models.flow import journeys
from portfolio_projector.read_models.flow.fold import FLOW
from portfolio_projector.read_models.flow.journeys import Conventions
from portfolio_projector.read_models.flow.window import why_excluded
from portfolio_projector.read_models.money.fold import MONEY_OF_ALL
from portfolio_projector.read_models.outcomes.fold import OUTCOMES
from portfolio_projector.read_models.overview.fold import HEARD
from portfolio_projector.read_models.performance.fold import PERFORMANCE
from portfolio_schemas.codes import CODES
from tests.chronicles import concerning, state_of
from tests.histories import History
from tests.unit.projector import flows
from tests.unit.projector.test_delivery import Pay, changed
from tests.unit.projector.test_performance import BUILD, DESIGN, Told, eur, running

APOLLO, PAY = "initiative/apollo", "product/pay"


def on(day: str) -> Moment:
    """A moment that is asked on a day."""
    return Moment(0, date.fromisoformat(day), settled=False)


def known(history: History) -> Known:
    """All states that anomalies are told from."""
    facts = [fact for fact in history.facts() if fact.recorded]
    named = {fact.subject for fact in facts if fact.subject.startswith(("initiative/", "product/"))}
    own = {member: concerning(facts, member) for member in sorted(named)}
    initiatives = [member for member in own if member.startswith("initiative/")]
    return Known(
        performance={member: state_of(PERFORMANCE, own[member], member) for member in initiatives},
        flow={member: state_of(FLOW, own[member], member) for member in own},
        delivery={member: state_of(DELIVERY, own[member], member) for member in own},
        heard={member: state_of(HEARD, own[member], member) for member in own},
        money=state_of(MONEY_OF_ALL, facts),
        dependencies=state_of(DEPENDENCIES, facts),
        outcomes=state_of(OUTCOMES, facts),
    )


def found(history: History, day: str) -> list[Finding]:
    """What is found on a day, but silence."""
    return [one for one in findings.find(known(history), on(day)) if one.code != "SILENT"]


def places(those: list[Finding]) -> list[tuple[Any, ...]]:
    """Code, subject, entry and end of findings."""
    return [(one.code, one.subject, one.entry, one.until and one.until.isoformat()) for one in those]


def test_codes_of_the_read_side_are_its_own():
    """No code of the ledger means something else here."""
    assert set(SENTENCES).isdisjoint(CODES)


def test_an_initiative_whose_figures_are_in_order_has_no_findings():
    """Costs, work and plans that go together."""
    assert found(running().history, "2026-03-20") == []


def test_a_cost_that_fell_names_the_entry_that_took_it_back():
    """In each period whose sum is below that of the period before."""
    told = running()
    told.close("first", "2026-03-06")
    data = {"member": APOLLO, "amount": eur(100), "period": "2026-03"}
    back = told.history.add(
        "funding.cost-reversed", "funding/apollo", data, time="2026-03-09T11:00:00Z", corrects=5, reason="Another's"
    ).entry
    told.close("second", "2026-03-10")
    assert places(found(told.history, "2026-03-20")) == [("COST_FELL", APOLLO, back, None)]


def test_a_missing_cost_is_one_finding_from_the_first_period_until_a_cost_is_posted():
    """It is still true while nothing is posted, and over with the first period at whose end something is."""
    told = Told()
    told.plan(1, "2026-02-20", DESIGN, BUILD)
    told.start("design", "2026-03-02")
    told.close("early", "2026-03-03")
    done = told.report("design", "2026-03-05", "0.5")
    told.close("first", "2026-03-06")
    told.report("design", "2026-03-09", "0.7")
    told.close("second", "2026-03-13")
    assert places(found(told.history, "2026-03-15")) == [("COST_MISSING", APOLLO, done, None)]
    told.post(100, "2026-03-18")
    assert places(found(told.history, "2026-03-20")) == [("COST_MISSING", APOLLO, done, "2026-03-20")]


def test_money_without_work_is_a_finding_once_work_was_planned():
    """Before the planned start costs come first, as they do; it is over when something is earned."""
    told = Told()
    told.plan(1, "2026-02-20", part_of("design"), BUILD)
    posted = told.post(100, "2026-02-25")
    assert found(told.history, "2026-02-27") == []
    assert places(found(told.history, "2026-03-06")) == [("WORK_MISSING", APOLLO, posted, None)]
    told.start("design", "2026-03-04")
    told.report("design", "2026-03-05", "0.5")
    assert found(told.history, "2026-03-06") == []


def part_of(name: str) -> dict[str, Any]:
    """A work package that earns nothing by being started."""
    return {**DESIGN, "id": name, "budget_at_start": eur(0)}


def test_an_item_that_was_done_before_it_was_committed_to_is_found():
    """With both days; an item whose steps were only told in another order is none."""
    made = flows.tell(flows.history(), {"L-1": ["2018-01-01", "2018-01-05"]})
    made.add("item.item-completed", "item/L-1", {}, time="2018-01-03T09:00:00Z")
    made = flows.tell(made, {"L-2": ["2018-01-02", "2018-01-01", "2018-01-03", "2018-01-04", "2018-01-05"]})
    those = found(made, "2018-01-10")
    assert places(those) == [("DONE_BEFORE_COMMITTED", "item/L-1", None, None)]
    assert those[0].detail == "Done on 2018-01-03, committed to on 2018-01-05."


@pytest.mark.parametrize("seed", range(30))
def test_looking_only_at_items_told_out_of_order_finds_all_that_are_excluded(seed: int):
    """Random days for random steps: the same items as by reading every journey."""
    dice = random.Random(seed)  # noqa: S311  a seed is what makes a test repeatable
    entered = {f"R-{n}": [f"2018-01-{dice.randint(1, 9):02}" for _ in range(dice.choice((1, 2, 3, 5)))] for n in range(12)}
    made = flows.tell(flows.history(), entered)
    for name, days in entered.items():
        if len(days) in {2, 3} and dice.random() < 0.5:
            made.add("item.item-completed", f"item/{name}", {}, time=f"2018-01-{dice.randint(1, 9):02}T09:00:00Z")
    everything = journeys.read(state_of(FLOW, made.facts(), PAY), on("2018-01-10").zone, 1_600_000_000_000_000, Conventions())
    wanted = {f"item/{one.item}" for one in everything.found if why_excluded(one) == "DONE_BEFORE_COMMITTED"}
    assert {one.subject for one in found(made, "2018-01-10") if one.code == "DONE_BEFORE_COMMITTED"} == wanted


def test_spans_that_end_before_they_begin_are_found():
    """By the stages of a change, and of an incident; what is in order, or not known, is none."""
    pay = Pay()
    changed(pay, "fine", "07T04:51:47 11T06:53:51 12T06:53:51 14T06:53:51", "merge1")
    changed(pay, "open", "07T04:51:47 - - -", None)
    changed(pay, "odd", "13T04:51:47 12T04:51:47 11T04:51:49 12T05:51:47", "merge2")
    pay.deployed("1", "2023-04-11T07:29:14", "merge2")
    pay.broken("fine", "2023-04-15T00:00:00", "2023-04-15T01:00:00")
    pay.broken("odd", "2023-04-15T00:00:00", "2023-04-14T01:00:00")
    those = found(pay, "2023-04-30")
    assert places(those) == [("RESOLVED_BEFORE_BEGUN", "incident/odd", None, None), ("SPAN_NEGATIVE", "change/odd", None, None)]
    assert those[1].detail == "Of it: coding, pickup, deploy."


def test_a_member_of_which_nothing_is_heard_is_silent_until_it_ends():
    """After so many days, told with the last entry about it; what has ended may be silent."""
    history = History("acme")
    history.add("product.product-conceived", PAY, {"name": "Pay", "owner": "ann"}, time="2026-01-01T09:00:00Z")
    last = history.add("product.product-activated", PAY, {}, time="2026-01-02T09:00:00Z").entry

    def silent(day: str) -> list[tuple[Any, ...]]:
        return places([one for one in findings.find(known(history), on(day)) if one.code == "SILENT"])

    assert SILENT_DAYS == 90
    assert silent("2026-04-02") == []
    assert silent("2026-04-03") == [("SILENT", PAY, last, None)]
    history.add("product.product-retired", PAY, {"data_disposition": "archived"}, time="2026-01-03T09:00:00Z")
    assert silent("2026-12-31") == []


def test_what_has_not_begun_is_not_silent():
    """Something may have been said of it that was true before: until it is there, nobody waits for a word about it."""
    history = History("acme")
    risk = {"member": PAY, "title": "Nobody buys it", "category": "scope"}
    history.add("risk.risk-identified", "risk/r", risk, time="2026-01-01T09:00:00Z")
    assert [one for one in findings.find(known_of(history, PAY), on("2026-12-31")) if one.code == "SILENT"] == []
    history.add("product.product-conceived", PAY, {"name": "Pay", "owner": "ann"}, time="2026-01-02T09:00:00Z")
    assert [one.code for one in findings.find(known_of(history, PAY), on("2026-12-31"))] == ["SILENT"]


def known_of(history: History, member: str) -> Known:
    """What is known where one member is, of which there may be no entry of its own yet."""
    facts = [fact for fact in history.facts() if fact.recorded]
    heard = {member: state_of(HEARD, concerning(facts, member), member)}
    return replace(known(History("acme")), heard=heard)


def still(history: History, day: str, code: str) -> list[str]:
    """The subjects of which a code is still true."""
    return standing.still_true(known(history), on(day))[code]


def test_what_is_overspent_is_so_until_more_is_released():
    """Of a member that was ever given money."""
    history = History("acme")
    history.add("product.product-conceived", PAY, {"name": "Pay", "owner": "ann"})
    data = {"member": PAY, "amount": eur(500), "period": "2026-01", "category": "labour"}
    history.add("funding.cost-posted", "funding/pay", data)
    assert still(history, "2026-06-01", "OVERSPENT") == []
    tranche = {"member": PAY, "amount": eur(300), "proposed_by": "bob", "valid_from": "2026-01-01", "valid_to": "2026-12-31"}
    history.add("funding.tranche-released", "funding/pay", {**tranche, "tranche_no": 1})
    assert still(history, "2026-06-01", "OVERSPENT") == [PAY]
    history.add("funding.tranche-released", "funding/pay", {**tranche, "tranche_no": 2})
    assert still(history, "2026-06-01", "OVERSPENT") == []


def test_a_circle_is_one_until_somebody_waits_no_more():
    """Both dependencies of it, until one is fulfilled."""
    history = History("acme")
    for name in (APOLLO, "initiative/gemini"):
        history.add("initiative.initiative-proposed", name, {"name": name, "mode": "waterfall", "currency": "EUR"})
    for name, ends in (("D-1", (APOLLO, "initiative/gemini")), ("D-2", ("initiative/gemini", APOLLO))):
        data = {"from": ends[0], "to": ends[1], "kind": "needs"}
        history.add("dependency.dependency-identified", f"dependency/{name}", data)
    assert still(history, "2026-06-01", "CIRCULAR_WAIT") == ["dependency/D-1", "dependency/D-2"]
    history.add("dependency.dependency-fulfilled", "dependency/D-2", {})
    assert still(history, "2026-06-01", "CIRCULAR_WAIT") == []


def test_a_plan_is_of_time_only_until_one_with_a_budget_is_approved():
    """The current baseline counts."""
    told = Told()
    told.plan(1, "2026-02-20", {**BUILD, "budget_over_time": eur(0)})
    assert still(told.history, "2026-03-01", "SCHEDULE_ONLY") == [APOLLO]
    told.plan(2, "2026-02-25", BUILD, change="scope_change")
    assert still(told.history, "2026-03-01", "SCHEDULE_ONLY") == []


def test_a_limit_is_exceeded_by_the_items_that_are_in_its_state():
    """All of them, until one moves on; a state without a limit takes any number."""
    days = ["2018-01-01", "2018-01-02", "2018-01-03"]
    made = flows.tell(flows.history(), {"L-1": days, "L-2": days})
    made.add("product.wip-limit-set", PAY, {"state": "Build", "limit": 1, "proposed_by": "bob"})
    assert sorted(still(made, "2018-01-10", "OVER_WIP")) == ["item/L-1", "item/L-2"]
    flows.happened(made, "L-1", "2018-01-04", 3, flows.STATES)
    assert still(made, "2018-01-10", "OVER_WIP") == []


def test_a_benefit_is_unmeasured_until_somebody_measures_it():
    """Of those that are said to be there."""
    history = History("acme")
    history.add("product.product-conceived", PAY, {"name": "Pay", "owner": "ann"})
    data = {"member": PAY, "title": "More", "owner": "ann", "kind": "cash", "unit": "EUR"}
    history.add("benefit.benefit-identified", "benefit/B", data)
    assert still(history, "2026-06-01", "UNMEASURED") == []
    history.add("benefit.benefit-realised", "benefit/B", {})
    assert still(history, "2026-06-01", "UNMEASURED") == ["benefit/B"]


def test_flags_are_seen_in_the_bytes_of_an_entry():
    """Those of the entry, not what a text or a body says that looks like them."""
    history = History("acme")
    title = '"flags":["X"],"portfolio":"'
    assert not is_flagged(history.add("item.item-linked", "item/I", {"to": title}).value)
    assert is_flagged(history.add("item.item-linked", "item/I", {"to": '"flags":[]'}, ["OVER_WIP"]).value)
    assert not is_flagged(history.add("item.item-linked", "item/I", {"flags": ["X"]}).value)
    assert is_flagged(history.add("item.item-linked", "item/I", {"flags": []}, ["A", "B"]).value)
