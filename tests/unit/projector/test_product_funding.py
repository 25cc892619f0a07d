"""The money of a product: tranches in a worked example, months, guardrails, forecasts and limits."""

from datetime import date
from typing import Any

import pytest

from portfolio_projector.http.moments import Moment
from portfolio_projector.read_models.funding import answers
from portfolio_projector.read_models.funding.fold import FUNDING
from portfolio_projector.read_models.money.fold import MONEY
from tests.chronicles import state_of, whole
from tests.histories import History

PAY = "product/pay"
SPENT = {"01": 90, "02": 100, "03": 110, "04": 120, "05": 100, "06": 80}


def eur(minor: int) -> dict[str, Any]:
    """An amount."""
    return {"minor": minor, "currency": "EUR"}


class Books(History):
    """A portfolio with a product that is paid for."""

    def __init__(self) -> None:
        super().__init__("acme")
        self.add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"}, time="2024-01-01T00:00:00Z")
        self.add("product.product-conceived", PAY, {"name": "Pay", "owner": "ann"}, time="2024-01-01T00:00:00Z")

    def release(self, number: int, minor: int, first: str, last: str, *, member: str = PAY, released: str | None = None) -> None:
        """Release a tranche on its first day, or before."""
        data = {
            "member": member,
            "tranche_no": number,
            "amount": eur(minor),
            "valid_from": first,
            "valid_to": last,
            "proposed_by": "bo",
        }
        self.add("funding.tranche-released", "funding/pay", data, time=f"{released or first}T08:00:00Z")

    def spend(self, minor: int, month: str, *, member: str = PAY, **more: Any) -> int:  # noqa: ANN401  fields of a cost
        """Post a cost on the 20th of its month."""
        data = {"member": member, "amount": eur(minor), "period": month, "category": "labour", "treatment": "opex", **more}
        return self.add("funding.cost-posted.v2", "funding/pay", data, time=f"{month}-20T12:00:00Z").entry

    def told(self, today: date) -> dict[str, Any]:
        """What is told of the product's money at the end of a day."""
        facts = self.facts()
        money, rules = state_of(MONEY, facts, effective=today), state_of(FUNDING, facts, effective=today)
        told = answers.answer("pay", money, rules, Moment(0, today, settled=True), whole())
        answers.FundingAnswer.model_validate({"portfolio": "acme", "entry": 0, "settled": True, "model": "funding/1", **told})
        return told


@pytest.fixture
def books() -> Books:
    """A product that gets 300, 300 and 200 in three quarters and spends by the month, made up."""
    books = Books()
    for number, (minor, first, last) in enumerate(
        [(300, "2024-01-01", "2024-03-31"), (300, "2024-04-01", "2024-06-30"), (200, "2024-07-01", "2024-09-30")], start=1
    ):
        books.release(number, minor, first, last)
    for month, minor in SPENT.items():
        if month < "04":
            books.spend(minor, f"2024-{month}")
    for month, minor, work_type in [
        ("04", 120, "feature"), ("05", 90, "feature"), ("05", 10, "debt"),
        ("06", 20, "debt"), ("06", 30, "risk"), ("06", 30, "defect"),
    ]:  # fmt: skip
        books.spend(minor, f"2024-{month}", work_type=work_type)
    return books


def minor(metric: dict[str, Any]) -> int | None:
    """The amount of a metric."""
    return metric["value"] and metric["value"]["minor"]


@pytest.mark.parametrize(
    ("today", "released", "balance", "lasts"),
    [(date(2024, 6, 30), 600, 0, "0"), (date(2024, 7, 1), 800, 200, "2")],
)
def test_a_tranche_lasts(books: Books, today: date, released: int, balance: int, lasts: str):
    """All is spent at the end of June; the tranche of July lasts two months at the burn of the second quarter."""
    told = books.told(today)
    assert (minor(told["released"]), minor(told["spent"]), minor(told["balance"])) == (released, 600, balance)
    assert (minor(told["burn"]), told["burn"]["months"]) == (100, ["2024-04", "2024-05", "2024-06"])
    assert told["runway"]["value"] == lasts


