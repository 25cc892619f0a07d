"""The register: what might happen to initiatives and products, what it would cost, what is done about it, and what did happen."""

from dataclasses import dataclass

from portfolio_deploy.demo import days, people
from portfolio_deploy.demo.telling import Data, Strand, money

SOURCE = "/demo/risk-register"


@dataclass(frozen=True, kw_only=True)
class Risk:
    """A risk: of whom, since when, what it would cost (per cent, thousands, days), assessed anew later, and what came of it.

    `answer` is what is done about it. `later` are assessments, by month. `closed` names the month and the reason. `became` names
    the month in which it became an issue, of which severity, and the month in which that was resolved (None: not yet).
    """

    id: str
    member: str
    since: float
    title: str
    category: str
    owner: str
    assessed: tuple[int, int, int]
    answer: str
    plan: str
    later: tuple[tuple[float, int, int, int], ...] = ()
    closed: tuple[float, str] | None = None
    became: tuple[float, int, float | None, str] | None = None
    accepted: float | None = None


_RISKS = (
    Risk(
        id="R-1",
        member="initiative/atlas",
        since=1.6,
        title="The supplier of the package is sold to a competitor",
        category="supplier",
        owner="p-otto",
        assessed=(10, 900, 120),
        answer="transfer",
        plan="The source code is deposited with a notary.",
        later=((12.9, 20, 900, 120),),
    ),
    Risk(
        id="R-2",
        member="initiative/atlas",
        since=2.9,
        title="Policies from before 1994 cannot be migrated by a program",
        category="technical",
        owner="p-lien",
        assessed=(40, 350, 45),
        answer="reduce",
        plan="The survey takes a sample of two thousand, not of two hundred.",
        later=((6.1, 60, 350, 45), (15.2, 70, 420, 40)),
        became=(17.1, 2, 20.3, "Eleven clerks typed for nine weeks."),
    ),
    Risk(
        id="R-3",
        member="initiative/atlas",
        since=5.3,
        title="The supplier cannot keep his people",
        category="resource",
        owner="p-nadia",
        assessed=(30, 500, 60),
        answer="reduce",
        plan="A second person for each of his roles, paid by him.",
        became=(11.3, 1, 12.8, "Four new people; the plan was made anew."),
    ),
    Risk(
        id="R-4",
        member="initiative/atlas",
        since=14.8,
        title="The load test finds what cannot be mended before the roll-out",
        category="technical",
        owner="p-sven",
        assessed=(25, 260, 30),
        answer="reduce",
        plan="The second rehearsal runs at full load.",
        closed=(21.4, "It held twice the load of January."),
    ),
    Risk(
        id="R-5",
        member="initiative/atlas",
        since=19.5,
        title="Clerks who are trained in summer have forgotten it by the roll-out",
        category="quality",
        owner="p-hanna",
        assessed=(50, 60, 10),
        answer="accept",
        plan="A day of refreshing for each branch.",
        accepted=27,
    ),
    Risk(
        id="R-6",
        member="initiative/harbour-exit",
        since=5.7,
        title="The lease is not prolonged by a day",
        category="legal",
        owner="p-lars",
        assessed=(30, 250, 0),
        answer="avoid",
        plan="Ask now, not in November.",
        closed=(10.2, "Prolonged until the end of the year."),
    ),
    Risk(
        id="R-7",
        member="initiative/self-service",
        since=4.4,
        title="The photo service is not there when a storm is",
        category="supplier",
        owner="p-samira",
        assessed=(35, 80, 15),
        answer="reduce",
        plan="A second service, and photos by message if both are away.",
        became=(6.95, 1, 7.6, "Their way in was closed; our photos were not touched."),
    ),
    Risk(
        id="R-8",
        member="initiative/self-service",
        since=9.9,
        title="Small claims grow because nobody looks at them",
        category="cost",
        owner="p-lotte",
        assessed=(40, 220, 0),
        answer="reduce",
        plan="A rule that finds what is odd, and a sample of one in fifty.",
        later=((15.6, 25, 220, 0), (21.2, 30, 260, 0)),
    ),
    Risk(
        id="R-9",
        member="initiative/self-service",
        since=12.3,
        title="The tax office does not take a photo for a receipt",
        category="legal",
        owner="p-lotte",
        assessed=(50, 40, 20),
        answer="accept",
        plan="Paper for whoever asks for it.",
        accepted=26,
    ),
    Risk(
        id="R-10",
        member="product/payments",
        since=3.3,
        title="The bank ends its old interface before ours is ready",
        category="technical",
        owner="p-eva",
        assessed=(20, 180, 30),
        answer="reduce",
        plan="Both interfaces side by side from autumn on.",
        later=((10.1, 45, 180, 30),),
        became=(15.8, 1, 16.4, "Four days of payments by file."),
    ),
    Risk(
        id="R-11",
        member="product/payments",
        since=13.4,
        title="Instant transfers are used for fraud before we can stop them",
        category="security",
        owner="p-eva",
        assessed=(15, 400, 0),
        answer="reduce",
        plan="A limit by customer; above it somebody looks.",
        later=((19.0, 10, 400, 0),),
    ),
    Risk(
        id="R-12",
        member="product/portal",
        since=8.8,
        title="One person knows how the log-in works",
        category="resource",
        owner="p-kim",
        assessed=(30, 90, 20),
        answer="reduce",
        plan="Whoever mends it does so with somebody who does not know it.",
        later=((18.0, 40, 90, 20),),
    ),
    Risk(
        id="R-13",
        member="initiative/partner-shop",
        since=15.2,
        title="The first partner ends the contract before the second has begun",
        category="other",
        owner="p-emre",
        assessed=(20, 300, 0),
        answer="reduce",
        plan="Talks with four others before the first release.",
        closed=(20.6, "A second partner has signed."),
    ),
    Risk(
        id="R-14",
        member="initiative/partner-shop",
        since=18.4,
        title="The new policy system cannot price in a shop until it is rolled out",
        category="schedule",
        owner="p-emre",
        assessed=(45, 110, 60),
        answer="reduce",
        plan="Prices as a table for as long as it takes.",
        later=((22.3, 65, 110, 60),),
    ),
)


