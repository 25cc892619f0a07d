"""What may happen to money, and to the limits of a portfolio."""

from typing import Any

from msgspec.structs import replace

from tests.rules import OPENED, RECORDED, Fact, Specification, fact, flagged, refused
from tests.unit.domain.governance_specifications import CONCEIVED, answered, life, proposed, raised

APOLLO, PAYMENTS, GEMINI = "initiative/apollo", "product/payments", "initiative/gemini"
MEMBERS = (OPENED, proposed(), proposed(GEMINI), CONCEIVED)


def eur(minor: int, currency: str = "EUR"):
    """An amount."""
    return {"minor": minor, "currency": currency}


def money(what: str, subject: str = "funding/1", /, *, by: str = "ines", at: int = 5, why: str | None = "Because", **data: Any):  # noqa: ANN401  a body holds anything
    """Something happens to money."""
    return fact(f"{what}.v1", subject, by=by, at=at, why=why, **data)


def asked(member: str = APOLLO, minor: int = 100, subject: str = "funding/1"):
    """Ben asks for money."""
    return money("funding-requested", subject, by="ben", member=member, amount=eur(minor), purpose="To begin")


def granted(minor: int = 100, request: str = "funding/1", by: str = "ines"):
    """Ines grants it."""
    return money("funding-approved", by=by, request=request, amount=eur(minor))


def released(number: int = 1, minor: int = 100, member: str = PAYMENTS, first: str = "2026-01-01", **more: Any):  # noqa: ANN401  a body holds anything
    """A tranche is released."""
    body: dict[str, Any] = {"valid_from": first, "valid_to": "2026-03-31", "proposed_by": "ben", **more}
    return money("tranche-released", member=member, tranche_no=number, amount=eur(minor), **body)


def posted(minor: int = 60, member: str = PAYMENTS, **more: Any):  # noqa: ANN401  a body holds anything
    """A cost is posted."""
    body: dict[str, Any] = {"period": "2026-03", "category": "cloud", "treatment": "opex", **more}
    return fact("cost-posted.v2", "funding/1", at=6, member=member, amount=eur(minor), **body)


def accrued(minor: int = 60, member: str = PAYMENTS):
    """Something was used, without an invoice."""
    return money("cost-accrued", member=member, amount=eur(minor), period="2026-03", category="cloud")


def reversed_(kind: str, corrects: int, minor: int = 60, member: str = PAYMENTS):
    """A posting is reversed."""
    return replace(money(kind, member=member, amount=eur(minor), period="2026-04"), corrects=corrects)


def reserved(minor: int = 40, order: str = "A-1"):
    """A part of the balance is set aside."""
    return money("funds-reserved", member=PAYMENTS, order=order, amount=eur(minor))


def cancelled(order: str = "A-1"):
    """A reservation is cancelled."""
    return money("reservation-cancelled", member=PAYMENTS, order=order)


def moved(minor: int = 100, to: str = APOLLO, source: str = PAYMENTS):
    """A balance goes to another member."""
    ends: dict[str, Any] = {"from": source, "to": to}
    return money("funds-reallocated", amount=eur(minor), proposed_by="ben", **ends)


def taken(kind: str, minor: int = 100, member: str = PAYMENTS):
    """Money goes back to the portfolio."""
    more: dict[str, Any] = {"proposed_by": "ben"} if kind == "funding-withdrawn" else {}
    return money(kind, member=member, amount=eur(minor), **more)


def books(kind: str, period: str = "2026-03"):
    """A month of the books is closed, or opened again."""
    more: dict[str, Any] = {"proposed_by": "ben"} if kind == "reopened" else {}
    return money(f"accounting-period-{kind}", period=period, **more)


def limit(minor: int, period: str = "2026-Q1"):
    """The portfolio's limit in a period."""
    return money("funding-limit-set", "portfolio/acme", fiscal_period=period, limit=eur(minor), proposed_by="ben")


def guardrail(kind: str, **limits: Any):  # noqa: ANN401  shares or amounts
    """How money should be spread."""
    return money("guardrail-set", "portfolio/acme", kind=kind, limits=limits, proposed_by="ben")


def portfolio(what: str, /, **data: Any) -> Fact:  # noqa: ANN401  a body holds anything
    """Something happens to the portfolio."""
    return money(what, "portfolio/acme", **data)


