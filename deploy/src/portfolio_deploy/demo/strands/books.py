"""The books of the whole portfolio: months that are closed, what comes too late for them, what is moved from one to another."""

from datetime import date

from portfolio_deploy.demo import days, people
from portfolio_deploy.demo.strands import costs
from portfolio_deploy.demo.telling import RECORDED, Data, Strand, Told, money

SOURCE = costs.SOURCE
_REOPENED = 5
"""One month of the books was closed too early."""


def tell(strand: Strand) -> None:
    """Tell how months are closed, and what is not as simple as that."""
    for month in range(days.MONTHS):
        period = _period(strand, month)
        _tell(strand, strand.days.workday(month + 1, 11), "accounting-period-closed", "books", {"period": period})
    _reopen(strand)
    _correct(strand)
    _accrue(strand)
    _move(strand)
    _expect(strand)


def _tell(
    strand: Strand,
    day: date,
    kind: str,
    account: str,
    data: Data,
    *,
    actor: str = people.BOOKS,
    reason: str | None = None,
    corrects: Told | None = None,
    expected: str = RECORDED,
    hour: int = 18,
) -> Told:
    at = days.moment(day, hour, strand.chance.randrange(60))
    return strand.tell(
        at,
        f"funding.{kind}.v1",
        f"funding/{account}",
        actor,
        data,
        source=SOURCE,
        reason=reason,
        corrects=corrects,
        expected=expected,
    )


def _period(strand: Strand, month: int) -> str:
    return f"{strand.days.month(month):%Y-%m}"


def _reopen(strand: Strand) -> None:
    """Tell how a month is opened once more for an invoice of the year before, and closed again."""
    period, day = _period(strand, _REOPENED), strand.days.workday(_REOPENED + 1, 14)
    why = "The cloud provider has sent the invoice of the last quarter a second time, and this time a right one."
    data: Data = {"period": period, "proposed_by": people.BOOKS}
    _tell(strand, day, "accounting-period-reopened", "books", data, actor=people.FINANCE, reason=why, hour=9)
    costs.post(strand, "product/payments", _REOPENED, "cloud", 2_310, day=days.add_workdays(day, 1))
    _tell(strand, days.add_workdays(day, 2), "accounting-period-closed", "books", {"period": period})


def _correct(strand: Strand) -> None:
    """Tell a cost in a closed month that is corrected in an open one, twice; and one that comes too late for its month."""
    post, at = costs.post, strand.days.workday
    member = "product/portal"
    wrong = post(strand, member, 6, "vendor", 31_400, day=at(7, 4))
    better = post(strand, member, 8, "vendor", 13_400, day=at(8, 13), corrects=wrong)
    post(strand, member, 9, "vendor", 13_040, day=at(9, 13), corrects=better)
    post(strand, "product/payments", 14, "vendor", 4_750, day=at(16, 3), expected="PERIOD_CLOSED")
    post(strand, "product/payments", 15, "vendor", 4_750, day=at(16, 4))


def _accrue(strand: Strand) -> None:
    """Tell what is expected of an invoice that has not come, and that it is taken back when it has."""
    at, member = strand.days.workday, "product/payments"
    accrued: Data = {
        "member": member,
        "amount": money(5_200),
        "period": _period(strand, 7),
        "category": "vendor",
        "work_type": "risk",
        "document": "A-7001",
    }
    one = _tell(strand, at(8, 6), "cost-accrued", "payments", accrued)
    back: Data = {"member": member, "amount": money(5_200), "period": _period(strand, 8)}
    _tell(strand, at(8, 18), "accrual-reversed", "payments", back, corrects=one, reason="The invoice has come.")
    costs.post(strand, member, 8, "vendor", 5_480, day=at(8, 19), work_type="risk")
    twice = costs.post(strand, member, 6, "licence", 7_900, day=at(7, 5))
    back = {"member": member, "amount": money(7_900), "period": _period(strand, 7)}
    _tell(
        strand, at(7, 15), "cost-reversed", "payments", back, corrects=twice, reason="Posted a second time; the first was in May."
    )


def _move(strand: Strand) -> None:
    """Tell money that goes from one product to another, an order that is reserved for and spent, and one that is cancelled."""
    at = strand.days.at
    moved: Data = {"from": "product/payments", "to": "product/portal", "amount": money(40_000), "proposed_by": "p-kim"}
    why = "The log-in cannot wait for the next quarter; collections can."
    _tell(strand, at(20.4), "funds-reallocated", "payments", moved, actor=people.BOARD, reason=why)
    too_much: Data = {**moved, "amount": money(4_000_000), "from": "product/claims"}
    _tell(strand, at(20.2), "funds-reallocated", "claims", too_much, actor=people.BOARD, reason=why, expected="OVER_BALANCE")
    for months, member, order, amount in ((10.3, "portal", "4500118", 18_000), (19.3, "portal", "4500207", 9_500)):
        data: Data = {"member": f"product/{member}", "order": order, "amount": money(amount)}
        _tell(strand, at(months), "funds-reserved", member, data)
    costs.post(strand, "product/portal", 11, "vendor", 17_600, day=strand.days.workday(12, 4), order="4500118")
    cancelled: Data = {"member": "product/portal", "order": "4500207"}
    _tell(strand, at(21.4), "reservation-cancelled", "portal", cancelled)


def _expect(strand: Strand) -> None:
    """Tell what a month is expected to cost, and what of it becomes an asset."""
    at = strand.days.at
    for months, product, monthly, basis in (
        (12.4, "payments", 61_000, "Last year, and two more people in spring."),
        (12.4, "portal", 56_000, "Last year, and the new region of the cloud."),
        (18.4, "claims", 58_000, "The team as it is."),
        (22.4, "portal", 64_000, "The log-in is built anew until January."),
    ):
        day = at(months)
        data: Data = {"member": f"product/{product}", "monthly": money(monthly), "start": f"{day:%Y-%m}", "basis": basis}
        _tell(strand, day, "run-rate-forecast", product, data, actor=people.FINANCE)
    for months, product in ((1.2, "payments"), (4.3, "portal"), (18.3, "claims")):
        data = {
            "member": f"product/{product}",
            "capitalised": ["feature"],
            "rule": "New functions are an asset from the day on which customers use them; all else is spent.",
        }
        _tell(strand, at(months), "capitalisation-set", product, data, actor=people.FINANCE)
