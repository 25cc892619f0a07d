"""What a window of days holds of a delivery. Pure."""

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portfolio_projector.metrics import dora
from portfolio_projector.metrics.dora import Frequency, Stages, Window
from portfolio_projector.read_models.delivery.causes import COUNTED, Causes, Made, causes, made
from portfolio_projector.read_models.delivery.state import Change, Delivery


class Followed(NamedTuple):
    """A change, the deployment that brought it first, and how long that took."""

    change: Change
    deployment: str | None
    times: dora.Change
    stages: Stages


class Delivered:
    """A delivery as it is looked at through a window of days in a zone.

    `ever` is all that succeeded in production, `deployments` what of it finished in the window. `incidents` began in the window.
    `causes` are of all incidents, `counted` those that the reader wants to count.
    """

    def __init__(self, state: Delivery, window: Window, zone: ZoneInfo, counted: Causes) -> None:
        self.window = window
        self.zone = zone
        self.ever = made(state)
        self.deployments = {name: one for name, one in self.ever.items() if self.holds(one.finished_at)}
        self.incidents = {name: one for name, one in state.incidents.items() if self.holds(one.started_at)}
        self.causes = causes(state.incidents, self.ever)
        self.counted = {name: cause for name, cause in self.causes.items() if cause.method in COUNTED[counted]}
        followed = {name: self._follow(state, one) for name, one in state.changes.items()}
        self.merged = {name: one for name, one in followed.items() if self.holds(one.times.merged_at)}
        self.brought = {name: one for name, one in followed.items() if self.holds(one.times.deployed_at)}

    def holds(self, instant: datetime | None) -> bool:
        """Tell whether a moment lies in the window."""
        return instant is not None and self.window.first <= self.day(instant) <= self.window.last

    def frequency(self) -> Frequency:
        """Return how often something was deployed."""
        return dora.frequency([self.day(one.finished_at) for one in self.deployments.values()], self.window)

    def finish(self, deployment: str) -> datetime | None:
        """Return when a deployment into production had finished, whether in the window or before."""
        one = self.ever.get(deployment)
        return None if one is None else one.finished_at

    def day(self, instant: datetime) -> date:
        """Return the day on which a moment lies."""
        return instant.astimezone(self.zone).date()

    def _follow(self, state: Delivery, change: Change) -> Followed:
        """Find the deployment that brought a change first: by the commit that merged it, or by its own where none did."""
        shas = change.commits if change.merge_sha is None else [change.merge_sha]
        found = [(self.ever[name], name) for sha in shas if (name := state.brought.get(sha)) in self.ever]
        first: tuple[Made, str] | None = min(found, key=_by_finish, default=None)
        times = dora.Change(
            change.authored_at,
            change.opened_at,
            change.reviewed_at,
            change.merged_at,
            None if first is None else first[0].finished_at,
        )
        return Followed(change, None if first is None else first[1], times, dora.stages(times))


def _by_finish(found: tuple[Made, str]) -> tuple[datetime, str]:
    return found[0].finished_at, found[1]
