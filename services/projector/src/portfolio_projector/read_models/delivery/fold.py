"""The fold of `delivery`. Pure: the order is the log's; what has no premise is passed over."""

from typing import assert_never, cast, get_args

from portfolio_projector.folding.acts import act_of
from portfolio_projector.folding.chronicles import chronicle
from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.read_models.delivery.state import (
    Change,
    Delivery,
    Deployment,
    Incident,
    Judgement,
    Measure,
    Promise,
    ServiceLevel,
)
from portfolio_schemas.events import change as changes
from portfolio_schemas.events import deployment as deployments
from portfolio_schemas.events import incident as incidents
from portfolio_schemas.events import product as products
from portfolio_schemas.events import service_level as levels

PRODUCTION = "production"

_Birth = products.ProductConceived | products.ProductOpenedFrom
_Change = changes.ChangeCommitted | changes.CommitAdded | changes.ReviewOpened | changes.FirstReviewed | changes.ChangeMerged
_Deployment = (
    deployments.DeploymentStarted
    | deployments.DeploymentSucceeded
    | deployments.DeploymentFailed
    | deployments.DeploymentRolledBack
    | deployments.DeploymentMarkedRework
)
_Life = (
    incidents.IncidentReclassified
    | incidents.IncidentAcknowledged
    | incidents.IncidentMitigated
    | incidents.IncidentResolved
    | incidents.IncidentReopened
)
_Judged = incidents.CauseLinked | incidents.CauseUnlinked
_Incident = incidents.IncidentOpened | incidents.IncidentCancelled | incidents.IncidentCarriedOver | _Life | _Judged
_Level = levels.SloSet | levels.SloMeasured | levels.ErrorBudgetExhausted
Known = _Birth | _Change | _Deployment | _Incident | _Level


def fold(state: Delivery, fact: Fact) -> None:
    """Change the state by one fact."""
    data = cast("Known", fact.data)
    if isinstance(data, _Deployment):
        _deploy(state, fact, data)
    elif isinstance(data, _Change):
        _change(state, fact, data)
    elif isinstance(data, _Incident):
        _fold_incident(state, fact, data)
    elif isinstance(data, _Level):
        _level(state, fact, data)
    elif fact.subject == state.scope and state.name is None:
        born = data if isinstance(data, products.ProductConceived) else data.opened
        state.name = None if born is None else born.name


def _deploy(state: Delivery, fact: Fact, data: _Deployment) -> None:
    if isinstance(data, deployments.DeploymentStarted):
        state.deployments[fact.id] = Deployment(
            data.scope,
            data.environment,
            act_of(fact),
            data.version,
            shas=list(data.shas) if data.environment == PRODUCTION else [],
        )
        return
    known = state.deployments.get(fact.id)
    if known is None:
        return
    match data:
        case deployments.DeploymentSucceeded(finished_at=finished_at):
            known.state, known.has_succeeded, known.finished_at = "Succeeded", True, finished_at
            _bring(state, fact.id, known)
        case deployments.DeploymentFailed(finished_at=finished_at):
            known.state, known.finished_at, known.shas = "Failed", finished_at, []
        case deployments.DeploymentRolledBack(to=to):
            known.state, known.rolled_back_at = "RolledBack", fact.time
            known.rolled_back_to = None if to is None else to.partition("/")[2]
        case deployments.DeploymentMarkedRework(incident=incident):
            known.rework = incident.partition("/")[2]
        case _:
            assert_never(data)


def _bring(state: Delivery, name: str, known: Deployment) -> None:
    """Remember of each commit the deployment that finished first, whichever was recorded first."""
    for sha in known.shas:
        first = state.deployments.get(state.brought.get(sha, ""))
        if first is None or first.finished_at is None or known.finished_at is None or known.finished_at < first.finished_at:
            state.brought[sha] = name
    known.shas = []


def _change(state: Delivery, fact: Fact, data: _Change) -> None:
    if isinstance(data, changes.ChangeCommitted):
        state.changes[fact.id] = Change(data.repo, data.authored_at, [data.sha])
        return
    known = state.changes.get(fact.id)
    if known is None:
        return
    match data:
        case changes.CommitAdded(sha=sha, authored_at=authored_at):
            known.authored_at = min(known.authored_at, authored_at)
            known.commits.append(sha)
        case changes.ReviewOpened():
            known.opened_at = known.opened_at or fact.time
        case changes.FirstReviewed():
            known.reviewed_at = known.reviewed_at or fact.time
        case changes.ChangeMerged(merge_sha=sha):
            known.merged_at, known.merge_sha, known.commits = fact.time, sha, []
        case _:
            assert_never(data)


def _fold_incident(state: Delivery, fact: Fact, data: _Incident) -> None:
    if isinstance(data, incidents.IncidentOpened):
        state.incidents[fact.id] = Incident(
            data.title, data.severity, data.started_at, act_of(fact), data.member, data.member, data.service
        )
        return
    known = state.incidents.get(fact.id)
    if known is None:
        return
    match data:
        case incidents.IncidentCancelled():
            del state.incidents[fact.id]
        case incidents.IncidentCarriedOver(to=to):
            known.member = to
        case incidents.CauseLinked(deployment=deployment, method=method):
            known.judgements.append(Judgement(deployment.partition("/")[2], method, act_of(fact)))
        case incidents.CauseUnlinked():
            known.judgements.append(Judgement(None, None, act_of(fact)))
        case _:
            _live(known, fact, data)


def _live(known: Incident, fact: Fact, data: _Life) -> None:
    match data:
        case incidents.IncidentReclassified(severity=severity):
            known.severity = severity
        case incidents.IncidentAcknowledged():
            known.state, known.acknowledged_at = "Acknowledged", fact.time
        case incidents.IncidentMitigated():
            known.state, known.mitigated_at = "Mitigated", fact.time
        case incidents.IncidentResolved(resolved_at=resolved_at, resolution=resolution):
            known.state, known.resolved_at, known.resolution = "Resolved", resolved_at, resolution
        case incidents.IncidentReopened():
            known.state, known.resolved_at = "Opened", None
        case _:
            assert_never(data)


def _level(state: Delivery, fact: Fact, data: _Level) -> None:
    level = state.service_levels.setdefault(fact.id, ServiceLevel())
    match data:
        case levels.SloSet(sli=sli, target=target, window_days=days, proposed_by=who):
            level.promises.append(Promise(sli, target, days, who, act_of(fact)))
        case levels.SloMeasured(value=value):
            level.measures.append(Measure(value, act_of(fact)))
        case levels.ErrorBudgetExhausted():
            level.exhausted.append(act_of(fact))
        case _:
            assert_never(data)


DELIVERY = chronicle("delivery", 4, types=types_of(*get_args(Known)), state=Delivery, fold=fold)
