"""The rules of an item. The order of a backlog is a matter of the read side: here is what may take a place in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, assert_never

from portfolio_ledger.domain import product, vocabulary
from portfolio_ledger.domain.decider import ACCEPTED, Accepted, Decision, Fact, Refused, State, States, SubjectState, accept
from portfolio_schemas import codes
from portfolio_schemas.events.item import (
    ItemAdded,
    ItemCompleted,
    ItemDropped,
    ItemEvent,
    ItemMilestoneReported,
    ItemMoved,
    ItemReopened,
    ItemSplit,
    ItemStageReported,
    ItemStarted,
    ItemStatusReported,
    ItemTargetCleared,
    ItemTargetMoved,
    ItemTargetSet,
)

Reported = ItemStatusReported | ItemStageReported | ItemTargetSet | ItemTargetMoved | ItemTargetCleared | ItemMilestoneReported
"""What a source merely reports: recorded whatever the item's own state is."""


@dataclass(frozen=True, slots=True)
class Item(SubjectState):
    """An item: whose it is, how far it is, since when, and what its source last reported."""

    product: str
    state: Literal["New", "Started", "Done", "Reopened", "Dropped", "Split"]
    since: datetime
    stage: str | None = None
    targets: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def is_open(self) -> bool:
        """Tell whether it has a place in the order."""
        return self.state in ("New", "Started", "Reopened")

    @property
    def member(self) -> str:
        """Its product."""
        return self.product


KINDS: Mapping[str, type[State]] = {"item": Item}


def reads(_fact: Fact, data: ItemEvent, _states: States) -> Iterable[str]:
    """Name the other subjects that the rules look at."""
    match data:
        case ItemAdded(after=after) | ItemMoved(after=after) | ItemReopened(after=after):
            return () if after is None else (after,)
        case ItemSplit(into=into):
            return [new.item for new in into]
        case _:
            return ()


def evolve(fact: Fact, data: ItemEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into the item, or the items that a split makes."""
    if isinstance(data, ItemAdded):
        return {fact.subject: Item(data.product, "New", fact.time, born_at=fact.time)}
    item = of(states, fact.subject)
    if item is None:
        return {}
    match data:
        case ItemMoved() | ItemStatusReported() | ItemMilestoneReported():
            return {}
        case ItemStarted():
            changed = replace(item, state="Started", since=fact.time)
        case ItemCompleted():
            changed = replace(item, state="Done", since=fact.time)
        case ItemReopened():
            changed = replace(item, state="Reopened", since=fact.time)
        case ItemDropped():
            changed = replace(item, state="Dropped", since=fact.time)
        case ItemSplit():
            made = {new.item: Item(item.product, "New", fact.time, born_at=fact.time) for new in data.into}
            return {fact.subject: replace(item, state="Split", since=fact.time), **made}
        case ItemStageReported():
            changed = replace(item, stage=data.stage)
        case ItemTargetSet() | ItemTargetMoved():
            changed = replace(item, targets={**item.targets, data.gate: data.target})
        case ItemTargetCleared():
            changed = replace(item, targets={gate: target for gate, target in item.targets.items() if gate != data.gate})
        case _:
            assert_never(data)
    return {fact.subject: changed}


def decide(fact: Fact, data: ItemEvent, states: States) -> Decision:
    """Judge a fact about an item."""
    item = of(states, fact.subject)
    if isinstance(data, ItemAdded) or item is None:
        return _decide_added(fact, data, states) if isinstance(data, ItemAdded) else ACCEPTED
    early = codes.DATES_DISAGREE if fact.time < item.since else None
    match data:
        case ItemMoved():
            return _check_open(fact, item) or _check_place(fact.subject, data.after, item.product, states) or ACCEPTED
        case ItemStarted():
            if item.state == "Started":
                return Refused(codes.WRONG_STATE, f"{fact.subject} was started already.")
            return _check_open(fact, item) or accept(early)
        case ItemCompleted():
            if item.state == "New":
                return Refused(codes.NEVER_STARTED, f"{fact.subject} was never started: state ItemStarted first.")
            return _check_open(fact, item) or accept(early)
        case ItemReopened():
            if item.state != "Done":
                return Refused(codes.WRONG_STATE, f"{fact.subject} is {item.state}; only what is done is reopened.")
            return _check_place(fact.subject, data.after, item.product, states) or accept(early)
        case ItemDropped():
            return _check_open(fact, item) or accept(early)
        case ItemSplit():
            return _check_open(fact, item) or _check_split(data, states) or accept(early)
        case _:
            return _decide_reported(item, data, states)


def of(states: States, key: str) -> Item | None:
    """Return an item's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Item) else None


def _decide_added(fact: Fact, data: ItemAdded, states: States) -> Decision:
    owner = product.of(states, data.product)
    refused = _check_place(fact.subject, data.after, data.product, states)
    return refused or accept(codes.DATES_DISAGREE if owner is not None and fact.time < owner.born_at else None)


def _check_open(fact: Fact, item: Item) -> Refused | None:
    if item.is_open:
        return None
    return Refused(codes.CLOSED_ITEM, f"{fact.subject} is {item.state} and has no place in the order any more.")


def _check_place(subject: str, after: str | None, owner: str, states: States) -> Refused | None:
    if after is None:
        return None
    if after == subject:
        return Refused(codes.AFTER_ITSELF, f"{subject} cannot follow itself.")
    other = of(states, after)
    if other is None:
        return Refused(codes.UNKNOWN_ITEM, f"{after} is not in the backlog.")
    if other.product != owner:
        return Refused(codes.OTHER_PRODUCT, f"{after} belongs to {other.product}, not to {owner}.")
    if not other.is_open:
        return Refused(codes.CLOSED_ITEM, f"{after} is {other.state} and has no place in the order any more.")
    return None


def _check_split(data: ItemSplit, states: States) -> Refused | None:
    names = [new.item for new in data.into]
    for name in names:
        if of(states, name) is not None or names.count(name) > 1:
            return Refused(codes.ALREADY_EXISTS, f"{name} exists already, or stands twice in the split.")
    return None


def _decide_reported(item: Item, data: Reported, states: States) -> Accepted:
    closed, owner = None if item.is_open else codes.ITEM_CLOSED, product.of(states, item.product)
    statuses, stages = (owner.statuses, owner.stages) if owner else ((), ())
    match data:
        case ItemStatusReported():
            return accept(closed, None if vocabulary.is_known_status(data.status, statuses) else codes.UNKNOWN_STATE)
        case ItemStageReported():
            unknown = None if vocabulary.is_known_stage(data.stage, stages) else codes.UNKNOWN_STATE
            backward = codes.STAGE_BACKWARD if vocabulary.is_backward(item.stage, data.stage, stages) else None
            return accept(closed, unknown, backward)
        case ItemTargetSet():
            return accept(closed, codes.TARGET_TWICE if data.gate in item.targets else None)
        case ItemTargetMoved() | ItemTargetCleared():
            return accept(closed, None if data.gate in item.targets else codes.TARGET_UNKNOWN)
        case ItemMilestoneReported():
            return accept(closed)
        case _:
            assert_never(data)
