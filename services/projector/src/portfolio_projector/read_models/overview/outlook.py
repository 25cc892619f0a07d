"""When a product will have kept what it promises next: its own forecast, up to the last item of the promise. Pure."""

from collections.abc import Iterable

from portfolio_projector.http.moments import Moment
from portfolio_projector.metrics.reasons import NOT_SIMULATED
from portfolio_projector.read_models.backlogs.state import Backlogs
from portfolio_projector.read_models.flow import forecasts, journeys
from portfolio_projector.read_models.flow.asking import SIMULATION, over
from portfolio_projector.read_models.flow.journeys import Conventions
from portfolio_projector.read_models.flow.routes import midnight
from portfolio_projector.read_models.flow.state import Flow
from portfolio_projector.read_models.overview.promises import Likely


def likely(question: tuple[str, str], items: Iterable[str], flow: Flow, backlog: Backlogs, moment: Moment) -> Likely:
    """Return the day by which all that stands in the backlog up to the last of some items is done in 85 of 100 cases.

    `question` names the portfolio and the product.
    """
    portfolio, product = question
    order = backlog.order(portfolio, product)
    rows = (backlog.items.get((portfolio, name)) for name in items)
    places = [order.position(row.rank) for row in rows if row is not None and row.rank is not None and row.product == product]
    if not places:
        return Likely(NOT_SIMULATED)
    window, last = SIMULATION.window, over(moment)
    read = journeys.read_since(forecasts.first_day(window, last), flow, moment.zone, midnight(moment), Conventions())
    weeks = forecasts.samples(read, window, last)
    day = forecasts.p85(weeks, max(places), moment.today, SIMULATION, question)
    return Likely(day, "simulated" if isinstance(day, str) else None)
