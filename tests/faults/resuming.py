"""I11: after a fault the system resumes, and how soon. Writing resumes in a portfolio with its next acknowledged event. Pure."""

import bisect
import statistics
from collections import defaultdict
from dataclasses import dataclass

from tests.faults.invariants import Violation
from tests.faults.records import History


@dataclass(frozen=True, slots=True)
class Resumed:
    """How long it took from the beginning of a fault until all portfolios were written to again.

    `late_s` is the longest time after the end of one. Faults overlap, and a time counts for each of those that caused it.
    """

    kind: str
    count: int
    p50_s: float
    max_s: float
    late_s: float


def times(history: History, portfolios: list[str]) -> list[Resumed]:
    """Return how long it took after faults, by kind, until every portfolio had an event acknowledged that was sent since."""
    acknowledged = _acknowledged(history)
    waited, late = defaultdict[str, list[float]](list), defaultdict[str, list[float]](list)
    for fault in history.faults:
        resumed = max(_first_after(acknowledged[name], fault.began) for name in portfolios)
        waited[fault.kind].append(resumed - fault.began)
        late[fault.kind].append(resumed - fault.ended)
    return [
        Resumed(kind, len(times), statistics.median(times), max(times), max(late[kind])) for kind, times in sorted(waited.items())
    ]


def check(resumed: list[Resumed], *, limit_s: float) -> list[Violation]:
    """Name the faults after which writing took longer than it may."""
    return [
        Violation("I11", "too long", f"writing resumed {one.late_s:.1f} s after the end of {one.kind}; {limit_s:g} s are allowed")
        for one in resumed
        if one.late_s > limit_s
    ]


def _acknowledged(history: History) -> dict[str, list[tuple[float, float]]]:
    """Return, by portfolio, when events were sent and when that sending was acknowledged, in the order of sending."""
    found, last_sent = defaultdict[str, list[tuple[float, float]]](list), dict[tuple[str, str, str, str], float]()
    moments = sorted([*history.sent, *history.answered], key=lambda one: one.at)
    for one in moments:
        key = (*one.event, one.door)
        if hasattr(one, "verdict"):
            if getattr(one, "acknowledged", False) and key in last_sent:
                found[one.portfolio].append((last_sent.pop(key), one.at))
        else:
            last_sent[key] = one.at
    for name in found:
        found[name].sort()
    return found


def _first_after(pairs: list[tuple[float, float]], moment: float) -> float:
    """Return when the first event was acknowledged that was sent after a moment; infinity when none was."""
    start = bisect.bisect_left(pairs, (moment, 0.0))
    return min((answered for _, answered in pairs[start:]), default=float("inf"))
