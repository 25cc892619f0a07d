"""Random histories that are possible, and the rows that they must become."""

import json
import random
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from portfolio_projector.folding.facts import Fact
from portfolio_projector.folding.folding import Folding
from portfolio_projector.read_models import READ_MODELS
from portfolio_projector.read_models.backlogs.fold import FOLDING as BACKLOGS
from portfolio_projector.read_models.concerns.fold import FOLDING as CONCERNS
from portfolio_projector.read_models.entries.fold import FOLDING as ENTRIES
from portfolio_projector.read_models.initiatives.fold import FOLDING as INITIATIVES
from portfolio_schemas.entries import Entry
from tests.histories import History

if TYPE_CHECKING:
    import asyncpg

    Connection = asyncpg.Connection[Any]  # generic in its stubs only

FOLDINGS: tuple[Folding[Any], ...] = (ENTRIES, CONCERNS, INITIATIVES, BACKLOGS)
TABLES = {
    "backlog_products": ("backlogs", "products"),
    "backlog_items": ("backlogs", "items"),
    "backlog_moves": ("backlogs", "moves"),
    "backlog_sizes": ("backlogs", "sizes"),
    "initiatives": ("initiatives", "initiatives"),
    "initiative_baselines": ("initiatives", "baselines"),
    "work_packages": ("initiatives", "packages"),
    "initiative_costs": ("initiatives", "costs"),
    "initiative_releases": ("initiatives", "releases"),
    "homes": ("concerns", "homes"),
    "concerns": ("concerns", "concerns"),
    "entries": ("entries", "entries"),
    "portfolios": ("entries", "portfolios"),
    "flags": ("entries", "flags"),
    "refusals": ("entries", "refusals"),
    "spans": ("entries", "spans"),
}


