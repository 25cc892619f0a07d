"""What change is for: benefits with a target, measured long after what they were promised for has ended; and objectives."""

from dataclasses import dataclass

from portfolio_deploy.demo import people
from portfolio_deploy.demo.strands.opening import SOURCE
from portfolio_deploy.demo.telling import Data, Strand


@dataclass(frozen=True, kw_only=True)
class Benefit:
    """A benefit: of whom, in which unit, from which value to which by which month, and what was measured when, and how.

    `came` names the month in which it was called realised; `failed` that in which it was given up, and why.
    """

    id: str
    member: str
    since: float
    title: str
    kind: str
    unit: str
    owner: str
    start: str
    target: str
    due: int
    measured: tuple[tuple[float, str], ...]
    method: str
    came: float | None = None
    failed: tuple[float, str] | None = None


_BENEFITS = (
    Benefit(
        id="B-1",
        member="initiative/atlas",
        since=1.5,
        title="No mainframe",
        kind="cash",
        unit="EUR/year",
        owner="p-otto",
        start="1900000",
        target="350000",
        due=30,
        measured=((12.4, "1930000"), (18.3, "1760000"), (23.2, "1610000")),
        method="Invoices of the last twelve months.",
    ),
    Benefit(
        id="B-2",
        member="initiative/atlas",
        since=1.5,
        title="Weeks until a new tariff is sold",
        kind="non_cash",
        unit="weeks",
        owner="p-otto",
        start="46",
        target="8",
        due=28,
        measured=((23.4, "31"),),
        method="From the actuary's paper to the first policy.",
    ),
    Benefit(
        id="B-3",
        member="initiative/harbour-exit",
        since=5.1,
        title="No lease at the harbour",
        kind="cash",
        unit="EUR/year",
        owner="p-greet",
        start="410000",
        target="0",
        due=15,
        measured=((13.2, "205000"), (15.6, "0")),
        method="The landlord's invoices.",
        came=15.9,
    ),
    Benefit(
        id="B-4",
        member="initiative/self-service",
        since=4.0,
        title="Small claims paid within two days",
        kind="non_cash",
        unit="per cent",
        owner="p-greet",
        start="4",
        target="50",
        due=23,
        measured=((10.3, "6"), (13.3, "17"), (16.3, "31"), (19.3, "44"), (22.3, "53")),
        method="From the day of the claim to that of the payment, counted by the claims system.",
        came=22.8,
    ),
    Benefit(
        id="B-5",
        member="initiative/self-service",
        since=4.0,
        title="Calls about claims saved",
        kind="cash",
        unit="EUR/year",
        owner="p-greet",
        start="0",
        target="260000",
        due=22,
        measured=((14.3, "12000"), (18.3, "31000"), (21.3, "28000")),
        method="Calls by reason, at 7 euros each.",
        failed=(22.1, "Whoever claims without paper calls to hear that it has arrived. The calls are shorter, not fewer."),
    ),
    Benefit(
        id="B-6",
        member="product/payments",
        since=2.2,
        title="Days until a premium is on our account",
        kind="cash",
        unit="days",
        owner="p-eva",
        start="9",
        target="2",
        due=22,
        measured=((6.3, "8.5"), (12.3, "5"), (18.3, "3"), (22.4, "2.5")),
        method="Mean of a month, from the bank's statements.",
    ),
    Benefit(
        id="B-7",
        member="product/portal",
        since=5.4,
        title="Changes of address that nobody has to type",
        kind="non_cash",
        unit="per cent",
        owner="p-kim",
        start="11",
        target="70",
        due=20,
        measured=((9.3, "24"), (14.3, "48"), (19.3, "72")),
        method="Of all changes of a month.",
        came=19.8,
    ),
    Benefit(
        id="B-8",
        member="initiative/partner-shop",
        since=15.0,
        title="Policies sold by partners",
        kind="cash",
        unit="policies/month",
        owner="p-otto",
        start="0",
        target="1200",
        due=27,
        measured=((20.3, "140"), (22.3, "310"), (23.6, "405")),
        method="Counted by the policy system.",
    ),
)

Result = tuple[str, str, str, str, str, tuple[tuple[float, str], ...]]
"""A key result: its name and title, from where to where in which unit, and what was measured in which month."""

