"""How transitions look in the terminal."""

import io
from typing import Any

from rich.console import Console

from portfolio_deploy.reading import lineage_page

Document = dict[str, Any]


def money(minor: int) -> Document:
    """An amount in euro."""
    return {"minor": minor, "currency": "EUR"}


BECAME: Document = {
    "from": "initiative/apollo",
    "to": [{"member": "product/letters"}],
    "to_mode": None,
    "cut_over": "2026-04-23",
    "proposed_by": "p-dan",
    "proposed": {"reason": "It will never be finished."},
    "decided": {"at": "2026-04-23T08:00:00Z", "by": "p-ines", "entry": 67, "reason": None},
    "dispositions": [],
    "frozen": None,
    "items": [{"item": "A-1"}, {"item": "A-2"}],
    "matters": [{"subject": "risk/R-8"}, {"subject": "team/tide"}],
    "funds": {
        "approved": money(120_00),
        "spent": money(75_00),
        "carried_over": [{"to": "product/letters", "amount": money(45_00)}],
    },
}
CHANGED: Document = {
    **BECAME,
    "to": [],
    "to_mode": "agile",
    "dispositions": [
        {"work_package": "build", "becomes": "item", "item": "A-1", "reason": None},
        {"work_package": "train", "becomes": "dropped", "item": None, "reason": "Nobody needs it."},
    ],
    "frozen": {"ev": {"value": money(10_00)}, "ac": {"value": money(20_00)}, "bac": {"value": money(30_00)}},
    "items": [],
    "matters": [],
    "funds": None,
}


def printed(member: str, *transitions: Document) -> list[str]:
    """The section of a member on a terminal of 100 columns."""
    console = Console(file=io.StringIO(), width=100, force_terminal=False)
    lineage_page.print_section(console, member, {"transitions": transitions})
    assert isinstance(console.file, io.StringIO)
    return [" ".join(line.split()) for line in console.file.getvalue().splitlines()]


def test_what_became_a_product_is_told_from_both_sides():
    """When, on whose word and why; items, matters and money that went along."""
    lines = printed("initiative/apollo", BECAME)
    assert "Became product/letters on 2026-04-23" in lines
    assert "decided 2026-04-23 by p-ines, entry 67; proposed by p-dan" in lines
    assert "why It will never be finished." in lines
    assert "items 2 went along, in their order" in lines
    assert "went along risk/R-8, team/tide" in lines
    assert "money EUR 120 approved: EUR 75 spent, EUR 45 to product/letters" in lines
    assert "Was initiative/apollo until 2026-04-23" in printed("product/letters", BECAME)


def test_a_change_of_mode_names_what_became_of_each_work_package():
    """Its plan is frozen with its figures; what was dropped has its reason."""
    lines = printed("initiative/apollo", CHANGED)
    assert "Goes on the agile way since 2026-04-23" in lines
    assert "frozen EUR 10 earned and EUR 20 spent, of EUR 30" in lines
    assert "build A-1" in lines
    assert "train dropped Nobody needs it." in lines


def test_what_was_only_proposed_is_not_told():
    """Nothing has become of it yet."""
    assert printed("initiative/apollo", {**BECAME, "decided": None}) == []
