"""The event types, one file per aggregate. Their names are the storage format: a recorded type never changes."""

from portfolio_schemas.events.benefit import BenefitEvent
from portfolio_schemas.events.change import ChangeEvent
from portfolio_schemas.events.change_request import ChangeRequestEvent
from portfolio_schemas.events.decision import DecisionEvent
from portfolio_schemas.events.dependency import DependencyEvent
from portfolio_schemas.events.deployment import DeploymentEvent
from portfolio_schemas.events.event_data import EventData
from portfolio_schemas.events.experiment import ExperimentEvent
from portfolio_schemas.events.feature import FeatureEvent
from portfolio_schemas.events.funding import CostPostedV1, FundingEvent
from portfolio_schemas.events.incident import IncidentEvent
from portfolio_schemas.events.initiative import InitiativeEvent
from portfolio_schemas.events.issue import IssueEvent
from portfolio_schemas.events.item import ItemAddedV1, ItemEvent
from portfolio_schemas.events.iteration import IterationEvent
from portfolio_schemas.events.objective import ObjectiveEvent
from portfolio_schemas.events.portfolio import PortfolioEvent
from portfolio_schemas.events.product import ProductEvent
from portfolio_schemas.events.release import ReleaseEvent
from portfolio_schemas.events.risk import RiskEvent
from portfolio_schemas.events.service_level import ServiceLevelEvent
from portfolio_schemas.events.team import TeamEvent
from portfolio_schemas.events.work_package import WorkPackageEvent

Event = (
    PortfolioEvent
    | InitiativeEvent
    | ChangeRequestEvent
    | WorkPackageEvent
    | FundingEvent
    | ProductEvent
    | ItemEvent
    | ReleaseEvent
    | IterationEvent
    | ChangeEvent
    | DeploymentEvent
    | FeatureEvent
    | IncidentEvent
    | ServiceLevelEvent
    | ExperimentEvent
    | RiskEvent
    | IssueEvent
    | DependencyEvent
    | BenefitEvent
    | ObjectiveEvent
    | DecisionEvent
    | TeamEvent
)
"""Every type of event in its newest version: what rules and folds are closed over."""

OLDER: tuple[type[EventData], ...] = (CostPostedV1, ItemAddedV1)
"""The older versions, which are read for ever."""
