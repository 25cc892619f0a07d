"""How an Agile initiative looks in the terminal."""

import io
from typing import Any

from rich.console import Console

from portfolio_deploy.reading import agile_page

Document = dict[str, Any]
EUR = {"minor": 100_00, "currency": "EUR"}


def figure(value: object, reason: str | None = None) -> Document:
    """A figure of the read API."""
    return {"value": value, "reason": reason, "definition": "some/1"}


RELEASE: Document = {
    "release": "shop-2",
    "name": "Any partner",
    "planned_finish": "2026-11-01",
    "planned_iterations": 12,
    "bac": figure(EUR),
    "planned_points": figure("170"),
    "scope_points": figure("194"),
    "points_done": figure("161"),
    "velocity": {"mean": figure("11.5"), "recent": figure("9.6667")},
    "version": None,
    "shipped": None,
}
FORECASTS: Document = {
    "simulated": {"p50": figure("2027-01-08"), "p85": figure("2027-01-22"), "p95": figure("2027-02-05")},
    "published": [{"p50": "2026-12-28", "p85": "2027-01-11", "published": {"at": "2026-10-19T14:10:10Z"}}],
}
ITERATION: Document = {
    "iteration": "keel-22",
    "finish": "2026-11-27",
    "state": "started",
    "committed_points": figure("14"),
    "points_done": figure(None, "NOT_CLOSED_YET"),
    "points_carried_over": figure(None, "NOT_CLOSED_YET"),
    "commitment_kept": figure("0.4286"),
    "scope_changes": [{"changed": {"reason": "It has to be mended this week."}}],
}


def burn_up(**release: object) -> Document:
    """The answer of the read API, with a release that differs in something."""
    figures = {"ev": figure(EUR), "ac": figure(EUR), "spi": figure("0.7113"), "cpi": figure(None, "NO_COST")}
    days = [{"date": f"2026-05-{day}", "scope": "194", "done": str(day)} for day in range(10, 30)]
    return {
        "release": {**RELEASE, **release},
        "burn_up": {"days": days, "forecasts": FORECASTS},
        "performance": {"with_current_scope": figures},
    }


def printed(answer: Document, iterations: list[Document], width: int = 100) -> list[str]:
    """The section on a terminal of so many columns."""
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    agile_page.print_section(console, answer, iterations)
    assert isinstance(console.file, io.StringIO)
    return [" ".join(line.split()) for line in console.file.getvalue().splitlines()]


def test_a_release_is_told_with_its_lines_and_when_it_may_be_done():
    """Points in and done, velocity, what was simulated and what was said, earned money, and the last iterations."""
    lines = printed(burn_up(), [ITERATION] * 8)
    assert "points 161 done of 194, 170 when it was planned" in lines
    assert "velocity 9.67 an iteration lately, 11.5 over all" in lines
    assert "done by 50 % by 2027-01-08, 85 % by 2027-01-22, 95 % by 2027-02-05" in lines
    assert "last said 2026-12-28 or, carefully, 2027-01-11; on 2026-10-19" in lines
    assert "money EUR 100 earned, EUR 100 spent, of EUR 100; SPI 0.71" in lines
    assert "Iterations, the last 6 of 8" in lines
    assert lines.count("keel-22 2026-11-27 started 14 43 % It has to be mended this week.") == 6


def test_a_shipped_release_has_no_forecast():
    """It says when it was shipped, and as what."""
    lines = printed(burn_up(shipped={"at": "2026-05-15T14:43:15Z"}, version="1.0"), [])
    assert "shipped 2026-05-15 as 1.0" in lines
    assert not any(line.startswith(("done by", "last said", "Iterations")) for line in lines)


def test_a_narrow_terminal_keeps_what_matters():
    """No line is longer than the terminal is wide; what was done is still there."""
    lines = printed(burn_up(), [ITERATION], width=40)
    assert max(map(len, lines)) <= 40
    assert any(line.startswith("iteration") and "done" in line for line in lines)


def test_without_a_release_nothing_is_said():
    """A waterfall initiative, or one that has not planned yet."""
    assert printed({"release": None, "burn_up": None, "performance": None}, []) == []


def test_many_points_are_written_out():
    """However many there are, each digit is there but those beyond hundredths."""
    lines = printed(burn_up(scope_points=figure("1234567.254"), points_done=figure("1000000")), [])
    assert "points 1000000 done of 1234567.25, 170 when it was planned" in lines
