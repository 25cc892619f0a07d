"""The read models: a folder each, with its fold, its tables or chronicles, and its routes. These are the lists of them."""

from typing import Any

from portfolio_projector.description import ReadModel
from portfolio_projector.folding.chronicles import Chronicle
from portfolio_projector.read_models import backlogs, concerns, entries, initiatives
from portfolio_projector.read_models.capacity.fold import CAPACITY
from portfolio_projector.read_models.change_requests.fold import CHANGE_REQUESTS
from portfolio_projector.read_models.decisions.fold import DECISIONS
from portfolio_projector.read_models.delivery.fold import DELIVERY
from portfolio_projector.read_models.dependencies.fold import DEPENDENCIES
from portfolio_projector.read_models.exceptions.fold import EXCEPTIONS
from portfolio_projector.read_models.experiments.fold import EXPERIMENTS
from portfolio_projector.read_models.flow.fold import FLOW
from portfolio_projector.read_models.funding.fold import FUNDING, FUNDING_OF_ALL
from portfolio_projector.read_models.gates.fold import GATES
from portfolio_projector.read_models.iterations.fold import ITERATIONS
from portfolio_projector.read_models.membership.fold import MEMBERSHIP
from portfolio_projector.read_models.milestones.fold import MILESTONES
from portfolio_projector.read_models.money.fold import MONEY, MONEY_OF_ALL
from portfolio_projector.read_models.outcomes.fold import OUTCOMES
from portfolio_projector.read_models.overview.fold import HEARD
from portfolio_projector.read_models.performance.fold import PERFORMANCE
from portfolio_projector.read_models.products.fold import PRODUCTS, PRODUCTS_OF_ALL
from portfolio_projector.read_models.risks.fold import RISKS
from portfolio_projector.read_models.transitions.fold import TRANSITIONS

READ_MODELS: tuple[ReadModel[Any], ...] = (entries.MODEL, concerns.MODEL, initiatives.MODEL, backlogs.MODEL)
"""Those that have tables; `entries` comes first, since others look at it."""

CHRONICLES: tuple[Chronicle[Any], ...] = (
    *initiatives.CHRONICLES,
    *backlogs.CHRONICLES,
    FLOW,
    MONEY,
    MONEY_OF_ALL,
    FUNDING,
    FUNDING_OF_ALL,
    PRODUCTS,
    PRODUCTS_OF_ALL,
    DELIVERY,
    RISKS,
    OUTCOMES,
    CAPACITY,
    GATES,
    CHANGE_REQUESTS,
    MILESTONES,
    EXCEPTIONS,
    ITERATIONS,
    TRANSITIONS,
    DEPENDENCIES,
    PERFORMANCE,
    MEMBERSHIP,
    DECISIONS,
    EXPERIMENTS,
    HEARD,
)
"""Those that are told from entries."""

ASKED: tuple[str, ...] = (
    "entries",
    "initiatives",
    "backlogs",
    "flow",
    "products",
    "funding",
    "delivery",
    "risks",
    "outcomes",
    "capacity",
    "membership",
    "decisions",
    "experiments",
    "gates",
    "change_requests",
    "milestones",
    "exceptions",
    "iterations",
    "transitions",
    "dependencies",
    "performance",
    "overview",
    "anomalies",
)
"""The folders that have routes."""
