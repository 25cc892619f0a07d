"""The investment board: limits and guardrails, what belongs to the portfolio and in which order, reviews and their decisions."""

import hashlib
from datetime import timedelta

from portfolio_deploy.demo import days, people
from portfolio_deploy.demo.strands.opening import SOURCE
from portfolio_deploy.demo.telling import RECORDED, Data, Strand, money

_MEMBERS = (
    (0.7, "product/payments", "product", "Money in and out", "now"),
    (0.7, "initiative/atlas", "waterfall", "One policy system", "now"),
    (3.1, "initiative/self-service", "waterfall", "Claims", "next"),
    (3.6, "product/portal", "product", "Customers by themselves", "now"),
    (4.7, "initiative/harbour-exit", "waterfall", "One policy system", "retiring"),
    (14.2, "initiative/partner-shop", "agile", "New ways to sell", "next"),
    (18.4, "product/claims", "product", "Claims", "now"),
)
_SCORES = (
    (5.9, "product/payments", (8, 8, 5, 5)),
    (5.9, "product/portal", (5, 5, 3, 5)),
    (5.9, "initiative/self-service", (13, 5, 3, 8)),
    (5.9, "initiative/atlas", (13, 13, 20, 20)),
    (14.9, "initiative/partner-shop", (8, 13, 2, 8)),
    (18.6, "product/claims", (13, 8, 3, 5)),
)
_RANKS = (
    (6.0, "initiative/atlas", None, "The law and the mainframe leave no choice."),
    (6.0, "initiative/self-service", "initiative/atlas", None),
    (6.0, "product/payments", "initiative/self-service", None),
    (6.0, "product/portal", "product/payments", None),
    (12.1, "product/payments", "initiative/atlas", "Four days without payments cost more than a month of claims on paper."),
    (15.0, "initiative/partner-shop", "product/portal", None),
    (18.7, "product/claims", "product/payments", None),
    (21.0, "product/portal", "initiative/atlas", "Everybody waits for the log-in."),
)
_DECISIONS = (
    (
        3.0,
        "two-systems",
        "Do we run two policy systems for more than a year?",
        "No: whoever is not migrated by the end is sold.",
        "Two systems need two of everything, and most of all two of the few people who know them.",
        ("initiative/atlas",),
    ),
    (
        9.0,
        "claims-in-iterations",
        "Does claims without paper get a new plan, or none?",
        "None: iterations of two weeks, with the money that is left.",
        "Three plans in five months were three guesses.",
        ("initiative/self-service",),
    ),
    (
        12.5,
        "policy-system-goes-on",
        "Does the replacement of the policy system go on after the exception?",
        "Yes, by the new plan, with a tenth of it from the supplier.",
        "What was spent is spent; what is left costs less than to begin again.",
        ("initiative/atlas", "change-request/CR-103"),
    ),
    (
        17.9,
        "claims-stay",
        "What becomes of claims without paper when its money ends?",
        "A product, with its team, its backlog and what is left of its money.",
        "Half of the small claims come this way. There is no day on which that is done.",
        ("initiative/self-service",),
    ),
    (
        20.9,
        "log-in-first",
        "Is the portal's log-in more urgent than what it opens?",
        "Yes: until it holds for a quarter nothing new is promised behind it.",
        "Three teams wait for it, and customers telephone.",
        ("product/portal", "dependency/D-4"),
    ),
)
_ATTENDEES = ("p-willem", "p-ines", "p-otto", "p-greet", "p-okan")


def tell(strand: Strand) -> None:
    """Tell what the board has decided in two years."""
    _limit(strand)
    for months, member, mode, theme, horizon in _MEMBERS:
        data: Data = {"member": member, "mode": mode, "theme": theme, "horizon": horizon}
        _tell(strand, months, "member-admitted", data, hour=18)
    for months, member, (value, urgency, risk, size) in _SCORES:
        weighed = {"value": str(value), "time_criticality": str(urgency), "risk_reduction": str(risk), "size": str(size)}
        _tell(strand, months, "member-scored", {"member": member, "method": "wsjf", "wsjf": weighed, "scorer": people.OFFICE})
    for number, (months, member, after, why) in enumerate(_RANKS):
        _tell(strand, months, "member-ranked", {"member": member, "after": after}, why=why, hour=10, minute=number)
    for decision in _DECISIONS:
        _decide(strand, *decision)
    _change_members(strand)
    _review(strand)


