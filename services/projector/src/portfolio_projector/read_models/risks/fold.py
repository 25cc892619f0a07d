"""The fold of `risks`. Pure: the order is the log's; what has no premise is passed over."""

from typing import assert_never, cast, get_args

from portfolio_projector.folding.acts import act_of
from portfolio_projector.folding.chronicles import chronicle
from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.read_models.risks.state import (
    Acceptance,
    Assessment,
    Carried,
    Escalation,
    Issue,
    Response,
    Risk,
    Risks,
)
from portfolio_schemas.events import issue as issues
from portfolio_schemas.events import risk as risks
from portfolio_schemas.events.portfolio import PortfolioOpened

_Treated = (
    risks.RiskAssessed
    | risks.ResponsePlanned
    | risks.RiskAccepted
    | risks.RiskMaterialised
    | risks.RiskClosed
    | risks.RiskCarriedOver
)
_Answered = issues.IssueEscalated | issues.IssueResolved | issues.IssueCarriedOver
Known = PortfolioOpened | risks.RiskIdentified | _Treated | issues.IssueOpened | _Answered


def fold(state: Risks, fact: Fact) -> None:
    """Change the state by one fact."""
    data = cast("Known", fact.data)
    match data:
        case PortfolioOpened(currency=currency):
            state.currency = currency
        case risks.RiskIdentified():
            state.risks[fact.id] = Risk(data.title, data.category, data.owner, data.description, data.member, act_of(fact))
        case issues.IssueOpened():
            state.issues[fact.id] = Issue(data.title, data.severity, data.owner, data.description, data.member, act_of(fact))
        case issues.IssueEscalated() | issues.IssueResolved() | issues.IssueCarriedOver():
            issue = state.issues.get(fact.id)
            if issue is not None:
                _answer(issue, fact, data)
        case _:
            risk = state.risks.get(fact.id)
            if risk is not None:
                _treat(risk, fact, data)


def _treat(risk: Risk, fact: Fact, data: _Treated) -> None:
    act = act_of(fact)
    match data:
        case risks.RiskAssessed(probability=probability, impact_money=money, impact_days=days):
            minor, currency = (None, None) if money is None else (money.minor, money.currency)
            risk.assessments.append(Assessment(probability, minor, currency, days, act))
            risk.state = "Assessed"
        case risks.ResponsePlanned(response=response, owner=owner, plan=plan):
            risk.responses.append(Response(response, owner, plan, act))
            risk.state = "Treated"
        case risks.RiskAccepted(until=until, proposed_by=who):
            risk.acceptances.append(Acceptance(until, who, act))
            risk.state = "Accepted"
        case risks.RiskMaterialised(issue=issue):
            risk.state, risk.issue, risk.ended = "Materialised", issue.partition("/")[2], act
        case risks.RiskClosed():
            risk.state, risk.ended = "Closed", act
        case risks.RiskCarriedOver(to=to):
            risk.carried.append(Carried(risk.member, to, act))
            risk.member = to
        case _:
            assert_never(data)


def _answer(issue: Issue, fact: Fact, data: _Answered) -> None:
    match data:
        case issues.IssueEscalated(to=to):
            issue.escalations.append(Escalation(to, act_of(fact)))
        case issues.IssueResolved(resolution=resolution):
            issue.resolution, issue.resolved = resolution, act_of(fact)
        case issues.IssueCarriedOver(to=to):
            issue.carried.append(Carried(issue.member, to, act_of(fact)))
            issue.member = to
        case _:
            assert_never(data)


RISKS = chronicle("risks", 1, types=types_of(*get_args(Known)), state=Risks, fold=fold, of_portfolio=True)
