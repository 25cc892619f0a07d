"""Outcomes: how much of what was promised has come, long after what it was expected of has ended."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_projector.http.paging import Paging
from portfolio_projector.metrics import outcomes
from portfolio_projector.metrics.reasons import (
    NO_BENEFIT_BASELINE,
    NO_DISTANCE,
    NO_TARGET_SET,
    NOT_MEASURED,
    TARGET_ZERO,
    Unknown,
)
from portfolio_projector.read_models.outcomes import answers
from portfolio_projector.read_models.outcomes.fold import OUTCOMES
from tests.chronicles import state_of
from tests.histories import History

APOLLO, LETTERS = "initiative/apollo", "product/letters"


class Expected(History):
    """A benefit that is expected of an initiative."""

    def __init__(self) -> None:
        super().__init__("acme")
        data = {"member": APOLLO, "title": "Postage saved", "owner": "ann", "kind": "cash", "unit": "EUR/year"}
        self.add("benefit.benefit-identified", "benefit/b", data)

    def state(self, what: str, value: str, day: str, **attributes: Any) -> int:  # noqa: ANN401  an envelope
        """Say what a value was, is or shall be on a day."""
        more = {"baseline-set": {}, "target-set": {"proposed_by": "bo"}, "measured": {"method": "The books"}}[what]
        return self.add(f"benefit.benefit-{what}", "benefit/b", {"value": value, "date": day, **more}, **attributes).entry

    def told(self, today: date = date(2026, 6, 1)) -> dict[str, Any]:
        """The benefit."""
        told = answers.answer(state_of(OUTCOMES, self.facts()), today, None, Paging("outcomes", None, 1000))
        answers.OutcomesAnswer.model_validate({"portfolio": "acme", "entry": 0, "settled": True, "model": "outcomes/1", **told})
        return told["benefits"][0]


@pytest.mark.parametrize(
    ("baseline", "target", "value", "realised", "gained"),
    [
        (None, "120000", "90000", Fraction(3, 4), NO_BENEFIT_BASELINE),
        ("60000", "120000", "90000", Fraction(3, 4), Fraction(1, 2)),
        ("40", "10", "25", Fraction(1, 2), Fraction(1, 2)),
        ("40", "10", "5", Fraction(7, 6), Fraction(7, 6)),
        ("40", "0", "10", Fraction(3, 4), Fraction(3, 4)),
        (None, "0", "10", TARGET_ZERO, NO_BENEFIT_BASELINE),
        ("10", "10", "10", Fraction(1), NO_DISTANCE),
        ("0", "0", "10", TARGET_ZERO, NO_DISTANCE),
        ("10", None, "10", NO_TARGET_SET, NO_TARGET_SET),
        ("10", "20", None, NOT_MEASURED, NOT_MEASURED),
        ("10", "20", "0", Fraction(0), Fraction(-1)),
    ],
)
def test_how_much_is_realised(baseline: str | None, target: str | None, value: str | None, realised: object, gained: object):
    """A share of the target; where less is better, of the way down to it. A target of 0 has no shares otherwise."""
    values = [None if one is None else Decimal(one) for one in (baseline, target, value)]
    assert (outcomes.realised(*values), outcomes.gained(*values)) == (realised, gained)


@pytest.mark.parametrize(
    ("start", "target", "value", "score"),
    [
        ("0", "10", "7", Fraction(7, 10)),
        ("0", "10", "12", Fraction(1)),
        ("5", "10", "2", Fraction(0)),
        ("10", "2", "4", Fraction(3, 4)),
        ("10", "2", "12", Fraction(0)),
        ("3", "3", "3", NO_DISTANCE),
        ("0", "10", None, NOT_MEASURED),
    ],
)
def test_a_key_result_scores_from_0_to_1(start: str, target: str, value: str | None, score: object):
    """Up or down; beyond its target it is 1, and before its start 0."""
    assert outcomes.score(Decimal(start), Decimal(target), None if value is None else Decimal(value)) == score


values = st.decimals(-1000, 1000, places=2)


@given(values, values, values)
def test_a_score_is_the_same_up_and_down(start: Decimal, target: Decimal, value: Decimal):
    """Turning the scale over changes nothing, and no score leaves its bounds."""
    found = outcomes.score(start, target, value)
    assert found == outcomes.score(-start, -target, -value)
    assert isinstance(found, Unknown) == (start == target)
    if isinstance(found, Fraction):
        assert 0 <= found <= 1


def test_the_last_measurement_by_its_day_counts():
    """Whenever it was recorded; a corrected one is as it was corrected, and none is forgotten."""
    expected = Expected()
    expected.state("target-set", "100", "2026-12-31")
    late = expected.state("measured", "60", "2026-05-01")
    expected.state("measured", "40", "2026-03-01")
    told = expected.told()
    assert (told["value"], told["measured_on"], told["realised"]["value"]) == ("60", date(2026, 5, 1), "0.6")
    assert [(one["value"], one["realised"]["value"]) for one in told["measurements"]] == [("40", "0.4"), ("60", "0.6")]
    expected.state("measured", "70", "2026-05-01", corrects=late)
    assert [one["value"] for one in expected.told()["measurements"]] == ["40", "70"]


def test_a_benefit_is_promised_measured_and_concluded():
    """Its state follows what was said of it; overdue is what nobody concluded by its day."""
    expected = Expected()
    states = [expected.told()["state"]]
    expected.state("baseline-set", "300", "2026-01-01")
    expected.state("target-set", "200", "2026-05-31")
    states.append(expected.told()["state"])
    expected.state("measured", "250", "2026-06-30")
    told = expected.told()
    assert (told["lower_is_better"], told["realised"]["value"], told["overdue"]) == (True, "0.5", True)
    assert expected.told(date(2026, 5, 31))["overdue"] is False
    states.append(told["state"])
    expected.add("benefit.benefit-not-realised", "benefit/b", {}, reason="Postage went up")
    told = expected.told()
    assert [*states, told["state"]] == ["Identified", "Targeted", "Measured", "NotRealised"]
    assert (told["overdue"], told["concluded"]["reason"]) == (False, "Postage went up")


def test_a_benefit_outlives_what_it_was_expected_of():
    """It goes along with an owner who is named anew, and is measured there."""
    expected = Expected()
    expected.add("benefit.benefit-carried-over", "benefit/b", {"to": LETTERS, "owner": "bo"})
    expected.add("benefit.benefit-owner-changed", "benefit/b", {"owner": "cy"})
    expected.state("measured", "1", "2026-05-01")
    told = expected.told()
    assert (told["member"], told["owner"], told["value"]) == (LETTERS, "cy", "1")
    assert [one["owner"] for one in told["owners"]] == ["ann", "bo", "cy"]
    assert [(one["before"], one["to"]) for one in told["carried"]] == [(APOLLO, LETTERS)]


def test_targets_that_were_set_before_are_kept():
    """The last one holds."""
    expected = Expected()
    expected.state("target-set", "100", "2026-12-31")
    expected.state("target-set", "80", "2027-12-31")
    told = expected.told()
    assert (told["target"]["value"], [one["value"] for one in told["targets"]]) == ("80", ["100", "80"])


class Aimed(History):
    """An objective of a product with a key result."""

    def __init__(self) -> None:
        super().__init__("acme")
        self.add(
            "objective.objective-set", "objective/o", {"title": "Faster", "cycle": "2026-Q2", "member": LETTERS, "owner": "ann"}
        )
        self.set("errors", "40", "10")

    def set(self, name: str, start: str, target: str) -> None:
        """Say from where to where a key result goes."""
        data = {"key_result": name, "title": name, "start": start, "target": target, "unit": "a day"}
        self.add("objective.key-result-set", "objective/o", data)

    def measure(self, name: str, value: str, day: str, **attributes: Any) -> int:  # noqa: ANN401  an envelope
        """Say what it was on a day."""
        data = {"key_result": name, "value": value, "date": day}
        return self.add("objective.key-result-measured", "objective/o", data, **attributes).entry

    def told(self, today: date = date(2026, 6, 1)) -> dict[str, Any]:
        """The objective."""
        told = answers.answer(state_of(OUTCOMES, self.facts()), today, LETTERS, Paging("outcomes", None, 1000))
        answers.OutcomesAnswer.model_validate({"portfolio": "acme", "entry": 0, "settled": True, "model": "outcomes/1", **told})
        return told["objectives"][0]


def test_an_objective_scores_the_mean_of_what_was_measured():
    """Two thirds down and beyond the other's target; what nobody measured is left out and counted."""
    aimed = Aimed()
    told = aimed.told()
    assert (told["score"]["value"], told["score"]["reason"], told["measured"]) == (None, "NOT_MEASURED", 0)
    aimed.set("users", "0", "100")
    aimed.set("calls", "5", "1")
    aimed.measure("errors", "20", "2026-05-01")
    aimed.measure("users", "130", "2026-05-01")
    told = aimed.told()
    assert {one["key_result"]: one["score"]["value"] for one in told["key_results"]} == {
        "calls": None,
        "errors": "0.6667",
        "users": "1",
    }
    assert (told["score"]["value"], told["measured"], told["cycle_over"]) == ("0.8333", 2, False)
    assert aimed.told(date(2026, 7, 1))["cycle_over"] is True


