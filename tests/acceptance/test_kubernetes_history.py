"""A real history through the whole system: 700 enhancement proposals of Kubernetes, six years of what their source reported."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.acceptance import importing
from tests.acceptance.importing import Document, Source

HISTORY = "k8s-enhancements/events.jsonl"

pytestmark = importing.needs(HISTORY)


@dataclass
class Item:
    """What an independent reading of the history knows about an item."""

    title: str
    status: str | None = None
    stage: str | None = None
    milestone: str | None = None
    targets: dict[str, str] = field(default_factory=dict[str, str])


def fold(history: list[Document]) -> dict[str, Item]:
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


def bodies(line: Document, last: str | None, *, known: bool) -> Iterator[tuple[str, dict[str, Any]]]:
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


def events(history: list[Document], portfolio: str) -> Iterator[Document]:
    """The history as events of a portfolio with one product, each item after the one that was added before it."""
    source, start = Source("/k8s", portfolio), "2020-01-01T00:00:00Z"
    yield source.opened(start, "USD")
    product = {
        "name": "Kubernetes",
        "vision": "Production-grade container orchestration",
        "owner": "steering",
        "reported_statuses": ["provisional", "implementable", "implemented", "deferred", "rejected", "withdrawn", "replaced"],
        "reported_stages": ["alpha", "beta", "stable"],
    }
    yield source.event("product", "product-conceived", "product/k8s", product, time=start)
    added = list[str]()
    for number, line in enumerate(history):
        subject = f"item/KEP-{line['kep']}"
        facts = bodies(line, added[-1] if added else None, known=subject in added)
        for part, (name, data) in enumerate(facts):
            yield source.event(f"{line['commit']}-{number}.{part}", name, subject, data, time=line["at"])
        if subject not in added:
            added.append(subject)


async def backlog(reader: httpx.AsyncClient, portfolio: str, **moment: int) -> list[Document]:
    """The whole backlog, page by page: no older than an entry, or as of one."""
    items = list[Document]()
    parameters: Document = {"limit": 100, **moment}
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
    history = importing.lines(HISTORY)
    everything = list(events(history, portfolio_id))
    flags = await importing.recorded(ledger, everything)
    assert {"UNKNOWN_STATE", "STAGE_BACKWARD"} <= {flag for one in flags for flag in one}

    assert shown(await backlog(reader, portfolio_id, min_entry=len(everything) - 1)) == told(fold(history))
    last_of = last_entries(everything)
    for place in random.Random(20).sample(range(len(history)), 12):  # noqa: S311  a seed is what makes a test repeatable
        past = shown(await backlog(reader, portfolio_id, as_of=last_of[place]))
        assert past == told(fold(history[: place + 1]))


def last_entries(everything: list[Document]) -> list[int]:
    """The last entry that each line of the history has become; that of the line before where it became none."""
    found = list[int]()
    for entry, event in enumerate(everything[2:], start=2):
        line = int(event["id"].rpartition("-")[2].partition(".")[0])
        found += found[-1:] * (line - len(found))
        found[line:] = [entry]
    return found


def told(items: dict[str, Item]) -> list[tuple[object, ...]]:
    """What an independent reading knows about items, in their order."""
    return [(name, one.title, one.status, one.stage, one.milestone, one.targets) for name, one in items.items()]


def shown(items: list[Document]) -> list[tuple[object, ...]]:
    """What the backlog shows of items, in its order."""
    return [tuple(item[name] for name in ("item", "title", "status", "stage", "milestone", "targets")) for item in items]
