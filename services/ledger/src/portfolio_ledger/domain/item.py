"""The rules of an item. The order of a backlog is a matter of the read side: here is what may take a place in it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Literal, assert_never

from msgspec import field
from msgspec.structs import replace

from portfolio_ledger.domain import backlogs, flow, portfolio, product, scores, vocabulary
from portfolio_ledger.domain.decider import (
    ACCEPTED,
    Accepted,
    Consequence,
    Decision,
    Fact,
    Refused,
    State,
    States,
    SubjectState,
    accept,
    member_of,
)
from portfolio_schemas import codes
from portfolio_schemas.events.initiative import InitiativeProposed
from portfolio_schemas.events.item import (
    ClassOfServiceSet,
    ItemAccepted,
    ItemAdded,
    ItemBlocked,
    ItemCompleted,
    ItemDropped,
    ItemEstimated,
    ItemEvent,
    ItemLinked,
    ItemMerged,
    ItemMilestoneReported,
    ItemMoved,
    ItemPromotedToInitiative,
    ItemReady,
    ItemReclassified,
    ItemReestimated,
    ItemReopened,
    ItemScored,
    ItemSplit,
    ItemStageReported,
    ItemStarted,
    ItemStateChanged,
    ItemStatusReported,
    ItemTargetCleared,
    ItemTargetMoved,
    ItemTargetSet,
    ItemTransferred,
    ItemUnblocked,
)

Reported = ItemStatusReported | ItemStageReported | ItemTargetSet | ItemTargetMoved | ItemTargetCleared | ItemMilestoneReported
"""What a source merely reports: recorded whatever the item's own state is."""


StateName = Literal["New", "Ready", "Started", "Done", "Reopened", "Dropped", "Split", "Merged", "Promoted"]
_LEADS_TO: Mapping[type, StateName] = {
    ItemReady: "Ready",
    ItemCompleted: "Done",
    ItemDropped: "Dropped",
    ItemMerged: "Merged",
    ItemPromotedToInitiative: "Promoted",
}


class Item(SubjectState, frozen=True):
    """An item: whose it is, how far it is, since when, and what its source last reported."""

    backlog: str
    state: StateName
    since: datetime
    stage: str | None = None
    flow: str | None = None
    points: str | None = None
    is_accepted: bool = False
    is_blocked: bool = False
    targets: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def is_open(self) -> bool:
        """Tell whether it has a place in the order."""
        return self.state in ("New", "Ready", "Started", "Reopened")

    @property
    def member(self) -> str:
        """The initiative or product in whose backlog it is."""
        return self.backlog


KINDS: Mapping[str, type[State]] = {"item": Item, **backlogs.KINDS, **flow.KINDS}


def reads(fact: Fact, data: ItemEvent, states: States) -> Iterable[str]:
    """Name the other subjects and indexes that the rules look at.

    What an item will ask for as long as it lives is named when it is added: a batch that adds items and goes on with them needs
    no look-up for each.
    """
    item = of(states, fact.subject)
    home = (backlogs.key_of(item.backlog), flow.key_of(item.backlog)) if item else ()
    match data:
        case ItemAdded():
            return backlogs.key_of(data.backlog), flow.key_of(data.backlog), *((data.after,) if data.after else ())
        case ItemMoved(after=after):
            return (after,) if after else ()
        case ItemReopened(after=after):
            return *home, *((after,) if after else ())
        case ItemSplit(into=into):
            return *home, *(new.item for new in into)
        case ItemTransferred():
            return *home, backlogs.key_of(data.to), flow.key_of(data.to)
        case ItemPromotedToInitiative():
            return *home, data.initiative
        case ItemMerged():
            return *home, data.into
        case ItemCompleted() | ItemDropped() | ItemStarted() | ItemStateChanged():
            return home
        case _:
            return ()


