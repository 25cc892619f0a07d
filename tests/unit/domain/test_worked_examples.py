"""Worked examples: a plan that is replaced fourteen times, a project that becomes a product, and money in tranches."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from msgspec.structs import replace

from portfolio_ledger.domain import accounts
from portfolio_ledger.domain.accounts import Account
from portfolio_ledger.domain.decider import Fact
from portfolio_ledger.domain.initiative import Initiative
from portfolio_ledger.domain.item import Item
from portfolio_ledger.domain.product import Product
from portfolio_schemas.events.funding import FundingCarriedOver
from portfolio_schemas.events.initiative import BaselineFrozen
from portfolio_schemas.events.work_package import WorkPackageDropped
from tests.rules import OPENED, RECORDED, Rules, fact, outcome, refused
from tests.unit.domain.governance_specifications import CONCEIVED, answered, life, proposed, raised
from tests.unit.domain.matter_specifications import benefit, dependency, risk
from tests.unit.domain.money_specifications import eur, moved, posted, released
from tests.unit.domain.planning_specifications import approved, completed, part, planned, started

APOLLO, PAYMENTS, NINE = "initiative/apollo", "product/payments", "product/PR-9"
PLANS = [
    (53493000, "2018-03-31"), (58018000, "2018-03-31"), (53726722, "2018-03-31"), (52668403, "2018-04-01"),
    (63980485, "2018-01-28"), (63111785, "2019-02-28"), (62301672, "2017-09-08"), (63165211, "2017-09-14"),
    (63438805, "2017-11-10"), (66806758, "2018-07-19"), (66557303, "2019-02-18"), (67106080, "2019-08-27"),
    (62463080, "2019-10-16"), (67732573, "2019-11-18"), (68798457, "2020-02-14"),
]  # fmt: skip
"""A real capital project: fifteen budgets and finishes in a row (NYC Open Data, capital projects, project 7)."""


def told(rules: Rules, *facts: Fact) -> None:
    """Everything is recorded, and nothing is ugly."""
    for one in facts:
        assert outcome(rules.submit(one)) == RECORDED, one


def account(rules: Rules, member: str) -> Account:
    """The accounts of a member."""
    return accounts.of(rules.states, member)


def test_a_real_plan_is_replaced_fourteen_times():
    """Each time by a change request, by somebody else, and not for the past; all fifteen versions are known, one is current."""
    rules = Rules()
    told(rules, OPENED, proposed(), life("approved"), life("activated", at=2))
    for number, (budget, finish) in enumerate(PLANS, start=1):
        name = f"change-request/{number}"
        work = part("plant", budget=budget, start="2013-05-01", finish=finish)
        change, more = "initial", dict[str, Any]()
        if number > 1:
            told(rules, raised(name), replace(answered("approved"), subject=name))
            change, more = "scope_change", {"change_request": name}
        told(rules, planned(work, version=number, at=10), approved(number, change, effective="2017-01-01", at=11, **more))
    own = rules.states[APOLLO]
    assert isinstance(own, Initiative)
    assert len(own.baselines) == 15
    assert [version for version, one in own.baselines.items() if one.state == "Approved"] == [15]
    assert own.baselines[15].bac - own.baselines[1].bac == 68798457 - 53493000
    assert (date.fromisoformat(PLANS[-1][1]) - date.fromisoformat(PLANS[0][1])).days == 685


def project(rules: Rules) -> None:
    """A project with 60 of 100 earned for 75, of 120 that were committed to it."""
    works = [part("wp1", budget=40), part("wp2", budget=20), part("wp3", budget=25), part("wp4", budget=15)]
    told(
        rules,
        OPENED,
        proposed(),
        life("approved"),
        life("activated", at=2),
        CONCEIVED,
        planned(*works),
        approved(),
        started("wp1"),
        completed("wp1"),
        started("wp2"),
        completed("wp2"),
        started("wp3"),
        released(member=APOLLO, minor=120),
        posted(45, APOLLO),
        posted(25, APOLLO),
        posted(5, APOLLO),
        risk(),
        benefit(),
        dependency(),
    )


def transition(*names: str, why: str | None = "Nobody asks for it", **more: Any) -> Fact:  # noqa: ANN401  a body holds anything
    """Ben proposes that it becomes a product, with what becomes of its open work packages."""
    becomes = {"wp3": "item", "wp4": "dropped"}
    dispositions = [{"work_package": f"work-package/{name}", "becomes": becomes[name]} for name in names]
    target: dict[str, Any] = {"product": NINE, "opened": {"name": "Nine", "owner": "eva"}, "cut_over": "2026-03-31", **more}
    return fact("transition-proposed.v1", APOLLO, by="ben", at=20, why=why, dispositions=dispositions, **target)


AGREED = fact("transition-approved.v1", APOLLO, by="ines", at=21)


def test_a_project_becomes_a_product_and_nothing_is_lost():
    """Figures are frozen, what is open goes along, and the money is 120 = 75 spent + 45 carried over."""
    rules = Rules()
    project(rules)
    told(rules, transition("wp3", "wp4", carried_over=eur(45)), AGREED)
    (frozen,) = [one.data for one in rules.recorded if isinstance(one.data, BaselineFrozen)]
    assert (frozen.bac.minor, frozen.ev.minor, frozen.ac.minor) == (100, 60, 75)
    assert frozen.eac is not None
    assert frozen.eac.minor == 125
    (carried,) = [one.data for one in rules.recorded if isinstance(one.data, FundingCarriedOver)]
    assert carried.amount.minor == 45
    assert (account(rules, APOLLO).spent, account(rules, APOLLO).available) == (75, 0)
    assert (account(rules, NINE).spent, account(rules, NINE).released) == (0, 45)
    (dropped,) = [one for one in rules.recorded if isinstance(one.data, WorkPackageDropped)]
    assert (dropped.subject, dropped.reason) == ("work-package/wp4", "Nobody asks for it")
    item, product, own = rules.states["item/wp3"], rules.states[NINE], rules.states[APOLLO]
    assert isinstance(item, Item)
    assert isinstance(product, Product)
    assert isinstance(own, Initiative)
    assert (item.backlog, product.origins, own.state) == (NINE, ((APOLLO, "1"),), "Transitioned")
    homes = {getattr(rules.states[key], "home", None) for key in ("risk/1", "benefit/1")}
    assert (homes, getattr(rules.states["dependency/1"], "waits", None)) == ({NINE}, NINE)


@pytest.mark.parametrize("method", ["percent", "0/100", "50/50", "milestone_weights", "LOE"])
def test_what_is_reported_as_done_is_earned_by_any_method(method: str):
    """Also where nobody has said that it is completed when the figures are frozen."""
    rules = Rules()
    done = part("wp3", budget=25, ev_method=method)
    told(rules, OPENED, proposed(), life("approved"), life("activated", at=2), CONCEIVED, planned(done), approved())
    told(rules, started("wp3"), fact("progress-reported.v1", "work-package/wp3", at=8, fraction="1.0"), transition("wp3"), AGREED)
    (frozen,) = [one.data for one in rules.recorded if isinstance(one.data, BaselineFrozen)]
    assert (frozen.bac.minor, frozen.ev.minor) == (25, 25)


def calendar(*days: str) -> dict[str, Any]:
    """A calendar by which somebody works on some days of the week."""
    return {"name": "Site", "working_hours": ["08:00-17:00"], "working_days": list(days), "zone": "Europe/Brussels"}


@pytest.mark.parametrize(
    ("baselines", "initiatives", "portfolios", "share"),
    [
        (None, None, None, Fraction(4, 5)),
        (None, None, ["mon"], Fraction(1)),
        (None, ["fri", "mon", "tue"], ["mon"], Fraction(2, 3)),
        (["mon", "tue"], ["fri", "mon", "tue"], ["mon"], Fraction(1, 2)),
    ],
)
def test_figures_are_frozen_by_the_calendar_that_is_nearest(
    baselines: list[str] | None, initiatives: list[str] | None, portfolios: list[str] | None, share: Fraction
):
    """The baseline's, or else the initiative's, or else the portfolio's; else every day counts. From a Friday to a Tuesday."""
    of_plan, own, shared = (calendar(*days) if days else None for days in (baselines, initiatives, portfolios))
    opened = fact("portfolio-opened.v1", "portfolio/acme", by="ines", name="Acme", currency="EUR", calendar=shared)
    plan = planned(part("wp3", budget=300, start="2026-03-27", finish="2026-03-31"), calendar=of_plan)
    rules = Rules()
    told(rules, opened, proposed(calendar=own), life("approved"), life("activated", at=2), CONCEIVED, plan, approved())
    told(rules, started("wp3"), transition("wp3", cut_over="2026-03-30"), AGREED)
    (frozen,) = [one.data for one in rules.recorded if isinstance(one.data, BaselineFrozen)]
    assert frozen.pv.minor == 300 * share


