"""The table of aggregates: for each the rules that judge its events, and that are closed over them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from portfolio_ledger.domain import (
    benefit,
    change,
    change_request,
    decision,
    dependency,
    deployment,
    experiment,
    feature,
    funding,
    incident,
    initiative,
    issue,
    item,
    iteration,
    objective,
    portfolio,
    product,
    release,
    risk,
    service_level,
    team,
    work_package,
)
from portfolio_ledger.domain.decider import Decision, Fact, State, States
from portfolio_schemas.events.benefit import BenefitEvent
from portfolio_schemas.events.change import ChangeEvent
from portfolio_schemas.events.change_request import ChangeRequestEvent
from portfolio_schemas.events.decision import DecisionEvent
from portfolio_schemas.events.dependency import DependencyEvent
from portfolio_schemas.events.deployment import DeploymentEvent
from portfolio_schemas.events.event_data import EventData
from portfolio_schemas.events.experiment import ExperimentEvent
from portfolio_schemas.events.feature import FeatureEvent
from portfolio_schemas.events.funding import FundingEvent
from portfolio_schemas.events.incident import IncidentEvent
from portfolio_schemas.events.initiative import InitiativeEvent
from portfolio_schemas.events.issue import IssueEvent
from portfolio_schemas.events.item import ItemEvent
from portfolio_schemas.events.iteration import IterationEvent
from portfolio_schemas.events.objective import ObjectiveEvent
from portfolio_schemas.events.portfolio import PortfolioEvent
from portfolio_schemas.events.product import ProductEvent
from portfolio_schemas.events.release import ReleaseEvent
from portfolio_schemas.events.risk import RiskEvent
from portfolio_schemas.events.service_level import ServiceLevelEvent
from portfolio_schemas.events.team import TeamEvent
from portfolio_schemas.events.work_package import WorkPackageEvent

Events_contra = TypeVar("Events_contra", bound=EventData, contravariant=True)


class Rules(Protocol[Events_contra]):
    """What a module of rules offers. The rules that marks stand for have been checked when `decide` is asked."""

    @property
    def KINDS(self) -> Mapping[str, type[State]]:  # noqa: N802  a constant of a module
        """The kinds of state that it keeps, by the first part of their keys."""
        ...

    def reads(self, fact: Fact, data: Events_contra, states: States, /) -> Iterable[str]:
        """Name the other subjects and indexes that `decide` and `evolve` look at, given what is loaded of them."""
        ...

    def decide(self, fact: Fact, data: Events_contra, states: States, /) -> Decision:
        """Judge a fact."""
        ...

    def evolve(self, fact: Fact, data: Events_contra, states: States, /) -> Mapping[str, State]:
        """Return the states that a recorded fact changes."""
        ...


@dataclass(frozen=True)
class Aggregate(Generic[Events_contra]):
    """An aggregate: its rules, typed with the events that they are closed over."""

    rules: Rules[Events_contra]


AGGREGATES: Mapping[str, Aggregate[Any]] = {
    "portfolio": Aggregate[PortfolioEvent](portfolio),
    "initiative": Aggregate[InitiativeEvent](initiative),
    "change-request": Aggregate[ChangeRequestEvent](change_request),
    "work-package": Aggregate[WorkPackageEvent](work_package),
    "funding": Aggregate[FundingEvent](funding),
    "product": Aggregate[ProductEvent](product),
    "item": Aggregate[ItemEvent](item),
    "release": Aggregate[ReleaseEvent](release),
    "iteration": Aggregate[IterationEvent](iteration),
    "change": Aggregate[ChangeEvent](change),
    "deployment": Aggregate[DeploymentEvent](deployment),
    "feature": Aggregate[FeatureEvent](feature),
    "incident": Aggregate[IncidentEvent](incident),
    "service-level": Aggregate[ServiceLevelEvent](service_level),
    "experiment": Aggregate[ExperimentEvent](experiment),
    "risk": Aggregate[RiskEvent](risk),
    "issue": Aggregate[IssueEvent](issue),
    "dependency": Aggregate[DependencyEvent](dependency),
    "benefit": Aggregate[BenefitEvent](benefit),
    "objective": Aggregate[ObjectiveEvent](objective),
    "decision": Aggregate[DecisionEvent](decision),
    "team": Aggregate[TeamEvent](team),
}
