"""How flow looks in the terminal."""

import io
from typing import Any

from rich.console import Console

from portfolio_deploy.reading import flow_page

Document = dict[str, Any]


def figure(value: object, reason: str | None = None, **more: str) -> Document:
    """A figure of the read API."""
    return {"value": value, "reason": reason, "definition": "some/1", **more}


FLOW: Document = {
    "first_day": "2026-01-05",
    "last_day": "2026-01-18",
    "cfd": [{"added": n + 3, "states": {"Build": n + 1}, "done": n} for n in range(130)],
    "weeks": [{"whole": True, "throughput": 3}, {"whole": True, "throughput": 0}, {"whole": False, "throughput": 9}],
    "cycle_time": {"percentiles": [figure("4.5", share="0.5"), figure("9", share="0.85")]},
    "in_work": {
        "load": figure(2),
        "items": [{"item": "A-1", "age_days": 8, "blocked": True}, {"item": "A-2", "age_days": 1, "blocked": False}],
    },
    "flow_efficiency": figure(None, "NO_TIME"),
    "distribution": {"feature": figure("0.75"), "defect": figure("0.25"), "risk": figure("0"), "debt": figure("0")},
    "wip_limits": [
        {"state": "Build", "items": 5, "limit": 3, "exceeded": True},
        {"state": "Test", "items": 1, "limit": 3, "exceeded": False},
    ],
    "littles_law": {"warning": None},
}
FORECAST: Document = {
    "remaining": 12,
    "weeks": 4,
    "when": [{"share": "0.5", "day": figure("2026-02-16")}, {"share": "0.95", "day": figure(None, "BEYOND_HORIZON")}],
    "how_many": [figure(6, share="0.85")],
    "samples": [{}, {}],
    "runs": 10_000,
    "seed": 7,
}


def printed(flow: Document, forecast: Document) -> list[str]:
    """The section on a terminal of 100 columns."""
    console = Console(file=io.StringIO(), width=100, force_terminal=False)
    flow_page.print_section(console, flow, forecast)
    assert isinstance(console.file, io.StringIO)
    return [" ".join(line.split()) for line in console.file.getvalue().splitlines()]


def test_flow_is_told_at_a_glance():
    """Curves that fit the line, whole weeks only, cycle times, the oldest items, broken limits, and when all is done."""
    lines = printed(FLOW, FORECAST)
    assert "done by week █▁ 3, 0" in lines
    assert "cycle time 50 % within 4.5 d, 85 % within 9 d" in lines
    assert "in work 2, the oldest A-1 8 d, blocked; A-2 1 d" in lines
    assert "flow efficiency - (nothing was done)" in lines
    assert "done by kind feature 75 %, defect 25 %" in lines
    assert "over its limit Build: 5 items, 3 allowed" in lines
    assert "12 open items 50 % by 2026-02-16" in lines
    assert "in 4 weeks 85 % at least 6" in lines
    assert [line.split()[0] for line in lines[2:6]] == ["reached", "added", "Build", "done"]
    assert lines[3].endswith(" 132")


def test_what_cannot_be_forecast_says_why():
    """No whole week yet: neither a day nor 0 items."""
    nothing = figure(None, "NO_SAMPLES", share="0.5")
    lines = printed(FLOW, {**FORECAST, "when": [{"share": "0.5", "day": nothing}], "how_many": [nothing], "samples": []})
    assert "12 open items - (no whole week yet)" in lines
    assert "in 4 weeks - (no whole week yet)" in lines


def test_without_items_there_is_nothing_to_tell():
    """A product that never had a backlog has no section of flow."""
    assert printed({"cfd": [{"added": 0, "states": {}, "done": 0}]}, FORECAST) == []
