"""What the books post: month by month, in the first days of the month after, each voucher with its number."""

from collections.abc import Callable
from datetime import date

from portfolio_deploy.demo import people
from portfolio_deploy.demo.telling import RECORDED, Data, Strand, Told, money

SOURCE = "/demo/books"

_OLD_INTERFACE_MONTHS = 5
"""In the first months the books still speak the older version of their interface."""


def post(
    strand: Strand,
    member: str,
    month: int,
    category: str,
    amount: float,
    *,
    treatment: str = "opex",
    work_type: str | None = None,
    currency: str = "EUR",
    day: date | None = None,
    order: str | None = None,
    corrects: Told | None = None,
    expected: str = RECORDED,
) -> Told:
    """Post a cost of a month, on a day (a few working days after the month's end where none is given)."""
    at = strand.during(day or strand.days.workday(month + 1, 2 + strand.chance.randrange(4)))
    data: Data = {
        "member": member,
        "amount": money(round(amount), currency),
        "period": f"{strand.days.month(month):%Y-%m}",
        "category": category,
        "treatment": treatment,
    }
    if work_type is not None:
        data["work_type"] = work_type
    if order is not None:
        data["order"] = order
    version = 1
    if month >= _OLD_INTERFACE_MONTHS:
        version = 2
        data["document"] = f"V-{at:%Y}-{strand.chance.randrange(10_000, 100_000)}"
    return strand.tell(
        at,
        f"funding.cost-posted.v{version}",
        f"funding/{member.partition('/')[2]}",
        people.BOOKS,
        data,
        source=SOURCE,
        corrects=corrects,
        expected=expected,
    )


_KINDS = (("feature", 0.58), ("defect", 0.2), ("debt", 0.14), ("risk", 0.08))


def by_kind(strand: Strand, member: str, months: range, amount: Callable[[int], float]) -> None:
    """Post the labour of a product for each of these months, by the kind of work, which differs from month to month."""
    for month in months:
        for kind, share in _KINDS:
            wobble = (80 + strand.chance.randrange(41)) / 100
            treatment = "capex" if kind == "feature" else "opex"
            post(strand, member, month, "labour", amount(month) * share * wobble, treatment=treatment, work_type=kind)


def monthly(
    strand: Strand,
    member: str,
    months: range,
    category: str,
    amount: Callable[[int], float],
    *,
    treatment: str = "opex",
    work_type: str | None = None,
) -> None:
    """Post a cost for each of these months, give or take a twentieth."""
    for month in months:
        share = (95 + strand.chance.randrange(11)) / 100
        post(strand, member, month, category, amount(month) * share, treatment=treatment, work_type=work_type)