def test_a_transition_that_would_lose_something_is_refused():
    """An open change, a forgotten work package, what has ended, a second time, and costs after it."""
    rules = Rules()
    project(rules)
    assert outcome(rules.submit(transition("wp3"))) == refused("UNACCOUNTED_SCOPE")
    waiting = rules.copy()
    told(waiting, raised())
    assert outcome(waiting.submit(transition("wp3", "wp4"))) == refused("OPEN_CHANGE_REQUEST")
    cancelled = rules.copy()
    told(cancelled, life("cancelled", at=9))
    assert outcome(cancelled.submit(transition("wp3", "wp4"))) == refused("ENDED")
    told(rules, transition("wp3", "wp4"), AGREED)
    assert outcome(rules.submit(transition("wp3", "wp4"))) == refused("ENDED")
    assert outcome(rules.submit(AGREED)) == refused("ENDED")
    assert outcome(rules.submit(posted(1, APOLLO))) == refused("ENDED")
    assert outcome(rules.submit(posted(1, NINE))) == RECORDED


def test_a_product_lives_on_tranches():
    """Three tranches are released and two of them spent; none is released twice, and no more than is left moves."""
    rules = Rules()
    told(rules, OPENED, proposed(), CONCEIVED)
    told(rules, released(1, 300), released(2, 300, first="2026-03-01"))
    told(rules, *(posted(minor) for minor in (90, 100, 110, 120, 100, 80)))
    assert (account(rules, PAYMENTS).spent, account(rules, PAYMENTS).released) == (600, 0)
    told(rules, released(3, 200, first="2026-03-31"))
    assert account(rules, PAYMENTS).released == 200
    assert outcome(rules.submit(released(3, 1))) == refused("TRANCHE_TWICE")
    assert outcome(rules.submit(moved(201))) == refused("OVER_BALANCE")
    told(rules, moved(200))
    assert (account(rules, PAYMENTS).released, account(rules, APOLLO).released) == (0, 200)