def tell(strand: Strand) -> None:
    """Tell each risk, and issues that nobody had thought of before."""
    for risk in _RISKS:
        _tell_risk(strand, risk)
    _open_issues(strand)


def _tell(
    strand: Strand, months: float, kind: str, subject: str, actor: str, data: Data | None = None, why: str | None = None
) -> None:
    at = strand.during(strand.days.at(months))
    strand.tell(at, f"{kind}.v1", subject, actor, data, source=SOURCE, reason=why)


def _tell_risk(strand: Strand, risk: Risk) -> None:
    subject, owner, since = f"risk/{risk.id}", risk.owner, risk.since
    data: Data = {"member": risk.member, "title": risk.title, "category": risk.category, "owner": owner}
    _tell(strand, since, "risk.risk-identified", subject, owner, data)
    for months, percent, thousands, late in ((since + 0.2, *risk.assessed), *risk.later):
        assessed: Data = {"probability": f"{percent / 100:.2f}", "impact_money": money(1000 * thousands)}
        if late:
            assessed["impact_days"] = late
        _tell(strand, months, "risk.risk-assessed", subject, owner, assessed)
    _tell(
        strand, since + 0.5, "risk.response-planned", subject, owner, {"response": risk.answer, "owner": owner, "plan": risk.plan}
    )
    if risk.accepted is not None:
        until = strand.days.at(risk.accepted).isoformat()
        _tell(strand, since + 0.7, "risk.risk-accepted", subject, people.BOARD, {"until": until, "proposed_by": owner})
    if risk.closed is not None:
        months, why = risk.closed
        _tell(strand, months, "risk.risk-closed", subject, owner, why=why)
    if risk.became is not None:
        _materialise(strand, risk, *risk.became)


def _materialise(strand: Strand, risk: Risk, months: float, severity: int, resolved: float | None, how: str) -> None:
    """Tell how a risk became an issue, which keeps the link."""
    issue, day = f"issue/I-{risk.id.partition('-')[2]}", strand.days.at(months)
    data: Data = {"member": risk.member, "title": risk.title, "severity": severity, "owner": risk.owner}
    strand.tell(strand.during(day, 8, 10), "issue.issue-opened.v1", issue, risk.owner, data, source=SOURCE)
    at = strand.during(day, 11, 13)
    strand.tell(at, "risk.risk-materialised.v1", f"risk/{risk.id}", risk.owner, {"issue": issue}, source=SOURCE)
    if severity == 1:
        at = strand.during(days.add_workdays(day, 1))
        strand.tell(at, "issue.issue-escalated.v1", issue, risk.owner, {"to": people.BOARD}, source=SOURCE)
    if resolved is not None:
        _tell(strand, resolved, "issue.issue-resolved", issue, risk.owner, {"resolution": how})


def _open_issues(strand: Strand) -> None:
    """Tell what was no risk before it happened."""
    for number, months, member, title, severity, owner, resolved in (
        (20, 9.4, "initiative/atlas", "The test data hold real addresses", 2, "p-sven", 10.6),
        (21, 16.6, "initiative/self-service", "Two clerks pay claims that the rules had stopped", 3, "p-samira", 19.2),
        (22, 20.9, "initiative/partner-shop", "Sellers say what they may not say", 3, "p-emre", None),
        (23, 22.2, "initiative/atlas", "The printer in the pilot branch prints policies of others", 1, "p-hanna", None),
    ):
        subject = f"issue/I-{number}"
        data: Data = {"member": member, "title": title, "severity": severity, "owner": owner}
        _tell(strand, months, "issue.issue-opened", subject, owner, data)
        if severity == 1:
            _tell(strand, months + 0.1, "issue.issue-escalated", subject, owner, {"to": people.BOARD})
        if resolved is not None:
            _tell(strand, resolved, "issue.issue-resolved", subject, owner)
