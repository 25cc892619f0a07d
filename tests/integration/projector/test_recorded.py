"""Past orders of a backlog, from tables: at every entry what a fold of the log up to there gives, and over HTTP the same."""

import random
from dataclasses import dataclass, field
from typing import Any

import pytest

from portfolio_projector.http.moments import Moment
from portfolio_projector.read_models.backlogs import ranks
from portfolio_projector.read_models.backlogs.fold import FOLDING
from portfolio_projector.read_models.backlogs.recorded import Recorded
from portfolio_projector.read_models.backlogs.views import Past
from tests.histories import BEGINNING, History
from tests.integration.projector.conftest import Place
from tests.integration.projector.test_batches import pool, project

PRODUCTS = ("pay", "till")


@dataclass
class Orders:
    """Plays random events of two backlogs: what is in them, in order, and what has left them."""

    chance: random.Random
    asides: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311  of its own: what is refused changes nothing
    history: History = field(default_factory=lambda: History("acme"))
    open: dict[str, list[str]] = field(default_factory=lambda: {product: [] for product in PRODUCTS})
    done: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    dropped: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])

    def begin(self) -> None:
        """Open the portfolio; the second product comes later."""
        self.history.add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"})
        self.history.add("product.product-conceived", "product/pay", {"name": "Pay", "owner": "ann"})
        self._add("pay")
        self.history.add("product.product-conceived", "product/till", {"name": "Till", "owner": "ann"})

    def play(self, steps: int) -> None:
        """Go on."""
        for _ in range(steps):
            product = self.chance.choice(PRODUCTS)
            steps_of = (self._add, self._add, self._move, self._between, self._split, self._transfer, self._close, self._say)
            self.chance.choice(steps_of if len(self.open[product]) > 2 else (self._add, self._reopen))(product)
            if self.chance.random() < 0.1:
                self._correct()
            if self.asides.random() < 0.2:
                subjects = [f"product/{product}", *(f"item/{item}" for item in self.open[product])]
                self.history.refuse(self.asides.choice(subjects), "CLOSED_ITEM")

    def _item(self, what: str, item: str, data: dict[str, Any], **attributes: Any) -> int:  # noqa: ANN401  an envelope's
        return self.history.add(f"item.{what}", f"item/{item}", data, **attributes).entry

    def _put(self, product: str, item: str, after: str | None) -> str | None:
        order = self.open[product]
        order.insert(0 if after is None else order.index(after) + 1, item)
        return after and f"item/{after}"

    def _place(self, product: str) -> str | None:
        return self.chance.choice([None, *self.open[product]])

    def _take(self, product: str) -> str:
        return self.open[product].pop(self.chance.randrange(len(self.open[product])))

    def _add(self, product: str) -> None:
        item = f"I-{self.history.head.entry}"
        after = self._put(product, item, self._place(product))
        self._item("item-added", item, {"product": f"product/{product}", "title": item, "kind": "feature", "after": after})

    def _move(self, product: str) -> None:
        item = self._take(product)
        self._item("item-moved", item, {"after": self._put(product, item, self._place(product))})

    def _between(self, product: str) -> None:
        """Put the last ones between the first two in turn, which makes ranks long."""
        for _ in range(4):
            item = self.open[product].pop()
            self._item("item-moved", item, {"after": self._put(product, item, self.open[product][len(self.open[product]) % 2])})

    def _split(self, product: str) -> None:
        order = self.open[product]
        at = self.chance.randrange(len(order))
        parts = [f"S-{self.history.head.entry}-{n}" for n in range(self.chance.randint(1, 3))]
        self._item("item-split", order[at], {"into": [{"item": f"item/{part}", "title": part} for part in parts]})
        order[at : at + 1] = parts

    def _transfer(self, product: str) -> None:
        item, to = self._take(product), "till" if product == "pay" else "pay"
        self._item("item-transferred", item, {"to": f"product/{to}", "after": self._put(to, item, self._place(to))})

    def _close(self, product: str) -> None:
        item = self._take(product)
        if self.chance.random() < 0.5:
            self._item("item-completed", item, {})
            self.done.append((product, item))
        else:
            self.dropped.append((item, self._item("item-dropped", item, {}, reason="not needed")))

    def _reopen(self, product: str) -> None:
        found = [one for one in self.done if one[0] == product]
        if found:
            self.done.remove(found[0])
            item = found[0][1]
            self._item("item-reopened", item, {"after": self._put(product, item, self._place(product))}, reason="not done")

    def _say(self, product: str) -> None:
        item = self.chance.choice(self.open[product])
        self._item("item-estimated", item, {"points": str(self.chance.randint(1, 13))})
        self._item("item-target-set", item, {"gate": "alpha", "target": f"v{self.chance.randint(1, 9)}"})
        weights = ("value", "time_criticality", "risk_reduction", "size")
        self._item("item-scored", item, {"wsjf": {weight: str(self.chance.randint(1, 9)) for weight in weights}})

    def _correct(self) -> None:
        if self.dropped:
            item, corrects = self.dropped.pop()
            self.dropped.append((item, self._item("item-dropped", item, {}, reason="a better reason", corrects=corrects)))


def moment(entry: int, skipped: tuple[int, ...] = ()) -> Moment:
    """The moment of an entry."""
    skips = [{"read_model": "backlogs", "entry": one} for one in skipped]
    return Moment(entry, BEGINNING.date(), settled=True, skips=skips)


@pytest.mark.parametrize(("seed", "length_max"), [(1, 120), (2, 8), (3, 5)])
async def test_at_every_entry_a_past_order_is_the_fold_of_the_log_up_to_there(
    place: Place, monkeypatch: pytest.MonkeyPatch, seed: int, length_max: int
):
    """Batches of all sizes, transfers, splits of splits, refusals, backlogs ranked anew: products, pages and items are exact."""
    monkeypatch.setattr(ranks, "RANK_LENGTH_MAX", length_max)
    orders = Orders(random.Random(seed))  # noqa: S311  a seed is what makes a test repeatable
    orders.begin()
    orders.play(70)
    entries = orders.history.entries
    async with pool(place) as opened:
        await project(opened, entries, orders.chance)
        async with opened.acquire() as connection:
            wanted = FOLDING.begin(True)  # noqa: FBT003  it knows everything
            for fact in orders.history.facts():
                if FOLDING.folds(fact):
                    FOLDING.fold(wanted, fact)
                for product in PRODUCTS:
                    await _compare(
                        Recorded(connection, "acme", moment(fact.number)), Past(wanted, "acme"), product, orders.chance
                    )
            ranked = await connection.fetchval("SELECT count(*) FROM projector.backlog_moves WHERE move = 'ranked'")
            assert (ranked > 0) == (length_max < 120)


async def _compare(found: Recorded, wanted: Past, product: str, chance: random.Random) -> None:
    assert await wanted.product(product) == await found.product(product)
    before, items = await wanted.page(product, "", 1000)
    assert (before, items) == await found.page(product, "", 1000)
    if items:
        one = chance.choice(items)
        assert await wanted.page(product, one.rank or "", 3) == await found.page(product, one.rank or "", 3)
        assert one == await found.item(one.item)
