"""Risks and issues: what open risks may cost, as it was assessed over time."""

from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portfolio_projector.http.paging import Paging
from portfolio_projector.metrics import exposure
from portfolio_projector.metrics.exposure import Assessed
from portfolio_projector.metrics.reasons import NO_RISKS, NOT_ASSESSED, NOT_GIVEN, Unknown
from portfolio_projector.read_models.risks import answers
from portfolio_projector.read_models.risks.fold import RISKS
from tests.chronicles import state_of
from tests.histories import History

PAY, APOLLO = "product/pay", "initiative/apollo"


class Register(History):
    """A portfolio in euro with risks."""

    def __init__(self) -> None:
        super().__init__("acme")
        self.add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"})

    def identify(self, name: str, member: str = PAY) -> None:
        """See a risk."""
        self.add("risk.risk-identified", f"risk/{name}", {"member": member, "title": name, "category": "cost", "owner": "ann"})

    def assess(self, name: str, probability: str, minor: int | None, *, currency: str = "EUR", **more: Any) -> int:  # noqa: ANN401  an envelope
        """Say how likely it is and what it would cost."""
        days = more.pop("days", None)
        money = None if minor is None else {"minor": minor, "currency": currency}
        data = {"probability": probability, "impact_money": money, "impact_days": days}
        return self.add("risk.risk-assessed", f"risk/{name}", data, **more).entry

    def told(self, member: str | None = None, *, today: date = date(2026, 6, 1), **options: Any) -> dict[str, Any]:  # noqa: ANN401  of state_of
        """The register."""
        told = answers.answer(state_of(RISKS, self.facts(), **options), today, member, Paging("risks", None, 1000))
        answers.RisksAnswer.model_validate({"portfolio": "acme", "entry": 0, "settled": True, "model": "risks/1", **told})
        return told


def test_exposure_adds_up_over_open_risks():
    """A quarter of 1,000 and a tenth of 55: what is closed or happened costs nothing any more, what nobody assessed is said."""
    register = Register()
    for name in ("a", "b", "closed", "happened", "new"):
        register.identify(name, APOLLO if name == "b" else PAY)
    for name, probability, minor in (("a", "0.25", 1000), ("b", "0.1", 55), ("closed", "1", 99), ("happened", "1", 99)):
        register.assess(name, probability, minor, days=10)
    register.add("risk.risk-closed", "risk/closed", {}, reason="Sold")
    register.add("issue.issue-opened", "issue/i", {"member": PAY, "title": "Fire", "severity": 1})
    register.add("risk.risk-materialised", "risk/happened", {"issue": "issue/i"})
    told = register.told()
    assert told["exposure"]["value"] == {"minor": 256, "currency": "EUR"}
    assert told["exposure_days"]["value"] == "3.5"
    assert (told["open"], told["unassessed"], told["materialised"], told["closed"]) == (3, 1, 1, 1)
    assert [(one["member"], one["exposure"]["value"]["minor"], one["open"]) for one in told["members"]] == [
        (APOLLO, 6, 1),
        (PAY, 250, 2),
    ]
    assert [one["risk"] for one in told["risks"]] == ["a", "b", "new", "closed", "happened"]
    assert (told["risks"][-1]["issue"], told["issues"][0]["risks"]) == ("i", ["happened"])
    assert [one["risk"] for one in register.told(APOLLO)["risks"]] == ["b"]


def test_the_last_assessment_holds_by_when_it_was_made():
    """One that is recorded late belongs where it was made; a correction takes the place of what it corrects."""
    register = Register()
    register.identify("a")
    wrong = register.assess("a", "0.5", 100, time="2026-03-01T00:00:00Z")
    register.assess("a", "0.1", 100, time="2026-02-01T00:00:00Z")
    (risk,) = register.told()["risks"]
    assert [one["probability"] for one in risk["assessments"]] == ["0.1", "0.5"]
    assert risk["exposure"]["value"]["minor"] == 50
    register.assess("a", "0.4", 100, corrects=wrong, time="2026-04-01T00:00:00Z")
    (risk,) = register.told()["risks"]
    assert [one["probability"] for one in risk["assessments"]] == ["0.1", "0.4"]
    assert risk["assessments"][1]["assessed"]["corrected_by"] == register.head.entry


