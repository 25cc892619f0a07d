"""How enhancement proposals of Kubernetes flowed: their statuses told as the life of items, and folded by code of its own."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx

from tests.acceptance import importing
from tests.acceptance.importing import Document, Source

HISTORY = "k8s-enhancements/events.jsonl"

pytestmark = importing.needs(HISTORY)

FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)
STARTED, DONE, GONE = {"implementable"}, {"implemented"}, {"withdrawn", "rejected", "replaced"}

Fact = tuple[str, str, str, str | None]
"""When, what happened, to which item, and after which item it stands since."""


@dataclass
class Backlog:
    """An order, and which items have begun, are done or gone."""

    order: list[str] = field(default_factory=list[str])
    started: set[str] = field(default_factory=set[str])
    closed: dict[str, str] = field(default_factory=dict[str, str])

    def put(self, item: str, after: str | None) -> None:
        """Place an item."""
        self.order.insert(0 if after is None else self.order.index(after) + 1, item)


def facts(history: list[Document]) -> Iterator[Fact]:
    """The life of the items: new ones come last, what changes its stage goes to the top, statuses begin and end things."""
    backlog, seen = Backlog(), set[str]()
    for line in history:
        item, at, status = f"KEP-{line['kep']}", line["at"], line.get("status") or line.get("new")
        if item not in seen:
            seen.add(item)
            yield from step(backlog, (at, "added", item, backlog.order[-1] if backlog.order else None))
        if line["type"] == "StageChanged" and item in backlog.order:
            yield from step(backlog, (at, "moved", item, None))
        elif line["type"] in ("ItemAdded", "StatusChanged"):
            yield from life(backlog, at, item, status)


def life(backlog: Backlog, at: str, item: str, status: str | None) -> Iterator[Fact]:
    """What a status means for an item in its present state."""
    if status in STARTED and backlog.closed.get(item) == "completed":
        yield from step(backlog, (at, "reopened", item, None))
    elif status in STARTED | DONE and item in backlog.order and item not in backlog.started:
        yield from step(backlog, (at, "started", item, None))
    if status in DONE and item in backlog.started:
        yield from step(backlog, (at, "completed", item, None))
    elif status in GONE and item in backlog.order:
        yield from step(backlog, (at, "dropped", item, None))


def step(backlog: Backlog, fact: Fact) -> Iterator[Fact]:
    """Let a fact happen."""
    _, what, item, after = fact
    if what in ("moved", "completed", "dropped"):
        backlog.order.remove(item)
    if what in ("added", "moved", "reopened"):
        backlog.put(item, after)
        backlog.closed.pop(item, None)
    if what in ("completed", "dropped"):
        backlog.closed[item] = what
        backlog.started.discard(item)
    if what in ("started", "reopened"):
        backlog.started.add(item)
    yield fact


def events(told: list[Fact], portfolio: str) -> Iterator[Document]:
    """The facts as events of a portfolio with one product."""
    source, start = Source("/k8s", portfolio), "2020-01-01T00:00:00Z"
    yield source.opened(start, "USD")
    yield source.event("product", "product-conceived", "product/k8s", {"name": "Kubernetes", "owner": "steering"}, time=start)
    for number, (at, what, item, after) in enumerate(told):
        place = {"after": after and f"item/{after}"} if what in ("added", "moved", "reopened") else {}
        data = {"product": "product/k8s", "title": item, "kind": "feature", **place} if what == "added" else place
        yield source.event(str(number), f"item-{what}", f"item/{item}", data, time=at, reason="as its status says")


def day(at: str) -> date:
    """The day of an instant in UTC."""
    return datetime.fromisoformat(at).astimezone(UTC).date()


@dataclass
class Days:
    """The days of an item: when it was added, first started, done at last, and gone."""

    added: date
    started: date | None = None
    done: date | None = None
    gone: date | None = None

    def is_in(self, column: str, on: date) -> bool:
        """Whether it had reached a column by the end of a day, and was not gone."""
        reached = {"added": self.added, "started": self.started or self.done, "done": self.done}[column]
        return reached is not None and reached <= on and (self.gone is None or self.gone > on)


def expected(told: list[Fact]) -> tuple[list[str], dict[date, tuple[int, int, int]], list[int]]:
    """The order at the end, the cumulative flow of each day of the window, and the cycle times of what was done in it."""
    backlog, items = Backlog(), dict[str, Days]()
    for fact in told:
        at, what, item, _ = fact
        list(step(backlog, fact))
        match what:
            case "added":
                items[item] = Days(day(at))
            case "started":
                items[item].started = items[item].started or day(at)
            case "completed":
                items[item].done = day(at)
            case "reopened":
                items[item].done = None
            case "dropped":
                items[item].gone = day(at)
            case _:
                pass
    window = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    counted = {
        on: tuple(sum(one.is_in(column, on) for one in items.values()) for column in ("added", "started", "done"))
        for on in window
    }
    done = [one for one in items.values() if one.gone is None and one.done is not None and FIRST <= one.done <= LAST]
    cycle_times = [(one.done - one.started).days for one in done if one.done and one.started and one.done >= one.started]
    return backlog.order, {on: (row[0], row[1], row[2]) for on, row in counted.items()}, sorted(cycle_times)


async def test_flow_and_order_at_any_entry_are_what_the_history_says(
    ledger: httpx.AsyncClient, reader: httpx.AsyncClient, portfolio_id: str
):
    """At random entries, and on random days: the order, the cumulative flow of a year, and how long what was done took."""
    told = list(facts(importing.lines(HISTORY)))
    receipts = await importing.post(ledger, list(events(told, portfolio_id)))
    assert [receipt for receipt in receipts if receipt["verdict"] != "recorded"] == []
    await check(reader, portfolio_id, told, min_entry=receipts[-1]["entry"])
    chance = random.Random(7)  # noqa: S311  a seed is what makes a test repeatable
    for count in sorted(chance.sample(range(200, len(told)), 6)):
        await check(reader, portfolio_id, told[:count], as_of=count + 1)
    for days in chance.sample(range(700, 2000), 4):
        until = date(2020, 6, 1) + timedelta(days=days)
        await check(reader, portfolio_id, [fact for fact in told if day(fact[0]) <= until], effective=until.isoformat())


async def check(reader: httpx.AsyncClient, portfolio: str, told: list[Fact], **moment: Any) -> None:  # noqa: ANN401  a query
    """Compare what is read at a moment with the facts that were known, or true, then."""
    order, flow, cycle_times = expected(told)
    path = f"/portfolios/{portfolio}/products/k8s"
    page = (await reader.get(f"{path}/backlog", params={"limit": 1000, **moment})).json()
    assert [item["item"] for item in page["items"]] == order
    asked = {"from": FIRST.isoformat(), "to": LAST.isoformat(), "limit": 1000, **moment}
    found = (await reader.get(f"{path}/flow", params=asked)).json()
    rows = {date.fromisoformat(row["day"]): (row["added"], row["states"]["Started"], row["done"]) for row in found["cfd"]}
    assert rows == flow
    assert sorted(one["cycle_time_days"] for one in found["completed"] if one["excluded"] is None) == cycle_times
