"""The chronicle of money: what corrections do in open and closed months, and accounts that are those of the ledger."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio_ledger.domain import accounts
from portfolio_projector.read_models.money import sums
from portfolio_projector.read_models.money.fold import MONEY
from portfolio_projector.read_models.money.state import Account, Money
from tests.histories import History, history_of
from tests.unit.domain import transition_specifications as transitions
from tests.unit.domain.test_conservation import MONEY as MOVES
from tests.unit.domain.test_conservation import walked

APOLLO = "initiative/apollo"
MEMBERS = (transitions.APOLLO, transitions.PAYMENTS, transitions.LETTERS)


def told(history: History, scope: str = APOLLO) -> Money:
    """The state after a history."""
    state = Money(scope=scope)
    for fact in history.facts():
        if fact.type in MONEY.types:
            MONEY.fold(state, fact)
    return state


def post(history: History, minor: int, period: str, *, day: str, kind: str = "cost-posted.v2", **attributes: Any) -> int:  # noqa: ANN401  an envelope
    """Post, accrue or reverse, and return the entry."""
    data: dict[str, Any] = {"member": APOLLO, "amount": {"minor": minor, "currency": "EUR"}, "period": period}
    if kind.startswith("cost-posted"):
        data |= {"category": "labour", "treatment": "opex", "work_type": attributes.pop("work_type", None)}
    elif kind.startswith("cost-accrued"):
        data |= {"category": "labour"}
    name = kind if "." in kind else f"{kind}.v1"
    return history.add(f"funding.{name}", "funding/apollo", data, time=f"{day}T12:00:00Z", **attributes).entry


def close(history: History, period: str, *, what: str = "closed") -> None:
    """Close a month of the books, or open it again."""
    data = {"period": period} | ({"proposed_by": "ann"} if what == "reopened" else {})
    history.add(f"funding.accounting-period-{what}", "funding/books", data, reason="End of month")


def shown(account: Account) -> list[tuple[int, str, str]]:
    """Amount, day and month of the books of each posting, in the order of their times."""
    return sorted((one.minor, f"{one.time:%m-%d}", one.period) for one in account.postings)


def test_a_correction_in_an_open_month_takes_the_place_of_the_first():
    """The cost was always the corrected one: its amount and month of the books, at the time of the original."""
    history = History("acme")
    wrong = post(history, 100, "2026-02", day="2026-02-10")
    better = post(history, 90, "2026-02", day="2026-03-01", corrects=wrong)
    post(history, 80, "2026-03", day="2026-03-02", corrects=better)
    assert shown(told(history).of(APOLLO)) == [(80, "02-10", "2026-03")]


def test_a_correction_in_a_closed_month_shows_its_difference_in_its_own():
    """What stands in closed books stays; the correction takes it back and posts anew in its own month and at its own time."""
    history = History("acme")
    wrong = post(history, 100, "2026-02", day="2026-02-10", work_type="debt")
    close(history, "2026-02")
    better = post(history, 90, "2026-03", day="2026-03-05", corrects=wrong, work_type="feature")
    account = told(history).of(APOLLO)
    assert shown(account) == [(-100, "03-05", "2026-03"), (90, "03-05", "2026-03"), (100, "02-10", "2026-02")]
    assert sums.by_key(account.postings, lambda one: one.period) == {"2026-02": 100, "2026-03": -10}
    assert sums.by_key(account.postings, lambda one: one.work_type) == {"debt": 0, "feature": 90}
    post(history, 70, "2026-03", day="2026-03-06", corrects=better)
    assert sums.by_key(told(history).of(APOLLO).postings, lambda one: one.period) == {"2026-02": 100, "2026-03": -30}
    close(history, "2026-03")
    post(history, 75, "2026-04", day="2026-04-06", corrects=wrong)
    assert sums.by_key(told(history).of(APOLLO).postings, lambda one: one.period) == {
        "2026-02": 100,
        "2026-03": -30,
        "2026-04": 5,
    }


def test_a_month_that_was_reopened_takes_corrections_again():
    """As if it had never been closed."""
    history = History("acme")
    wrong = post(history, 100, "2026-02", day="2026-02-10")
    close(history, "2026-02")
    close(history, "2026-02", what="reopened")
    post(history, 90, "2026-02", day="2026-03-05", corrects=wrong)
    assert shown(told(history).of(APOLLO)) == [(90, "02-10", "2026-02")]


def test_what_is_reversed_counts_until_then():
    """A cost or an accrual is spent from its time on, and a reversal takes back what it says, at its own."""
    history = History("acme")
    cost = post(history, 100, "2026-02", day="2026-02-10", work_type="risk")
    accrual = post(history, 40, "2026-02", day="2026-02-20", kind="cost-accrued")
    post(history, 40, "2026-03", day="2026-03-10", kind="accrual-reversed", corrects=accrual)
    post(history, 30, "2026-03", day="2026-03-11", kind="cost-reversed", corrects=cost, reason="Another's")
    account = told(history).of(APOLLO)
    by_day = [sums.spent(account, lambda time, day=day: time <= datetime(2026, *day, tzinfo=UTC)) for day in
              ((2, 10), (2, 11), (2, 21), (3, 11), (3, 12))]  # fmt: skip
    assert by_day == [0, 100, 140, 100, 70]
    assert sums.by_key(account.postings, lambda one: one.work_type) == {"risk": 70}


def test_a_state_of_one_member_knows_no_other():
    """What another gives to it is its own; what the other spends is not."""
    history = History("acme")
    data = {"from": "product/payments", "to": APOLLO, "amount": {"minor": 5, "currency": "EUR"}, "proposed_by": "ann"}
    history.add("funding.funds-reallocated", "funding/1", data, reason="More needed there")
    assert {APOLLO} == told(history).accounts.keys()
    assert tuple(sums.balances(told(history, "").of(member)).balance for member in (APOLLO, "product/payments")) == (5, -5)


@settings(max_examples=50, deadline=None)
@given(st.lists(MOVES, max_size=30))
def test_the_accounts_are_those_of_the_ledger(submitted: list[Any]):
    """After anything that the rules let happen, folded for all members or for each alone, and from a snapshot too."""
    rules = walked(submitted)
    history = history_of(rules)
    everyone = told(history, "")
    assert everyone == MONEY.thaw(MONEY.freeze(everyone))
    for member in MEMBERS:
        ledger = accounts.of(rules.states, member)
        found = sums.balances(everyone.of(member))
        assert (ledger.approved, ledger.released, ledger.reserved, ledger.spent) == (
            found.approved,
            found.balance,
            found.reserved,
            found.spent,
        )
        assert told(history, member).of(member) == everyone.of(member)


def test_a_difference_is_not_there_before_the_cost_that_it_differs_from():
    """A correction in a closed month may say that it was true before: nothing was spent by then, so nothing was wrong."""
    history = History("acme")
    wrong = post(history, 100, "2026-02", day="2026-02-10")
    close(history, "2026-02")
    post(history, 90, "2026-03", day="2026-01-05", corrects=wrong)
    money = told(history)
    spent = [sums.spent(sums.held_by(money, datetime(2026, *day, tzinfo=UTC)).of(APOLLO)) for day in ((1, 31), (2, 11))]
    assert spent == [0, 90]


def test_a_day_sees_what_was_true_by_its_end_and_known_since():
    """A correction in an open month moves the past, one in a closed month does not; what is reversed later counts until then."""
    history = History("acme")
    first = post(history, 100, "2026-02", day="2026-02-10")
    close(history, "2026-02")
    post(history, 90, "2026-03", day="2026-03-05", corrects=first)
    second = post(history, 50, "2026-03", day="2026-03-10")
    post(history, 40, "2026-03", day="2026-04-20", corrects=second)
    accrual = post(history, 7, "2026-03", day="2026-03-12", kind="cost-accrued")
    post(history, 7, "2026-04", day="2026-04-02", kind="accrual-reversed", corrects=accrual)
    money = told(history)
    spent = {
        day: sums.spent(sums.held_by(money, datetime.fromisoformat(f"2026-{day}T23:59:59Z")).of(APOLLO))
        for day in ("02-09", "02-28", "03-05", "03-11", "03-31", "04-30")
    }
    assert spent == {"02-09": 0, "02-28": 100, "03-05": 90, "03-11": 130, "03-31": 137, "04-30": 130}
    assert sums.spent(money.of(APOLLO)) == 130


def test_a_day_sees_the_books_and_reservations_as_they_were_by_its_end():
    """What was closed, reopened, reserved, spent or cancelled later is not yet; among the others the order of the log holds."""
    history = History("acme")
    days = iter(("03-01", "03-05", "03-10", "03-15", "03-20", "03-25"))

    def add(type_: str, **data: Any) -> None:  # noqa: ANN401  a body
        history.add(f"funding.{type_}", "funding/1", data, time=f"2026-{next(days)}T12:00:00Z", reason="So it is")

    eur = {"minor": 50, "currency": "EUR"}
    add("funds-reserved", member=APOLLO, order="O-1", amount=eur)
    add("accounting-period-closed", period="2026-01")
    add("accounting-period-closed", period="2026-02")
    add(
        "cost-posted.v2",
        member=APOLLO,
        amount={**eur, "minor": 20},
        period="2026-03",
        category="cloud",
        treatment="opex",
        order="O-1",
    )
    add("accounting-period-reopened", period="2026-01", proposed_by="ann")
    add("reservation-cancelled", member=APOLLO, order="O-1")
    money = told(history)
    seen = {
        day: (sorted(held.closed), held.of(APOLLO).orders)
        for day in ("02-28", "03-01", "03-05", "03-10", "03-15", "03-20", "03-25")
        for held in [sums.held_by(money, datetime.fromisoformat(f"2026-{day}T23:59:59Z"))]
    }
    assert seen == {
        "02-28": ([], {}),
        "03-01": ([], {"O-1": 50}),
        "03-05": (["2026-01"], {"O-1": 50}),
        "03-10": (["2026-01", "2026-02"], {"O-1": 50}),
        "03-15": (["2026-01", "2026-02"], {"O-1": 30}),
        "03-20": (["2026-02"], {"O-1": 30}),
        "03-25": (["2026-02"], {}),
    }
    assert (sorted(money.closed), money.of(APOLLO).orders) == (["2026-02"], {})


def test_a_reversal_is_of_the_kind_of_work_that_its_cost_turns_out_to_be():
    """Whichever came first, in an open month or a closed one; months add up to what is left of the cost."""
    for is_closed in (False, True):
        history = History("acme")
        cost = post(history, 100, "2026-02", day="2026-02-10", work_type="debt")
        post(history, 30, "2026-03", day="2026-03-01", kind="cost-reversed", corrects=cost, reason="Another's")
        if is_closed:
            close(history, "2026-02")
        better = post(history, 90, "2026-03", day="2026-03-05", corrects=cost, work_type="feature")
        post(history, 10, "2026-03", day="2026-03-06", kind="cost-reversed", corrects=cost, reason="Another's")
        post(history, 80, "2026-03", day="2026-03-07", corrects=better, work_type="risk")
        account = told(history).of(APOLLO)
        by_work = sums.by_key(account.postings, lambda one: one.work_type)
        assert {work: minor for work, minor in by_work.items() if minor} == {"risk": 40}
        by_month = sums.by_key(account.postings, lambda one: one.period)
        assert by_month == ({"2026-02": 100, "2026-03": -60} if is_closed else {"2026-03": 40})
        assert account == told(history, "").of(APOLLO)
