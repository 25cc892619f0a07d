"""Events of an item: an element of a product's rolling backlog, whose order is the promise."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import (
    InitiativeRef,
    Instant,
    ItemRef,
    LinkRef,
    MemberRef,
    Money,
    Name,
    Person,
    Points,
    ProductRef,
    Text,
    Value,
    Word,
    WorkPackageRef,
    WsjfInputs,
)

ItemKind = Literal["feature", "defect", "risk", "debt"]


@event_type(
    "item",
    class_name="ItemAdded",
    occurs="first",
    member="product",
    codes="AFTER_ITSELF UNKNOWN_ITEM OTHER_PRODUCT CLOSED_ITEM",
)
class ItemAddedV1(EventData):
    """An item enters the backlog of a product, after another open item; null is the top. Newer publishers state version 2."""

    product: ProductRef
    title: Name
    kind: ItemKind
    after: ItemRef | None = None

    def upcast(self) -> "ItemAdded":
        """Return version 2: the backlog is the product's."""
        return ItemAdded(backlog=self.product, title=self.title, kind=self.kind, after=self.after)


@event_type(
    "item",
    version=2,
    occurs="first",
    member="backlog",
    modes=("agile", "product"),
    codes="AFTER_ITSELF UNKNOWN_ITEM OTHER_PRODUCT CLOSED_ITEM",
)
class ItemAdded(EventData):
    """An item enters a backlog, of a product or of an agile initiative, after another open item; null puts it at the top.

    Its age begins at `created_at`, where its source knew it before; else when it is added. `converted_from` is the work package
    that it was.
    """

    backlog: MemberRef
    title: Name
    kind: ItemKind
    after: ItemRef | None = None
    created_at: Instant | None = None
    converted_from: WorkPackageRef | None = None


@event_type("item", codes="AFTER_ITSELF UNKNOWN_ITEM OTHER_PRODUCT CLOSED_ITEM")
class ItemMoved(EventData):
    """An item takes its place after another open item; null puts it at the top."""

    after: ItemRef | None


@event_type("item", codes="UNKNOWN_WORKFLOW_STATE OVER_WIP CLOSED_ITEM WRONG_STATE")
class ItemStarted(EventData):
    """Work on it began; `state` is the state of the product's own workflow that it entered."""

    state: Word | None = None


@event_type("item", restated="freely", codes="CLOSED_ITEM NEVER_STARTED")
class ItemCompleted(EventData):
    """It is done, and leaves the order.

    It was started before, or went to a state of its product's workflow from which flow counts.
    """


@event_type("item", needs_reason=True, codes="WRONG_STATE AFTER_ITSELF UNKNOWN_ITEM OTHER_PRODUCT CLOSED_ITEM")
class ItemReopened(EventData):
    """It turned out not to be done: it returns, after another open item; null puts it at the top."""

    after: ItemRef | None = None


@event_type("item", needs_reason=True, restated="freely", codes="CLOSED_ITEM")
class ItemDropped(EventData):
    """It will not be done, and leaves the order."""


class NewItem(Value):
    """An item that a split makes."""

    item: ItemRef
    title: Name
    kind: ItemKind | None = None


@event_type("item", codes="CLOSED_ITEM ALREADY_EXISTS")
class ItemSplit(EventData):
    """It becomes several items, which take its place in this order. It is closed; they are new."""

    into: Annotated[list[NewItem], Field(min_length=1, max_length=50)]


@event_type("item", restated="freely", codes="UNKNOWN_STATE ITEM_CLOSED")
class ItemStatusReported(EventData):
    """What its source calls its status now, in the source's own words. It closes nothing; null where the source has none."""

    status: Word | None


@event_type("item", restated="judged", codes="UNKNOWN_STATE STAGE_BACKWARD ITEM_CLOSED")
class ItemStageReported(EventData):
    """What its source calls its stage now, in the source's own words; null where the source has none."""

    stage: Word | None


@event_type("item", restated="judged", codes="TARGET_TWICE ITEM_CLOSED")
class ItemTargetSet(EventData):
    """The source set a target, a release or a date in its own words, for a gate of the item."""

    gate: Word
    target: Word


@event_type("item", restated="judged", codes="TARGET_UNKNOWN ITEM_CLOSED")
class ItemTargetMoved(EventData):
    """The source moved the target for a gate, later or earlier."""

    gate: Word
    target: Word


