"""Benefits as answers show them: what was promised, what was measured, and how much of the one that is of the other. Pure."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, Field

from portfolio_projector.folding.acts import by_time, in_time, newest
from portfolio_projector.http.acts import Act, act, act_or_none
from portfolio_projector.metrics import definitions, metric, outcomes
from portfolio_projector.metrics.metric import NumberMetric
from portfolio_projector.read_models.outcomes.state import Benefit, BenefitState, Carried, Owner, Point


class BenefitBaselineAnswer(BaseModel):
    """What there was on a day, before anything was done for it."""

    value: str
    date: date
    set: Act


class TargetAnswer(BaseModel):
    """What is promised by a day."""

    value: str
    date: date
    proposed_by: str
    set: Act


class MeasurementAnswer(BaseModel):
    """What there was on a day, how that was found out, and how much of the last target that is."""

    value: str
    date: date
    method: str
    realised: NumberMetric
    gained: NumberMetric
    measured: Act


class BenefitOwnerAnswer(BaseModel):
    """Who answered for it from then on."""

    owner: str
    since: Act


class CarriedAnswer(BaseModel):
    """It went along when its member became another."""

    before: str
    to: str
    carried: Act


class BenefitAnswer(BaseModel):
    """A benefit, of a member that may have ended long ago."""

    benefit: str
    member: str = Field(description="whose it is now")
    title: str
    kind: Literal["cash", "non_cash", "compliance"]
    unit: str
    owner: str
    state: BenefitState
    lower_is_better: bool = Field(description="whether less is promised than there was")
    baseline: BenefitBaselineAnswer | None
    target: TargetAnswer | None
    overdue: bool = Field(description="whether the day of the target is past and nobody has said whether it came")
    value: str | None = Field(description="as measured last, by the day of measuring")
    measured_on: date | None
    realised: NumberMetric
    gained: NumberMetric
    targets: list[TargetAnswer] = Field(description="all there were; the last one holds")
    measurements: list[MeasurementAnswer] = Field(description="by their days")
    owners: list[BenefitOwnerAnswer]
    identified: Act
    concluded: Act | None
    carried: list[CarriedAnswer]


def benefit(name: str, known: Benefit, today: date) -> dict[str, Any]:
    """Return a benefit with its figures on a day."""
    measurements, owners = sorted(known.measurements, key=_by_day), known.owners_in_time
    baseline, target = newest(known.baselines), newest(known.targets)
    value = measurements[-1] if measurements else None
    return {
        "benefit": name,
        "member": known.member,
        "title": known.title,
        "kind": known.kind,
        "unit": known.unit,
        "owner": owners[-1].owner,
        "state": known.state,
        "lower_is_better": outcomes.lower_is_better(_decimal(baseline), _decimal(target)),
        "baseline": None if baseline is None else {"value": baseline.value, "date": baseline.day, "set": act(baseline.act)},
        "target": None if target is None else _target(target),
        "overdue": target is not None and target.day < today and known.conclusion is None,
        "value": None if value is None else value.value,
        "measured_on": None if value is None else value.day,
        **_figures(baseline, target, value),
        "targets": [_target(one) for one in in_time(known.targets)],
        "measurements": [
            {
                "value": one.value,
                "date": one.day,
                "method": one.note,
                **_figures(baseline, target, one),
                "measured": act(one.act),
            }
            for one in measurements
        ],
        "owners": _owners(owners),
        "identified": act(known.identified),
        "concluded": act_or_none(known.concluded),
        "carried": _carried(known.carried),
    }


def _figures(baseline: Point | None, target: Point | None, value: Point | None) -> dict[str, Any]:
    values = _decimal(baseline), _decimal(target), _decimal(value)
    return {
        "realised": metric.number(definitions.BENEFIT_REALISED, outcomes.realised(*values)),
        "gained": metric.number(definitions.BENEFIT_GAINED, outcomes.gained(*values)),
    }


def _decimal(point: Point | None) -> Decimal | None:
    return None if point is None else Decimal(point.value)


def _by_day(point: Point) -> tuple[date, datetime, int]:
    return point.day, *by_time(point)


def _target(point: Point) -> dict[str, Any]:
    return {"value": point.value, "date": point.day, "proposed_by": point.note, "set": act(point.act)}


def _owners(owners: Iterable[Owner]) -> list[dict[str, Any]]:
    return [{"owner": one.owner, "since": act(one.act)} for one in owners]


def _carried(carried: Iterable[Carried]) -> list[dict[str, Any]]:
    return [{"before": one.before, "to": one.to, "carried": act(one.act)} for one in carried]
