"""Tables: the lists of answers as CSV, and who gets them."""

import csv
import io
from decimal import Decimal

import pytest

from portfolio_projector.http import tables


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        (None, False),
        ("*/*", False),
        ("application/json", False),
        ("text/csv", True),
        ("Text/CSV; charset=utf-8", True),
        ("text/csv, */*;q=0.1", True),
        ("application/json, text/csv;q=0.5", False),
        ("text/csv;q=0", False),
        ("text/csv;q=high", False),
        ("text/html", False),
    ],
)
def test_csv_goes_to_those_who_prefer_it(accept: str | None, wanted: bool):  # noqa: FBT001  a case of the table
    """By the header Accept; who takes anything gets JSON."""
    assert wanted is tables.wanted(accept)


def read(data: bytes) -> list[list[str]]:
    """The rows of a CSV text."""
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


def test_values_in_values_become_columns():
    """A figure is its value and its reason; columns are those of all rows; what is not there is empty."""
    rows = [
        {"id": "a", "cpi": {"value": Decimal("0.9"), "reason": None}, "open": True},
        {"id": "b, c", "cpi": {"value": None, "reason": "NO_COST"}, "tags": ["x", "y"]},
    ]
    assert read(tables.render(rows)) == [
        ["id", "cpi.value", "cpi.reason", "open", "tags"],
        ["a", "0.9", "", "true", ""],
        ["b, c", "", "NO_COST", "", '["x","y"]'],
    ]


def test_a_text_is_no_formula():
    """What a spreadsheet would carry out is made a text; negative numbers stay numbers."""
    assert read(tables.render([{"a": "=1+1", "b": "-5"}])) == [["a", "b"], ["'=1+1", "-5"]]


def test_no_rows_are_no_columns():
    """An empty list is an empty line."""
    assert tables.render([]) == b"\r\n"
