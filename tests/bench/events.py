"""The events of the benchmarks: seeded stories of portfolios, valid under the real rules, of a size that real events have.

Half of a portfolio is products with rolling backlogs, half is initiatives with costs and progress. The mix is that of systems
that report whatever happens: a fifth are new items, a tenth moves, the others life, reports, money and progress.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path
from typing import Any

from portfolio_log.partitions import partition_of

SIZE = 480
"""Bytes of an event on average, as its publisher writes it: compact JSON."""

PARTITIONS = 4
PORTFOLIOS = 32
BATCH = 100

_BEGINNING = datetime(2024, 1, 1, 8, tzinfo=UTC)
_SPAN_S = 600 * 24 * 3600
_STEP_S_MAX = 1200
_WORK_PACKAGES = 8
_REPORTED = (
    ("status", ("status-reported", ("open", "in progress", "in review", "blocked", "done"))),
    ("milestone", ("milestone-reported", ("v1.30", "v1.31", "v1.32", "v1.33"))),
)
_WEIGHTS = (20, 10, 12, 12, 32, 8, 6)
_WORDS = (
    "payment",
    "card",
    "refund",
    "ledger",
    "export",
    "nightly",
    "report",
    "customer",
    "address",
    "search",
    "index",
    "audit",
    "token",
    "retry",
    "limit",
    "region",
    "archive",
    "invoice",
    "partner",
    "mobile",
    "checkout",
    "basket",
    "stock",
    "delivery",
    "label",
    "printer",
    "schedule",
    "holiday",
    "currency",
    "rounding",
    "approval",
)


def names(portfolios: int = PORTFOLIOS, prefix: str = "bench") -> list[str]:
    """Return names of portfolios that share the partitions out evenly among them."""
    wanted = dict.fromkeys(range(PARTITIONS), portfolios // PARTITIONS)
    found = list[str]()
    for number in count():
        name = f"{prefix}-{number:03d}"
        partition = partition_of(name, PARTITIONS)
        if wanted[partition]:
            wanted[partition] -= 1
            found.append(name)
        if len(found) == portfolios // PARTITIONS * PARTITIONS:
            return found
    raise AssertionError


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """What a portfolio consists of, and how many items of a product are open before any is completed."""

    products: tuple[str, ...] = ("alpha", "beta")
    initiatives: tuple[str, ...] = ("apollo", "hermes")
    open_max: int = 400


USUAL = Shape()


class Story:
    """One portfolio's events, one after the other, each true after those before it."""

    def __init__(self, portfolio: str, *, seed: int, length: int, shape: Shape = USUAL) -> None:
        self._portfolio = portfolio
        self._shape = shape
        self._chance = random.Random(f"{seed}/{portfolio}")  # noqa: S311  a seed makes runs alike
        self._step = timedelta(seconds=min(_STEP_S_MAX, _SPAN_S / max(length, 1)))
        self._told = 0
        self._items = 0
        self._open: dict[str, list[str]] = {product: [] for product in shape.products}
        self._started: dict[str, list[str]] = {product: [] for product in shape.products}
        self._gates = dict[str, str]()
        self._progress = dict[str, int]()
        self._kinds = (
            self._added_or_completed,
            self._moved,
            self._started_or_targeted,
            self._targeted,
            self._reported,
            self._cost,
            self._progressed,
        )

    def events(self) -> Iterator[dict[str, Any]]:
        """Give events for ever."""
        yield from self._opening()
        while True:
            yield self._next()

    def _opening(self) -> Iterator[dict[str, Any]]:
        yield self._event("portfolio.portfolio-opened.v1", f"portfolio/{self._portfolio}", {"name": "Bench", "currency": "EUR"})
        for product in self._shape.products:
            yield self._event(
                "product.product-conceived.v1", f"product/{product}", {"name": product, "vision": self._text(80), "owner": "p-1"}
            )
            yield self._event("funding.tranche-released.v1", f"funding/{product}", _tranche(product))
            yield self._event("product.product-activated.v1", f"product/{product}", {})
        for initiative in self._shape.initiatives:
            subject = f"initiative/{initiative}"
            proposal = {"name": initiative, "mode": "waterfall", "currency": "EUR", "objective": self._text(80)}
            yield self._event("initiative.initiative-proposed.v1", subject, proposal)
            yield self._event("initiative.initiative-approved.v1", subject, {}, actor="p-2")
            yield self._event("initiative.baseline-proposed.v1", subject, _plan(initiative))
            approval = {"version": 1, "effective_date": "2024-01-02", "change_class": "initial"}
            yield self._event("initiative.baseline-approved.v1", subject, approval, actor="p-2")
            yield self._event("initiative.initiative-activated.v1", subject, {})
            for number in range(_WORK_PACKAGES):
                package = f"work-package/{initiative}-{number}"
                self._progress[package] = 0
                yield self._event("work-package.work-package-started.v1", package, {})

    def _next(self) -> dict[str, Any]:
        product = self._chance.choice(self._shape.products)
        if len(self._open[product]) < 2:
            return self._added(product)
        return self._chance.choices(self._kinds, _WEIGHTS)[0](product)

    def _added_or_completed(self, product: str) -> dict[str, Any]:
        return self._added(product) if len(self._open[product]) < self._shape.open_max else self._completed(product)

    def _moved(self, product: str) -> dict[str, Any]:
        item, after = self._chance.choices(self._open[product], k=2)
        return self._event("item.item-moved.v1", item, {"after": None if after == item else after})

    def _started_or_targeted(self, product: str) -> dict[str, Any]:
        item = self._chance.choice(self._open[product])
        if item in self._started[product]:
            return self._targeted(product)
        self._started[product].append(item)
        return self._event("item.item-started.v1", item, {"state": "doing"})

    def _reported(self, product: str) -> dict[str, Any]:
        field, (kind, words) = self._chance.choice(_REPORTED)
        return self._event(f"item.item-{kind}.v1", self._chance.choice(self._open[product]), {field: self._chance.choice(words)})

    def _added(self, product: str) -> dict[str, Any]:
        items = self._open[product]
        self._items += 1
        item, after = f"item/{product[0].upper()}-{self._items}", self._chance.choice(items) if items else None
        items.append(item)
        kind = self._chance.choice(("feature", "defect", "risk", "debt"))
        return self._event(
            "item.item-added.v1", item, {"product": f"product/{product}", "title": self._text(40), "kind": kind, "after": after}
        )

    def _completed(self, product: str) -> dict[str, Any]:
        """Complete what was started longest ago: what is open stays about as much."""
        if not self._started[product]:
            return self._started_or_targeted(product)
        item = self._started[product].pop(0)
        self._open[product].remove(item)
        return self._event("item.item-completed.v1", item, {})

    def _targeted(self, product: str) -> dict[str, Any]:
        item = self._chance.choice(self._open[product])
        kind = "target-moved" if item in self._gates else "target-set"
        self._gates[item] = self._chance.choice(("2025.1", "2025.2", "2025.3", "2026.1"))
        return self._event(f"item.item-{kind}.v1", item, {"gate": "stable", "target": self._gates[item]})

    def _cost(self, _: str) -> dict[str, Any]:
        chance, now = self._chance, _BEGINNING + self._told * self._step
        data = {
            "member": f"initiative/{chance.choice(self._shape.initiatives)}",
            "amount": {"minor": chance.randrange(1_000, 5_000_000), "currency": "EUR"},
            "period": f"{now:%Y-%m}",
            "category": chance.choice(("labour", "vendor", "cloud", "licence")),
            "treatment": chance.choice(("capex", "opex")),
        }
        return self._event("funding.cost-posted.v2", "funding/main", data)

    def _progressed(self, _: str) -> dict[str, Any]:
        package = self._chance.choice(list(self._progress))
        self._progress[package] += 1
        data = {"fraction": f"0.{self._progress[package]:06d}", "remaining_hours": str(self._chance.randrange(1, 400))}
        return self._event("work-package.progress-reported.v1", package, data)

    def _event(self, type_: str, subject: str, data: dict[str, Any], *, actor: str = "p-1") -> dict[str, Any]:
        self._told += 1
        event = {
            "specversion": "1.0",
            "id": f"{self._portfolio}/{self._told}",
            "source": f"https://tracker.example/{self._portfolio}",
            "type": f"portfolio.{type_}",
            "subject": subject,
            "time": (_BEGINNING + self._told * self._step).isoformat(),
            "portfolio": self._portfolio,
            "actor": actor,
            "datacontenttype": "application/json",
            "correlationid": f"{self._chance.getrandbits(64):016x}",
            "data": data,
        }
        missing = self._chance.randrange(SIZE - 40, SIZE + 50) - len(written(event)) - len(',"reason":""')
        if missing > 0:
            event["reason"] = self._text(missing)
        return event

    def _text(self, length: int) -> str:
        return " ".join(self._chance.choices(_WORDS, k=length // 4 + 1))[:length].strip() or "x"


def written(event: dict[str, Any]) -> bytes:
    """Return an event as its publisher writes it."""
    return json.dumps(event, separators=(",", ":")).encode()


def story(portfolio: str, *, seed: int, length: int, shape: Shape = USUAL) -> Iterator[dict[str, Any]]:
    """Give the first events of a portfolio."""
    return islice(Story(portfolio, seed=seed, length=length, shape=shape).events(), length)


def write_batches(folder: Path, portfolios: list[str], *, events: int, seed: int, batch: int) -> list[Path]:
    """Write a file for each portfolio: a line is the body of one request, an array of events; with `batch` 1 an event."""
    files = list[Path]()
    for portfolio in portfolios:
        told = story(portfolio, seed=seed, length=events // len(portfolios))
        file = folder / f"{portfolio}.jsonl"
        with file.open("wb") as lines:
            while part := [written(event) for event in islice(told, batch)]:
                lines.write((part[0] if batch == 1 else b"[" + b",".join(part) + b"]") + b"\n")
        files.append(file)
    return files


def _tranche(product: str) -> dict[str, Any]:
    """Money enough for every cost of a benchmark."""
    return {
        "member": f"product/{product}",
        "tranche_no": 1,
        "amount": {"minor": 10**14, "currency": "EUR"},
        "valid_from": "2024-01-01",
        "valid_to": "2024-12-31",
        "proposed_by": "p-2",
    }


def _plan(initiative: str) -> dict[str, Any]:
    packages = [
        {
            "id": f"{initiative}-{number}",
            "name": f"Part {number}",
            "start": "2024-01-03",
            "finish": "2025-12-01",
            "budget_over_time": {"minor": 1_000_000, "currency": "EUR"},
        }
        for number in range(_WORK_PACKAGES)
    ]
    return {"version": 1, "bac": {"minor": _WORK_PACKAGES * 1_000_000, "currency": "EUR"}, "work_packages": packages}