def evolve(fact: Fact, data: ItemEvent, states: States) -> Mapping[str, State]:
    """Fold a recorded fact into the item, the items that a split makes, and the number of open items."""
    if isinstance(data, ItemAdded):
        added = Item(data.backlog, "New", fact.time, born_at=fact.time)
        return {fact.subject: added, **backlogs.counted(states, data.backlog, 1)}
    item = of(states, fact.subject)
    if item is None:
        return {}
    made: dict[str, State] = {}
    match data:
        case (
            ItemMoved()
            | ItemStatusReported()
            | ItemMilestoneReported()
            | ItemScored()
            | ItemLinked()
            | ItemReclassified()
            | ClassOfServiceSet()
        ):
            return {}
        case ItemTargetSet() | ItemTargetMoved():
            changed = replace(item, targets={**item.targets, data.gate: data.target})
        case ItemReady() | ItemCompleted() | ItemDropped() | ItemMerged() | ItemPromotedToInitiative():
            changed = replace(item, state=_LEADS_TO[type(data)], since=fact.time)
        case ItemEstimated():
            changed = replace(item, points=data.points)
        case ItemReestimated():
            changed = replace(item, points=data.new)
        case ItemAccepted():
            changed = replace(item, is_accepted=True)
        case ItemStateChanged():
            changed = replace(item, flow=data.to)
        case ItemBlocked():
            changed = replace(item, is_blocked=True)
        case ItemUnblocked():
            changed = replace(item, is_blocked=False)
        case ItemStarted():
            changed = replace(item, state="Started", since=fact.time, flow=data.state or item.flow)
        case ItemReopened():
            changed = replace(item, state="Reopened", since=fact.time, is_accepted=False)
        case ItemSplit():
            made = {new.item: Item(item.backlog, "New", fact.time, born_at=fact.time) for new in data.into}
            changed = replace(item, state="Split", since=fact.time)
        case ItemTransferred():
            left, entered = backlogs.counted(states, item.backlog, -1), backlogs.counted(states, data.to, 1)
            flows = {**flow.moved(states, item.backlog, item.flow, None), **flow.moved(states, data.to, None, item.flow)}
            return {fact.subject: replace(item, backlog=data.to), **left, **entered, **flows}
        case ItemStageReported():
            changed = replace(item, stage=data.stage)
        case ItemTargetCleared():
            changed = replace(item, targets={gate: target for gate, target in item.targets.items() if gate != data.gate})
        case _:
            assert_never(data)
    change = len(made) + changed.is_open - item.is_open
    if not changed.is_open and item.is_open:
        changed = replace(changed, flow=None, is_blocked=False)
    flows = flow.moved(states, item.backlog, item.flow, changed.flow)
    return {fact.subject: changed, **made, **backlogs.counted(states, item.backlog, change), **flows}


def decide(fact: Fact, data: ItemEvent, states: States) -> Decision:
    """Judge a fact about an item."""
    item = of(states, fact.subject)
    if isinstance(data, ItemAdded) or item is None:
        return _decide_added(fact, data, states) if isinstance(data, ItemAdded) else ACCEPTED
    early = codes.DATES_DISAGREE if fact.time < item.since else None
    match data:
        case (
            ItemStatusReported()
            | ItemMilestoneReported()
            | ItemStageReported()
            | ItemTargetSet()
            | ItemTargetMoved()
            | ItemTargetCleared()
        ):
            return _decide_reported(item, data, states)
        case ItemMoved():
            return _check_open(fact, item) or _check_place(fact.subject, data.after, item.backlog, states) or ACCEPTED
        case ItemTransferred():
            return ACCEPTED
        case ItemPromotedToInitiative():
            return _check_open(fact, item) or _decide_promoted(fact, data, states)
        case ItemStarted():
            if item.state == "Started":
                return Refused(
                    codes.WRONG_STATE, f"{fact.subject} was started already; ItemStateChanged says where it goes from there."
                )
            return (
                _check_open(fact, item)
                or flow.check(states, item.backlog, data.state)
                or accept(early, flow.flag(states, item.backlog, item.flow, data.state))
            )
        case ItemCompleted():
            if item.state in ("New", "Ready") and not flow.has_begun(states, item.backlog, item.flow):
                return Refused(codes.NEVER_STARTED, f"{fact.subject} was never started: state ItemStarted first.")
            return _check_open(fact, item) or accept(early)
        case ItemReopened():
            if item.state != "Done":
                return Refused(codes.WRONG_STATE, f"{fact.subject} is {item.state}; only what is done is reopened.")
            return _check_place(fact.subject, data.after, item.backlog, states) or accept(early)
        case ItemDropped():
            return _check_open(fact, item) or accept(early)
        case ItemSplit():
            return _check_open(fact, item) or _check_split(data, states) or accept(early)
        case ItemReady() | ItemMerged() | ItemStateChanged() | ItemBlocked():
            return _check_open(fact, item) or _decide_flow(fact, data, item, states)
        case ItemEstimated() | ItemReestimated():
            return _decide_estimated(fact, data, item)
        case ItemScored():
            return scores.check_size(data.wsjf) or accept(scores.flag(data.wsjf))
        case ItemAccepted():
            if item.state != "Done" or item.is_accepted:
                detail = "is accepted already" if item.is_accepted else f"is {item.state}; only what is done is accepted"
                return Refused(codes.WRONG_STATE, f"{fact.subject} {detail}.")
            return ACCEPTED
        case ItemUnblocked():
            return (
                ACCEPTED
                if item.is_blocked
                else Refused(codes.WRONG_STATE, f"{fact.subject} is not blocked: there is nothing to unblock.")
            )
        case ItemLinked() | ItemReclassified() | ClassOfServiceSet():
            return ACCEPTED
        case _:
            assert_never(data)


