"""A real project through the whole system: a construction of 2006 and 2007, from its baseline to its last invoice."""

from collections.abc import Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from tests.acceptance import importing
from tests.acceptance.importing import Document, Source

HISTORY = "real-project/C2011-12.jsonl"
ZONE = ZoneInfo("Europe/Brussels")
PROJECT = "initiative/C2011-12"

pytestmark = importing.needs(HISTORY)


def instant(local: str) -> str:
    """A moment with its offset: the source knows the time of the place."""
    return datetime.fromisoformat(local).replace(tzinfo=ZONE).isoformat()


def money(amount: str | Decimal) -> Document:
    """An amount in cents; the source has a hundredth of them."""
    return {"minor": int((Decimal(amount) * 100).quantize(Decimal(1), ROUND_HALF_UP)), "currency": "EUR"}


def package(number: int) -> str:
    """The id of a work package, in the whole portfolio."""
    return f"C2011-12-{number}"


def baseline(line: Document) -> Document:
    """The plan, whose budget is the sum of its parts to the cent."""
    parts: list[Document] = [
        {
            "id": package(one["id"]),
            "name": one["name"],
            "wbs": one["group"].replace(" ", "-"),
            "start": instant(one["start"]),
            "finish": instant(one["finish"]),
            "working_hours": str(one["working_hours"]),
            "budget_at_start": money(one["budget_at_start"]),
            "budget_over_time": money(one["budget_over_time"]),
        }
        for one in line["work_packages"]
    ]
    return {
        "version": 1,
        "bac": {
            "minor": sum(one["budget_at_start"]["minor"] + one["budget_over_time"]["minor"] for one in parts),
            "currency": "EUR",
        },
        "work_packages": parts,
        "dependencies": [
            {"from": package(one["frm"]), "to": package(one["to"]), "type": one["type"], "lag_h": one["lag_h"]}
            for one in line["dependencies"]
        ],
        "calendar": {
            "name": "Construction",
            "working_hours": ["08:00-12:00", "13:00-17:00"],
            "working_days": ["mon", "tue", "wed", "thu", "fri"],
            "zone": str(ZONE),
        },
    }


class Import:
    """The lines of the history as events. `ahead` are the ids of starts before what they wait for, by a reading of its own."""

    def __init__(self, portfolio: str) -> None:
        self.source = Source("/dslib", portfolio)
        self.ahead = set[str]()
        self.spent = 0
        self._completed = set[int]()
        self._waits_for = dict[int, set[int]]()

    def events(self, history: list[Document]) -> Iterator[Document]:
        """The events of the portfolio, of the project's approval, and of every line."""
        yield self.source.opened(instant(history[0]["occurred_at"]))
        for line in history:
            numbers = count()
            for kind, subject, data, more in self._facts(line):
                identity = f"{line['seq']}.{next(numbers)}"
                yield self.source.event(identity, kind, subject, data, time=instant(line["occurred_at"]), **more)

    def _facts(self, line: Document) -> Iterator[tuple[str, str, Document, dict[str, Any]]]:
        board = {"actor": "board"}
        match line["type"]:
            case "InitiativeProposed":
                yield "initiative-proposed", PROJECT, {"name": line["name"], "mode": "waterfall", "currency": "EUR"}, {}
                yield "initiative-approved", PROJECT, {}, board
                yield "initiative-activated", PROJECT, {}, {}
            case "BaselineProposed":
                for one in line["dependencies"]:
                    self._waits_for.setdefault(one["to"], set()).add(one["frm"])
                plan = baseline(line)
                yield "baseline-proposed", PROJECT, plan, {}
                yield "tranche-released", "funding/C2011-12", self._tranche(plan["bac"]), board
            case "BaselineApproved":
                data = {"version": 1, "effective_date": line["occurred_at"][:10], "change_class": "initial"}
                yield "baseline-approved", PROJECT, data, board
            case "CostPosted":
                yield "cost-posted.v2", "funding/C2011-12", self._cost(line), {}
            case "PeriodClosed":
                figures = {name: money(line["expect"][name]) for name in ("pv", "ev", "ac")}
                closed = {"period": line["period"], "status_date": line["occurred_at"][:10], "stated": figures}
                yield "reporting-period-closed", PROJECT, closed, {}
            case _:
                yield self._progress(line)

    def _progress(self, line: Document) -> tuple[str, str, Document, dict[str, Any]]:
        number, subject = line["work_package"], f"work-package/{package(line['work_package'])}"
        match line["type"]:
            case "WorkPackageStarted":
                if self._waits_for.get(number, set()) - self._completed:
                    self.ahead.add(f"{line['seq']}.0")
                return "work-package-started", subject, {"actual_start": instant(line["actual_start"])}, {}
            case "ProgressReported":
                data = {"fraction": f"{Decimal(str(line['fraction'])):f}", "remaining_hours": str(line["remaining_hours"])}
                return "progress-reported", subject, data, {}
            case _:
                self._completed.add(number)
                return "work-package-completed", subject, {}, {}

    def _tranche(self, budget: Document) -> Document:
        days = {"valid_from": "2006-04-17", "valid_to": "2008-12-31"}
        return {"member": PROJECT, "tranche_no": 1, "amount": budget, "proposed_by": "importer", **days}

    def _cost(self, line: Document) -> Document:
        amount = money(line["amount"])
        self.spent += amount["minor"]
        period = line["occurred_at"][:7]
        return {"member": PROJECT, "amount": amount, "period": period, "category": "vendor", "treatment": "undecided"}


async def test_a_real_project_is_recorded_from_its_baseline_to_its_last_invoice(
    ledger: httpx.AsyncClient, reader: httpx.AsyncClient, portfolio_id: str
):
    """What began too early is flagged, and what was spent beyond the budget; every fact lies in the log as it was stated."""
    history, imported = importing.lines(HISTORY), Import(portfolio_id)
    everything = list(imported.events(history))
    flags = await importing.recorded(ledger, everything)
    found = {event["id"]: flag for event, flag in zip(everything, flags, strict=True) if flag}
    budget = next(event["data"]["bac"]["minor"] for event in everything if "baseline-proposed" in event["type"])
    costs = [event["id"] for event in everything if "cost-posted" in event["type"]]
    assert imported.ahead
    assert found == {one: ["OUT_OF_SEQUENCE"] for one in imported.ahead} | {costs[-1]: ["OVERSPENT"]}
    assert imported.spent > budget

    entries = await importing.log(reader, portfolio_id, len(everything))
    assert entries == everything
    assert {event["id"].partition(".")[0] for event in entries} == {"open", *(str(line["seq"]) for line in history)}