def test_a_key_result_that_is_set_anew_keeps_what_was_measured():
    """Its scores are by the way that is set now; the last measurement by its day counts."""
    aimed = Aimed()
    wrong = aimed.measure("errors", "25", "2026-06-01")
    aimed.measure("errors", "30", "2026-05-01")
    aimed.set("errors", "40", "20")
    (result,) = aimed.told()["key_results"]
    assert (result["value"], result["score"]["value"], result["lower_is_better"]) == ("25", "0.75", True)
    assert [one["score"]["value"] for one in result["measurements"]] == ["0.5", "0.75"]
    assert [one["target"] for one in result["set"]] == ["10", "20"]
    aimed.measure("errors", "22", "2026-06-01", corrects=wrong)
    (result,) = aimed.told()["key_results"]
    assert (result["value"], len(result["measurements"])) == ("22", 2)


def test_objectives_of_the_portfolio_are_no_members():
    """They are told where nobody asks for one member's."""
    history = History("acme")
    history.add("objective.objective-set", "objective/all", {"title": "Grow", "cycle": "2026"})
    state = state_of(OUTCOMES, history.facts())
    assert [
        one["member"] for one in answers.answer(state, date(2026, 1, 1), None, Paging("outcomes", None, 1000))["objectives"]
    ] == [None]
    assert answers.answer(state, date(2026, 1, 1), LETTERS, Paging("outcomes", None, 1000))["objectives"] == []


