"""What is done about risks, issues and benefits, and what becomes of them."""

from typing import Any

from msgspec.structs import replace

from portfolio_ledger.domain.decider import Fact
from tests.rules import RECORDED, Specification, fact, flagged, refused
from tests.unit.domain.matter_specifications import CANCELLED, MEMBERS, PAYMENTS, benefit, issue, risk
from tests.unit.domain.matter_specifications import CLOSED as RISK_CLOSED
from tests.unit.domain.matter_specifications import RESOLVED as ISSUE_RESOLVED


def assessed(probability: str = "0.3") -> Fact:
    """The risk is assessed."""
    money = {"minor": 5000, "currency": "EUR"}
    return fact("risk-assessed.v1", "risk/1", at=2, probability=probability, impact_money=money, impact_days=10)


def accepted(until: str = "2026-03-02", by: str = "ines") -> Fact:
    """The risk is lived with until the end of a day."""
    return fact("risk-accepted.v1", "risk/1", by=by, at=2, until=until, proposed_by="ben")


def of_benefit(what: str, at: int = 2, why: str | None = None, **body: Any) -> Fact:  # noqa: ANN401  a body holds anything
    """Something happens to the benefit."""
    return fact(f"benefit-{what}.v1", "benefit/1", by="ines", at=at, why=why, **body)


def baseline(day: str = "2026-01-01") -> Fact:
    """What there was before."""
    return of_benefit("baseline-set", value="0", date=day)


def target(day: str = "2026-12-31", value: str = "5") -> Fact:
    """What is promised."""
    return of_benefit("target-set", value=value, date=day, proposed_by="eva")


def measured(day: str = "2026-03-02") -> Fact:
    """What there is."""
    return of_benefit("measured", value="3", date=day, method="Counted")


PLANNED = fact("response-planned.v1", "risk/1", at=2, response="reduce", plan="Ask for more time")
MATERIALISED = fact("risk-materialised.v1", "risk/1", at=2, issue="issue/1")
ESCALATED = fact("issue-escalated.v1", "issue/1", at=2, to="board")
OWNED = of_benefit("owner-changed", owner="finn")
REALISED, FAILED = of_benefit("realised", at=3), of_benefit("not-realised", at=3, why="Nobody saved anything")
WRONG_STATE, ORDER = refused("WRONG_STATE"), refused("PLAN_ORDER")
SEEN = (*MEMBERS, risk())
EXPECTED = (*MEMBERS, benefit())
PROMISED = (*EXPECTED, target())
HAPPENED = (*SEEN, issue(), MATERIALISED)

