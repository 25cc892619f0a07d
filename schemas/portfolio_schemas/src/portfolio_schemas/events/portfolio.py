"""Events of a portfolio."""

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import Calendar, CurrencyCode, Name


@event_type("portfolio", occurs="first", restated="judged", codes="CORRECTION_FIXED")
class PortfolioOpened(EventData):
    """A portfolio begins. Until this is recorded everything else about it is refused.

    `currency` is the one in which the portfolio reports, `calendar` the one by which its days are told apart.
    """

    name: Name
    currency: CurrencyCode
    calendar: Calendar | None = None


PortfolioEvent = PortfolioOpened
