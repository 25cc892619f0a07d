"""The portfolio office opens the portfolio."""

from portfolio_deploy.demo import days, people
from portfolio_deploy.demo.telling import Data, Strand

SOURCE = "/demo/portfolio-office"


def calendar(strand: Strand) -> Data:
    """Return the company's working calendar."""
    return {
        "name": "Harbour Mutual",
        "working_hours": ["08:30-12:30", "13:00-17:00"],
        "working_days": ["mon", "tue", "wed", "thu", "fri"],
        "holidays": [day.isoformat() for day in strand.days.holidays()],
        "zone": days.ZONE,
    }


def tell(strand: Strand) -> None:
    """Open the portfolio on the first working day of the story."""
    at = days.moment(strand.days.workday(0, 1), 7, 30)
    data = {"name": "Harbour Mutual: change portfolio", "currency": "EUR", "calendar": calendar(strand)}
    strand.tell(at, "portfolio.portfolio-opened.v1", f"portfolio/{strand.portfolio}", people.OFFICE, data, source=SOURCE)