RISKS = [
    Specification("a risk is assessed", SEEN, assessed(), RECORDED),
    Specification("a risk is assessed anew", (*SEEN, assessed()), assessed("0.5"), RECORDED),
    Specification("a response to a risk is planned", (*SEEN, assessed()), PLANNED, RECORDED),
    Specification("a response to what nobody assessed", SEEN, PLANNED, RECORDED),
    Specification("a risk is accepted until the end of a day", SEEN, accepted(), RECORDED),
    Specification("a risk is accepted until a day that is over", SEEN, accepted("2026-03-01"), ORDER),
    Specification(
        "until when a risk is accepted is corrected", (*SEEN, accepted()), replace(accepted("2026-04-01"), corrects=5), RECORDED
    ),
    Specification("a risk that was accepted is treated", (*SEEN, accepted()), PLANNED, RECORDED),
    Specification("a risk has happened", (*SEEN, issue()), MATERIALISED, RECORDED),
    Specification("a risk has happened to somebody else", (*SEEN, issue(PAYMENTS)), MATERIALISED, refused("OTHER_MEMBER")),
    Specification("a risk happens once", HAPPENED, MATERIALISED, WRONG_STATE),
    Specification("which issue a risk has become is corrected", HAPPENED, replace(MATERIALISED, corrects=6), RECORDED),
    *(
        Specification(f"{name} of what has happened", HAPPENED, one, WRONG_STATE)
        for name, one in {
            "an assessment": assessed(),
            "a response": PLANNED,
            "an acceptance": accepted(),
            "the end": RISK_CLOSED,
        }.items()
    ),
    Specification("nothing is done about a risk that is closed", (*SEEN, RISK_CLOSED), assessed(), WRONG_STATE),
    Specification("a closed risk does not happen", (*SEEN, issue(), RISK_CLOSED), MATERIALISED, WRONG_STATE),
    Specification("an issue is put before others", (*MEMBERS, issue()), ESCALATED, RECORDED),
    Specification("an issue is put before others again", (*MEMBERS, issue(), ESCALATED), ESCALATED, RECORDED),
    Specification("what is resolved is put before nobody", (*MEMBERS, issue(), ISSUE_RESOLVED), ESCALATED, WRONG_STATE),
]
BENEFITS = [
    Specification("what there was before", EXPECTED, baseline(), RECORDED),
    Specification("what there was on the day of the target", PROMISED, baseline("2026-12-31"), RECORDED),
    Specification("what there was after the target", PROMISED, baseline("2027-01-01"), ORDER),
    Specification("a target on the day of the baseline", (*EXPECTED, baseline()), target("2026-01-01"), RECORDED),
    Specification("a target before the baseline", (*EXPECTED, baseline()), target("2025-12-31"), ORDER),
    Specification(
        "a target is corrected to before the baseline",
        (*PROMISED, baseline("2026-06-01")),
        replace(target("2026-05-31"), corrects=5),
        ORDER,
    ),
    Specification(
        "a target that does not hold any more is corrected",
        (*PROMISED, target("2027-12-31"), baseline("2026-06-01")),
        replace(target("2026-05-31"), corrects=5),
        RECORDED,
    ),
    Specification(
        "a baseline that does not hold any more is corrected",
        (*EXPECTED, baseline(), baseline("2026-06-01"), target()),
        replace(baseline("2027-06-01"), corrects=5),
        RECORDED,
    ),
    Specification("a benefit is measured", PROMISED, measured(), RECORDED),
    Specification("a benefit is measured without a promise", EXPECTED, measured(), RECORDED),
    Specification("a benefit is measured on a day to come", PROMISED, measured("2026-03-03"), flagged("DATES_DISAGREE")),
    Specification("a measurement is corrected", (*PROMISED, measured()), replace(measured(), corrects=6), RECORDED),
    Specification("a benefit is measured after its member has ended", (*PROMISED, CANCELLED), measured(), RECORDED),
    Specification("a benefit is measured after it has come", (*PROMISED, measured(), REALISED), measured(), RECORDED),
    Specification("somebody else answers for a benefit", EXPECTED, OWNED, RECORDED),
    Specification("a benefit has come", (*PROMISED, measured()), REALISED, RECORDED),
    Specification("a benefit has come that nobody measured", PROMISED, REALISED, flagged("UNMEASURED")),
    Specification("a benefit has come that nobody promised", (*EXPECTED, measured()), REALISED, WRONG_STATE),
    Specification("a benefit comes once", (*PROMISED, measured(), REALISED), REALISED, WRONG_STATE),
    Specification("a benefit does not come", EXPECTED, FAILED, RECORDED),
    *(
        Specification(f"after a benefit did not come, {name}", (*PROMISED, FAILED), one, WRONG_STATE)
        for name, one in {
            "it does not come again": FAILED,
            "it comes": REALISED,
            "it is promised": target(),
            "it is counted from elsewhere": baseline(),
            "it belongs to somebody else": OWNED,
        }.items()
    ),
    Specification(
        "what was promised is corrected after it came",
        (*PROMISED, measured(), REALISED),
        replace(target(value="6"), corrects=5),
        RECORDED,
    ),
]

SPECIFICATIONS = [*RISKS, *BENEFITS]
