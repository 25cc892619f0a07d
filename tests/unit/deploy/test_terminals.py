"""Tables in the terminal: what there is room for is there whole."""

import io

import pytest
from rich.console import Console

from portfolio_deploy import terminals
from portfolio_deploy.reading.tables import Column, show


def shown(width: int, *columns: Column) -> list[str]:
    """The lines of a table in a terminal of some width."""
    console = Console(file=io.StringIO(), width=width)
    with console.capture() as printed:
        show(console, columns)
    file = console.file
    assert isinstance(file, io.StringIO)
    return (printed.get() + file.getvalue()).splitlines()


@pytest.mark.parametrize(
    ("name", "width", "wanted"),
    [
        ("portfolio", 17, ["member     state", "portfolio  Active"]),
        ("portfolio", 16, ["member", "portfolio"]),
        ("\u65e5\u672c\u8a9e\u306e", 16, ["member    state", "\u65e5\u672c\u8a9e\u306e  Active"]),
        ("\u65e5\u672c\u8a9e\u306e", 15, ["member", "\u65e5\u672c\u8a9e\u306e"]),
        ("cafe\u0301", 14, ["member  state", "cafe\u0301    Active"]),
    ],
)
def test_a_column_goes_rather_than_that_a_text_is_cut(name: str, width: int, wanted: list[str]):
    """By the cells that characters take: two for wide ones, none for an accent of its own."""
    columns = (Column(title="member", cells=[name]), Column(title="state", cells=["Active"], goes=1))
    assert wanted == shown(width, *columns)


@pytest.mark.parametrize(("columns", "width"), [(None, 120), ("80", 80), ("200", 200), ("wide", 120)])
def test_what_is_piped_is_as_wide_as_its_reader_says(monkeypatch: pytest.MonkeyPatch, columns: str | None, width: int):
    """COLUMNS says it, as it does to other programs; else a report has the width that the README shows."""
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr("sys.stdout", io.StringIO())
    monkeypatch.setattr("sys.__stdout__", io.StringIO())
    assert terminals.results().width == width