def _tell(
    strand: Strand,
    months: float,
    kind: str,
    data: Data,
    *,
    actor: str = people.OFFICE,
    why: str | None = None,
    hour: int = 9,
    minute: int = 0,
    expected: str = RECORDED,
) -> None:
    at = days.moment(strand.days.at(months), hour, minute, strand.chance.randrange(60))
    subject = f"portfolio/{strand.portfolio}"
    strand.tell(at, f"portfolio.{kind}.v1", subject, actor, data, source=SOURCE, reason=why, expected=expected)


def _limit(strand: Strand) -> None:
    """Tell how much may be released in each year of the story: most in the one in which the policy system gets its money."""
    begun = strand.days.month(1).year
    for year in range(strand.days.begin.year, strand.days.end.year + 1):
        limit = 8_200_000 if year == begun else 4_300_000
        data: Data = {"fiscal_period": str(year), "limit": money(limit), "proposed_by": people.FINANCE}
        _tell(strand, 0.1 if year <= begun + 1 else 8.5, "funding-limit-set", data, actor=people.BOARD, hour=17)
    shares = {"feature": "0.6", "defect": "0.15", "debt": "0.15", "risk": "0.1"}
    for months, kind, limits, member in (
        (0.9, "work_type", shares, None),
        (0.9, "horizon", {"now": "0.7", "next": "0.2", "later": "0.05", "retiring": "0.05"}, None),
        (0.9, "epic_threshold", {"epic": money(250_000)}, None),
        (7.2, "work_type", {"feature": "0.5", "defect": "0.2", "debt": "0.2", "risk": "0.1"}, "product/portal"),
        (18.9, "work_type", {**shares, "feature": "0.7", "debt": "0.05"}, "product/claims"),
    ):
        data = {"kind": kind, "limits": limits, "proposed_by": people.OFFICE}
        if member is not None:
            data["member"] = member
        _tell(strand, months, "guardrail-set", data, actor=people.BOARD, hour=11)


def _decide(strand: Strand, months: float, name: str, question: str, choice: str, why: str, about: tuple[str, ...]) -> None:
    subject, day = f"decision/{name}", strand.days.at(months)
    data: Data = {"question": question, "choice": choice, "decided_by": list(_ATTENDEES[:3]), "about": list(about)}
    at = days.moment(day, 16, strand.chance.randrange(60))
    strand.tell(at, "decision.decision-recorded.v1", subject, people.BOARD, data, source=SOURCE, reason=why)
    minutes = f"Minutes of the investment board, {day.isoformat()}"
    sealed: Data = {
        "name": minutes,
        "sha256": hashlib.sha256(f"{strand.seed}/{minutes}".encode()).hexdigest(),
        "size": 30_000 + strand.chance.randrange(40_000),
        "media_type": "application/pdf",
        "about": list(about),
    }
    at += timedelta(minutes=45)
    strand.tell(at, "decision.attachment-sealed.v1", subject, people.OFFICE, sealed, source=SOURCE)


def _change_members(strand: Strand) -> None:
    """Tell whose place in the order has ended, what an auditor found, and a tranche with two zeros too many."""
    why = "Its keys are handed over."
    _tell(strand, 15.7, "member-released", {"member": "initiative/harbour-exit"}, why=why)
    why = "It is a product now, and is ranked as such."
    _tell(strand, 18.3, "member-released", {"member": "initiative/self-service"}, why=why)
    note: Data = {
        "note": "The minutes name who decided, and say that the supplier was asked; his answer was not in the file.",
        "about": ["change-request/CR-103"],
    }
    at = strand.during(strand.days.at(14.4))
    subject = "decision/policy-system-goes-on"
    strand.tell(at, "decision.audit-note-added.v1", subject, "p-audit", note, source=SOURCE)
    day = strand.days.at(19.6)
    tranche: Data = {
        "member": "product/portal",
        "tranche_no": 99,
        "amount": money(15_000_000),
        "valid_from": day.isoformat(),
        "valid_to": (day + timedelta(days=91)).isoformat(),
        "proposed_by": "p-kim",
    }
    at = days.moment(day, 12, 20)
    subject = "funding/portal"
    strand.tell(at, "funding.tranche-released.v1", subject, people.BOARD, tranche, source=SOURCE, expected="OVER_LIMIT")


def _review(strand: Strand) -> None:
    """Tell the reviews, one each quarter, with what was decided since the last one."""
    for month in range(3, days.MONTHS, 3):
        decisions = [f"decision/{name}" for months, name, *_ in _DECISIONS if month - 3 < months + 0.2 <= month]
        absent = strand.chance.choice(_ATTENDEES[2:])
        data: Data = {
            "attendees": [one for one in _ATTENDEES if one != absent],
            "decisions": decisions,
            "summary": f"{len(decisions)} decided, the rest as it was." if decisions else "Nothing new was decided.",
        }
        _tell(strand, month + 0.3, "review-held", data, hour=15)
