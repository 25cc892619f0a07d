"""What a window of days holds of a delivery. Pure."""

from datetime import UTC, datetime, time, timedelta
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
        self._zone = zone
        self._begin = datetime.combine(window.first, time.min, zone).astimezone(UTC)
        self._end = datetime.combine(window.last + timedelta(days=1), time.min, zone).astimezone(UTC)
        self.ever = made(state)
        self.deployments = {name: one for name, one in self.ever.items() if self.holds(one.finished_at)}
        self.incidents = {name: one for name, one in state.incidents.items() if self.holds(one.started_at)}
        self.causes = causes(state, self.ever)
        self.counted = {name: cause for name, cause in self.causes.items() if cause.method in COUNTED[counted]}
        self.merged, self.brought = dict[str, Followed](), dict[str, Followed]()
        for name, change in state.changes.items():
            self._follow(state, name, change)

    def holds(self, instant: datetime | None) -> bool:
        """Tell whether a moment lies in the window."""
        return instant is not None and self._begin <= instant < self._end

    def is_later(self, instant: datetime) -> bool:
        """Tell whether a moment lies after the window."""
        return instant >= self._end

    def frequency(self) -> Frequency:
        """Return how often something was deployed."""
        days = [one.finished_at.astimezone(self._zone).date() for one in self.deployments.values()]
        return dora.frequency(days, self.window)

    def finish(self, deployment: str) -> datetime | None:
        """Return when a deployment into production had finished, whether in the window or before."""
        one = self.ever.get(deployment)
        return None if one is None else one.finished_at

    def _follow(self, state: Delivery, name: str, change: Change) -> None:
        """Keep a change that was merged or deployed in the window.

        It was deployed by what brought it first: the commit that merged it, or one of its own where none did. What had finished
        before the merge did not deploy it, whatever its source says.
        """
        shas = change.commits if change.merge_sha is None else [change.merge_sha]
        found = [(self.ever[one], one) for sha in shas if (one := state.brought.get(sha)) in self.ever]
        held = [one for one in found if change.merged_at is None or one[0].finished_at >= change.merged_at]
        made, deployment = min(held, key=_by_finish, default=(None, None))
        deployed_at = None if made is None else made.finished_at
        is_merged, is_brought = self.holds(change.merged_at), self.holds(deployed_at)
        if not is_merged and not is_brought:
            return
        times = dora.Change(change.authored_at, change.opened_at, change.reviewed_at, change.merged_at, deployed_at)
        followed = Followed(change, deployment, times, dora.stages(times))
        if is_merged:
            self.merged[name] = followed
        if is_brought:
            self.brought[name] = followed


def _by_finish(found: tuple[Made, str]) -> tuple[datetime, str]:
    return found[0].finished_at, found[1]
