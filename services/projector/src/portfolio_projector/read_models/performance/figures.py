"""The figures of an initiative at one moment, against one baseline. Pure."""

from dataclasses import dataclass
from datetime import tzinfo
from typing import NamedTuple

from portfolio_projector.metrics import definitions, earned_schedule, earned_value, metric, working_time
from portfolio_projector.metrics.definitions import Definition
from portfolio_projector.metrics.earned_schedule import Curve, Hours
from portfolio_projector.metrics.earned_value import Amount
from portfolio_projector.metrics.metric import Figure, Known
from portfolio_projector.metrics.reasons import NO_BUDGET, NO_CALENDAR, Unknown

Figures = dict[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """What was measured: amounts in minor units, exact, and times in working hours where there is a calendar to count them by.

    `recent` is the cost performance of the last three periods, `to_complete` the estimate of those who do the work. `eac` is the
    estimate that was frozen with the rest, where it was.
    """

    currency: str
    bac: int
    pv: Amount
    ev: Amount
    ac: int
    recent: Known
    to_complete: Known
    time: "Time | None"
    eac: int | None = None


class Time(NamedTuple):
    """How much time was spent and earned, by the curve of a plan, and the zone in which its days begin."""

    curve: Curve
    at: Hours
    es: Known
    zone: tzinfo


class _Way(NamedTuple):
    """A way to estimate what all of it costs: by a performance, or by what those who do the work say."""

    name: str
    definition: Definition
    performance: Known | None
    to_complete: Known


def figures(found: Measured) -> Figures:
    """Return the figures of a moment against a baseline."""
    bac, pv, ev, ac, currency = found.bac, found.pv, found.ev, found.ac, found.currency

    def budgeted(minor: Amount) -> Known:
        return minor if bac else NO_BUDGET

    estimates = [_estimate(found, way) for way in _ways(found)]
    by_name = {str(estimate["method"]): estimate["eac"] for estimate in estimates}
    return {
        "bac": metric.money(definitions.BAC, budgeted(bac), currency),
        "pv": metric.money(definitions.PV, budgeted(pv), currency),
        "ev": metric.money(definitions.EV, budgeted(ev), currency),
        "ac": metric.money(definitions.AC, ac, currency),
        "sv": metric.money(definitions.SV, budgeted(ev - pv), currency),
        "cv": metric.money(definitions.CV, budgeted(ev - ac), currency),
        "spi": metric.number(definitions.SPI, earned_value.spi(bac, pv, ev)),
        "cpi": metric.number(definitions.CPI, earned_value.cpi(bac, ev, ac)),
        "percent_complete": metric.number(definitions.PERCENT_COMPLETE, earned_value.share(ev, bac)),
        "percent_spent": metric.number(definitions.PERCENT_SPENT, earned_value.share(ac, bac)),
        "percent_planned": metric.number(definitions.PERCENT_PLANNED, earned_value.share(pv, bac)),
        "tcpi": metric.number(definitions.TCPI_BAC, earned_value.tcpi(bac, ev, ac, bac)),
        "eac_range": {"by_budget_rate": by_name["budget_rate"], "by_cpi": by_name["cpi"]},
        "estimates": estimates,
        "time": _time(found.time, bac, ev),
        "time_in_whole_hours": _time_in_whole_hours(found.time),
    }


def _ways(found: Measured) -> list[_Way]:
    bac, ev = found.bac, found.ev
    cpi, spi = earned_value.cpi(bac, ev, found.ac), earned_value.spi(bac, found.pv, ev)
    spi_t, whole = NO_CALENDAR, NO_CALENDAR
    if found.time is not None:
        spi_t = earned_schedule.spi_t(found.time.es, found.time.at)
        whole = earned_schedule.spi_t(earned_schedule.in_whole_hours(found.time.es), found.time.at)
    performances: list[tuple[str, Definition, Known]] = [
        ("budget_rate", definitions.EAC_BUDGET_RATE, 1),
        ("cpi", definitions.EAC_CPI, cpi),
        ("spi", definitions.EAC_SPI, spi),
        ("spi_t", definitions.EAC_SPI_T, spi_t),
        ("cpi_spi", definitions.EAC_CPI_SPI, earned_value.product(cpi, spi)),
        ("cpi_spi_t", definitions.EAC_CPI_SPI_T, earned_value.product(cpi, spi_t)),
        ("08cpi_02spi", definitions.EAC_MIXED, earned_value.mixed(cpi, spi)),
        ("08cpi_02spi_t", definitions.EAC_MIXED_T, earned_value.mixed(cpi, spi_t)),
        ("recent_cpi", definitions.EAC_RECENT_CPI, found.recent),
        ("spi_t_in_whole_hours", definitions.EAC_SPI_T_WHOLE, whole),
        ("cpi_spi_t_in_whole_hours", definitions.EAC_CPI_SPI_T_WHOLE, earned_value.product(cpi, whole)),
        ("08cpi_02spi_t_in_whole_hours", definitions.EAC_MIXED_T_WHOLE, earned_value.mixed(cpi, whole)),
    ]
    ways = [
        _Way(name, definition, performance, earned_value.etc(bac, ev, performance))
        for name, definition, performance in performances
    ]
    if found.eac is not None:
        ways = [way._replace(to_complete=found.eac - found.ac) if way.name == "cpi" else way for way in ways]
    reported = NO_BUDGET if not bac else found.to_complete if ev < bac else 0
    return [*ways, _Way("bottom_up", definitions.EAC_BOTTOM_UP, None, reported)]


def _estimate(found: Measured, way: _Way) -> Figures:
    at_completion = earned_value.eac(found.ac, way.to_complete)
    performance = None if way.performance is None else metric.number(definitions.PERFORMANCE, way.performance)
    return {
        "method": way.name,
        "performance": performance,
        "etc": metric.money(definitions.ETC, way.to_complete, found.currency),
        "eac": metric.money(way.definition, at_completion, found.currency),
        "vac": metric.money(definitions.VAC, earned_value.vac(found.bac, at_completion), found.currency),
        "tcpi": metric.number(definitions.TCPI_EAC, earned_value.tcpi(found.bac, found.ev, found.ac, at_completion)),
    }


def _time(time: Time | None, bac: int, ev: Amount) -> Figures:
    complete = earned_value.share(ev, bac)
    at, pd, es = (NO_CALENDAR, NO_CALENDAR, NO_CALENDAR) if time is None else (time.at, time.curve.duration, time.es)
    sv_t = spi_t = tspi = by_plan = by_spi_t = NO_CALENDAR
    if time is not None:
        duration = time.curve.duration
        sv_t, spi_t = earned_schedule.sv_t(es, time.at), earned_schedule.spi_t(es, time.at)
        tspi = earned_schedule.tspi(es, time.at, duration)
        by_plan = earned_schedule.finish_at_plan_rate(es, time.at, duration)
        by_spi_t = earned_schedule.finish_at_spi_t(es, time.at, duration, complete)
    return {
        "grid": "hour",
        "at": metric.number(definitions.AT, at),
        "pd": metric.number(definitions.PD, pd),
        "es": metric.number(definitions.ES, es),
        "es_date": _instant(definitions.ES_DATE, es, time),
        "sv_t": metric.number(definitions.SV_T, sv_t),
        "spi_t": metric.number(definitions.SPI_T, spi_t),
        "tspi": metric.number(definitions.TSPI, tspi),
        "ieac_t_by_plan_rate": metric.number(definitions.IEAC_T_PLAN, by_plan),
        "ieac_t_by_spi_t": metric.number(definitions.IEAC_T_SPI_T, by_spi_t),
        "finish_by_plan_rate": _instant(definitions.FINISH_PLAN_RATE, by_plan, time),
        "finish_by_spi_t": _instant(definitions.FINISH_SPI_T, by_spi_t, time),
    }


def _time_in_whole_hours(time: Time | None) -> Figures:
    es, sv_t, spi_t = NO_CALENDAR, NO_CALENDAR, NO_CALENDAR
    if time is not None:
        es = earned_schedule.in_whole_hours(time.es)
        sv_t, spi_t = earned_schedule.sv_t(es, time.at), earned_schedule.spi_t(es, time.at)
    return {
        "grid": "whole-hour",
        "es": metric.number(definitions.ES_WHOLE, es),
        "es_date": _instant(definitions.ES_DATE_WHOLE, es, time),
        "sv_t": metric.number(definitions.SV_T_WHOLE, sv_t),
        "spi_t": metric.number(definitions.SPI_T_WHOLE, spi_t),
    }


def _instant(definition: Definition, hours: Known, time: Time | None) -> Figure:
    if isinstance(hours, Unknown):
        return metric.text(definition, hours)
    if time is None:
        return metric.text(definition, NO_CALENDAR)
    found = working_time.instant(time.curve.instant(Hours(hours)), time.zone)
    return metric.text(definition, found.isoformat(timespec="seconds").replace("+00:00", "Z"))
