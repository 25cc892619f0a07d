"""Objectives as answers show them: how far their key results are on the way that was set for them. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pydantic import BaseModel, Field

from portfolio_projector.folding.acts import by_time, in_time
from portfolio_projector.http.acts import Act, act
from portfolio_projector.metrics import definitions, funding, metric, outcomes
from portfolio_projector.metrics.metric import Known, NumberMetric
from portfolio_projector.metrics.reasons import NOT_MEASURED
from portfolio_projector.read_models.outcomes.state import KeyResult, Objective, Point, Way


class ReadingAnswer(BaseModel):
    """What a key result was on a day, and the score that this was by what is set now."""

    value: str
    date: date
    score: NumberMetric
    measured: Act


class WayAnswer(BaseModel):
    """From where to where it goes."""

    title: str
    start: str
    target: str
    set: Act


class KeyResultAnswer(BaseModel):
    """A key result, as it is set now and was measured last."""

    key_result: str
    title: str
    unit: str
    start: str
    target: str
    lower_is_better: bool
    value: str | None
    measured_on: date | None
    score: NumberMetric
    set: list[WayAnswer] = Field(description="all there were; the last one holds")
    measurements: list[ReadingAnswer] = Field(description="by their days")


class ObjectiveAnswer(BaseModel):
    """An objective, of a member or of the portfolio, whose cycle may be over."""

    objective: str
    member: str | None = Field(description="null for the whole portfolio")
    parent: str | None
    title: str
    description: str | None
    owner: str | None
    cycle: str
    cycle_over: bool
    score: NumberMetric = Field(description="the mean of what its key results score, those that nobody measured left out")
    measured: int = Field(description="key results that were measured")
    key_results: list[KeyResultAnswer]
    set: Act


def objective(name: str, known: Objective, today: date) -> dict[str, Any]:
    """Return an objective with its scores."""
    key_results = {name: result for name, result in known.key_results.items() if result.ways}
    scores = [_score(in_time(result.ways)[-1], _last(result)) for result in key_results.values()]
    measured = [one for one in scores if isinstance(one, Fraction)]
    return {
        "objective": name,
        "member": known.member,
        "parent": known.parent,
        "title": known.title,
        "description": known.description,
        "owner": known.owner,
        "cycle": known.cycle,
        "cycle_over": funding.months_of(known.cycle)[-1] < funding.month_of(today),
        "score": metric.number(
            definitions.OBJECTIVE_SCORE, sum(measured, Fraction(0)) / len(measured) if measured else NOT_MEASURED
        ),
        "measured": len(measured),
        "key_results": _key_results(key_results),
        "set": act(known.act),
    }


def _key_results(known: Mapping[str, KeyResult]) -> Sequence[dict[str, Any]]:
    return [_key_result(name, result) for name, result in sorted(known.items())]


def _key_result(name: str, known: KeyResult) -> dict[str, Any]:
    ways, last = in_time(known.ways), _last(known)
    way = ways[-1]
    return {
        "key_result": name,
        "title": way.title,
        "unit": known.unit,
        "start": way.start,
        "target": way.target,
        "lower_is_better": Decimal(way.target) < Decimal(way.start),
        "value": None if last is None else last.value,
        "measured_on": None if last is None else last.day,
        "score": metric.number(definitions.KEY_RESULT_SCORE, _score(way, last)),
        "set": [{"title": one.title, "start": one.start, "target": one.target, "set": act(one.act)} for one in ways],
        "measurements": [
            {
                "value": one.value,
                "date": one.day,
                "score": metric.number(definitions.KEY_RESULT_SCORE, _score(way, one)),
                "measured": act(one.act),
            }
            for one in _in_order(known)
        ],
    }


def _in_order(known: KeyResult) -> list[Point]:
    return sorted(known.measurements, key=lambda one: (one.day, by_time(one)))


def _last(known: KeyResult) -> Point | None:
    measured = _in_order(known)
    return measured[-1] if measured else None


def _score(way: Way, point: Point | None) -> Known:
    return outcomes.score(Decimal(way.start), Decimal(way.target), None if point is None else Decimal(point.value))
