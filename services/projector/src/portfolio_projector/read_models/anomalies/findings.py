"""What the read side finds: figures and spans that cannot be right, and members of which nothing is heard. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from portfolio_projector.http.moments import Moment
from portfolio_projector.read_models.anomalies.known import SILENT_DAYS, Known
from portfolio_projector.read_models.delivery.state import Change, Delivery
from portfolio_projector.read_models.flow import journeys
from portfolio_projector.read_models.flow.journeys import Conventions
from portfolio_projector.read_models.flow.routes import midnight
from portfolio_projector.read_models.flow.state import Flow
from portfolio_projector.read_models.flow.window import why_excluded, written
from portfolio_projector.read_models.money.state import Account, Posting
from portfolio_projector.read_models.overview.state import Heard
from portfolio_projector.read_models.performance import telling
from portfolio_projector.read_models.performance.state import Performance, Reading

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One anomaly. `entry` is the one that made it so, None for the last one about the subject; `since` when that was true."""

    code: str
    subject: str
    member: str
    detail: str
    entry: int | None = None
    since: datetime | None = None
    until: date | None = None


def find(known: Known, moment: Moment) -> Iterator[Finding]:
    """Find everything that is to be found at a moment."""
    for member, state in known.performance.items():
        if state.mode is not None:
            yield from of_figures(member, state, known.money.of(member), moment)
    for member, flow in known.flow.items():
        yield from of_flow(member, flow, moment)
    for member, delivery in known.delivery.items():
        yield from of_delivery(member, delivery)
    for member, heard in known.heard.items():
        yield from of_silence(member, heard, moment)


def of_figures(member: str, state: Performance, account: Account, moment: Moment) -> Iterator[Finding]:
    """Find periods in which costs fell, and runs of them in which cost or work is missing; the last one may last until today."""
    told = telling.tell(state, account, moment.today, moment.zone)
    rows = [*told["periods"], told["today"]]
    sources = _Sources(state, account, ZoneInfo(told["zone"]))
    for place, row in enumerate(rows):
        if "COST_FELL" in row["flags"]:
            after = date.fromisoformat(rows[place - 1]["status_date"])
            yield _found("COST_FELL", member, _amount("ac", row), sources.taken_back(after, _day(row)))
    for first, end in _runs(rows, lambda row: "COST_MISSING" in row["flags"]):
        yield _found("COST_MISSING", member, _amount("ev", first), sources.progress(_day(first)), end)
    for first, end in _runs(rows, _is_without_work):
        yield _found("WORK_MISSING", member, _amount("ac", first), sources.cost(_day(first)), end)


def of_flow(member: str, flow: Flow, moment: Moment) -> Iterator[Finding]:
    """Find items that were done before they were committed to: none of which all steps were told in their order."""
    odd = {name: item for name, item in flow.items.items() if not item.is_in_order}
    if not odd:
        return
    read = journeys.read(msgspec.structs.replace(flow, items=odd), moment.zone, midnight(moment), Conventions())
    for one in read.found:
        if why_excluded(one) == "DONE_BEFORE_COMMITTED" and one.committed is not None and one.done is not None:
            detail = f"Done on {written(one.done)}, committed to on {written(one.committed)}."
            yield Finding(code="DONE_BEFORE_COMMITTED", subject=f"item/{one.item}", member=member, detail=detail)


def of_delivery(member: str, delivery: Delivery) -> Iterator[Finding]:
    """Find incidents and changes whose times are in an impossible order."""
    for name, incident in delivery.incidents.items():
        if incident.resolved_at is not None and incident.resolved_at < incident.started_at and incident.member == member:
            detail = f"Began at {_instant(incident.started_at)}, over at {_instant(incident.resolved_at)}."
            yield Finding(code="RESOLVED_BEFORE_BEGUN", subject=f"incident/{name}", member=member, detail=detail)
    for name, change in delivery.changes.items():
        wrong = [stage for stage, begun, ended in _stages(delivery, change) if begun and ended and ended < begun]
        if wrong:
            yield Finding(code="SPAN_NEGATIVE", subject=f"change/{name}", member=member, detail=f"Of it: {', '.join(wrong)}.")