class Story:
    """Plays random events of a product's backlog and of an initiative into a history."""

    def __init__(self, portfolio: str, seed: int) -> None:
        self.history = History(portfolio)
        self._random = random.Random(seed)  # noqa: S311  a seed is what makes a test repeatable
        self._asides = random.Random(-seed)  # noqa: S311  of its own, so that what is said beside changes no story
        self._open = list[str]()
        self._done = list[str]()
        self._said = list[tuple[int, str, str, dict[str, Any]]]()
        self._count = 0
        self._version = 0
        self._planned = list[str]()
        self._releases = list[tuple[str, int]]()
        add = self.history.add
        add("portfolio.portfolio-opened", f"portfolio/{portfolio}", {"name": portfolio, "currency": "EUR"})
        add("product.product-conceived", "product/pay", {"name": "Pay", "owner": "ann"})
        add("product.product-activated", "product/pay", {})
        data = {"name": "Apollo", "mode": "waterfall", "currency": "EUR"}
        add("initiative.initiative-proposed", "initiative/apollo", data)
        add("initiative.initiative-approved", "initiative/apollo", {})

    def play(self, count: int) -> None:
        """Play so many steps."""
        steps = (self._add, self._add, self._add, self._move, self._report, self._report, self._close, self._split,
                 self._reopen, self._post, self._work, self._plan, self._refuse)  # fmt: skip
        for _ in range(count):
            self._count += 1
            self._random.choice(steps)()
            if self._asides.random() < 0.2:
                self._asides.choice((self._say, self._say, self._correct, self._release))()

    def _item(self, what: str, item: str, data: dict[str, Any], **attributes: str) -> None:
        self.history.add(f"item.item-{what}", f"item/{item}", data, **attributes)

    def _place(self) -> str | None:
        """Return a place in the order: often near the top or the bottom, as people do."""
        if not self._open or self._random.random() < 0.3:
            return None
        return self._open[-1] if self._random.random() < 0.3 else self._random.choice(self._open)

    def _put(self, item: str, after: str | None) -> str | None:
        self._open.insert(0 if after is None else self._open.index(after) + 1, item)
        return after and f"item/{after}"

    def _add(self) -> None:
        item = f"I-{self._count}"
        after = self._put(item, self._place())
        self._item("added", item, {"product": "product/pay", "title": item, "kind": "feature", "after": after})

    def _move(self) -> None:
        if self._open:
            item = self._open.pop(self._random.randrange(len(self._open)))
            self._item("moved", item, {"after": self._put(item, self._place())})

    def _report(self) -> None:
        if self._open:
            item = self._random.choice(self._open)
            self._item("status-reported", item, {"status": self._random.choice(["provisional", "implementable", None])})
            self._item("target-set", item, {"gate": self._random.choice(["alpha", "beta"]), "target": f"v1.{self._count}"})

    def _close(self) -> None:
        if self._open:
            item = self._open.pop(self._random.randrange(len(self._open)))
            if self._random.random() < 0.5:
                self._item("started", item, {})
                self._item("completed", item, {})
                self._done.append(item)
            else:
                dropped = self.history.add("item.item-dropped", f"item/{item}", {}, reason="not needed").entry
                self._said.append((dropped, "item-dropped", f"item/{item}", {}))

    def _split(self) -> None:
        if self._open:
            at = self._random.randrange(len(self._open))
            parts = [f"S-{self._count}-{n}" for n in range(self._random.randint(1, 3))]
            self._item("split", self._open[at], {"into": [{"item": f"item/{part}", "title": part} for part in parts]})
            self._open[at : at + 1] = parts

    def _reopen(self) -> None:
        if self._done:
            item = self._done.pop()
            self._item("reopened", item, {"after": self._put(item, self._place())}, reason="not done")

    def _say(self) -> None:
        """Say something of an item that a correction can say anew."""
        if self._open:
            kind, data = self._asides.choice(
                [
                    ("item-status-reported", {"status": f"status {self._count}"}),
                    ("item-target-moved", {"gate": self._asides.choice(["alpha", "beta"]), "target": f"v2.{self._count}"}),
                    ("item-reclassified", {"kind": self._asides.choice(["defect", "debt"])}),
                    ("class-of-service-set", {"service": self._asides.choice(["expedite", "intangible"])}),
                    ("item-linked", {"to": f"objective/O-{self._count}"}),
                ]
            )
            subject = f"item/{self._asides.choice(self._open)}"
            flags = ["STAGE_BACKWARD", "UNKNOWN_STATE"][: self._count % 3]
            entry = self.history.add(f"item.{kind}", subject, data, flags, reason="so it is").entry
            self._said.append((entry, kind, subject, data))

    def _release(self) -> None:
        """Plan a release, plan one otherwise, or ship it."""
        if self._releases and self._asides.random() < 0.3:
            name, _ = self._releases.pop()
            self.history.add("release.release-shipped", f"release/{name}", {"version": f"{self._count}"})
            return
        again = bool(self._releases) and self._asides.random() < 0.4
        name, corrects = self._releases.pop() if again else (f"R-{self._count}", None)
        data = {"initiative": "initiative/apollo", "name": name, "planned_iterations": self._asides.randint(1, 9)}
        data |= {"iteration_days": 14, "release_points": "20", "bac": {"minor": 0, "currency": "EUR"}, "start": "2026-01-05"}
        attributes = {} if corrects is None else {"corrects": corrects}
        entry = self.history.add("release.release-planned", f"release/{name}", data, **attributes).entry
        self._releases.append((name, entry if corrects is None else corrects))

    def _correct(self) -> None:
        """Correct what was said last, or before, or a correction; or why an item was dropped."""
        if self._said:
            place = self._asides.randrange(len(self._said))
            corrects, kind, subject, data = self._said[place]
            entry = self.history.add(f"item.{kind}", subject, data, reason="better so", corrects=corrects).entry
            self._said[place] = (entry, kind, subject, data)

    def _post(self) -> None:
        amount = {"minor": self._random.randint(1, 10_000), "currency": "EUR"}
        data = {"member": "initiative/apollo", "amount": amount, "period": "2026-01", "category": "labour"}
        corrects: dict[str, Any] = (
            {"corrects": self._random.randrange(self.history.head.entry)} if self._random.random() < 0.3 else {}
        )
        self.history.add("funding.cost-posted", "funding/apollo", data, **corrects)

    def _plan(self) -> None:
        if self._random.random() < 0.7:
            return
        self._version += 1
        names = self._random.sample([f"W-{n}" for n in range(12)], 6)
        parts = [
            {"id": name, "name": name, "start": "2026-01-05", "finish": f"2026-0{self._random.randint(2, 9)}-15"}
            for name in names
        ]
        plan = {"version": self._version, "bac": {"minor": 0, "currency": "EUR"}, "work_packages": parts}
        self.history.add("initiative.baseline-proposed", "initiative/apollo", plan)
        decision = {"version": self._version, "effective_date": "2026-01-01", "change_class": "administrative"}
        self.history.add("initiative.baseline-approved", "initiative/apollo", decision)
        self._planned = names

    def _work(self) -> None:
        if self._version:
            name = self._random.choice(self._planned)
            self.history.add("work-package.work-package-started", f"work-package/{name}", {})
            self.history.add("work-package.progress-reported", f"work-package/{name}", {"fraction": "0.5"})

    def _refuse(self) -> None:
        self.history.refuse("item/X", "UNKNOWN_ITEM")


Tables = dict[str, list[tuple[Any, ...]]]


async def stored(connection: "Connection") -> Tables:
    """Return every row of every read model's tables, sorted."""
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)
    columns = {table.name: ", ".join(table.columns) for model in READ_MODELS for table in model.tables}
    return {
        table: _sorted(await connection.fetch(f"SELECT {columns.get(table, '*')} FROM projector.{table}"))  # noqa: S608  our names
        for table in TABLES
    }


def expected(facts: Iterable[Fact]) -> Tables:
    """Return the rows that a fold of the whole past makes."""
    states: dict[str, Any] = {folding.name: folding.begin(True) for folding in FOLDINGS}  # noqa: FBT003  it knows everything
    for fact in facts:
        for folding in FOLDINGS:
            if folding.folds(fact):
                folding.fold(states[folding.name], fact)
    return {table: _sorted(_rows(getattr(states[model], attribute))) for table, (model, attribute) in TABLES.items()}


def _rows(held: Any) -> Iterable[Any]:  # noqa: ANN401  rows by key, or a list of new ones
    return held.all().values() if hasattr(held, "all") else held


def _sorted(rows: Iterable[Any]) -> list[tuple[Any, ...]]:
    """Sort rows, with documents as texts."""
    plain = [tuple(json.dumps(cell, sort_keys=True) if isinstance(cell, dict) else cell for cell in row) for row in rows]
    return sorted(plain, key=repr)


def facts(entries: Iterable[Entry], offsets: Iterable[int]) -> list[Fact]:
    """Return entries as folds look at them."""
    return [Fact(entry, offset) for entry, offset in zip(entries, offsets, strict=True)]
