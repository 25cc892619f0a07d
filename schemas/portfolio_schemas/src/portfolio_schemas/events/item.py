"""Events of an item: an element of a product's rolling backlog, whose order is the promise."""

from typing import Annotated, Literal

from pydantic import Field

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import (
    InitiativeRef,
    Instant,
    ItemRef,
    MemberRef,
    Money,
    Name,
    Person,
    ProductRef,
    Text,
    Value,
    Word,
    WorkPackageRef,
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
        return ItemAdded.model_construct(
            backlog=self.product, title=self.title, kind=self.kind, after=self.after, created_at=None, converted_from=None
        )


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


@event_type("item", restated="freely", codes="CLOSED_ITEM WRONG_STATE")
class ItemStarted(EventData):
    """Work on it began; `state` is the state of the product's own workflow that it entered."""

    state: Word | None = None


@event_type("item", restated="freely", codes="CLOSED_ITEM NEVER_STARTED")
class ItemCompleted(EventData):
    """It is done, and leaves the order."""


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


ItemEvent = (
    ItemAdded
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