def test_books_that_are_closed_say_which_months_count(books: Books):
    """From the first closed month on the others may lack invoices."""
    for month in ("2024-01", "2024-02", "2024-03", "2024-04"):
        books.add("funding.accounting-period-closed", "funding/books", {"period": month}, time="2024-06-10T00:00:00Z")
    burn = books.told(date(2024, 7, 1))["burn"]
    assert (minor(burn), burn["months"], burn["closed_by"]) == (110, ["2024-02", "2024-03", "2024-04"], "books")
    assert books.told(date(2024, 6, 9))["burn"]["closed_by"] == "calendar"


def test_shares_beside_a_guardrail_by_quarter(books: Books):
    """Seven tenths of the second quarter went to features, a tenth too much; a tenth too little to debt."""
    limits = {"feature": "0.6", "debt": "0.2", "risk": "0.1", "defect": "0.1"}
    for member in ({"member": PAY}, {}):
        data = {"kind": "work_type", "limits": limits, "proposed_by": "bo", **member}
        books.add("portfolio.guardrail-set", "portfolio/acme", data, time="2024-01-02T00:00:00Z")
    own, whole = books.told(date(2024, 6, 30))["guardrails"]
    assert (own["scope"], whole["scope"]) == (PAY, "portfolio")
    for guardrail in (own, whole):
        first, second = guardrail["periods"]
        assert (first["period"], first["spent"], first["without_key"]) == ("2024-Q1", 0, 300)
        assert {one["actual"]["reason"] for one in first["shares"]} == {"NO_SPEND"}
        assert {one["key"]: (one["actual"]["value"], one["deviation"]["value"], one["breach"]) for one in second["shares"]} == {
            "feature": ("0.7", "0.1", "over"),
            "debt": ("0.1", "-0.1", "under"),
            "risk": ("0.1", "0", None),
            "defect": ("0.1", "0", None),
        }


def test_a_horizon_is_that_of_the_member(books: Books):
    """What members were admitted for a horizon spent counts there; what has none is left out and said."""
    other = "initiative/apollo"
    data = {"name": "Apollo", "mode": "agile", "currency": "EUR"}
    books.add("initiative.initiative-proposed", other, data, time="2024-01-02T00:00:00Z")
    books.spend(200, "2024-05", member=other)
    books.spend(50, "2024-05", member="initiative/zeus")
    for member, horizon in ((PAY, "now"), (other, "later")):
        admitted = {"member": member, "horizon": horizon}
        books.add("portfolio.member-admitted", "portfolio/acme", admitted, time="2024-01-03T00:00:00Z")
    guardrail = {"kind": "horizon", "limits": {"now": "0.8", "later": "0.2"}, "proposed_by": "bo"}
    books.add("portfolio.guardrail-set", "portfolio/acme", guardrail, time="2024-01-04T00:00:00Z")
    (told,) = books.told(date(2024, 6, 30))["guardrails"]
    second = told["periods"][1]
    assert (second["spent"], second["without_key"]) == (500, 50)
    assert {one["key"]: one["deviation"]["value"] for one in second["shares"]} == {"now": "-0.2", "later": "0.2"}


def test_what_was_spent_for_a_horizon_stays_spent_for_it(books: Books):
    """Also when the member was released since, or admitted anew for another: a quarter that is over does not change by that."""
    steps = (("admitted", "now", "2024-02-01"), ("released", None, "2024-04-01"), ("admitted", "retiring", "2024-05-10"))
    for what, horizon, day in steps:
        data = {"member": PAY} if horizon is None else {"member": PAY, "horizon": horizon}
        books.add(f"portfolio.member-{what}", "portfolio/acme", data, time=f"{day}T00:00:00Z", reason="So it is")
    guardrail = {"kind": "horizon", "limits": {"now": "0.8"}, "proposed_by": "bo"}
    books.add("portfolio.guardrail-set", "portfolio/acme", guardrail, time="2024-01-04T00:00:00Z")
    (told,) = books.told(date(2024, 6, 30))["guardrails"]
    spent = {one["period"]: {share["key"]: share["spent"] for share in one["shares"]} for one in told["periods"]}
    assert spent == {"2024-Q1": {"now": 300}, "2024-Q2": {"now": 120, "retiring": 180}}


def test_the_amount_from_which_an_item_is_an_initiative_is_shown(books: Books):
    """It has no shares."""
    data = {"kind": "epic_threshold", "limits": {"epic": eur(25_000_000)}, "proposed_by": "bo"}
    books.add("portfolio.guardrail-set", "portfolio/acme", data, time="2024-01-04T00:00:00Z")
    (told,) = books.told(date(2024, 6, 30))["guardrails"]
    assert (told["epic"], told["periods"]) == (eur(25_000_000), [])


