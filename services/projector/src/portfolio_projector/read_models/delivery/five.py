"""The five metrics of delivery, each with what it was counted from. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from portfolio_projector.metrics import definitions, dora, metric
from portfolio_projector.metrics.definitions import Definition
from portfolio_projector.metrics.dora import MedianKind
from portfolio_projector.metrics.metric import NumberMetric, TextMetric
from portfolio_projector.metrics.reasons import NO_CHANGES, NO_DEPLOYMENTS, NO_INCIDENTS, Unknown
from portfolio_projector.read_models.delivery.windows import Delivered, Followed


class DoraMetric(NumberMetric):
    """A metric of delivery, and what it was counted from."""

    population: str = Field(description="what was counted")
    clock: str | None = Field(description="from when to when, where it is a time")
    numerator: int | None
    denominator: int = Field(description="how many were counted: days, changes, deployments or incidents")


class MedianMetric(DoraMetric):
    """A median: `value` is the mean of the two in the middle of an even number, `lower_median` the lower of them."""

    lower_median: NumberMetric


class BandAnswer(BaseModel):
    """How often something is deployed, by one kind of median."""

    median: MedianKind
    days_per_week: NumberMetric
    band: TextMetric


class FrequencyAnswer(DoraMetric):
    """How often something is deployed into production."""

    bands: list[BandAnswer]


class StagesAnswer(BaseModel):
    """The stages of lead time."""

    coding: MedianMetric
    pickup: MedianMetric
    review: MedianMetric
    deploy: MedianMetric


class LeadTimeAnswer(MedianMetric):
    """How long a change takes."""

    stages: StagesAnswer


class FailureAnswer(DoraMetric):
    """How many deployments do harm."""

    failed: list[str] = Field(description="the deployments")
    incidents: dict[Literal["declared", "nearest", "assumed"], int] = Field(
        description="how many incidents are laid to them, by how that was found"
    )


class RecoveryAnswer(MedianMetric):
    """How soon an incident is over."""

    unresolved: int = Field(description="incidents of the window that are not over: they are left out")
    without_cause: int = Field(description="incidents of the window that no deployment is taken for the cause of")


class FiveAnswer(BaseModel):
    """The five metrics, and the same by other definitions."""

    deployment_frequency: FrequencyAnswer
    lead_time: LeadTimeAnswer
    lead_time_merged: LeadTimeAnswer
    lead_time_commit: MedianMetric
    change_failure_rate: FailureAnswer
    change_failure_rate_with_rollbacks: DoraMetric
    recovery: RecoveryAnswer
    recovery_from_incident: RecoveryAnswer
    rework_rate: DoraMetric


DEPLOYMENTS = "deployments that succeeded in production and finished in the window"
BROUGHT = "changes whose first deployment into production finished in the window"
MERGED = "changes that were merged in the window, deployed or not"
INCIDENTS = "incidents that began in the window and are over"


def five(seen: Delivered) -> dict[str, Any]:
    """Return the metrics of a window."""
    return {
        "deployment_frequency": _frequency(seen),
        "lead_time": _lead_time(definitions.LEAD_TIME, BROUGHT, list(seen.brought.values())),
        "lead_time_merged": _lead_time(definitions.LEAD_TIME_MERGED, MERGED, list(seen.merged.values())),
        "lead_time_commit": _median(
            definitions.LEAD_TIME_COMMIT,
            [dora.commit_to_deployment(one.times) for one in seen.brought.values()],
            NO_CHANGES,
            population=BROUGHT,
            clock="earliest commit to finish of the deployment",
        ),
        "change_failure_rate": _failures(seen),
        "change_failure_rate_with_rollbacks": _with_rollbacks(seen),
        "recovery": _recovery(seen, definitions.RECOVERY_FROM_DEPLOYMENT, from_deployment=True),
        "recovery_from_incident": _recovery(seen, definitions.RECOVERY_FROM_INCIDENT, from_deployment=False),
        "rework_rate": _rate(
            definitions.REWORK_RATE, seen, [name for name, one in seen.deployments.items() if one.deployment.rework is not None]
        ),
    }


def _frequency(seen: Delivered) -> dict[str, Any]:
    """Tell a frequency of 0 from one that nobody knows: where nothing was ever deployed, by the end of the window, it is none."""
    found = seen.frequency()
    ever = any(not seen.is_later(one.finished_at) for one in seen.ever.values())
    kinds: tuple[MedianKind, ...] = ("mean", "lower")
    return {
        **metric.number(definitions.DEPLOYMENT_FREQUENCY, found.per_day if ever else NO_DEPLOYMENTS),
        "population": DEPLOYMENTS,
        "clock": None,
        "numerator": found.deployments,
        "denominator": found.days,
        "bands": [
            {
                "median": kind,
                "days_per_week": metric.number(definitions.DAYS_PER_WEEK, found.days_per_week(kind) if ever else NO_DEPLOYMENTS),
                "band": metric.text(definitions.DEPLOYMENT_BAND, found.band(kind)),
            }
            for kind in kinds
        ],
    }


def _lead_time(definition: Definition, population: str, followed: Sequence[Followed]) -> dict[str, Any]:
    stages = [one.stages for one in followed]

    def told(of: Definition, values: Sequence[int | None], clock: str) -> dict[str, Any]:
        return _median(of, values, NO_CHANGES, population=population, clock=clock)

    return {
        **told(definition, [one.cycle for one in stages], "coding, review opened to merge, and deploy, added up"),
        "stages": {
            "coding": told(definitions.CODING_TIME, [one.coding for one in stages], "earliest commit to review opened"),
            "pickup": told(definitions.PICKUP_TIME, [one.pickup for one in stages], "review opened to first review"),
            "review": told(definitions.REVIEW_TIME, [one.review for one in stages], "first review to merge"),
            "deploy": told(definitions.DEPLOY_TIME, [one.deploy for one in stages], "merge to finish of the deployment"),
        },
    }


def _failures(seen: Delivered) -> dict[str, Any]:
    laid = {name: cause for name, cause in seen.counted.items() if cause.deployment in seen.deployments}
    failed = sorted({cause.deployment for cause in laid.values()})
    methods = Counter(cause.method for cause in laid.values())
    return {
        **_rate(definitions.CHANGE_FAILURE_RATE, seen, failed),
        "failed": failed,
        "incidents": {method: methods[method] for method in ("declared", "nearest", "assumed")},
    }


def _with_rollbacks(seen: Delivered) -> dict[str, Any]:
    blamed = {cause.deployment for cause in seen.counted.values()}
    failed = [name for name, one in seen.deployments.items() if name in blamed or one.deployment.rolled_back_at is not None]
    return _rate(definitions.CHANGE_FAILURE_RATE_ROLLBACKS, seen, failed)


def _rate(definition: Definition, seen: Delivered, counted: Sequence[str]) -> dict[str, Any]:
    return {
        **metric.number(definition, dora.change_failure_rate(seen.deployments, counted)),
        "population": DEPLOYMENTS,
        "clock": None,
        "numerator": len(counted),
        "denominator": len(seen.deployments),
    }


def _recovery(seen: Delivered, definition: Definition, *, from_deployment: bool) -> dict[str, Any]:
    spans = list[tuple[datetime | None, datetime | None]]()
    for name, incident in seen.incidents.items():
        cause = seen.counted.get(name)
        start = incident.started_at
        if from_deployment:
            start = None if cause is None else seen.finish(cause.deployment)
        spans.append((start, incident.resolved_at))
    clock = "finish of the deployment that caused it to its resolution" if from_deployment else "its beginning to its resolution"
    return {
        **_median(definition, [dora.minutes(*span) for span in spans], NO_INCIDENTS, population=INCIDENTS, clock=clock),
        "unresolved": sum(one.resolved_at is None for one in seen.incidents.values()),
        "without_cause": sum(name not in seen.counted for name in seen.incidents),
    }


def _median(
    definition: Definition, values: Sequence[int | None], nothing: Unknown, *, population: str, clock: str
) -> dict[str, Any]:
    known = [value for value in values if value is not None]

    def told(kind: MedianKind) -> Mapping[str, Any]:
        found = dora.median(known, kind)
        return metric.number(definition, nothing if found is None else found)

    return {
        **told("mean"),
        "population": population,
        "clock": clock,
        "numerator": None,
        "denominator": len(known),
        "lower_median": told("lower"),
    }
