"""How what is known of an initiative becomes an answer: its figures by period and today, and its S-curve. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from fractions import Fraction
from typing import Any

from portfolio_projector.metrics import definitions, earned_value, metric, working_time
from portfolio_projector.metrics.earned_value import Amount, Status
from portfolio_projector.metrics.metric import Known
from portfolio_projector.metrics.reasons import NEVER_REBASELINED, TOO_FEW_PERIODS
from portfolio_projector.metrics.working_time import HOUR
from portfolio_projector.read_models.money.state import Account
from portfolio_projector.read_models.performance.figures import Measured, Time, figures
from portfolio_projector.read_models.performance.state import Approval, Frozen, Performance, Period
from portfolio_projector.read_models.performance.timeline import Timeline

MONTHS_MAX = 600
POINTS = 60
RECENT_PERIODS = 3

Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Row:
    """A moment that figures are told of."""

    name: str | None
    day: date
    status: Status
    period: Period | None = None


def tell(state: Performance, account: Account, today: date, zone: tzinfo) -> Told:
    """Return the performance of an initiative that somebody has proposed."""
    teller = _Teller(Timeline(state, account, zone), today)
    return teller.told()


def current(state: Performance, account: Account, today: date, zone: tzinfo) -> Told | None:
    """Return of that only the figures of today against the baseline in force; None where none was approved."""
    return _Teller(Timeline(state, account, zone), today).current()


class _Teller:
    def __init__(self, timeline: Timeline, today: date) -> None:
        self._timeline = timeline
        self._state = timeline.state
        self._currency = timeline.state.currency or ""
        self._today = _Row(None, today, timeline.end_of(today))
        stated = sorted(self._state.periods, key=lambda period: (period.status_date, period.entry))
        self._rows = [_Row(one.name, one.status_date, timeline.status_of(one), one) for one in stated] or self._months()

    def told(self) -> Told:
        approvals = self._timeline.approvals
        again = approvals[1:]
        since = (self._today.day - self._day(again[-1].time)).days if again else NEVER_REBASELINED
        return {
            "mode": self._state.mode,
            "currency": self._currency,
            "zone": str(self._timeline.zone),
            "periods_by": "reporting" if self._state.periods else "month",
            "baselines": [self._approved(approval) for approval in approvals],
            "rebaselines": metric.count(definitions.REBASELINES, len(again)),
            "days_since_rebaseline": metric.count(definitions.DAYS_SINCE_REBASELINE, since),
            "today": self._period(self._today, len(self._rows)),
            "periods": [self._period(row, place) for place, row in enumerate(self._rows)],
            "s_curve": self._s_curve(),
        }

    def current(self) -> Told | None:
        status = self._today.status
        approved = self._timeline.approved_by(status)
        return self._against(approved[-1], self._today, len(self._rows), self._frozen_by(status)) if approved else None

    def _months(self) -> list[_Row]:
        """Return the months from the planned start until today, or until nothing happens any more."""
        span = self._span()
        if span is None:
            return []
        begin, end = span
        months = working_time.months(begin, min(end, self._today.day), at_most=MONTHS_MAX)
        return [_Row(f"{day:%Y-%m}", day, self._timeline.end_of(day)) for day in months if day <= self._today.day]

    def _span(self) -> tuple[date, date] | None:
        """Return the first and last day on which anything was planned, by the first or the current baseline, or happened."""
        plans = [self._timeline.plan(approval.version) for approval in self._timeline.approvals]
        if not plans:
            return None
        finish = max(plans[0].finish, plans[-1].finish, self._timeline.last or 0)
        start = min(plans[0].start, plans[-1].start)
        return working_time.day_of(start), working_time.day_of(max(finish - 1, start))

    def _period(self, row: _Row, place: int) -> Told:
        """Return the figures of one row; `place` is how many periods are before it."""
        frozen, timeline = self._frozen_by(row.status), self._timeline
        ac = timeline.spent(row.status) if frozen is None else frozen.ac
        approved = timeline.approved_by(row.status)
        against = [self._against(approval, row, place, frozen) for approval in (*approved[-1:], *approved[-2:-1])]
        current, previous = (*against, None, None)[:2]
        original = self._against(timeline.approvals[0], row, place, frozen) if approved else None
        before = timeline.spent(self._rows[place - 1].status) if place else 0
        flags = {
            "COST_MISSING": current is not None and current["ev"]["value"] is not None
            and current["ev"]["value"]["minor"] > 0 and ac == 0,
            "COST_FELL": ac < before and frozen is None,
        }  # fmt: skip
        return {
            "period": row.name,
            "status_date": row.day.isoformat(),
            "at": self._instant(row.status),
            "entry": None if row.period is None else row.period.entry,
            "stated": self._stated(row.period),
            "ac": metric.money(definitions.AC, ac, self._currency),
            "current": current,
            "previous": previous,
            "original": original,
            "flags": [flag for flag, holds in flags.items() if holds],
        }

    def _against(self, approval: Approval, row: _Row, place: int, frozen: Frozen | None) -> Told:
        version, is_final = approval.version, frozen is not None
        if frozen is not None and frozen.version == version:
            measured = self._measured_last(frozen)
        else:
            status = row.status if frozen is None else self._timeline.end_of(frozen.status_date)
            ac = self._timeline.spent(status) if frozen is None else frozen.ac
            measured = self._measured(version, status, ac, place)
        return {"baseline": version, "is_final": is_final, **figures(measured)}

    def _measured(self, version: int, status: Status, ac: int, place: int) -> Measured:
        timeline = self._timeline
        plan, progress = timeline.plan(version), timeline.progress(status)
        pv, ev = plan.pv(status), plan.ev(status, progress)
        return Measured(
            currency=self._currency,
            bac=plan.bac,
            pv=pv,
            ev=ev,
            ac=ac,
            recent=self._recent(version, ev, ac, place),
            to_complete=timeline.to_complete(plan, status, progress),
            time=self._time(version, status, None, pv=pv, ev=ev),
        )

    def _measured_last(self, frozen: Frozen) -> Measured:
        timeline, version, status = self._timeline, frozen.version, self._timeline.end_of(frozen.status_date)
        days = Fraction(frozen.earned_schedule_days)
        earned = days * timeline.plan(version).time.per_day / HOUR
        return Measured(
            currency=self._currency,
            bac=frozen.bac,
            pv=frozen.pv,
            ev=frozen.ev,
            ac=frozen.ac,
            recent=TOO_FEW_PERIODS,
            to_complete=timeline.to_complete(timeline.plan(version), status, timeline.progress(status)),
            time=self._time(version, status, earned, pv=frozen.pv, ev=frozen.ev),
            eac=frozen.eac,
        )

    def _time(self, version: int, status: Status, earned: Fraction | None, *, pv: Amount, ev: Amount) -> Time | None:
        if self._timeline.calendar_of(version) is None:
            return None
        curve = self._timeline.curve(version)
        at = curve.at(status.moment)
        return Time(curve, at, curve.earned(ev, pv, at) if earned is None else earned, self._timeline.zone)

    def _recent(self, version: int, ev: Amount, ac: int, place: int) -> Known:
        """Return the cost performance of the last three periods, the one in question among them."""
        if place < RECENT_PERIODS - 1:
            return TOO_FEW_PERIODS
        plan = self._timeline.plan(version)
        if place == RECENT_PERIODS - 1:
            return earned_value.recent_cpi(plan.bac, ev, ac)
        status = self._rows[place - RECENT_PERIODS].status
        gained = ev - plan.ev(status, self._timeline.progress(status))
        return earned_value.recent_cpi(plan.bac, gained, ac - self._timeline.spent(status))

    def _frozen_by(self, status: Status) -> Frozen | None:
        frozen = self._state.frozen
        if frozen is None or status.moment < self._timeline.end_of(frozen.status_date).moment:
            return None
        return frozen

    def _s_curve(self) -> Sequence[Told]:
        """Return planned, earned and spent over the whole time of it, at about sixty days."""
        span, timeline = self._span(), self._timeline
        if span is None:
            return []
        original, current = (timeline.plan(timeline.approvals[place].version) for place in (0, -1))
        points = list[Told]()
        for day in self._days(*span):
            status = timeline.end_of(day)
            frozen, is_past = self._frozen_by(status), day <= self._today.day
            earned = current.ev(status, timeline.progress(status)) if frozen is None else frozen.ev
            spent = timeline.spent(status) if frozen is None else frozen.ac
            points.append(
                {
                    "day": day.isoformat(),
                    "current_pv": round(current.pv(status)) if current.bac else None,
                    "original_pv": round(original.pv(status)) if original.bac else None,
                    "ev": round(earned) if is_past and current.bac else None,
                    "ac": spent if is_past else None,
                }
            )
        return points

    def _days(self, begin: date, end: date) -> list[date]:
        """Return days from the one before it all begins to the last, and today where it lies between."""
        first = begin.toordinal() - (begin > date.min)
        step = max(1, -(-(end.toordinal() - first) // POINTS))
        days = {date.fromordinal(number) for number in range(first, end.toordinal(), step)} | {end}
        return sorted(days | {self._today.day} if begin <= self._today.day <= end else days)

    def _approved(self, approval: Approval) -> Told:
        calendar = self._timeline.calendar_of(approval.version)
        return {
            "baseline": approval.version,
            "entry": approval.entry,
            "corrected_by": approval.corrected_by,
            "at": approval.time,
            "by": approval.by,
            "reason": approval.reason,
            "effective_date": approval.effective_date,
            "change_class": approval.change_class,
            "variances_kept": approval.variances_kept,
            "change_request": approval.change_request,
            "bac": {"minor": self._state.version(approval.version).bac, "currency": self._currency},
            "calendar": None if calendar is None else calendar.name,
            "zone": str(self._timeline.zone) if calendar is None else calendar.zone,
        }

    def _stated(self, period: Period | None) -> Told | None:
        if period is None or period.stated is None:
            return None
        said = {"pv": period.stated.pv, "ev": period.stated.ev, "ac": period.stated.ac}
        return {name: None if minor is None else {"minor": minor, "currency": self._currency} for name, minor in said.items()}

    def _day(self, instant: datetime) -> date:
        return working_time.day_of(self._timeline.wall(instant))

    def _instant(self, status: Status) -> str:
        found = working_time.instant(status.moment, self._timeline.zone)
        return found.isoformat().replace("+00:00", "Z")