def test_months_show_what_came_and_went(books: Books):
    """By category, kind of work and treatment; months without anything are there."""
    books.spend(7, "2024-08", category="cloud", treatment="capex")
    accrued = {"member": PAY, "amount": eur(5), "period": "2024-08", "category": "vendor"}
    books.add("funding.cost-accrued", "funding/pay", accrued, time="2024-08-21T00:00:00Z")
    order = {"member": PAY, "order": "4500", "amount": eur(50)}
    books.add("funding.funds-reserved", "funding/pay", order, time="2024-08-22T00:00:00Z")
    told = books.told(date(2024, 9, 1))
    periods = {one["period"]: one for one in told["periods"]}
    assert list(periods) == [f"2024-0{month}" for month in range(1, 10)]
    august = periods["2024-08"]
    assert (august["spent"], august["accrued"], august["reserved"], august["released"]) == (12, 5, 50, 0)
    assert (august["by_category"]["cloud"], august["by_treatment"]["capex"], august["by_treatment"]["undecided"]) == (7, 7, 5)
    assert (periods["2024-07"]["released"], periods["2024-07"]["spent"]) == (200, 0)
    assert [one["validity"] for one in told["tranches"]] == ["over", "over", "valid"]
    assert (told["available"], told["reserved"], told["reservations"]) == (800 - 612 - 50, 50, {"4500": 50})
    assert told["totals"]["spent"] == sum(one["spent"] for one in told["periods"]) == 612


def test_what_is_released_before_its_first_day_is_upcoming(books: Books):
    """It is in the balance, and said to be for later."""
    books.release(4, 100, "2024-10-01", "2024-12-31", released="2024-07-02")
    told = books.told(date(2024, 7, 2))
    assert (minor(told["released"]), told["tranches"][-1]["validity"]) == (900, "upcoming")


def test_a_forecast_by_what_was_stated_and_by_what_was_spent(books: Books):
    """Six months are over; the other six cost 150 each by the last word for them, and 100 each by the burn."""
    for monthly, start in ((120, "2024-04"), (150, "2024-07")):
        data = {"member": PAY, "monthly": eur(monthly), "start": start, "basis": "Two more people"}
        books.add("funding.run-rate-forecast", "funding/pay", data, time="2024-06-15T00:00:00Z")
    forecast = books.told(date(2024, 7, 1))["forecast"]
    (year,) = forecast["years"]
    assert (year["period"], year["spent"]) == ("2024", 600)
    assert (minor(year["by_run_rate"]), minor(year["by_burn"])) == (600 + 6 * 150, 600 + 6 * 100)
    assert forecast["runway_by_run_rate"]["value"] == "1.3333"
    assert [one["start"] for one in forecast["rates"]] == ["2024-04", "2024-07"]


def test_without_a_stated_rate_there_is_no_forecast_by_it(books: Books):
    """Nothing stands in for what nobody said."""
    forecast = books.told(date(2024, 7, 1))["forecast"]
    assert forecast["years"][0]["by_run_rate"]["reason"] == "NO_FORECAST"
    assert forecast["runway_by_run_rate"]["reason"] == "NO_FORECAST"


def test_a_limit_is_for_all_members(books: Books):
    """Released are tranches that begin in the period, of any member; the forecast is that of all."""
    limit = {"fiscal_period": "2024-H2", "limit": eur(1000), "proposed_by": "bo"}
    books.add("portfolio.funding-limit-set", "portfolio/acme", limit, time="2024-01-05T00:00:00Z")
    books.release(1, 500, "2024-07-01", "2024-12-31", member="initiative/apollo")
    books.spend(30, "2024-07", member="initiative/apollo")
    (told,) = books.told(date(2024, 7, 31))["limits"]
    assert (told["released"], told["left"], told["spent"]) == (700, 300, 30)
    assert minor(told["forecast"]) == (0 + 5 * 60) + 6 * 30
    assert minor(told["deviation"]) == 480 - 1000


