"""What anomalies are told from, and the codes of those that the read side finds. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from portfolio_projector.read_models.delivery.state import Delivery
from portfolio_projector.read_models.dependencies.state import Dependencies
from portfolio_projector.read_models.flow.state import Flow
from portfolio_projector.read_models.money.state import Money
from portfolio_projector.read_models.outcomes.state import Outcomes
from portfolio_projector.read_models.overview.state import Heard
from portfolio_projector.read_models.performance.state import Performance

SILENT_DAYS = 90
"""After so many days without a word nobody knows any more how a member is."""

SENTENCES = {
    "COST_FELL": "Less is spent by the end of the period than by the end of the one before.",
    "COST_MISSING": "Work is done, and no cost is posted: an invoice may be missing.",
    "WORK_MISSING": "Money is spent and work was planned, and nothing is earned: reports of progress may be missing.",
    "DONE_BEFORE_COMMITTED": "The item was done before it was committed to: it has no cycle time, and is left out of all.",
    "SPAN_NEGATIVE": "A stage of the change ends before it begins: it has no lead time, and is left out.",
    "RESOLVED_BEFORE_BEGUN": "The incident was over before it began: it is left out of how long recovery takes.",
    "SILENT": f"No source has said anything of it for more than {SILENT_DAYS} days, and it has not ended.",
}
"""What the read side finds, by code."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """The states that anomalies are looked for in; what is by member is by its subject."""

    performance: Mapping[str, Performance]
    flow: Mapping[str, Flow]
    delivery: Mapping[str, Delivery]
    heard: Mapping[str, Heard]
    money: Money
    dependencies: Dependencies
    outcomes: Outcomes
