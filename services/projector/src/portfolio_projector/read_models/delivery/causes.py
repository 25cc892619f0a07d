"""What is taken for the cause of incidents: what somebody said last, and where nobody said anything what is nearest. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple

from portfolio_projector.metrics.dora import Nearest
from portfolio_projector.read_models.delivery.fold import PRODUCTION
from portfolio_projector.read_models.delivery.state import Delivery, Deployment, Incident

Method = Literal["declared", "nearest", "assumed"]
Causes = Literal["all", "linked", "declared"]
"""Whose word counts: that of those who declared a cause, of all who linked one, or also what is assumed where nobody did."""

COUNTED: Mapping[Causes, frozenset[Method]] = {
    "all": frozenset({"declared", "nearest", "assumed"}),
    "linked": frozenset({"declared", "nearest"}),
    "declared": frozenset({"declared"}),
}


class Made(NamedTuple):
    """A deployment that succeeded in production, and when it had finished."""

    deployment: Deployment
    finished_at: datetime


class Cause(NamedTuple):
    """A deployment that is taken for the cause of an incident, and by which method."""

    deployment: str
    method: Method


def made(state: Delivery) -> dict[str, Made]:
    """Return what ever succeeded in production, by id; what was rolled back later is among it."""
    return {
        name: Made(one, one.finished_at)
        for name, one in state.deployments.items()
        if one.has_succeeded and one.environment == PRODUCTION and one.finished_at is not None
    }


def causes(state: Delivery, deployments: Mapping[str, Made]) -> dict[str, Cause]:
    """Return the causes of incidents that have one.

    The last word holds: the ledger lets no link by nearness take the place of a declared one. Where nobody linked or unlinked
    anything, the last deployment that had finished when the incident began is assumed, unless it was another member's then.
    """
    nearest = Nearest({name: one.finished_at for name, one in deployments.items()})
    found = {
        name: _cause(incident, nearest if incident.home == state.scope else None) for name, incident in state.incidents.items()
    }
    return {name: cause for name, cause in found.items() if cause is not None}


def _cause(incident: Incident, nearest: Nearest | None) -> Cause | None:
    if incident.judgements:
        last = incident.judgements[-1]
        return None if last.deployment is None or last.method is None else Cause(last.deployment, last.method)
    before = None if nearest is None else nearest.before(incident.started_at)
    return None if before is None else Cause(before, "assumed")
