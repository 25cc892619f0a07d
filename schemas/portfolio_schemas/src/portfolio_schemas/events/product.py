"""Events of a product: what is delivered continuously and has no planned end."""

from typing import Annotated

from pydantic import Field

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import Name, Person, Text, Word


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


@event_type("product", restated="freely", codes="WRONG_STATE NO_OWNER")
class ProductActivated(EventData):
    """The product lives. It needs an owner by now."""


ProductEvent = ProductConceived | ProductActivated
