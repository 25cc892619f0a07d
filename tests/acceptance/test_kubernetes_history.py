"""A real history through the whole system: 700 enhancement proposals of Kubernetes, six years of what their source reported.

The history is not part of the project. The test reads it from PORTFOLIO_HISTORIES, or from `shared/data` beside the checkout.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

HISTORIES = Path(os.environ.get("PORTFOLIO_HISTORIES", Path(__file__).parents[3] / "shared" / "data"))
HISTORY = HISTORIES / "k8s-enhancements" / "events.jsonl"
BATCH = 500

pytestmark = pytest.mark.skipif(
    not HISTORY.exists(), reason="the Kubernetes history is not here: PORTFOLIO_HISTORIES names the folder of real histories"
)

Line = dict[str, Any]


@dataclass
class Item:
    """What an independent reading of the history knows about an item."""

    title: str
    status: str | None = None
    stage: str | None = None
    milestone: str | None = None
    targets: dict[str, str] = field(default_factory=dict[str, str])


def lines() -> list[Line]:
    """The history, a fact a line."""
    return [json.loads(line) for line in HISTORY.read_text().splitlines()]


def fold(history: list[Line]) -> dict[str, Item]:
    """Read the history straight, without the system: items in the order in which they were added."""
    items = dict[str, Item]()
    for line in history:
        name = f"KEP-{line['kep']}"
        match line["type"]:
            case "ItemAdded":
                item = items.setdefault(name, Item(line["title"]))
                item.status = line["status"] or item.status
                item.stage = line["stage"] or item.stage
                item.milestone = line["latest_milestone"] or item.milestone
                item.targets |= {gate: line[gate] for gate in ("alpha", "beta", "stable") if line[gate] is not None}
            case "StatusChanged":
                items[name].status = line["new"]
            case "StageChanged":
                items[name].stage = line["new"]
            case "LatestMilestoneChanged":
                items[name].milestone = line["new"]
            case "MilestoneTargetCleared":
                del items[name].targets[line["gate"]]
            case _:
                items[name].targets[line["gate"]] = line["new"]
    return items


REPORTED = {"StatusChanged": "status", "StageChanged": "stage", "LatestMilestoneChanged": "milestone"}


def bodies(line: Line, last: str | None, *, known: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """The types and bodies of the events that one line states; a proposal whose folder was renamed is added once."""
    kind = line["type"]
    if kind == "ItemAdded":
        if not known:
            yield "item-added", {"product": "product/k8s", "title": line["title"], "kind": "feature", "after": last}
        for what, key in (("status", "status"), ("stage", "stage"), ("milestone", "latest_milestone")):
            if line[key] is not None:
                yield f"item-{what}-reported", {what: line[key]}
        for gate in ("alpha", "beta", "stable"):
            if line[gate] is not None:
                yield "item-target-set", {"gate": gate, "target": line[gate]}
    elif kind in REPORTED:
        yield f"item-{REPORTED[kind]}-reported", {REPORTED[kind]: line["new"]}
    elif kind == "MilestoneTargetCleared":
        yield "item-target-cleared", {"gate": line["gate"]}
    else:
        name = "item-target-set" if kind == "MilestoneTargetSet" else "item-target-moved"
        yield name, {"gate": line["gate"], "target": line["new"]}


def events(history: list[Line], portfolio: str) -> Iterator[dict[str, Any]]:
    """The history as events of a portfolio with one product, each item after the one that was added before it."""
    start = {"portfolio": portfolio, "time": "2020-01-01T00:00:00Z", "actor": "importer"}
    yield event(
        start, "0", "portfolio.portfolio.portfolio-opened.v1", f"portfolio/{portfolio}", {"name": "K8s", "currency": "USD"}
    )
    product = {
        "name": "Kubernetes",
        "vision": "Production-grade container orchestration",
        "owner": "steering",
        "reported_statuses": ["provisional", "implementable", "implemented", "deferred", "rejected", "withdrawn", "replaced"],
        "reported_stages": ["alpha", "beta", "stable"],
    }
    yield event(start, "1", "portfolio.product.product-conceived.v1", "product/k8s", product)
    added = list[str]()
    for number, line in enumerate(history):
        subject = f"item/KEP-{line['kep']}"
        common = {"portfolio": portfolio, "time": line["at"], "actor": "importer"}
        facts = bodies(line, added[-1] if added else None, known=subject in added)
        for part, (name, data) in enumerate(facts):
            yield event(common, f"{line['commit']}-{number}.{part}", f"portfolio.item.{name}.v1", subject, data)
        if subject not in added:
            added.append(subject)


def event(common: dict[str, Any], identity: str, kind: str, subject: str, data: dict[str, Any]) -> dict[str, Any]:
    """One CloudEvent."""
    return {"specversion": "1.0", "source": "/k8s", "id": identity, "type": kind, "subject": subject, "data": data, **common}


async def post(ledger: httpx.AsyncClient, everything: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Post all events in batches and return the receipts in their order."""
    receipts = list[dict[str, Any]]()
    headers = {"Content-Type": "application/cloudevents-batch+json"}
    for begin in range(0, len(everything), BATCH):
        answer = await ledger.post("/events", content=json.dumps(everything[begin : begin + BATCH]), headers=headers)
        assert answer.status_code == 200, answer.text
        receipts += answer.json()["receipts"]
    return receipts


async def backlog(reader: httpx.AsyncClient, portfolio: str, entry: int) -> list[dict[str, Any]]:
    """The whole backlog, page by page, no older than an entry."""
    items = list[dict[str, Any]]()
    parameters: dict[str, Any] = {"min_entry": entry, "limit": 100}
    while True:
        answer = await reader.get(f"/portfolios/{portfolio}/products/k8s/backlog", params=parameters)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        parameters["cursor"] = page["next_cursor"]


async def test_a_real_history_is_recorded_once_and_read_as_it_was(
    ledger: httpx.AsyncClient, reader: httpx.AsyncClient, portfolio_id: str
):
    """Everything is recorded, with what is ugly flagged; posted again everything is a duplicate; the backlog is the history."""
    history = lines()
    everything = list(events(history, portfolio_id))
    first = await post(ledger, everything)
    assert [receipt for receipt in first if receipt["verdict"] != "recorded"] == []
    assert [receipt["entry"] for receipt in first] == list(range(len(everything)))
    flags = {flag for receipt in first for flag in receipt["flags"]}
    assert {"UNKNOWN_STATE", "STAGE_BACKWARD"} <= flags

    again = await post(ledger, everything)
    assert again == [{**receipt, "verdict": "duplicate"} for receipt in first]

    expected = fold(history)
    actual = await backlog(reader, portfolio_id, first[-1]["entry"])
    assert [item["item"] for item in actual] == list(expected)
    for item in actual:
        known = expected[item["item"]]
        reported = (item["title"], item["status"], item["stage"], item["milestone"], item["targets"])
        assert (known.title, known.status, known.stage, known.milestone, known.targets) == reported
