"""Chronicles: facts as corrections leave them, and states that come back from their bytes."""

from datetime import UTC, datetime
from typing import Any, cast

import msgspec

from portfolio_projector.folding.chronicles import chronicle
from portfolio_projector.folding.facts import Fact, types_of
from portfolio_schemas.events.funding import CostPosted
from tests.chronicles import in_force
from tests.histories import History


def posted(history: History, minor: int, **attributes: Any) -> int:  # noqa: ANN401  what an envelope says
    """Post a cost and return its entry."""
    data = {
        "member": "initiative/apollo",
        "amount": {"minor": minor, "currency": "EUR"},
        "period": "2026-02",
        "category": "labour",
        "treatment": "opex",
    }
    return history.add("funding.cost-posted", "funding/apollo", data, **attributes).entry


def amounts(facts: list[Fact]) -> list[int]:
    """What the facts say."""
    return [cast("CostPosted", fact.data).amount.minor for fact in facts]


def test_the_last_correction_stands_in_the_place_and_at_the_time_of_the_original() -> None:
    """What was wrong is told as the last correction tells it, where and when it was."""
    history = History("acme")
    wrong = posted(history, 100, time="2026-02-01T00:00:00Z")
    posted(history, 7, time="2026-02-02T00:00:00Z")
    better = posted(history, 90, corrects=wrong, time="2026-03-01T00:00:00Z")
    best = posted(history, 80, corrects=better, time="2026-03-02T00:00:00Z")
    facts = in_force(history.facts())
    assert amounts(facts) == [80, 7]
    assert (wrong, best) == (facts[0].number, facts[0].corrected_by)
    assert datetime(2026, 2, 1, tzinfo=UTC) == facts[0].time


def test_a_correction_whose_original_is_not_there_stands_for_itself() -> None:
    """Nothing that was recorded is left out because what it corrects was."""
    history = History("acme")
    wrong = posted(history, 100)
    posted(history, 90, corrects=wrong)
    assert amounts(in_force(history.facts()[1:])) == [90]


class Total(msgspec.Struct):
    """A sum by day."""

    by_day: dict[str, int] = {}
    last: datetime | None = None


def test_a_state_comes_back_from_its_bytes() -> None:
    """What was frozen goes on as if it had never been; the same state has the same bytes."""

    def fold(state: Total, fact: Fact) -> None:
        day = fact.time.date().isoformat()
        state.by_day[day] = state.by_day.get(day, 0) + cast("CostPosted", fact.data).amount.minor
        state.last = fact.time

    told = chronicle("totals", 1, types=types_of(CostPosted), state=Total, fold=fold)
    history = History("acme")
    for day in ("2026-02-01", "2026-02-02", "2026-02-01"):
        posted(history, 5, time=f"{day}T00:00:00Z")
    whole, half = told.begin(""), told.begin("")
    for fact in history.facts():
        told.fold(whole, fact)
    for fact in history.facts()[:2]:
        told.fold(half, fact)
    half = told.thaw(told.freeze(half))
    told.fold(half, history.facts()[2])
    assert whole == half
    assert told.freeze(whole) == told.freeze(half)
    assert ({"2026-02-01": 10, "2026-02-02": 5}, Total()) == (whole.by_day, told.begin("product/till"))
