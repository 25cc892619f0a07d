"""Flow in tests: eighteen items on their way through five states, and histories that tell of them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from portfolio_projector.read_models.flow import fold, journeys
from portfolio_projector.read_models.flow.journeys import Conventions, Journeys
from portfolio_projector.read_models.flow.state import Flow
from tests.chronicles import state_of
from tests.histories import History

STATES = ("Backlog", "Committed", "Build", "Test", "Done")
DAYS_OF = {
    "A-1": "01",
    "A-2": "02",
    "A-3": "03",
    "A-4": "01 02",
    "A-5": "01 03",
    "A-6": "01 03",
    "A-7": "01 02 03",
    "A-8": "01 02 04",
    "A-9": "01 02 04",
    "A-10": "01 02 03 04",
    "A-11": "01 02 03 05",
    "A-12": "01 02 03 05",
    "A-13": "01 02 03 04 07",
    "A-14": "01 02 03 05 07",
    "A-15": "01 03 03 05 08",
    "A-16": "01 03 03 04 08",
    "A-17": "01 04 05 05 09",
    "A-18": "01 05 06 08 09",
}
"""The days of January 2018 on which items entered the states: the test data of jira-agile-metrics (MIT licence)."""

ENTERED: Mapping[str, Sequence[str]] = {name: [f"2018-01-{day}" for day in days.split()] for name, days in DAYS_OF.items()}


def history(*, states: Sequence[str] = STATES, counts_from: str | None = "Committed") -> History:
    """A portfolio with one product and its workflow."""
    made = History("acme")
    made.add("product.product-conceived", "product/pay", {"name": "Pay", "owner": "ann"}, time="2018-01-01T00:00:00Z")
    if states:
        workflow = [{"name": name, "active": name in ("Build", "Test"), "counts_from": name == counts_from} for name in states]
        made.add("product.workflow-defined", "product/pay", {"states": workflow}, time="2018-01-01T00:00:00Z")
    return made


def tell(made: History, entered: Mapping[str, Sequence[str]], *, states: Sequence[str] = STATES) -> History:
    """Tell how items entered the states: added in the first, done in the last, started and moved in between."""
    for name, days in entered.items():
        for place, day in enumerate(days):
            happened(made, name, day, place, states)
    return made


def happened(made: History, name: str, day: str, place: int, states: Sequence[str]) -> None:
    """Tell that an item entered a state on a day."""
    at = {"time": f"{day}T09:00:00Z"}
    if place == 0:
        data = {"product": "product/pay", "title": name, "kind": "feature", "after": None}
        made.add("item.item-added", f"item/{name}", data, **at)
    elif place == len(states) - 1:
        made.add("item.item-completed", f"item/{name}", {}, **at)
    elif place == 1:
        made.add("item.item-started", f"item/{name}", {"state": states[1]}, **at)
    else:
        made.add("item.item-state-changed", f"item/{name}", {"from": states[place - 1], "to": states[place]}, **at)


def folded(made: History) -> Flow:
    """The flow of the product after all that is told; the state has been bytes in between, as a snapshot is."""
    return state_of(fold.FLOW, made.facts(), "product/pay")


def read(made: History, *, now: str = "2018-01-10T00:00", zone: str = "UTC", **conventions: bool) -> Journeys:
    """The journeys of all items up to an instant."""
    moment = fold.microseconds(datetime.fromisoformat(now).replace(tzinfo=UTC))
    return journeys.read(folded(made), ZoneInfo(zone), moment, Conventions(**conventions))