_OBJECTIVES: tuple[tuple[str, float, str, str, str, tuple[Result, ...]], ...] = (
    (
        "paid-in-time",
        8.2,
        "Nobody waits for our money",
        "product/payments",
        "p-eva",
        (
            ("refunds", "Refunds within a day", "35", "90", "per cent", ((9.9, "52"), (11.8, "71"), (13.9, "88"))),
            ("complaints", "Complaints about payments", "140", "40", "a month", ((9.9, "120"), (11.8, "66"), (13.9, "51"))),
        ),
    ),
    (
        "portal-first",
        14.1,
        "The portal is the first thing that a customer thinks of",
        "product/portal",
        "p-kim",
        (
            ("logins", "Customers who have logged in this year", "31", "50", "per cent", ((16.9, "36"), (19.8, "39"))),
            ("finished", "What is begun is finished there", "58", "80", "per cent", ((16.9, "69"), (19.8, "77"))),
        ),
    ),
    (
        "claims-alone",
        20.1,
        "A small claim is nobody's work",
        "product/claims",
        "p-lotte",
        (
            ("untouched", "Claims that no clerk has seen", "38", "60", "per cent", ((21.9, "41"), (23.5, "47"))),
            ("asked-back", "Claims that are asked back about", "29", "10", "per cent", ((21.9, "22"), (23.5, "17"))),
        ),
    ),
    (
        "safe-roll-out",
        21.1,
        "No branch loses a day by the new policy system",
        "initiative/atlas",
        "p-otto",
        (("days", "Days lost in the pilot branch", "5", "0", "days", ((22.9, "2"),)),),
    ),
)


def tell(strand: Strand) -> None:
    """Tell every benefit and every objective."""
    for benefit in _BENEFITS:
        _tell_benefit(strand, benefit)
    for name, since, title, member, owner, results in _OBJECTIVES:
        _tell_objective(strand, (name, since, title, member, owner), results)


def _tell(
    strand: Strand, months: float, kind: str, subject: str, actor: str, data: Data | None = None, why: str | None = None
) -> None:
    at = strand.during(strand.days.at(months))
    strand.tell(at, f"{kind}.v1", subject, actor, data, source=SOURCE, reason=why)


def _tell_benefit(strand: Strand, one: Benefit) -> None:
    subject, at = f"benefit/{one.id}", strand.days.at
    data: Data = {"member": one.member, "title": one.title, "owner": one.owner, "kind": one.kind, "unit": one.unit}
    _tell(strand, one.since, "benefit.benefit-identified", subject, people.OFFICE, data)
    base: Data = {"value": one.start, "date": at(one.since).isoformat()}
    _tell(strand, one.since + 0.2, "benefit.benefit-baseline-set", subject, people.OFFICE, base)
    target: Data = {"value": one.target, "date": at(one.due).isoformat(), "proposed_by": one.owner}
    _tell(strand, one.since + 0.4, "benefit.benefit-target-set", subject, people.BOARD, target)
    for months, value in one.measured:
        measured: Data = {"value": value, "date": at(months).isoformat(), "method": one.method}
        _tell(strand, months, "benefit.benefit-measured", subject, people.FINANCE, measured)
    if one.came is not None:
        _tell(strand, one.came, "benefit.benefit-realised", subject, people.FINANCE)
    if one.failed is not None:
        months, why = one.failed
        _tell(strand, months, "benefit.benefit-not-realised", subject, people.FINANCE, why=why)


def _tell_objective(strand: Strand, head: tuple[str, float, str, str, str], results: tuple[Result, ...]) -> None:
    name, since, title, member, owner = head
    subject, begins = f"objective/{name}", strand.days.at(since)
    cycle = f"{begins.year}-H{1 if begins.month <= 6 else 2}"
    data: Data = {"title": title, "cycle": cycle, "member": member, "owner": owner}
    _tell(strand, since, "objective.objective-set", subject, owner, data)
    for result, what, start, target, unit, measured in results:
        data = {"key_result": result, "title": what, "start": start, "target": target, "unit": unit}
        _tell(strand, since + 0.2, "objective.key-result-set", subject, owner, data)
        for months, value in measured:
            data = {"key_result": result, "value": value, "date": strand.days.at(months).isoformat()}
            _tell(strand, months, "objective.key-result-measured", subject, owner, data)
