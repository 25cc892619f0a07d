"""The runbook has a paragraph for everything that a program can raise, and for nothing else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from portfolio_schemas.codes import CODES

ROOT = Path(__file__).parents[2]
HEADINGS = [line for line in (ROOT / "deploy" / "RUNBOOK.md").read_text().splitlines() if line.startswith("### ")]
NAMED = {name for heading in HEADINGS for name in re.findall(r"`([^`]+)`", heading)}
LEVELS = {"info", "warning", "error", "critical", "exception", "log"}
READ_CODES = {"READ_MODEL_VERSION", "READ_MODEL_STOPPED"}
"""Codes of the read API that wait for an operator."""


def calls() -> Iterator[ast.Call]:
    """Every call in the services."""
    for path in sorted(ROOT.glob("services/*/src/**/*.py")):
        yield from (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))


def first_text(call: ast.Call) -> str | None:
    """The first argument of a call, where it is a text."""
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def events() -> set[str]:
    """The names of all log events."""
    found = set[str]()
    for call in calls():
        name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""
        text = first_text(call)
        if name in LEVELS and text is not None and re.fullmatch(r"[a-z]+(-[a-z]+)*", text):
            found.add(text)
    return found


def metrics() -> set[str]:
    """The names of all metrics."""
    makers = {"Counter", "Gauge", "Histogram"}
    return {text for call in calls() if isinstance(call.func, ast.Name) and call.func.id in makers and (text := first_text(call))}


def codes() -> set[str]:
    """The codes of a door that is closed for a while."""
    return {code.name for code in CODES.values() if code.kind == "door" and code.status in {429, 503}} | READ_CODES


def test_everything_that_can_be_raised_has_its_paragraph():
    """A log event, a metric or a code without a section is named."""
    assert len(events()) > 30
    assert sorted((events() | metrics() | codes()) - NAMED) == []


def test_the_runbook_speaks_of_nothing_that_cannot_be_raised():
    """A name in a heading that no program raises is named."""
    assert sorted(NAMED - (events() | metrics() | codes())) == []


def test_every_section_has_a_paragraph():
    """A heading alone helps nobody."""
    text = (ROOT / "deploy" / "RUNBOOK.md").read_text()
    sections = re.split(r"^### .*$", text, flags=re.MULTILINE)[1:]
    assert all(len(section.split()) > 15 for section in sections)