def test_a_target_that_is_told_late_does_not_take_the_place_of_a_newer_one():
    """A baseline, a target and an owner of January, entered after those of March: those of March hold, lists are in order."""
    expected = Expected()
    for month, before, target, owner in (("03", "100", "300", "cy"), ("01", "50", "150", "bo")):
        when: dict[str, Any] = {"time": f"2026-{month}-10T12:00:00Z"}
        expected.state("baseline-set", before, "2025-12-31", **when)
        expected.state("target-set", target, "2026-12-31", **when)
        expected.add("benefit.benefit-owner-changed", "benefit/b", {"owner": owner}, **when)
    expected.state("measured", "150", "2026-04-01")
    told = expected.told()
    assert (told["baseline"]["value"], told["target"]["value"], told["owner"]) == ("100", "300", "cy")
    assert (
        [one["value"] for one in told["targets"]],
        told["realised"]["value"],
        told["gained"]["value"],
    ) == (["150", "300"], "0.5", "0.25")


def test_a_way_that_is_told_late_does_not_take_the_place_of_a_newer_one():
    """A key result that was set anew in March, and of which January's setting is entered afterwards: March's holds."""
    history = History("acme")
    history.add("objective.objective-set", "objective/o", {"title": "Faster", "cycle": "2026-Q2"})
    for month, target in (("03", "20"), ("01", "10")):
        data = {"key_result": "k", "title": "Days", "start": "0", "target": target, "unit": "d"}
        history.add("objective.key-result-set", "objective/o", data, time=f"2026-{month}-10T12:00:00Z")
    history.add("objective.key-result-measured", "objective/o", {"key_result": "k", "value": "5", "date": "2026-04-01"})
    told = answers.answer(state_of(OUTCOMES, history.facts()), date(2026, 6, 1), None, Paging("outcomes", None, 1000))
    (result,) = told["objectives"][0]["key_results"]
    assert (result["target"], result["score"]["value"], [one["target"] for one in result["set"]]) == ("20", "0.25", ["10", "20"])


