"""Tables: the lists of answers as CSV, and who gets them."""

import csv
import io
from decimal import Decimal

import pytest
from pydantic import BaseModel, Field

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


class Figure(BaseModel):
    """A value, or why there is none."""

    value: Decimal | None
    reason: str | None


class Row(BaseModel):
    """A row of all kinds of columns."""

    id: str
    from_: str | None = Field(alias="from")
    cpi: Figure
    ended: Figure | None
    tags: list[str]
    targets: dict[str, str]
    open: bool


class Rows(BaseModel):
    """An answer with a list."""

    rows: list[Row]


def row(name: str, **fields: object) -> dict[str, object]:
    """A row in which little is known."""
    empty: dict[str, object] = {
        "from": None,
        "cpi": {"value": None, "reason": "NO_COST"},
        "ended": None,
        "tags": [],
        "targets": {},
        "open": True,
    }
    return {"id": name, **empty, **fields}


def told(*rows: dict[str, object]) -> list[list[str]]:
    """The lines of a table."""
    return read(tables.render(Rows, "rows", rows))


HEADER = ["id", "from", "cpi.value", "cpi.reason", "ended.value", "ended.reason", "tags", "open"]


def test_values_in_values_become_columns():
    """A figure is its value and its reason; what is null or not there is empty; a list is JSON."""
    full = row("b, c", cpi={"value": Decimal("0.9"), "reason": None}, ended={"value": 1, "reason": None}, tags=["x", "y"])
    assert told(row("a"), full) == [
        HEADER,
        ["a", "", "", "NO_COST", "", "", "[]", "true"],
        ["b, c", "", "0.9", "", "1", "", '["x","y"]', "true"],
    ]


def test_every_page_has_the_same_columns():
    """A program that reads page after page finds each column where it was, on an empty page too."""
    assert told() == [HEADER]
    assert told(row("a"))[0] == told(row("b", ended={"value": None, "reason": "X"}))[0] == HEADER


def test_what_events_name_has_a_column_for_each_name():
    """Targets by gate: names are not known before; nobody can name one so that a spreadsheet would carry it out."""
    lines = told(row("a", targets={"beta": "v1"}), row("b", targets={"=stable": "v2", "beta": "v3"}))
    assert lines[0] == [*HEADER[:-1], "targets.beta", "targets.=stable", "open"]
    assert [line[-3:-1] for line in lines[1:]] == [["v1", ""], ["v3", "v2"]]


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", "\uff1d1+1"])
def test_a_text_is_no_formula(text: str):
    """What a spreadsheet would carry out is made a text."""
    assert told(row(text))[1][0] == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+5", "-0.25", "12"])
def test_a_negative_number_stays_one(text: str):
    """A sign makes no formula of a number."""
    assert told(row(text))[1][0] == text
