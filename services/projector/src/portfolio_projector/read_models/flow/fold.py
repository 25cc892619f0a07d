"""The fold of `flow`: what each fact says about the way of an item, and about the workflow. Pure.

Facts come in the order of the log, which need not be that of time. What has no premise yet is passed over.
"""

from datetime import UTC, datetime, timedelta

from portfolio_projector.folding.chronicles import chronicle
from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.read_models.flow import state as steps
from portfolio_projector.read_models.flow.state import KINDS, SAID_WAITING, STATES, Flow, Item, Limit, State, Workflow
from portfolio_schemas.events import item as items
from portfolio_schemas.events import product as products
from portfolio_schemas.events.event_data import EventData

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_STATES_MAX = SAID_WAITING - STATES

_STEPS: dict[type[EventData], int] = {
    items.ItemReady: steps.READY,
    items.ItemCompleted: steps.COMPLETED,
    items.ItemReopened: steps.REOPENED,
    items.ItemDropped: steps.DROPPED,
    items.ItemMerged: steps.ENDED,
    items.ItemPromotedToInitiative: steps.ENDED,
    items.ItemBlocked: steps.BLOCKED,
    items.ItemUnblocked: steps.UNBLOCKED,
    items.ItemMoved: steps.MOVED,
}
"""What is no more than a step of the item that it is about."""

TYPES = types_of(
    *_STEPS,
    items.ItemAdded,
    items.ItemStarted,
    items.ItemStateChanged,
    items.ItemSplit,
    items.ItemTransferred,
    items.ItemReclassified,
    products.ProductConceived,
    products.ProductOpenedFrom,
    products.WorkflowDefined,
    products.WipLimitSet,
)


def fold(flow: Flow, fact: Fact) -> None:
    """Fold one fact."""
    match fact.data:
        case items.ItemAdded() as data:
            item = flow.items[fact.id] = Item(KINDS.index(data.kind), data.backlog != flow.scope)
            item.step(microseconds(fact.time), steps.ADDED)
        case products.WorkflowDefined() as data:
            states = [State(one.name, one.active, one.counts_from) for one in data.states]
            version = len(flow.workflows) + 1
            flow.workflows.append(Workflow(version, fact.number, microseconds(fact.time), states))
        case products.WipLimitSet() as data:
            flow.limits.append(Limit(microseconds(fact.time), fact.number, data.state, data.limit))
        case products.ProductConceived() | products.ProductOpenedFrom():
            flow.is_known = True
        case data:
            item = flow.items.get(fact.id)
            if item is not None:
                _step(flow, item, fact, data)


def _step(flow: Flow, item: Item, fact: Fact, data: EventData) -> None:
    time = microseconds(fact.time)
    match data:
        case items.ItemStarted(state=state):
            item.step(time, steps.STARTED if state is None else _state(flow, state))
        case items.ItemStateChanged(to=state, active=active):
            item.step(time, _state(flow, state) | (0 if active else SAID_WAITING))
        case items.ItemReclassified(kind=kind):
            item.kind = KINDS.index(kind)
        case items.ItemSplit(into=into):
            if not item.is_away:
                item.step(time, steps.ENDED)
            for new in into:
                kind = item.kind if new.kind is None else KINDS.index(new.kind)
                part = flow.items[new.item.partition("/")[2]] = Item(kind, item.is_away)
                part.step(time, steps.MADE)
        case items.ItemTransferred(to=to):
            was_away, item.is_away = item.is_away, to != flow.scope
            if not (was_away and item.is_away):
                item.step(time, steps.ENDED if item.is_away else steps.ARRIVED)
        case _:
            item.step(time, _STEPS[type(data)])


def _state(flow: Flow, name: str) -> int:
    """Return the step into a state. Where a source has named more states than there is room for, others are only begun."""
    if name not in flow.states and len(flow.states) == _STATES_MAX:
        return steps.STARTED
    return STATES + flow.states.setdefault(name, len(flow.states))


def microseconds(instant: datetime) -> int:
    """Return an instant as microseconds since 1970."""
    return (instant - _EPOCH) // _MICROSECOND


FLOW = chronicle("flow", 2, types=TYPES, state=Flow, fold=fold)
