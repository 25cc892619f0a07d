"""Days of a backlog: told from tables where a day is like an entry, and from facts where something was recorded late."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from portfolio_projector.folding.facts import Fact
from portfolio_projector.read_models.backlogs.chronicle import CHRONICLE, thaw
from portfolio_projector.read_models.backlogs.recorded import Recorded
from portfolio_projector.read_models.backlogs.views import Past
from portfolio_projector.telling.past import Wanted, as_an_entry, tell
from portfolio_projector.telling.snapshots import Snapshots
from portfolio_schemas.entries import Entry
from tests.chronicles import concerning
from tests.histories import BEGINNING, History
from tests.integration.projector.conftest import Place
from tests.integration.projector.test_batches import pool, project
from tests.integration.projector.test_recorded import PRODUCTS, Orders, moment
from tests.wanderings import frozen

if TYPE_CHECKING:
    from portfolio_projector.read_models.backlogs.state import Backlogs

HOURS = 24


class Late(History):
    """A portfolio of which something is recorded late now and then, and something else before its time."""

    def __init__(self, portfolio: str, chance: random.Random, *, share: float) -> None:
        super().__init__(portfolio)
        self._chance = chance
        self._share = share

    def add(self, type_: str, subject: str, data: dict[str, Any] | None = None, /, *rest: Any, **attributes: Any) -> Entry:  # noqa: ANN401  see there
        """Record an event; see `History.add`."""
        days = self.head.entry + 1
        if self._chance.random() < self._share:
            days += self._chance.randint(-30, 5)
        time = BEGINNING + timedelta(hours=HOURS * max(days, 0))
        return super().add(type_, subject, data, *rest, time=time.isoformat(), **attributes)


def like(facts: Sequence[Fact], scope: str, until: timedelta) -> int | None:
    """The entry up to which just those facts were recorded that were true by an instant, where there is one."""
    by = {fact.number: fact for fact in facts}

    def held(fact: Fact) -> bool:
        return held(by[fact.corrects]) if fact.corrects is not None else fact.time <= BEGINNING + until

    told = [fact for fact in concerning(facts, scope) if fact.recorded and fact.type in CHRONICLE.types]
    last = min((fact.number for fact in told if not held(fact)), default=len(facts)) - 1
    return last if all(fact.number <= last for fact in told if held(fact)) else None


async def same(one: Recorded | Past, other: Past, product: str) -> None:
    """Compare all that answers are built from."""
    assert await one.product(product) == await other.product(product)
    before, items = await other.page(product, "", 1000)
    assert (before, items) == await one.page(product, "", 1000)
    if isinstance(one, Past):
        scored = [(place, row) for place, row in enumerate(items, start=1) if row.score is not None]
        assert scored == await one.scored(product)


@pytest.mark.parametrize(("seed", "share"), [(1, 0.0), (2, 0.02), (3, 0.2)])
async def test_a_day_is_what_its_facts_add_up_to_wherever_it_is_told_from(place: Place, seed: int, share: float):
    """Late facts, corrections, transfers and snapshots: by tables, by statements, and by a plain fold the same, at any entry."""
    chance = random.Random(seed)  # noqa: S311  a seed is what makes a test repeatable
    orders = Orders(chance, history=Late("acme", random.Random(-seed), share=share))  # noqa: S311  the same
    orders.begin()
    orders.play(90)
    facts, alike = orders.history.facts(), 0
    async with pool(place) as opened:
        await project(opened, orders.history.entries, chance)
        snapshots = Snapshots(opened, [CHRONICLE], facts_between=20)
        for with_snapshots in (False, True):
            while with_snapshots and await snapshots.make():
                pass
            async with opened.acquire() as connection, connection.transaction(isolation="repeatable_read"):
                for _ in range(25):
                    entry, hours = chance.randrange(len(facts)), HOURS * chance.randint(0, len(facts))
                    wanted, until = Wanted("acme", entry, BEGINNING + timedelta(hours=hours)), timedelta(hours=hours)
                    for product in PRODUCTS:
                        scope = f"product/{product}"
                        plain: Backlogs = thaw(frozen(CHRONICLE, facts[: entry + 1], scope, hours))
                        told = await tell(connection, CHRONICLE, wanted, [scope], facts_max=10_000)
                        await same(Past(told[scope].state, "acme"), Past(plain, "acme"), product)
                        at = await as_an_entry(connection, CHRONICLE, wanted, scope)
                        assert like(facts[: entry + 1], scope, until) == at, (entry, hours, product)
                        if at is not None:
                            alike += 1
                            await same(Recorded(connection, "acme", moment(at)), Past(plain, "acme"), product)
    assert alike > (60 if share == 0 else 8)
