"""A real project through the whole system: a construction site of two years, as its planning tool recorded it.

The project is not part of this one. The test reads it from PORTFOLIO_HISTORIES, or from `shared/data` beside the checkout.
"""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import httpx
import pytest

from tests.acceptance.test_kubernetes_history import HISTORIES

HISTORY = HISTORIES / "real-project" / "C2011-12.jsonl"
INITIATIVE, NAME = "initiative/C2011-12", "C2011-12"
CALENDAR = {
    "name": "site",
    "working_hours": ["08:00-12:00", "13:00-17:00"],
    "working_days": ["mon", "tue", "wed", "thu", "fri"],
    "holidays": [],
    "zone": "UTC",
}
CENTS = Decimal("0.05")
"""The source has tenths of cents; a sum of fifty rounded budgets may be off by some cents."""

pytestmark = pytest.mark.skipif(
    not HISTORY.exists(), reason="the real project is not here: PORTFOLIO_HISTORIES names the folder of real histories"
)

Line = dict[str, Any]


def lines() -> list[Line]:
    """The history, a fact a line."""
    return [json.loads(line) for line in HISTORY.read_text().splitlines()]


def euros(amount: str | Fraction) -> dict[str, Any]:
    """An amount in whole cents."""
    return {"minor": round(Fraction(amount) * 100), "currency": "EUR"}


def fraction(value: float) -> str:
    """A fraction with at most six digits."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def plan(line: Line) -> dict[str, Any]:
    """The body of the proposed baseline."""
    parts: list[dict[str, Any]] = [
        {
            "id": f"{NAME}.{part['id']}",
            "name": part["name"],
            "start": f"{part['start']}Z",
            "finish": f"{part['finish']}Z",
            "working_hours": str(part["working_hours"]),
            "budget_at_start": euros(part["budget_at_start"]),
            "budget_over_time": euros(part["budget_over_time"]),
        }
        for part in line["work_packages"]
    ]
    waits = [
        {"from": f"{NAME}.{one['frm']}", "to": f"{NAME}.{one['to']}", "type": one["type"], "lag_h": one["lag_h"]}
        for one in line["dependencies"]
    ]
    bac = sum(part[name]["minor"] for part in parts for name in ("budget_at_start", "budget_over_time"))
    money = {"minor": bac, "currency": "EUR"}
    return {"version": 1, "bac": money, "work_packages": parts, "dependencies": waits, "calendar": CALENDAR}


def facts(line: Line, spent: Fraction) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The types, subjects and bodies of the events that one line states; costs so far keep their rounding together."""
    package = f"work-package/{NAME}.{line.get('work_package')}"
    match line["type"]:
        case "InitiativeProposed":
            yield "initiative.initiative-proposed.v1", INITIATIVE, {"name": line["name"], "mode": "waterfall", "currency": "EUR"}
        case "BaselineProposed":
            yield "initiative.baseline-proposed.v1", INITIATIVE, plan(line)
        case "BaselineApproved":
            day = line["occurred_at"][:10]
            approved = {"version": 1, "effective_date": day, "change_class": "initial"}
            yield "initiative.baseline-approved.v1", INITIATIVE, approved
        case "WorkPackageStarted":
            yield "work-package.work-package-started.v1", package, {"actual_start": f"{line['actual_start']}Z"}
        case "ProgressReported":
            yield "work-package.progress-reported.v1", package, {"fraction": fraction(line["fraction"])}
        case "WorkPackageCompleted":
            yield "work-package.work-package-completed.v1", package, {}
        case "CostPosted":
            minor = round((spent + Fraction(line["amount"])) * 100) - round(spent * 100)
            amount = {"minor": minor, "currency": "EUR"}
            body = {"member": INITIATIVE, "amount": amount, "period": line["occurred_at"][:7], "category": "other"}
            yield "funding.cost-posted.v2", f"funding/{NAME}", {**body, "treatment": "undecided"}
        case _:
            expected = line["expect"]
            stated = {name: euros(expected[name]) for name in ("pv", "ev", "ac")}
            body = {"period": line["period"], "status_date": line["occurred_at"][:10], "stated": stated}
            yield "initiative.reporting-period-closed.v1", INITIATIVE, body


def events(history: list[Line], portfolio: str) -> Iterator[dict[str, Any]]:
    """The history as events of a portfolio; who approves is not who proposes."""
    common = {"specversion": "1.0", "source": "/planning-tool", "portfolio": portfolio}
    opened = {"name": "Real projects", "currency": "EUR"}
    head = {"time": "2006-04-17T08:00:00Z", "actor": "importer", "type": "portfolio.portfolio.portfolio-opened.v1"}
    yield {**common, **head, "id": "0", "subject": f"portfolio/{portfolio}", "data": opened}
    spent = Fraction()
    for line in history:
        for type_, subject, body in facts(line, spent):
            actor = "board" if "approved" in type_ else "importer"
            yield {
                **common,
                "id": str(line["seq"]),
                "type": f"portfolio.{type_}",
                "subject": subject,
                "time": f"{line['occurred_at']}Z",
                "actor": actor,
                "data": body,
            }
        spent += Fraction(line["amount"]) if line["type"] == "CostPosted" else 0


async def test_a_real_project_has_the_figures_that_its_planning_tool_stated(
    ledger: httpx.AsyncClient, reader: httpx.AsyncClient, portfolio_id: str
):
    """Planned, earned and spent to the cent, earned schedule to the thousandth of a working hour, in all eight periods."""
    history = lines()
    headers = {"Content-Type": "application/cloudevents-batch+json"}
    answer = await ledger.post("/events", content=json.dumps(list(events(history, portfolio_id))), headers=headers)
    receipts = answer.json()["receipts"]
    assert [receipt for receipt in receipts if receipt["verdict"] != "recorded"] == []

    address = f"/portfolios/{portfolio_id}/initiatives/{NAME}/performance"
    answer = await reader.get(address, params={"min_entry": receipts[-1]["entry"]})
    assert answer.status_code == 200, answer.text
    closed = [line for line in history if line["type"] == "PeriodClosed"]
    periods = answer.json()["periods"]
    assert [period["period"] for period in periods] == [line["period"] for line in closed]
    for period, line in zip(periods, closed, strict=True):
        figures, expected = period["current"], line["expect"]
        for name in ("pv", "ev", "ac"):
            found = Decimal(figures[name]["value"]["minor"]) / 100
            assert abs(found - Decimal(expected[name])) <= CENTS, (line["period"], name)
        for name, hours in (("es", "es_working_hours"), ("at", "at_working_hours")):
            found = Decimal(figures["time"][name]["value"])
            assert abs(found - Decimal(str(expected[hours]))) <= Decimal("0.001"), (line["period"], name)
        assert period["status_date"] == date.fromisoformat(line["occurred_at"][:10]).isoformat()

    csv = await reader.get(address, headers={"Accept": "text/csv"})
    assert csv.headers["content-type"].startswith("text/csv")
    assert len(csv.text.splitlines()) == len(closed) + 1