def ranked(after: str | None):
    """Apollo takes its place."""
    return portfolio("member-ranked", member=APOLLO, after=after)


def admitted(mode: str):
    """Apollo is admitted, by its mode."""
    return portfolio("member-admitted", member=APOLLO, mode=mode)


def scored(size: str = "5", method: str = "wsjf", value: str = "8"):
    """A member is weighed."""
    inputs = {"value": value, "time_criticality": "3", "risk_reduction": "1", "size": size}
    return portfolio("member-scored", member=APOLLO, method=method, wsjf=inputs, scorer="ben")


def allocated(finish: str):
    """A share of a team is intended for a member."""
    days = {"start": "2026-03-02", "finish": finish}
    return portfolio("capacity-allocated", member=APOLLO, team="team/1", share="0.5", **days)


ADMITTED = portfolio("member-admitted", member=APOLLO)
RANKED = ranked(PAYMENTS)
RELEASED = portfolio("member-released", member=APOLLO)
TEAM = fact("team-formed.v1", "team/1", at=1, name="One", kind="temporary")
FUNDED = (*MEMBERS, released())
SPENT = (*FUNDED, posted())
RETURNED = reversed_("cost-reversed", 5)
PART_SPENT = (*FUNDED, reserved(), posted(30, order="A-1"))
ENDED = life("cancelled", at=9)
CHANGE = (life("approved"), raised(), answered("approved"))
FIXED = refused("CORRECTION_FIXED")
OVER_BALANCE = refused("OVER_BALANCE")
WRONG_STATE = refused("WRONG_STATE")


def after(*facts: Fact) -> tuple[Fact, ...]:
    """The members, and what happened to them."""
    return (*MEMBERS, *facts)


