"""Random histories of items that wander between backlogs: added, split, merged, promoted and handed over, again and again."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from portfolio_projector.folding.chronicles import Chronicle
from portfolio_projector.folding.facts import Fact, Impossible
from portfolio_projector.read_models import CHRONICLES
from tests.chronicles import concerning, in_force
from tests.histories import BEGINNING, History

PRODUCTS = ("product/pay", "product/till", "product/web")
HOMES = (*PRODUCTS, "initiative/apollo")
HOURS = 2000
KINDS = ("feature", "defect", "risk", "debt")

OF_ITEMS = tuple(one for one in CHRONICLES if not one.of_portfolio and any(".item." in name for name in one.types))
"""The chronicles that tell of items."""


class Wanderings:
    """Plays random events of items into a history. What happened may be told late: times are those of any day."""

    def __init__(self, seed: int) -> None:
        self.history = History("acme")
        self._chance = random.Random(seed)  # noqa: S311  a seed is what makes a test repeatable
        self._open: Mapping[str, list[str]] = {home: [] for home in HOMES}
        self._reclassified = list[tuple[int, str]]()
        self._done = list[tuple[str, str]]()
        self._count = 0
        self._add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"})
        for product in PRODUCTS:
            self._add("product.product-conceived", product, {"name": "It", "owner": "ann"})
        self._add("initiative.initiative-proposed", HOMES[-1], {"name": "Apollo", "mode": "agile", "currency": "EUR"})

    def play(self, steps: int) -> None:
        """Go on."""
        choices: Sequence[Callable[[str, str], None]] = (
            self._split, self._split, self._transfer, self._transfer, self._merge, self._promote, self._live, self._live,
            self._reclassify, self._correct, self._refuse, self._complete,
        )  # fmt: skip
        for _ in range(steps):
            self._count += 1
            home = self._chance.choice(HOMES)
            if self._done and self._chance.random() < 0.1:
                self._reopen()
            elif not self._open[home] or self._chance.random() < 0.2:
                self._begin(home)
            else:
                self._chance.choice(choices)(home, self._chance.choice(self._open[home]))

    def _add(self, type_: str, subject: str, data: dict[str, Any], **attributes: Any) -> int:  # noqa: ANN401  JSON
        time = BEGINNING + timedelta(hours=self._chance.randint(0, HOURS))
        return self.history.add(type_, subject, data, time=time.isoformat(), **attributes).entry

    def _name(self, part: int = 0) -> str:
        return f"item/I-{self._count}-{part}"

    def _put(self, home: str, item: str) -> str | None:
        """Put an item into an order, and return what it stands after."""
        standing = self._open[home]
        after = self._chance.choice([None, *standing])
        standing.insert(0 if after is None else standing.index(after) + 1, item)
        return after

    def _begin(self, home: str) -> None:
        item = self._name()
        data = {"backlog": home, "title": "It", "kind": self._chance.choice(KINDS), "after": self._put(home, item)}
        self._add("item.item-added.v2", item, data)

    def _split(self, home: str, item: str) -> None:
        parts = [self._name(part) for part in range(self._chance.randint(1, 3))]
        into = [{"item": part, "title": "Part", "kind": self._chance.choice([None, *KINDS])} for part in parts]
        self._add("item.item-split", item, {"into": into})
        at = self._open[home].index(item)
        self._open[home][at : at + 1] = parts

    def _transfer(self, home: str, item: str) -> None:
        to = self._chance.choice([other for other in HOMES if other != home])
        self._open[home].remove(item)
        self._add("item.item-transferred", item, {"to": to, "after": self._put(to, item)})

    def _merge(self, home: str, item: str) -> None:
        others = [other for other in self._open[home] if other != item]
        if others:
            self._open[home].remove(item)
            self._add("item.item-merged", item, {"into": self._chance.choice(others)})

    def _promote(self, home: str, item: str) -> None:
        if self._chance.random() < 0.3:
            self._open[home].remove(item)
            data = {"initiative": f"initiative/i-{self._count}", "name": "Large", "mode": "agile"}
            self._add("item.item-promoted-to-initiative", item, data)

    def _complete(self, home: str, item: str) -> None:
        self._open[home].remove(item)
        self._add("item.item-completed", item, {})
        self._done.append((home, item))

    def _reopen(self) -> None:
        home, item = self._done.pop(self._chance.randrange(len(self._done)))
        self._add("item.item-reopened", item, {"after": self._put(home, item)}, reason="not done")

    def _live(self, home: str, item: str) -> None:
        others = [None, *(other for other in self._open[home] if other != item)]
        lives: Sequence[tuple[str, dict[str, Any], dict[str, str]]] = (
            ("started", {}, {}),
            ("blocked", {"blocked_by": self._chance.choice(others)}, {"reason": "waits"}),
            ("status-reported", {"status": "begun"}, {}),
            ("target-set", {"gate": "beta", "target": "v1"}, {}),
            ("estimated", {"points": "3"}, {}),
            ("linked", {"to": "objective/o"}, {}),
        )
        what, data, reason = self._chance.choice(lives)
        self._add(f"item.item-{what}", item, data, **reason)

    def _reclassify(self, _: str, item: str) -> None:
        entry = self._add("item.item-reclassified", item, {"kind": self._chance.choice(KINDS)}, reason="was wrong")
        self._reclassified.append((entry, item))

    def _correct(self, _: str, __: str) -> None:
        """Correct what somebody said of the kind of an item, whatever has become of it, or of its parts; maybe again later."""
        if self._reclassified:
            entry, item = self._reclassified.pop(self._chance.randrange(len(self._reclassified)))
            data = {"kind": self._chance.choice(KINDS)}
            corrected = self._add("item.item-reclassified", item, data, reason="was wrong", corrects=entry)
            self._reclassified.append((corrected, item))

    def _refuse(self, _: str, item: str) -> None:
        self.history.refuse(item, "CLOSED_ITEM")


def frozen(told: Chronicle[Any], facts: Sequence[Fact], scope: str, hours: int | None = None) -> bytes:
    """Return the state of a chronicle after facts, as bytes: of what was true by an hour, folded from nothing.

    Raises:
        Impossible: when the log itself cannot be folded; on a day what it rests on may not have been there yet.

    """
    state = told.begin(scope)
    there = [fact for fact in concerning(facts, scope) if fact.recorded and fact.type in told.types]
    for fact in there if told.corrections == "seen" else in_force(there):
        if hours is None:
            told.fold(state, fact)
        elif _held(fact, facts) <= hours:
            try:
                told.fold(state, fact)
            except Impossible:
                if told.forgive is not None:
                    told.forgive(state, fact)
    return told.freeze(state)


def _held(fact: Fact, facts: Sequence[Fact]) -> float:
    """Return the hour since which a fact holds: a correction does when what it corrects does."""
    while fact.corrects is not None and fact.corrected_by is None:
        fact = facts[fact.corrects]
    return (fact.time - BEGINNING).total_seconds() / 3600