def of(states: States, key: str) -> Item | None:
    """Return an item's state, None where there is none."""
    state = states.get(key)
    return state if isinstance(state, Item) else None


def _decide_added(fact: Fact, data: ItemAdded, states: States) -> Decision:
    owner = member_of(states, data.backlog)
    refused = _check_place(fact.subject, data.after, data.backlog, states)
    return refused or accept(codes.DATES_DISAGREE if owner is not None and fact.time < owner.born_at else None)


def _decide_flow(
    fact: Fact, data: ItemReady | ItemMerged | ItemStateChanged | ItemBlocked, item: Item, states: States
) -> Decision:
    match data:
        case ItemReady():
            if item.state not in ("New", "Reopened"):
                return Refused(codes.WRONG_STATE, f"{fact.subject} is {item.state} already.")
            return ACCEPTED
        case ItemMerged():
            return _check_place(fact.subject, data.into, item.backlog, states) or ACCEPTED
        case ItemStateChanged():
            disagrees = None if flow.agrees(states, item.backlog, data.from_, item.flow) else codes.FROM_DISAGREES
            full = flow.flag(states, item.backlog, item.flow, data.to)
            return flow.check(states, item.backlog, data.to) or accept(disagrees, full)
        case ItemBlocked():
            if item.is_blocked:
                return Refused(codes.WRONG_STATE, f"{fact.subject} is blocked already: state ItemUnblocked before.")
            return ACCEPTED
        case _:
            assert_never(data)


def _decide_estimated(fact: Fact, data: ItemEstimated | ItemReestimated, item: Item) -> Decision:
    if not item.is_open:
        return Refused(codes.DONE, f"{fact.subject} is {item.state}: what it was estimated at stays.")
    if isinstance(data, ItemEstimated):
        return ACCEPTED
    if item.points is None:
        return Refused(codes.WRONG_STATE, f"{fact.subject} was never estimated: state ItemEstimated first.")
    return accept(codes.ESTIMATE_DISAGREES if Decimal(data.old) != Decimal(item.points) else None)


def _decide_promoted(fact: Fact, data: ItemPromotedToInitiative, states: States) -> Decision:
    if states.get(data.initiative) is not None:
        return Refused(codes.ALREADY_EXISTS, f"{data.initiative} exists already: choose another id.")
    home = portfolio.of(states, fact.portfolio_key)
    threshold = home.epic_threshold if home else None
    is_small = threshold is not None and data.rough_cost is not None and data.rough_cost.minor < threshold
    proposed = InitiativeProposed(
        name=data.name,
        mode=data.mode,
        currency=home.currency if home else "",
        sponsor=data.sponsor,
        objective=data.objective,
        rough_cost=data.rough_cost,
    )
    flags = (codes.BELOW_THRESHOLD,) if is_small else ()
    return Accepted(flags, (Consequence(data.initiative, proposed),))


def _check_open(fact: Fact, item: Item) -> Refused | None:
    if item.is_open:
        return None
    return Refused(codes.CLOSED_ITEM, f"{fact.subject} is {item.state} and has no place in the order any more.")


def _check_place(subject: str, after: str | None, owner: str, states: States) -> Refused | None:
    if after is None:
        return None
    if after == subject:
        return Refused(codes.AFTER_ITSELF, f"{subject} cannot follow itself: name another item in `after`, or null for the top.")
    other = of(states, after)
    if other is None:
        return Refused(
            codes.UNKNOWN_ITEM, f"{after} is not in the backlog: name an open item of it in `after`, or null for the top."
        )
    if other.backlog != owner:
        return Refused(codes.OTHER_PRODUCT, f"{after} belongs to {other.backlog}, not to {owner}.")
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
    closed, owner = None if item.is_open else codes.ITEM_CLOSED, product.of(states, item.backlog)
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
