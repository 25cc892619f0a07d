"""A portfolio in the terminal: all modes side by side, at 80 columns too, and the newest of what is odd."""

import io
from typing import Any

import pytest
from rich.console import Console

from portfolio_deploy.reading import portfolio_page

Document = dict[str, Any]


def known(value: object) -> Document:
    """A figure that has a value."""
    return {"value": value, "reason": None, "definition": "x/1"}


def unknown(reason: str) -> Document:
    """A figure that has none."""
    return {"value": None, "reason": reason, "definition": "x/1"}


def eur(minor: int) -> Document:
    """An amount."""
    return known({"minor": minor, "currency": "EUR"})


def member(name: str, mode: str, **columns: Document) -> Document:
    """A member of the one view."""
    told: Document = {
        "member": name,
        "name": f"The long name of {name}, which takes some room",
        "mode": mode,
        "state": "Sustaining",
        "percent_complete": unknown("NO_END"),
        "change_failure_rate": unknown("NO_DEPLOYMENTS"),
        "finished": known(12),
        "risk_exposure": eur(1_000_000_00),
        "money": {"spent": eur(123_456_789_00), "balance": eur(-1_234_567_00)},
        "promise": {"next": known("2026-09-30"), "p85": known("2026-11-02"), "moves": known(7)},
    }
    return told | columns


def remark(code: str, entry: int, **more: object) -> Document:
    """An anomaly or a refusal."""
    return {"code": code, "subject": "item/I-1", "entry": entry, "time": "2026-03-01T09:00:00Z", "source": "/tracker", **more}


def page(width: int) -> str:
    """The page of a portfolio with a member of each mode."""
    anomalies = [remark("STAGE_BACKWARD", entry, since="2026-02-01T09:00:00Z", holds=entry > 40) for entry in (44, 42, 40, 38)]
    document = {
        "portfolio": {"portfolio": "acme", "name": "Acme", "entry": 77, "currency": "EUR"},
        "overview": {
            "totals": {
                "initiatives": 2,
                "products": 1,
                "spi": known("0.875"),
                "cpi": unknown("NO_COST"),
                "risk_exposure": eur(250_00),
            },
            "members": [
                member("initiative/apollo", "waterfall", percent_complete=known("0.5")),
                member("initiative/gemini", "agile"),
                member("product/payments", "product"),
            ],
        },
        "anomalies": {"total": 9, "codes": [{"code": "STAGE_BACKWARD", "count": 9}], "anomalies": anomalies},
        "refusals": {"total": 1, "codes": [{"code": "ENDED", "count": 1}], "refusals": [remark("ENDED", 12)]},
    }
    console = Console(file=io.StringIO(), width=width, color_system=None)
    portfolio_page.print_page(console, document)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_all_modes_stand_side_by_side_in_any_width(width: int):
    """No line is longer; who it is, how it is delivered, and what it promises by when is always there."""
    said = page(width)
    assert max(map(len, said.splitlines())) <= width
    for name, mode in (("apollo", "waterfall"), ("gemini", "agile"), ("payments", "product")):
        (line,) = (line for line in said.splitlines() if line.startswith(name))
        assert [part for part in line.split() if part in {mode, "2026-09-30", "2026-11-02"}] == [mode, "2026-09-30", "2026-11-02"]


def test_at_80_columns_money_and_progress_are_there():
    """In whole units; what has no end has no share that is done."""
    lines = [" ".join(line.split()) for line in page(80).splitlines()]
    assert "apollo waterfall 50 % EUR 123,456,789 2026-09-30 2026-11-02 7" in lines
    assert "payments product - EUR 123,456,789 2026-09-30 2026-11-02 7" in lines
    assert "performance SPI 0.88, CPI -, of sums over initiatives with a baseline" in lines


def test_the_newest_of_what_is_odd_is_told_with_how_many_there_are():
    """Three of them; one that is over says so. A refusal says who sent it."""
    lines = [" ".join(line.split()) for line in page(100).splitlines()]
    assert [line for line in lines if line.startswith(("Anomalies", "Refusals", "STAGE", "ENDED"))] == [
        "Anomalies: 9",
        "STAGE_BACKWARD item/I-1 44 2026-02-01",
        "STAGE_BACKWARD item/I-1 42 2026-02-01",
        "STAGE_BACKWARD item/I-1 40 2026-02-01 over",
        "Refusals: 1",
        "ENDED item/I-1 12 2026-03-01 /tracker",
    ]
