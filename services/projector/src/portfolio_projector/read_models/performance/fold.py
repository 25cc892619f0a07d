"""The chronicle `performance`: what each event adds to what is known of an initiative's plans and progress. Pure."""

from datetime import date, datetime

from portfolio_projector.folding.chronicles import chronicle
from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.read_models.performance.state import (
    Approval,
    Estimate,
    Frozen,
    Performance,
    Period,
    PlannedWork,
    Reading,
    Stated,
    Version,
    Work,
    WorkingCalendar,
)
from portfolio_schemas.events import initiative as initiatives
from portfolio_schemas.events import work_package as packages
from portfolio_schemas.events.portfolio import PortfolioOpened
from portfolio_schemas.values import Calendar, Money, PlannedTime

TYPES = types_of(
    PortfolioOpened,
    initiatives.InitiativeProposed,
    initiatives.DeliveryModeChanged,
    initiatives.BaselineProposed,
    initiatives.BaselineApproved,
    initiatives.BaselineFrozen,
    initiatives.EstimateToCompleteReported,
    initiatives.ReportingPeriodClosed,
    packages.WorkPackageStarted,
    packages.ProgressReported,
    packages.ProgressCorrected,
    packages.WorkPackageCompleted,
    packages.WorkPackageReopened,
)

_ALL, _NOTHING = "1", "0"


def fold(state: Performance, fact: Fact) -> None:  # noqa: C901, PLR0912  one line for each type of event
    """Fold one event; what has no premise is kept, and passed over by whoever asks."""
    match fact.data:
        case packages.WorkPackageStarted(actual_start=start):
            _work(state, fact).starts.append(_planned(fact.time if start is None else start))
        case packages.ProgressReported(fraction=fraction) | packages.ProgressCorrected(fraction=fraction):
            _read(state, fact, fraction)
        case packages.WorkPackageCompleted():
            _read(state, fact, _ALL)
        case packages.WorkPackageReopened():
            _read(state, fact, _NOTHING)
        case initiatives.BaselineProposed() as proposed:
            state.versions[str(proposed.version)] = _version(fact, proposed)
        case initiatives.BaselineApproved() as approved:
            state.approvals.append(_approval(fact, approved))
        case initiatives.ReportingPeriodClosed() as closed:
            state.periods.append(_period(fact, closed))
        case initiatives.EstimateToCompleteReported() as estimate:
            package = None if estimate.work_package is None else estimate.work_package.partition("/")[2]
            state.estimates.append(Estimate(fact.number, fact.time, package, estimate.etc.minor, estimate.finish_forecast))
        case initiatives.BaselineFrozen() as frozen:
            state.frozen = _frozen(fact, frozen)
        case initiatives.InitiativeProposed() as proposed:
            state.mode, state.currency, state.calendar = proposed.mode, proposed.currency, _calendar(proposed.calendar)
        case PortfolioOpened() as opened:
            state.portfolio_calendar = _calendar(opened.calendar)
        case initiatives.DeliveryModeChanged(to=mode):
            state.mode = mode
        case _:
            pass


def _work(state: Performance, fact: Fact) -> Work:
    return state.works.setdefault(fact.id, Work())


def _read(state: Performance, fact: Fact, fraction: str) -> None:
    _work(state, fact).readings.append(Reading(fact.time, fact.number, fraction))


def _version(fact: Fact, data: initiatives.BaselineProposed) -> Version:
    parts = {
        part.id: PlannedWork(
            start=_planned(part.start),
            finish=_planned(part.finish),
            at_start=_minor(part.budget_at_start) or 0,
            over_time=_minor(part.budget_over_time) or 0,
            method=part.ev_method,
            working_hours=part.working_hours,
        )
        for part in data.work_packages
    }
    return Version(fact.number, data.bac.minor, parts, _calendar(data.calendar))


def _approval(fact: Fact, data: initiatives.BaselineApproved) -> Approval:
    return Approval(
        entry=fact.number,
        time=fact.time,
        version=data.version,
        by=fact.actor,
        reason=fact.reason,
        effective_date=data.effective_date,
        change_class=data.change_class,
        variances_kept=data.variances_kept,
        change_request=data.change_request,
        corrected_by=fact.corrected_by,
    )


def _period(fact: Fact, data: initiatives.ReportingPeriodClosed) -> Period:
    said = data.stated
    stated = None if said is None else Stated(_minor(said.pv), _minor(said.ev), _minor(said.ac))
    return Period(fact.number, fact.time, data.period, data.status_date, stated)


def _frozen(fact: Fact, data: initiatives.BaselineFrozen) -> Frozen:
    return Frozen(
        entry=fact.number,
        time=fact.time,
        version=data.version,
        status_date=data.status_date,
        bac=data.bac.minor,
        pv=data.pv.minor,
        ev=data.ev.minor,
        ac=data.ac.minor,
        eac=_minor(data.eac),
        earned_schedule_days=data.earned_schedule_days,
        why=data.why,
    )


def _calendar(calendar: Calendar | None) -> WorkingCalendar | None:
    if calendar is None:
        return None
    hours, days = calendar.working_hours, [str(day) for day in calendar.working_days]
    return WorkingCalendar(calendar.name, hours, days, calendar.holidays, calendar.zone)


def _minor(money: Money | None) -> int | None:
    return None if money is None else money.minor


def _planned(moment: PlannedTime) -> str:
    return moment.isoformat() if isinstance(moment, datetime) else date.isoformat(moment)


PERFORMANCE = chronicle("performance", 2, types=TYPES, state=Performance, fold=fold)
