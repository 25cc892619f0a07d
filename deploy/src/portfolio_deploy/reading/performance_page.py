"""How an initiative's performance looks in the terminal: its S-curve, today against three baselines, and the periods."""

from typing import Any

from rich.console import Console

from portfolio_deploy.reading.curve import Series, picture, sparkline
from portfolio_deploy.reading.figures import NOTHING, day, figure, money, share
from portfolio_deploy.reading.tables import Column, facts, show

PERIODS_SHOWN = 12

_HEIGHT = 10
_WIDTH_MAX = 72
_INDEX_DIGITS = 2
_ROLES = ("current", "previous", "original")


def print_section(console: Console, performance: dict[str, Any]) -> None:
    """Print what was planned, earned and spent, where there is a baseline."""
    today, periods = performance["today"], _until_final(performance["periods"])
    if today["current"] is None:
        return
    console.print("\nPerformance", style="bold")
    _print_curve(console, performance)
    facts(console, _facts(performance))
    console.print(f"\nToday, {day(today['status_date'])}", style="bold")
    show(console, _today(today))
    if periods:
        console.print("\nBy period" if performance["periods_by"] == "reporting" else "\nBy month", style="bold")
        show(console, _periods(periods[-PERIODS_SHOWN:]))
        if len(periods) > PERIODS_SHOWN:
            console.print(f"and {len(periods) - PERIODS_SHOWN} before; --json shows them")


def _until_final(periods: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the periods up to the first whose figures are frozen: those of all after it are the same."""
    final = (place for place, one in enumerate(periods) if one["current"] is not None and one["current"]["is_final"])
    return periods[: next(final, len(periods)) + 1]


def _print_curve(console: Console, performance: dict[str, Any]) -> None:
    points = performance["s_curve"]
    curves: dict[str, Series] = {
        "o": [point["original_pv"] for point in points],
        ".": [point["current_pv"] for point in points],
        "$": [point["ac"] for point in points],
        "#": [point["ev"] for point in points],
    }
    if performance["rebaselines"]["value"] == 0:
        del curves["o"]
    width = min(console.width, _WIDTH_MAX)
    for line in picture(curves, width=width, height=_HEIGHT):
        console.print(line, markup=False, highlight=False)
    first, last = (day(points[place]["day"]) for place in (0, -1))
    console.print(f"{first}{last:>{width - len(first)}}", style="dim", highlight=False)
    told = {"o": "planned first", ".": "planned", "$": "spent", "#": "earned"}
    console.print("   ".join(f"{sign} {told[sign]}" for sign in curves), style="dim", markup=False, highlight=False)


def _facts(performance: dict[str, Any]) -> list[tuple[str, str]]:
    current, count = performance["today"]["current"], performance["rebaselines"]["value"]
    since = performance["days_since_rebaseline"]["value"]
    rows = [
        ("cost at completion", f"{_range(current)}, of {figure(current['bac'])}"),
        ("done, spent, planned", ", ".join(_percent(current[f"percent_{name}"]) for name in ("complete", "spent", "planned"))),
        ("finish", _finish(current["time"])),
        ("re-baselined", f"{_times(count)}, last {since} days ago" if count else "never"),
    ]
    for name, key in (("CPI by period", "cpi"), ("SPI by period", "spi")):
        periods = _until_final(performance["periods"])
        values = [_number(period["current"][key]) for period in periods if period["current"] is not None]
        if len(values) > 1:
            rows.append((name, sparkline(values[-_WIDTH_MAX:])))
    return rows


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _finish(time: dict[str, Any]) -> str:
    by_plan, by_pace = figure(time["finish_by_plan_rate"]), figure(time["finish_by_spi_t"])
    return by_plan if time["finish_by_plan_rate"]["value"] is None else f"{by_plan} at the planned rate, {by_pace} at that so far"


def _today(today: dict[str, Any]) -> list[Column]:
    """Return a row for each baseline; the first of all only where it is neither current nor the one before."""
    by_version: dict[int, tuple[str, dict[str, Any]]] = {}
    for role in _ROLES:
        if today[role] is not None:
            by_version.setdefault(today[role]["baseline"], (role, today[role]))
    against = [one for _, one in by_version.values()]
    names = [f"{role} ({one['baseline']})" for role, one in by_version.values()]
    finals = ["final" if one["is_final"] else "" for one in against]
    return [
        Column(title="baseline", cells=names),
        Column(title="budget", cells=[_money(one["bac"]) for one in against], align="right", goes=3),
        *_figures(against),
        Column(title="", cells=finals, goes=6),
    ]


def _periods(periods: list[dict[str, Any]]) -> list[Column]:
    against: list[dict[str, Any]] = [period["current"] or {} for period in periods]
    names = [str(period["period"]) for period in periods]
    return [
        Column(title="period", cells=names, prose=True),
        Column(title="until", cells=[day(period["status_date"]) for period in periods], goes=3),
        *_figures(against),
        Column(title="flags", cells=[", ".join(period["flags"]) for period in periods], goes=6),
    ]


def _figures(against: list[dict[str, Any]]) -> list[Column]:
    missing: dict[str, Any] = {"value": None}
    times: list[dict[str, Any]] = [one.get("time") or {} for one in against]
    columns = [
        Column(title=title, cells=[_money(one.get(key, missing)) for one in against], align="right", goes=goes)
        for title, key, goes in (("planned", "pv", 0), ("earned", "ev", 0), ("spent", "ac", 0))
    ]
    columns += [
        Column(title=title, cells=[_index(one.get(key, missing)) for one in against], align="right", goes=goes)
        for title, key, goes in (("SPI", "spi", 2), ("CPI", "cpi", 1))
    ]
    spi_t = [_index(time.get("spi_t", missing)) for time in times]
    columns.append(Column(title="SPI(t)", cells=spi_t, align="right", goes=4))
    ranges = [_range(one) if one else NOTHING for one in against]
    columns.append(Column(title="at completion", cells=ranges, align="right", goes=5))
    return columns


def _range(against: dict[str, Any]) -> str:
    """Return what all of it will cost, from the lower estimate to the higher one."""
    found = [one["value"] for one in against["eac_range"].values() if one["value"] is not None]
    if not found:
        return NOTHING
    low, high = (pick(found, key=lambda one: one["minor"]) for pick in (min, max))
    return money(low) if low == high else f"{money(low)} to {money(high).partition(' ')[2]}"


def _money(one: dict[str, Any]) -> str:
    return NOTHING if one["value"] is None else money(one["value"]).partition(" ")[2]


def _index(one: dict[str, Any]) -> str:
    number = _number(one)
    return NOTHING if number is None else f"{number:.{_INDEX_DIGITS}f}"


def _percent(one: dict[str, Any]) -> str:
    return NOTHING if one["value"] is None else share(one["value"])


def _number(one: dict[str, Any]) -> float | None:
    return None if one["value"] is None else float(one["value"])