def test_what_nobody_knows_is_no_exposure_of_0():
    """No risk, none assessed, none in money; 0 where all are closed."""
    register = Register()
    assert register.told()["exposure"]["reason"] == "NO_RISKS"
    register.identify("a")
    assert register.told()["exposure"]["reason"] == "NOT_ASSESSED"
    register.assess("a", "0.5", None, days=4)
    told = register.told()
    assert (told["exposure"]["reason"], told["exposure_days"]["value"]) == ("NOT_GIVEN", "2")
    register.add("risk.risk-closed", "risk/a", {}, reason="Sold")
    assert register.told()["exposure"]["value"]["minor"] == 0


def test_amounts_of_other_currencies_are_not_mixed():
    """They are told beside."""
    register = Register()
    for name, member, currency in (("a", PAY, "EUR"), ("b", APOLLO, "USD")):
        register.identify(name, member)
        register.assess(name, "0.5", 100, currency=currency)
    told = register.told()
    assert told["exposure"]["value"] == {"minor": 50, "currency": "EUR"}
    assert [one["exposure"]["value"] for one in told["other_currencies"]] == [{"minor": 50, "currency": "USD"}]
    assert told["members"][0]["exposure"]["value"]["currency"] == "USD"


def test_an_accepted_risk_is_lived_with_until_a_day():
    """Then it waits to be looked at again; a new assessment does so."""
    register = Register()
    register.identify("a")
    register.add("risk.risk-accepted", "risk/a", {"until": "2026-06-30", "proposed_by": "bo"})
    for today, over in ((date(2026, 6, 30), False), (date(2026, 7, 1), True)):
        (risk,) = register.told(today=today)["risks"]
        assert (risk["state"], risk["open"], risk["acceptance"]["over"]) == ("Accepted", True, over)
    register.add("risk.response-planned", "risk/a", {"response": "reduce", "owner": "cy", "plan": "Sell"})
    (risk,) = register.told()["risks"]
    assert (risk["state"], risk["acceptance"], risk["owner"], risk["responses"][0]["owner"]) == ("Treated", None, "ann", "cy")


def test_what_is_carried_over_is_the_other_members():
    """With where it came from."""
    register = Register()
    register.identify("a", APOLLO)
    register.add("issue.issue-opened", "issue/i", {"member": APOLLO, "title": "Fire", "severity": 1})
    for matter in ("risk", "issue"):
        register.add(f"{matter}.{matter}-carried-over", f"{matter}/{'a' if matter == 'risk' else 'i'}", {"to": PAY})
    told = register.told(PAY)
    assert [(one["member"], one["carried"][0]["before"]) for one in (*told["risks"], *told["issues"])] == [(PAY, APOLLO)] * 2
    assert register.told(APOLLO)["risks"] == []


def test_issues_stand_open_and_worst_first():
    """With who was asked and what was answered."""
    register = Register()
    for name, severity in (("mild", 4), ("bad", 1), ("over", 1)):
        register.add("issue.issue-opened", f"issue/{name}", {"member": PAY, "title": name, "severity": severity})
    register.add("issue.issue-escalated", "issue/bad", {"to": "bo"})
    register.add("issue.issue-resolved", "issue/over", {"resolution": "Paid"})
    told = register.told()["issues"]
    assert [(one["issue"], one["open"]) for one in told] == [("bad", True), ("mild", True), ("over", False)]
    assert (told[0]["escalations"][0]["to"], told[2]["resolution"]) == ("bo", "Paid")


probabilities = st.integers(0, 10**6).map(lambda millionths: f"{millionths // 10**6}.{millionths % 10**6:06d}")
assessed = st.none() | st.builds(Assessed, probabilities, st.none() | st.integers(-(10**9), 10**9))


@given(st.lists(st.tuples(st.booleans(), assessed)))
def test_a_sum_is_exact_and_only_of_what_is_known(risks: list[tuple[bool, Assessed | None]]):
    """To the last millionth of a minor unit, whatever the order."""
    found = exposure.total(risks)
    known = [Fraction(one.probability) * one.impact for is_open, one in risks if is_open and one and one.impact is not None]
    if isinstance(found, Unknown):
        assert known == []
        assert found in {NO_RISKS, NOT_ASSESSED, NOT_GIVEN}
        assert (found == NO_RISKS) == (not risks)
    else:
        assert found == sum(known)
        assert found == exposure.total(risks[::-1])
