"""Pages of the terminal: figures as people write them, tables that give way where there is no room, one line for an entry."""

import io
from typing import Any

import pytest
from rich.console import Console

from portfolio_deploy.reading import figures, lines
from portfolio_deploy.reading.tables import Column, show


@pytest.mark.parametrize(
    ("minor", "currency", "expected"),
    [
        (123456700, "EUR", "EUR 1,234,567"),
        (-150, "EUR", "EUR -1.50"),
        (5, "USD", "USD 0.05"),
        (1200, "JPY", "JPY 1,200"),
        (1005, "KWD", "KWD 1.005"),
    ],
)
def test_money_is_shown_in_its_units(minor: int, currency: str, expected: str):
    """Minor units become units by the currency's own digits; whole amounts show none."""
    assert figures.money({"minor": minor, "currency": currency}) == expected


def test_what_has_no_figure_says_why():
    """Null with a reason is neither 0 nor nothing; a reason that is new is shown by its code."""
    assert figures.figure({"value": None, "reason": "NO_COST"}) == "- (no cost posted yet)"
    assert figures.figure({"value": None, "reason": "NO_SUCH_REASON_YET"}) == "- (NO_SUCH_REASON_YET)"


def printed(width: int) -> list[str]:
    """A table on a terminal of this width."""
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    columns = [
        Column(title="item", cells=["PAY-1", "PAY-2"]),
        Column(title="title", cells=["Pay by card", "Give the money back within a day of the complaint"], prose=True),
        Column(title="kind", cells=["feature", "defect"], goes=1),
        Column(title="age", cells=["120 d", "3 d"], goes=2, align="right"),
        Column(title="none", cells=["", ""], goes=9),
    ]
    show(console, columns)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def test_a_wide_terminal_shows_every_column_that_has_something():
    """What is empty everywhere is left out; nothing else is, and no line is longer than the terminal."""
    lines_ = printed(100)
    assert lines_[0].split() == ["item", "title", "kind", "age"]
    assert len(lines_) == 3


def test_a_narrow_terminal_loses_the_least_important_columns_and_no_letter():
    """At 40 the age goes, at 34 the kind too; prose is folded, and every word of it is there."""
    for width, heads in ((41, ["item", "title", "kind"]), (34, ["item", "title"])):
        lines_ = printed(width)
        assert lines_[0].split() == heads
        assert max(map(len, lines_)) <= width
        words = {word for line in lines_ for word in line.split()}
        assert {"Give", "money", "within", "complaint"} <= words


ENTRY: dict[str, Any] = {"portfolio": "acme", "entry": 7, "recordedtime": "2026-01-05T09:00:00.000000Z", "flags": []}


def test_a_recorded_event_is_one_line():
    """Which entry, when, about what, what happened, who, its fields with the name first, why, and what is ugly about it."""
    event = {
        "type": "portfolio.item.item-moved.v1",
        "subject": "item/PAY-1",
        "actor": "p-2",
        "reason": "It is urgent.",
        "data": {"after": None, "cost": {"minor": 150, "currency": "EUR"}, "parts": [1, 2], "title": "Pay"},
    }
    assert lines.line({**ENTRY, "event": event, "flags": ["DATES_DISAGREE"]}).plain == (
        "acme@7  2026-01-05 09:00:00  item/PAY-1  item-moved  by p-2  title Pay, cost EUR 1.50, 2 parts"
        "  because: It is urgent.  flagged DATES_DISAGREE"
    )


def test_a_refusal_is_one_line_that_says_why():
    """A refusal shows its code and its sentence; a type of a later version shows the version."""
    refusal = {
        "type": "portfolio.funding.cost-posted.v2",
        "subject": "funding/apollo",
        "actor": "p-books",
        "code": "CURRENCY",
        "detail": "It is kept in EUR.",
    }
    assert lines.line({**ENTRY, "refusal": refusal}).plain == (
        "acme@7  2026-01-05 09:00:00  funding/apollo  cost-posted.v2  by p-books  REFUSED CURRENCY: It is kept in EUR."
    )
