"""How a member gets its money: an initiative asks for it once, a product is given some each quarter."""

from datetime import date, timedelta

from portfolio_deploy.demo import days, people
from portfolio_deploy.demo.strands.opening import SOURCE
from portfolio_deploy.demo.telling import RECORDED, Data, Strand, money

_QUARTER = timedelta(days=91)


def grant(
    strand: Strand,
    initiative: str,
    day: date,
    asked_by: str,
    units: int,
    purpose: str,
    conditions: str,
    *,
    number: int = 1,
    decided_after: int = 8,
    change_request: str | None = None,
) -> None:
    """Tell how an initiative asks for money, is granted it some working days later, and has all of it released.

    What is asked for after the first time rests on a change request.
    """
    member, request = f"initiative/{initiative}", f"funding/{initiative}-request-{number}"
    asked: Data = {"member": member, "amount": money(units), "purpose": purpose}
    strand.tell(strand.during(day), "funding.funding-requested.v1", request, asked_by, asked, source=SOURCE)
    decided = days.add_workdays(day, decided_after)
    granted: Data = {"request": request, "amount": money(units), "conditions": conditions}
    at = strand.during(decided, 9, 12)
    strand.tell(at, "funding.funding-approved.v1", request, people.BOARD, granted, source=SOURCE)
    until = decided + 6 * _QUARTER
    release(strand, member, decided, number, units, proposed_by=asked_by, until=until, change_request=change_request)


def release(
    strand: Strand,
    member: str,
    day: date,
    number: int,
    units: int,
    *,
    proposed_by: str,
    until: date | None = None,
    change_request: str | None = None,
    expected: str = RECORDED,
) -> None:
    """Tell that a tranche is released, at half past twelve: for a quarter, if nothing else is said."""
    data: Data = {
        "member": member,
        "tranche_no": number,
        "amount": money(units),
        "valid_from": day.isoformat(),
        "valid_to": (until or day + _QUARTER).isoformat(),
        "proposed_by": proposed_by,
    }
    if change_request is not None:
        data["change_request"] = change_request
    at = days.moment(day, 12, 30)
    subject = f"funding/{member.partition('/')[2]}"
    strand.tell(at, "funding.tranche-released.v1", subject, people.BOARD, data, source=SOURCE, expected=expected)


def release_quarterly(strand: Strand, product: str, first: date, units: int, *, proposed_by: str) -> None:
    """Tell the tranches of a product: one each quarter, from a day to the end of the story."""
    day, number = first, 1
    while day < strand.days.end:
        release(strand, f"product/{product}", day, number, units, proposed_by=proposed_by)
        day, number = days.next_workday(day + _QUARTER), number + 1