def test_a_day_keeps_what_was_measured_of_a_key_result_that_was_set_anew_by_then():
    """It was first set later than that day, and for that day only afterwards; until then it is no key result."""
    history = History("acme")
    history.add("objective.objective-set", "objective/o", {"title": "Faster", "cycle": "2026-Q2"}, time="2026-01-01T12:00:00Z")

    def told() -> list[dict[str, Any]]:
        state = state_of(OUTCOMES, history.facts(), effective=date(2026, 3, 1))
        return answers.answer(state, date(2026, 3, 1), None, Paging("outcomes", None, 1000))["objectives"][0]["key_results"]

    way = {"key_result": "k", "title": "Days", "start": "0", "target": "10", "unit": "d"}
    history.add("objective.key-result-set", "objective/o", way, time="2026-05-01T12:00:00Z")
    measured = {"key_result": "k", "value": "5", "date": "2026-02-18"}
    history.add("objective.key-result-measured", "objective/o", measured, time="2026-02-20T12:00:00Z")
    assert told() == []
    history.add("objective.key-result-set", "objective/o", {**way, "target": "20"}, time="2026-02-01T12:00:00Z")
    assert [(one["unit"], one["value"], one["score"]["value"]) for one in told()] == [("d", "5", "0.25")]


def test_nobody_answered_for_a_benefit_before_it_was_identified():
    """A change of the owner that bears an earlier time than the benefit itself took the place of its first owner all the same."""
    expected = Expected()
    expected.add("benefit.benefit-owner-changed", "benefit/b", {"owner": "cy"}, time="2025-06-01T12:00:00Z")
    expected.add("benefit.benefit-owner-changed", "benefit/b", {"owner": "di"}, time="2026-06-01T12:00:00Z")
    expected.add("benefit.benefit-owner-changed", "benefit/b", {"owner": "bo"}, time="2026-03-01T12:00:00Z")
    expected.add("benefit.benefit-carried-over", "benefit/b", {"to": LETTERS, "owner": "bo"}, time="2026-07-01T12:00:00Z")
    assert [one["owner"] for one in expected.told()["owners"]] == ["ann", "cy", "bo", "di", "bo"]


@pytest.mark.parametrize(
    ("baseline", "target", "value", "there"),
    [
        (None, "100", "99.999999", False),  # rounded to four digits it would be all of it
        (None, "100", "100", True),
        (None, "-5", "7", True),  # a share of what is below 0 says nothing
        (None, "0", "1", True),
        ("50", "20", "20", True),
        ("50", "20", "20.000001", False),
        ("50", "50", "50", True),
        ("50", None, "50", False),
        ("50", "20", None, False),
    ],
)
def test_a_target_is_reached_at_it_or_beyond(baseline: str | None, target: str | None, value: str | None, there: bool):  # noqa: FBT001  a parameter
    """Where less is promised than there was, beyond is below; nothing is rounded."""
    values = (None if one is None else Decimal(one) for one in (baseline, target, value))
    assert outcomes.is_reached(*values) is there