def of_silence(member: str, heard: Heard, moment: Moment) -> Iterator[Finding]:
    """Find out whether nothing is heard of a member that has begun and has not ended."""
    if not heard.is_there or heard.ended is not None:
        return
    source, last = max(heard.sources.items(), key=lambda one: (one[1].time, one[1].entry))
    days = (moment.today - last.time.astimezone(moment.zone).date()).days
    if days > SILENT_DAYS:
        detail = f"The last word is {days} days old, and came from {source}."
        yield Finding(code="SILENT", subject=member, member=member, detail=detail, entry=last.entry, since=last.time)


class _Origin(NamedTuple):
    """Where a finding comes from: an entry, and when that was true."""

    entry: int | None
    since: datetime | None


_NOBODY = _Origin(None, None)


class _Sources:
    """Looks up which entry made a figure what it is on a day."""

    def __init__(self, state: Performance, account: Account, zone: ZoneInfo) -> None:
        self._readings = [reading for work in state.works.values() for reading in work.readings if float(reading.fraction)]
        self._postings = account.postings
        self._zone = zone

    def taken_back(self, after: date, day: date) -> _Origin:
        """Return the last posting of the days after one, up to another, that took something back."""
        return self._last(one for one in self._postings if one.minor < 0 and after < self._day(one.time) <= day)

    def progress(self, day: date) -> _Origin:
        """Return the last report of progress up to a day."""
        return self._last(one for one in self._readings if self._day(one.time) <= day)

    def cost(self, day: date) -> _Origin:
        """Return the last posting up to a day."""
        return self._last(one for one in self._postings if self._day(one.time) <= day)

    def _last(self, found: Iterable[Posting | Reading]) -> _Origin:
        last = max(found, key=lambda one: (one.time, one.entry), default=None)
        return _NOBODY if last is None else _Origin(last.entry, last.time)

    def _day(self, instant: datetime) -> date:
        return instant.astimezone(self._zone).date()


def _found(code: str, member: str, detail: str, origin: _Origin, until: date | None = None) -> Finding:
    return Finding(code=code, subject=member, member=member, detail=detail, entry=origin.entry, since=origin.since, until=until)


def _runs(rows: Iterable[Row], holds: Callable[[Row], bool]) -> Iterator[tuple[Row, date | None]]:
    """Return the first row of each run for which something holds, and the day of the one that ended it; None: it lasts."""
    first: Row | None = None
    for row in rows:
        if holds(row):
            first = first or row
        elif first is not None:
            yield first, _day(row)
            first = None
    if first is not None:
        yield first, None


def _is_without_work(row: Row) -> bool:
    current, ac = row["current"], row["ac"]["value"]
    if current is None or current["ev"]["value"] is None or current["pv"]["value"] is None or ac is None:
        return False
    return current["ev"]["value"]["minor"] == 0 and current["pv"]["value"]["minor"] > 0 and ac["minor"] > 0


def _amount(name: str, row: Row) -> str:
    """Say what a figure was at the end of a period."""
    figures = row["current"] if name == "ev" else row
    value = figures[name]["value"]
    what = {"ac": "spent", "ev": "earned"}[name]
    return f"{value['minor']} minor units of {value['currency']} {what} by {row['status_date']}."


def _day(row: Row) -> date:
    return date.fromisoformat(row["status_date"])


def _stages(delivery: Delivery, change: Change) -> Iterator[tuple[str, datetime | None, datetime | None]]:
    """Return the stages of a change with their beginnings and ends."""
    shas = change.commits if change.merge_sha is None else [change.merge_sha]
    brought = [delivery.deployments[name] for sha in shas if (name := delivery.brought.get(sha)) in delivery.deployments]
    deployed = min((one.finished_at for one in brought if one.finished_at is not None), default=None)
    yield "coding", change.authored_at, change.opened_at or change.merged_at
    yield "pickup", change.opened_at, change.reviewed_at
    yield "review", change.reviewed_at, change.merged_at
    yield "deploy", change.merged_at, deployed


def _instant(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")
