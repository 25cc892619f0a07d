"""The figures of a real project through the whole system: a construction site of two years, as its planning tool stated them."""

from decimal import Decimal

import httpx

from tests.acceptance import importing
from tests.acceptance.test_construction_history import HISTORY, Import

CENTS = Decimal("0.05")
"""The source has hundredths of cents; a sum of fifty rounded budgets may be off by some cents."""

THOUSANDTH = Decimal("0.001")

pytestmark = importing.needs(HISTORY)


async def test_a_real_project_has_the_figures_that_its_planning_tool_stated(
    ledger: httpx.AsyncClient, reader: httpx.AsyncClient, portfolio_id: str
):
    """Planned, earned and spent to the cent, earned schedule to the thousandth of a working hour, in all eight periods."""
    history = importing.lines(HISTORY)
    receipts = await importing.post(ledger, list(Import(portfolio_id).events(history)))
    assert [receipt for receipt in receipts if receipt["verdict"] != "recorded"] == []

    address = f"/portfolios/{portfolio_id}/initiatives/C2011-12/performance"
    answer = await reader.get(address, params={"min_entry": receipts[-1]["entry"]})
    assert answer.status_code == 200, answer.text
    closed = [line for line in history if line["type"] == "PeriodClosed"]
    periods = answer.json()["periods"]
    assert [(period["period"], period["status_date"]) for period in periods] == [
        (line["period"], line["occurred_at"][:10]) for line in closed
    ]
    for period, line in zip(periods, closed, strict=True):
        figures, expected = period["current"], line["expect"]
        for name in ("pv", "ev", "ac"):
            found = Decimal(figures[name]["value"]["minor"]) / 100
            assert abs(found - Decimal(expected[name])) <= CENTS, (line["period"], name)
        for name, hours in (("es", "es_working_hours"), ("at", "at_working_hours")):
            found = Decimal(figures["time"][name]["value"])
            assert abs(found - Decimal(str(expected[hours]))) <= THOUSANDTH, (line["period"], name)

    csv = await reader.get(address, headers={"Accept": "text/csv"})
    assert csv.headers["content-type"].startswith("text/csv")
    assert len(csv.text.splitlines()) == len(closed) + 1
