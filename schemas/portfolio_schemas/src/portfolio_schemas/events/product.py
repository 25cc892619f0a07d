"""Events of a product: what is delivered continuously and has no planned end."""

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import Name, Person, Text


@event_type("product")
class ProductConceived(EventData):
    """Somebody conceives a product. It has a vision and an owner, and no end date."""

    name: Name
    vision: Text | None = None
    owner: Person | None = None


@event_type("product")
class ProductActivated(EventData):
    """The product lives. It needs an owner by now."""


ProductEvent = ProductConceived | ProductActivated
