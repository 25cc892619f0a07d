"""The fold of `change_requests`. Pure."""

from typing import assert_never, cast, get_args

from portfolio_projector.folding import plans
from portfolio_projector.folding.acts import act_of
from portfolio_projector.folding.chronicles import chronicle
from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.read_models.change_requests.state import (
    Assessment,
    Baseline,
    ChangeRequest,
    ChangeRequests,
    Promise,
    Tranche,
)
from portfolio_schemas.events import change_request as requests
from portfolio_schemas.events import initiative as initiatives
from portfolio_schemas.events.funding import TrancheReleased

_Request = requests.ChangeRequestEvent
_Around = (
    initiatives.InitiativeProposed
    | initiatives.DeliveryModeChanged
    | initiatives.BaselineProposed
    | initiatives.BaselineApproved
    | TrancheReleased
)
Known = _Request | _Around


def fold(state: ChangeRequests, fact: Fact) -> None:
    """Change the state by one fact. An answer to a request that is not known is passed over."""
    data = cast("Known", fact.data)
    if isinstance(data, _Around):
        _fold_around(state, fact, data)
    elif isinstance(data, requests.ChangeRequestRaised):
        state.requests[fact.id] = _raised(fact, data)
    elif fact.id in state.requests:
        _fold_answer(state.requests[fact.id], fact, data)


def _fold_around(state: ChangeRequests, fact: Fact, data: _Around) -> None:
    match data:
        case initiatives.InitiativeProposed(name=name, mode=mode, currency=currency):
            state.name, state.mode, state.currency = name, mode, currency
        case initiatives.DeliveryModeChanged(to=mode):
            state.mode = mode
        case initiatives.BaselineProposed():
            state.promises[str(data.version)] = Promise(data.bac.minor, plans.finish_of(data))
        case initiatives.BaselineApproved():
            if str(data.version) in state.promises:
                request = _named(state, data.change_request)
                if request is not None:
                    request.baselines.append(_baseline(state, fact, data))
                state.current = str(data.version)
        case TrancheReleased():
            request = _named(state, data.change_request)
            if request is not None:
                request.tranches.append(Tranche(act_of(fact), data.tranche_no, data.amount.minor))
        case _:
            assert_never(data)


def _named(state: ChangeRequests, reference: str | None) -> ChangeRequest | None:
    return None if reference is None else state.requests.get(reference.partition("/")[2])


def _baseline(state: ChangeRequests, fact: Fact, data: initiatives.BaselineApproved) -> Baseline:
    before = None if state.current is None else state.promises.get(state.current)
    after = state.promises.get(str(data.version))
    if before is None or after is None:
        return Baseline(act_of(fact), data.version, data.change_class, None, None)
    days = (after.finish - before.finish).days
    return Baseline(act_of(fact), data.version, data.change_class, after.bac - before.bac, days)


def _raised(fact: Fact, data: requests.ChangeRequestRaised) -> ChangeRequest:
    cost = data.cost_delta.minor if data.cost_delta else None
    return ChangeRequest(act_of(fact), data.title, data.kind, cost, data.days_delta, data.scope_delta, data.affected)


def _fold_answer(request: ChangeRequest, fact: Fact, data: _Request) -> None:
    match data:
        case requests.ChangeRequestRaised():
            return
        case requests.ChangeRequestAssessed():
            cost = data.cost_delta.minor if data.cost_delta else None
            request.assessments.append(Assessment(act_of(fact), cost, data.days_delta, data.findings))
            request.state = "Assessed"
        case requests.ChangeRequestApproved():
            request.state, request.decided = "Approved", act_of(fact)
        case requests.ChangeRequestRejected():
            request.state, request.decided = "Rejected", act_of(fact)
        case requests.ChangeRequestImplemented():
            request.state, request.implemented = "Implemented", act_of(fact)
        case requests.ChangeRequestWithdrawn():
            request.state, request.withdrawn = "Withdrawn", act_of(fact)
        case _:
            assert_never(data)


CHANGE_REQUESTS = chronicle("change_requests", 3, types=types_of(*get_args(Known)), state=ChangeRequests, fold=fold)