REQUESTS = [
    Specification("money is asked for", MEMBERS, asked(), RECORDED),
    Specification("money is asked for once under a name", after(asked()), asked(), WRONG_STATE),
    Specification("money is asked for again when the answer is there", after(asked(), granted()), asked(), RECORDED),
    Specification("money is granted", after(asked()), granted(), RECORDED),
    Specification("money is granted by who asked", after(asked()), granted(by="ben"), refused("SELF_APPROVAL")),
    Specification("money is granted once", after(asked(), granted()), granted(), WRONG_STATE),
    Specification("granted money is released", after(asked(), granted()), released(member=APOLLO), RECORDED),
    Specification(
        "more than granted is released", after(asked(), granted(99)), released(member=APOLLO), refused("OVER_APPROVED")
    ),
    Specification("a product is funded by tranches alone", FUNDED, released(2), RECORDED),
    Specification("a tranche is released once", FUNDED, released(minor=1), refused("TRANCHE_TWICE")),
    Specification("a tranche of a day", MEMBERS, released(first="2026-03-31"), RECORDED),
    Specification("a tranche that ends before it begins", MEMBERS, released(first="2026-04-01"), refused("PLAN_ORDER")),
    Specification(
        "another tranche of a fixed budget", after(released(member=APOLLO)), released(2, member=APOLLO), refused("MODE")
    ),
    Specification(
        "another tranche of a fixed budget by a change",
        after(*CHANGE, released(member=APOLLO)),
        released(2, member=APOLLO, change_request="change-request/1"),
        RECORDED,
    ),
    Specification("as much as the limit is released", after(limit(100)), released(), RECORDED),
    Specification("more than the limit is released", after(limit(99)), released(), refused("OVER_LIMIT")),
    Specification("more than the limit of another period", after(limit(99, "2026-Q2")), released(), RECORDED),
    Specification("more than the limit of the year", after(limit(199, "2026"), released()), released(2), refused("OVER_LIMIT")),
    Specification("a limit of what is released", FUNDED, limit(100), RECORDED),
    Specification("a limit below what is released", FUNDED, limit(99), refused("OVER_LIMIT")),
    Specification("a limit of the half year", FUNDED, limit(99, "2026-H1"), refused("OVER_LIMIT")),
    Specification("a limit of the month", FUNDED, limit(99, "2026-01"), refused("OVER_LIMIT")),
]
SPENDING = [
    Specification("all that is released is spent", FUNDED, posted(100), RECORDED),
    Specification("more than released is spent", FUNDED, posted(101), flagged("OVERSPENT")),
    Specification("a cost is corrected", SPENT, replace(posted(100), corrects=5), RECORDED),
    Specification("a cost is corrected to more than there is", SPENT, replace(posted(101), corrects=5), flagged("OVERSPENT")),
    Specification("a cost stays with its member", SPENT, replace(posted(member=APOLLO), corrects=5), FIXED),
    Specification("a cost is reversed", SPENT, RETURNED, RECORDED),
    Specification(
        "a cost is reversed once",
        (*SPENT, RETURNED),
        RETURNED,
        refused("CORRECTS_TWICE"),
    ),
    Specification("more than a cost is reversed", SPENT, reversed_("cost-reversed", 5, 61), refused("OVER_ORIGINAL")),
    Specification("a cost of another member is reversed", SPENT, reversed_("cost-reversed", 5, member=APOLLO), FIXED),
    Specification("a reversal of nothing", SPENT, replace(RETURNED, corrects=None), refused("CORRECTS_UNKNOWN")),
    Specification("an accrual", FUNDED, accrued(100), RECORDED),
    Specification("an accrual above what is released", FUNDED, accrued(101), flagged("OVERSPENT")),
    Specification("an accrual is corrected", (*FUNDED, accrued()), replace(accrued(50), corrects=5), RECORDED),
    Specification("an accrual stays with its member", (*FUNDED, accrued()), replace(accrued(member=APOLLO), corrects=5), FIXED),
    Specification("an accrual is reversed", (*FUNDED, accrued()), reversed_("accrual-reversed", 5), RECORDED),
    Specification(
        "more than an accrual is reversed", (*FUNDED, accrued()), reversed_("accrual-reversed", 5, 61), refused("OVER_ORIGINAL")
    ),
    Specification(
        "an accrual of another member is reversed", (*FUNDED, accrued()), reversed_("accrual-reversed", 5, member=APOLLO), FIXED
    ),
    Specification("a cost is no accrual", SPENT, reversed_("accrual-reversed", 5), refused("CORRECTS_UNKNOWN")),
    Specification("all of the balance is reserved", FUNDED, reserved(100), RECORDED),
    Specification("more than the balance is reserved", FUNDED, reserved(101), OVER_BALANCE),
    Specification("what is reserved is not there", (*FUNDED, reserved()), reserved(61, "A-2"), OVER_BALANCE),
    Specification("an order is reserved for once", (*FUNDED, reserved()), reserved(1), refused("ORDER_TWICE")),
    Specification(
        "an order is reserved for again after it is spent", (*FUNDED, reserved(), posted(40, order="A-1")), reserved(1), RECORDED
    ),
    Specification("a reservation is spent", (*FUNDED, reserved()), posted(100, order="A-1"), RECORDED),
    Specification("what is left of a reservation returns", PART_SPENT, cancelled(), RECORDED),
    Specification("and can be reserved", (*PART_SPENT, cancelled()), reserved(70), RECORDED),
    Specification("but not more", (*PART_SPENT, cancelled()), reserved(71), OVER_BALANCE),
    Specification("a reservation that is none", FUNDED, cancelled(), refused("UNKNOWN_ORDER")),
]
MOVES = [
    Specification("all of a balance goes to another", FUNDED, moved(), RECORDED),
    Specification("more than a balance goes to another", FUNDED, moved(101), OVER_BALANCE),
    Specification("a balance goes nowhere", FUNDED, moved(to=PAYMENTS), refused("SAME_ACCOUNT")),
    Specification("a balance goes to what has ended", (*FUNDED, ENDED), moved(), refused("ENDED")),
    Specification(
        "a balance goes to another currency",
        (OPENED, proposed(), proposed(GEMINI, currency="USD"), CONCEIVED, released()),
        moved(to=GEMINI),
        refused("CURRENCY"),
    ),
    *(
        specification
        for kind in ("funding-withdrawn", "funding-returned")
        for specification in (
            Specification(f"all of a balance: {kind}", FUNDED, taken(kind), RECORDED),
            Specification(f"more than a balance: {kind}", FUNDED, taken(kind, 101), OVER_BALANCE),
            Specification(
                f"what is granted and not released: {kind}", after(asked(), granted()), taken(kind, 100, APOLLO), RECORDED
            ),
            Specification(f"of what has ended: {kind}", after(asked(), granted(), ENDED), taken(kind, 100, APOLLO), RECORDED),
        )
    ),
    Specification("a month is closed", MEMBERS, books("closed"), RECORDED),
    Specification("a month is closed once", after(books("closed")), books("closed"), WRONG_STATE),
    Specification("a month is opened again", after(books("closed")), books("reopened"), RECORDED),
    Specification("an open month", MEMBERS, books("reopened"), WRONG_STATE),
    Specification("a cost in a month that was opened again", (*FUNDED, books("closed"), books("reopened")), posted(), RECORDED),
    Specification("a cost in the next month", (*FUNDED, books("closed")), posted(period="2026-04"), RECORDED),
    Specification(
        "a rule of capitalisation",
        MEMBERS,
        money("capitalisation-set", member=PAYMENTS, capitalised=["feature"], rule="New"),
        RECORDED,
    ),
    Specification(
        "a forecast of what is spent",
        MEMBERS,
        money("run-rate-forecast", member=PAYMENTS, monthly=eur(100), start="2026-04", basis="Three months"),
        RECORDED,
    ),
]
MEMBERSHIP = [
    Specification("shares that add up to all", MEMBERS, guardrail("work_type", feature="0.6", debt="0.4"), RECORDED),
    Specification("shares of more than all", MEMBERS, guardrail("horizon", now="0.6", next="0.5"), refused("GUARDRAIL")),
    Specification("shares that are amounts", MEMBERS, guardrail("work_type", feature=eur(1)), refused("GUARDRAIL")),
    Specification("an amount for epics", MEMBERS, guardrail("epic_threshold", epic=eur(1)), RECORDED),
    Specification("a share for epics", MEMBERS, guardrail("epic_threshold", epic="0.5"), refused("GUARDRAIL")),
    Specification("an amount for something else", MEMBERS, guardrail("epic_threshold", story=eur(1)), refused("GUARDRAIL")),
    Specification("a member is admitted", MEMBERS, ADMITTED, RECORDED),
    Specification("a member is admitted once", after(ADMITTED), ADMITTED, refused("ALREADY_MEMBER")),
    Specification("a member of its mode", MEMBERS, admitted("waterfall"), RECORDED),
    Specification("a member of another mode", MEMBERS, admitted("agile"), refused("MODE")),
    Specification("a member is first", after(ADMITTED), ranked(None), RECORDED),
    Specification("a member follows another", after(ADMITTED, portfolio("member-admitted", member=PAYMENTS)), RANKED, RECORDED),
    Specification("a member follows what is none", after(ADMITTED), RANKED, refused("NOT_MEMBER")),
    Specification(
        "a member follows itself",
        after(ADMITTED),
        portfolio("member-ranked", member=APOLLO, after=APOLLO),
        refused("AFTER_ITSELF"),
    ),
    Specification("what is no member has no rank", MEMBERS, ranked(None), refused("NOT_MEMBER")),
    Specification("a member is weighed", MEMBERS, scored(), RECORDED),
    Specification("a member is weighed by another scale", MEMBERS, scored(value="9"), flagged("UNUSUAL_SCORE")),
    Specification("a job without size", MEMBERS, scored("0"), refused("SCORE_SIZE")),
    Specification("inputs of another method", MEMBERS, scored(method="npv"), refused("SCORE_INPUTS")),
    Specification(
        "a value that is lost",
        MEMBERS,
        portfolio("member-scored", member=APOLLO, method="npv", npv=eur(-1), scorer="ben"),
        RECORDED,
    ),
    Specification("a review", MEMBERS, portfolio("review-held", attendees=["ines"]), RECORDED),
    Specification("a share of a team for a day", after(TEAM), allocated("2026-03-02"), RECORDED),
    Specification("a share of a team until before it begins", after(TEAM), allocated("2026-03-01"), refused("PLAN_ORDER")),
    Specification("a member is released", after(ADMITTED), RELEASED, RECORDED),
    Specification("a member is released after its end", after(ADMITTED, ENDED), RELEASED, RECORDED),
    Specification("what is no member is not released", MEMBERS, RELEASED, refused("NOT_MEMBER")),
    Specification("a portfolio ends", after(ADMITTED, RELEASED), portfolio("portfolio-closed"), RECORDED),
    Specification("a portfolio ends with members", after(ADMITTED), portfolio("portfolio-closed"), refused("STILL_MEMBERS")),
    Specification("nothing happens after a portfolio's end", after(portfolio("portfolio-closed")), asked(), refused("ENDED")),
]

SPECIFICATIONS = [*REQUESTS, *SPENDING, *MOVES, *MEMBERSHIP]
