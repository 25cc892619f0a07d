"""What initiatives and products promise themselves, and what a dependency was promised. Pure."""

from datetime import date
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from portfolio_projector.metrics import reasons
from portfolio_projector.metrics.reasons import Unknown
from portfolio_projector.read_models.dependencies.state import Commitment, Dependencies

Basis = Literal["baseline", "release"]


class Promise(NamedTuple):
    """A day by which something is promised, and what says so."""

    day: date
    basis: Basis
    of: str


def own(state: Dependencies, member: str) -> Promise | Unknown:
    """Return what a member promises: the planned finish of its baseline, or of its next release. A product has no end."""
    known = state.members.get(member)
    if known is None or known.mode is None:
        return reasons.NOT_PROMISED
    if known.mode == "product":
        return reasons.NO_END
    if known.mode == "waterfall":
        finish = None if known.baseline is None else known.finishes.get(known.baseline)
        return reasons.NO_BASELINE if finish is None else Promise(finish, "baseline", str(known.baseline))
    waiting = [(one.start, name) for name, one in state.releases.items() if one.initiative == member and one.shipped is None]
    if not waiting:
        return reasons.NOT_PROMISED
    name = min(waiting)[1]
    return Promise(state.releases[name].finish, "release", name)


def committed(state: Dependencies, commitment: Commitment, zone: ZoneInfo) -> date | Unknown:
    """Return the day of a commitment. One with a release is as good as that: when it was shipped, else is planned to be."""
    if commitment.date is not None:
        return commitment.date
    release = None if commitment.release is None else state.releases.get(commitment.release)
    if release is None:
        return reasons.NOT_PROMISED
    return release.finish if release.shipped is None else release.shipped.at.astimezone(zone).date()
