"""How an Agile initiative looks in the terminal: what its release takes in, how far it is, when it may be done, iterations."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rich.console import Console

from portfolio_deploy.reading.curve import Series, picture
from portfolio_deploy.reading.figures import NOTHING, day, figure, share, why
from portfolio_deploy.reading.tables import Column, facts, show

ITERATIONS_SHOWN = 6

_HEIGHT = 8
_HUNDREDTH = Decimal("0.01")
_WIDTH_MAX = 72


def print_section(console: Console, burn_up: dict[str, Any], iterations: Sequence[dict[str, Any]]) -> None:
    """Print the release that is worked on, and its last iterations, where there is a release."""
    release = burn_up["release"]
    if release is None:
        return
    console.print(f"\nRelease {release['release']}, {release['name']}", style="bold", highlight=False)
    _print_lines(console, burn_up["burn_up"]["days"])
    facts(console, _facts(burn_up, release))
    if iterations:
        console.print(f"\nIterations, the last {min(len(iterations), ITERATIONS_SHOWN)} of {len(iterations)}", style="bold")
        show(console, _iterations(iterations[-ITERATIONS_SHOWN:]))


def _print_lines(console: Console, days: Sequence[dict[str, Any]]) -> None:
    if not days:
        return
    lines: dict[str, Series] = {
        ".": [float(one["scope"]) for one in days],
        "#": [float(one["done"]) for one in days],
    }
    width = min(console.width, _WIDTH_MAX)
    for line in picture(lines, width=width, height=_HEIGHT):
        console.print(line, markup=False, highlight=False)
    first, last = day(days[0]["date"]), day(days[-1]["date"])
    console.print(f"{first}{last:>{width - len(first)}}", style="dim", highlight=False)
    console.print(". points in scope   # points accepted", style="dim", markup=False, highlight=False)


def _facts(burn_up: dict[str, Any], release: dict[str, Any]) -> list[tuple[str, str]]:
    velocity, forecasts = release["velocity"], burn_up["burn_up"]["forecasts"]
    planned, scope = (_points(release[name]) for name in ("planned_points", "scope_points"))
    took_in = scope if planned == scope else f"{scope}, {planned} when it was planned"
    rows = [
        ("points", f"{_points(release['points_done'])} done of {took_in}"),
        ("velocity", f"{_points(velocity['recent'])} an iteration lately, {_points(velocity['mean'])} over all"),
        ("planned for", f"{release['planned_finish']}, {release['planned_iterations']} iterations"),
    ]
    if release["shipped"] is not None:
        rows.append(("shipped", f"{day(release['shipped']['at'])} as {release['version']}"))
    else:
        rows.append(("done by", _expected(forecasts["simulated"])))
        if forecasts["published"]:
            last = forecasts["published"][-1]
            rows.append(("last said", f"{last['p50']} or, carefully, {last['p85']}; on {day(last['published']['at'])}"))
    if burn_up["performance"] is not None:
        rows += _money(burn_up["performance"]["with_current_scope"], release)
    return rows


def _expected(simulated: dict[str, Any]) -> str:
    if simulated["p50"]["value"] is None:
        return f"{NOTHING} ({why(simulated['p50'])})"
    return ", ".join(f"{percent} % by {simulated[f'p{percent}']['value']}" for percent in (50, 85, 95))


def _money(figures: dict[str, Any], release: dict[str, Any]) -> list[tuple[str, str]]:
    earned = ", ".join(
        f"{name.upper()} {_points(figures[name])}" for name in ("spi", "cpi") if figures[name]["value"] is not None
    )
    told = f"{figure(figures['ev'])} earned, {figure(figures['ac'])} spent, of {figure(release['bac'])}"
    return [("money", told + (f"; {earned}" if earned else ""))]


def _points(one: dict[str, Any]) -> str:
    return f"{NOTHING} ({why(one)})" if one["value"] is None else _number(one["value"])


def _number(decimal: str) -> str:
    return f"{Decimal(decimal).quantize(_HUNDREDTH).normalize():f}"


def _iterations(iterations: Sequence[dict[str, Any]]) -> list[Column]:
    return [
        Column(title="iteration", cells=[one["iteration"] for one in iterations]),
        Column(title="until", cells=[day(one["finish"]) for one in iterations], goes=3),
        Column(title="state", cells=[one["state"] for one in iterations], goes=4),
        Column(title="committed", cells=[_cell(one["committed_points"]) for one in iterations], align="right", goes=1),
        Column(title="done", cells=[_cell(one["points_done"]) for one in iterations], align="right"),
        Column(title="carried over", cells=[_cell(one["points_carried_over"]) for one in iterations], align="right", goes=2),
        Column(title="kept", cells=[_kept(one["commitment_kept"]) for one in iterations], align="right", goes=5),
        Column(title="changed on the way, because", cells=[_changed(one) for one in iterations], goes=6, prose=True),
    ]


def _cell(one: dict[str, Any]) -> str:
    return "" if one["value"] is None else _number(one["value"])


def _kept(one: dict[str, Any]) -> str:
    return "" if one["value"] is None else share(one["value"])


def _changed(iteration: dict[str, Any]) -> str:
    return " ".join(str(one["changed"]["reason"]) for one in iteration["scope_changes"])
