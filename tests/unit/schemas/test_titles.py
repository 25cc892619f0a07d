"""Titles of problems: the same on every Python."""

import re
from pathlib import Path

from portfolio_schemas import titles
from portfolio_schemas.codes import CODES

SERVICES = Path(__file__).parents[3] / "services"


def test_every_status_that_is_answered_has_a_title():
    """Those of the codes, and those that stand as numbers where problems are made."""
    texts = [path.read_text("utf-8") for path in SERVICES.glob("*/src/*/http/*.py")]
    named = {int(status) for text in texts for status in re.findall(r"(?:Refused\(|Problem\(|status=)(\d{3})\b", text)}
    answered = named | {code.status for code in CODES.values() if code.status is not None and code.status >= 400}
    assert {400, 404, 405, 408, 413, 414, 422, 431, 503} <= answered
    assert answered <= set(titles.TITLES)


def test_titles_are_those_of_the_standard_whatever_python_calls_them():
    """3.11 says Request Entity Too Large and Unprocessable Entity, 3.13 does not."""
    assert [titles.title(status) for status in (404, 413, 414, 422)] == [
        "Not Found",
        "Content Too Large",
        "URI Too Long",
        "Unprocessable Content",
    ]
    assert titles.title(599) == "Problem"