@event_type("item", codes="TARGET_UNKNOWN ITEM_CLOSED")
class ItemTargetCleared(EventData):
    """The source has no target for a gate any more. `target` is the one that it had, where the source says so."""

    gate: Word
    target: Word | None = None


@event_type("item", restated="freely", codes="ITEM_CLOSED")
class ItemMilestoneReported(EventData):
    """What its source calls its latest milestone now, in the source's own words; null where the source has none."""

    milestone: Word | None


@event_type("item", ledger_only=True)
class ItemTransferred(EventData):
    """Its backlog became another's, and it went along: it stands there after another item; null is the top."""

    to: MemberRef
    after: ItemRef | None


@event_type("item", codes="ALREADY_EXISTS CLOSED_ITEM BELOW_THRESHOLD")
class ItemPromotedToInitiative(EventData):
    """It is too large for an item: it becomes an initiative, which is proposed with it, and leaves the order for good.

    The portfolio's guardrail says from which amount an item should; one below it is flagged.
    """

    initiative: InitiativeRef
    name: Name
    mode: Literal["waterfall", "agile"]
    rough_cost: Money | None = None
    sponsor: Person | None = None
    objective: Text | None = None


@event_type("item", restated="freely", codes="CLOSED_ITEM WRONG_STATE")
class ItemReady(EventData):
    """It is understood well enough to be started."""


@event_type("item", codes="DONE")
class ItemEstimated(EventData):
    """Somebody estimates it, in points. What is done is not estimated any more: that would rewrite what was earned."""

    points: Points
    estimator: Person | None = None


@event_type("item", codes="DONE WRONG_STATE ESTIMATE_DISAGREES")
class ItemReestimated(EventData):
    """The estimate was changed from `old` to `new`."""

    old: Points
    new: Points
    estimator: Person | None = None


@event_type("item", codes="WRONG_STATE")
class ItemAccepted(EventData):
    """Who asked for it takes it as done: only accepted points are earned."""

    accepted_by: Person


@event_type("item", restated="freely", codes="SCORE_SIZE UNUSUAL_SCORE")
class ItemScored(EventData):
    """Somebody weighs it by weighted shortest job first."""

    wsjf: WsjfInputs
    scorer: Person | None = None


@event_type("item", codes="CLOSED_ITEM AFTER_ITSELF UNKNOWN_ITEM OTHER_PRODUCT")
class ItemMerged(EventData):
    """It is the same as another open item of its backlog: it is closed, and lives on there."""

    into: ItemRef


@event_type("item", restated="freely", refers="to")
class ItemLinked(EventData):
    """It is there for the sake of something else."""

    to: LinkRef


@event_type("item", needs_reason=True, restated="freely")
class ItemReclassified(EventData):
    """It is of another kind than was thought."""

    kind: ItemKind


@event_type("item", restated="freely")
class ClassOfServiceSet(EventData):
    """How it is treated among the others: at once, by a date, in its order, or when there is time."""

    service: Literal["expedite", "fixed_date", "standard", "intangible"]


@event_type("item", codes="CLOSED_ITEM UNKNOWN_WORKFLOW_STATE FROM_DISAGREES OVER_WIP")
class ItemStateChanged(EventData):
    """It went from one state of its product's workflow to another; `active` says whether somebody works on it there.

    An item that went nowhere yet is in no state (null), or in the workflow's first one, where nobody works there.
    """

    from_: Annotated[Word | None, Field(alias="from")]
    to: Word
    active: StrictBool = True


@event_type("item", needs_reason=True, codes="CLOSED_ITEM WRONG_STATE")
class ItemBlocked(EventData):
    """Nobody can work on it; `blocked_by` is an item that it waits for."""

    blocked_by: ItemRef | None = None


@event_type("item", codes="WRONG_STATE")
class ItemUnblocked(EventData):
    """Somebody can work on it again."""


ItemEvent = (
    ItemReady
    | ItemEstimated
    | ItemReestimated
    | ItemAccepted
    | ItemScored
    | ItemMerged
    | ItemLinked
    | ItemReclassified
    | ClassOfServiceSet
    | ItemStateChanged
    | ItemBlocked
    | ItemUnblocked
    | ItemAdded
    | ItemTransferred
    | ItemPromotedToInitiative
    | ItemMoved
    | ItemStarted
    | ItemCompleted
    | ItemReopened
    | ItemDropped
    | ItemSplit
    | ItemStatusReported
    | ItemStageReported
    | ItemTargetSet
    | ItemTargetMoved
    | ItemTargetCleared
    | ItemMilestoneReported
)