def test_towards_a_limit_months_without_a_rate_cost_what_months_cost_so_far(books: Books):
    """A rate that was stated for later months leaves the burn for those before; alone it is no forecast of them."""
    limit = {"fiscal_period": "2024-H2", "limit": eur(1000), "proposed_by": "bo"}
    books.add("portfolio.funding-limit-set", "portfolio/acme", limit, time="2024-01-05T00:00:00Z")
    rate = {"member": PAY, "monthly": eur(10), "start": "2024-10", "basis": "One person"}
    books.add("funding.run-rate-forecast", "funding/pay", rate, time="2024-06-15T00:00:00Z")
    told = books.told(date(2024, 7, 31))
    assert minor(told["limits"][0]["forecast"]) == 0 + 2 * 60 + 3 * 10
    assert told["forecast"]["years"][0]["by_run_rate"]["reason"] == "NO_FORECAST"


def test_towards_a_limit_a_member_that_had_no_money_by_then_counts_for_nothing(books: Books):
    """That it spends later does not make the forecast of that day unknown."""
    limit = {"fiscal_period": "2024-H2", "limit": eur(1000), "proposed_by": "bo"}
    books.add("portfolio.funding-limit-set", "portfolio/acme", limit, time="2024-01-05T00:00:00Z")
    before = books.told(date(2024, 7, 31))["limits"][0]["forecast"]
    books.spend(30, "2024-09", member="initiative/apollo")
    assert books.told(date(2024, 7, 31))["limits"][0]["forecast"] == before
    assert minor(before) == 5 * 60


def test_a_product_without_money_has_no_balance():
    """Not one of 0."""
    told = Books().told(date(2024, 6, 30))
    assert {told[name]["reason"] for name in ("released", "balance", "runway")} == {"NO_FUNDING"}
    assert (told["spent"]["reason"], told["burn"]["reason"], told["periods"]) == ("NO_COST", "NO_CLOSED_MONTH", [])


def test_of_money_that_came_nothing_is_spent_at_first():
    """That is known, and 0."""
    books = Books()
    books.release(1, 300, "2024-01-01", "2024-03-31")
    told = books.told(date(2024, 1, 31))
    assert (told["spent"]["value"]["minor"], told["balance"]["value"]["minor"]) == (0, 300)


def test_requests_wait_until_somebody_grants_them():
    """Less than was asked for, maybe."""
    books = Books()
    ask = {"member": PAY, "amount": eur(900), "purpose": "Cards"}
    books.add("funding.funding-requested", "funding/ask", ask, time="2024-02-01T00:00:00Z")
    waiting = books.told(date(2024, 2, 1))["requests"]
    grant = {"request": "funding/ask", "amount": eur(800), "conditions": "By summer"}
    books.add("funding.funding-approved", "funding/grant", grant, time="2024-02-02T00:00:00Z")
    granted = books.told(date(2024, 2, 2))
    assert (waiting[0]["approved"], granted["requests"][0]["approved"]) == (None, eur(800))
    assert granted["approved"] == 800


def test_what_is_told_late_does_not_take_the_place_of_what_was_said_after_it(books: Books):
    """A guardrail, a limit, a rate and a rule of January that are entered after those of March: those of March hold."""
    for month, share, minor, kind in (("03", "0.6", 900, "feature"), ("01", "0.5", 500, "debt")):
        when: dict[str, Any] = {"time": f"2024-{month}-10T12:00:00Z"}
        rail = {"kind": "work_type", "limits": {"feature": share}, "member": PAY, "proposed_by": "bo"}
        books.add("portfolio.guardrail-set", "portfolio/acme", rail, **when)
        limit = {"fiscal_period": "2024", "limit": eur(minor), "proposed_by": "bo"}
        books.add("portfolio.funding-limit-set", "portfolio/acme", limit, **when)
        rate = {"member": PAY, "monthly": eur(minor // 10), "start": "2024-01", "basis": "So far."}
        books.add("funding.run-rate-forecast", "funding/pay", rate, **when)
        rule = {"member": PAY, "capitalised": [kind], "rule": "New."}
        books.add("funding.capitalisation-set", "funding/pay", rule, **when)
    told = books.told(date(2024, 7, 1))
    (rail,) = told["guardrails"]
    shares = {one["key"]: one["target"] for one in rail["periods"][0]["shares"]}
    assert (shares["feature"], rail["set_before"]) == ("0.6", 1)
    (limit,) = told["limits"]
    assert (limit["limit"]["minor"], told["capitalisation"]["capitalised"]) == (900, ["feature"])
    assert [rate["monthly"]["minor"] for rate in told["forecast"]["rates"]] == [50, 90]
    assert told["forecast"]["runway_by_run_rate"]["value"] == "2.2222"
