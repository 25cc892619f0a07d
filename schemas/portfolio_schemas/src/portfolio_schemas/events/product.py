"""Events of a product: what is delivered continuously and has no planned end."""

from typing import Annotated

from pydantic import Field, StrictBool, StrictInt

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import Date, Fraction, ItemRef, MatterRef, MemberRef, Name, Person, ProductRef, Text, Value, Word


@event_type("product", occurs="first", restated="judged")
class ProductConceived(EventData):
    """Somebody conceives a product. It has a vision and an owner, and no end date.

    `reported_statuses` and `reported_stages`, where they are given, are the words that its source uses for its items, the
    stages in their order: other words and steps backward are flagged. Where they are not, the usual words of trackers and the
    stages alpha, beta and stable are known.
    """

    name: Name
    vision: Text | None = None
    owner: Person | None = None
    reported_statuses: Annotated[list[Word], Field(default_factory=list, max_length=100)]
    reported_stages: Annotated[list[Word], Field(default_factory=list, max_length=100)]


@event_type("product", restated="freely", codes="NO_FUNDING WRONG_STATE NO_OWNER")
class ProductActivated(EventData):
    """The product lives. It needs an owner by now."""


class Origin(Value):
    """What a product has come from, and the share of its cost and benefits that it takes over."""

    member: MemberRef
    share: Fraction


class NewProduct(Value):
    """A product that begins with a transition."""

    name: Name
    vision: Text | None = None
    owner: Person


@event_type("product", ledger_only=True)
class ProductOpenedFrom(EventData):
    """Something became this product, or a part of it: its lifetime cost and benefits are those of its origins and its own.

    `opened` describes the product where it begins with this; null where it lived before.
    """

    origins: Annotated[list[Origin], Field(min_length=1, max_length=100)]
    opened: NewProduct | None = None


@event_type("product", refers="into", codes="SAME_ACCOUNT UNACCOUNTED_SCOPE TARGET_ENDED OPEN_RESERVATIONS UNKNOWN_ITEM")
class ProductsMerged(EventData):
    """The product becomes a part of another, with everything that is open: nothing stays behind.

    `items` are all its open items in the order in which they follow `after` in the other backlog; null is the top.
    """

    into: ProductRef
    items: Annotated[list[ItemRef], Field(default_factory=list, max_length=4000)]
    after: ItemRef | None = None


class ProductPart(Value):
    """One of the products that a split makes, or goes into: its share of cost and money, and what goes along with it.

    `product` is one that exists, or one that `opened` describes. `items` are in their order; `matters` are open risks, issues,
    dependencies, benefits, incidents and teams.
    """

    product: ProductRef
    opened: NewProduct | None = None
    share: Fraction
    items: Annotated[list[ItemRef], Field(default_factory=list, max_length=4000)]
    matters: Annotated[list[MatterRef], Field(default_factory=list, max_length=1000)]


@event_type(
    "product", codes="ALLOCATION_SUM UNACCOUNTED_SCOPE SAME_ACCOUNT ALREADY_EXISTS UNKNOWN_PRODUCT TARGET_ENDED OPEN_RESERVATIONS"
)
class ProductSplit(EventData):
    """The product becomes several: every open item and matter goes to exactly one of them, and the shares are all of it."""

    into: Annotated[list[ProductPart], Field(min_length=2, max_length=20)]


class WorkflowState(Value):
    """A state of a workflow: whether somebody works there, and whether the flow of an item counts from it on."""

    name: Word
    active: StrictBool
    counts_from: StrictBool = False


@event_type("product")
class WorkflowDefined(EventData):
    """The states through which the product's items go, in their order. Items in other states are refused from then on."""

    states: Annotated[list[WorkflowState], Field(min_length=1, max_length=50)]


@event_type("product", second_person=True, codes="UNKNOWN_WORKFLOW_STATE")
class WipLimitSet(EventData):
    """At most so many items should be in a state at once: more are flagged. `proposed_by` asks for it."""

    state: Word
    limit: Annotated[StrictInt, Field(ge=1, le=10_000)]
    proposed_by: Person


@event_type("product", needs_reason=True, restated="freely")
class VisionChanged(EventData):
    """What the product is for has changed."""

    vision: Text


@event_type("product", restated="judged")
class OwnerChanged(EventData):
    """Somebody else answers for the product."""

    owner: Person


@event_type("product", second_person=True, restated="freely")
class PivotDecided(EventData):
    """A hypothesis did not hold: the product changes its direction. `proposed_by` asks for it."""

    hypothesis: Text
    evidence: Text
    proposed_by: Person


@event_type("product", second_person=True, restated="freely")
class PersevereDecided(EventData):
    """A hypothesis held: the product goes on as it does. `proposed_by` asks for it."""

    hypothesis: Text
    evidence: Text
    proposed_by: Person


@event_type("product", restated="freely", codes="WRONG_STATE")
class ProductPaused(EventData):
    """Nobody works on the product for a while."""


@event_type("product", restated="freely", codes="WRONG_STATE")
class ProductResumed(EventData):
    """Work on the product goes on."""


@event_type("product", needs_reason=True, restated="freely", codes="WRONG_STATE")
class SunsetAnnounced(EventData):
    """The product will end on a day."""

    date: Date


@event_type("product", codes="WRONG_STATE OPEN_DEPENDENCY OPEN_INCIDENT")
class ProductRetired(EventData):
    """The product has ended. `data_disposition` says what becomes of its data; nobody waits for it or suffers by it any more."""

    data_disposition: Text


ProductEvent = (
    ProductConceived
    | ProductActivated
    | ProductOpenedFrom
    | ProductsMerged
    | ProductSplit
    | WorkflowDefined
    | WipLimitSet
    | VisionChanged
    | OwnerChanged
    | PivotDecided
    | PersevereDecided
    | ProductPaused
    | ProductResumed
    | SunsetAnnounced
    | ProductRetired
)
