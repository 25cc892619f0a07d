"""How PostgreSQL goes about what it is asked: by keys, also in tables that have grown since they were last analysed."""

import json
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from portfolio_projector.statements import Statements
from portfolio_projector.telling.past import EVER
from portfolio_schemas import catalogue
from tests.histories import BEGINNING, History
from tests.integration.projector.conftest import Place
from tests.integration.projector.test_batches import pool, project
from tests.integration.projector.test_telling import MEMBERS, Tale

DAYS, LATE = 100, 1500


async def test_a_portfolio_that_began_after_its_tables_were_analysed_is_read_by_key(place: Place):
    """Nobody waits for the next analysis: what is looked at grows with what is asked for, not with its square."""
    early, late = (Tale(chance=random.Random(11), history=History(name)) for name in ("acme", "later"))  # noqa: S311  a seed is what makes a test repeatable
    for tale, steps in ((early, 100), (late, 300)):
        tale.begin()
        tale.play(steps)
    async with pool(place) as opened:
        await project(opened, early.history.entries, early.chance)
        async with place.connection() as owner:
            await owner.execute("ANALYZE")
        await project(opened, [*early.history.entries, *late.history.entries], late.chance)
        types = sorted(catalogue.TYPES)
        asked = ("later", list(MEMBERS), [-1] * len(MEMBERS), late.history.head.entry, types)
        async with opened.acquire() as connection:
            for name, more in (("facts", ()), ("facts_by", (EVER,))):
                explained = "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + Statements("portfolio_projector.telling")[name]
                plan = await connection.fetchval(explained, *asked, *more)
                assert sum(looked_at(json.loads(plan)[0]["Plan"])) < 20 * len(late.history.entries), name


async def test_of_what_was_true_later_nothing_is_looked_at(place: Place):
    """Who asks about a day passes over the spans of the log in which nothing was true by then, but for what was recorded late."""
    history = History("acme")
    history.add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"})
    history.add("product.product-conceived", MEMBERS[0], {"name": "It", "owner": "ann"})
    for number in range(2000):
        late = {"time": BEGINNING.isoformat()} if number == LATE else {}
        data = {"product": MEMBERS[0], "title": "It", "kind": "feature"}
        history.add("item.item-added", f"item/I-{number}", data, **late)
    async with pool(place) as opened:
        await project(opened, history.entries, random.Random(1))  # noqa: S311  a seed is what makes a test repeatable
        asked = ("acme", [MEMBERS[0]], [-1], history.head.entry, sorted(catalogue.TYPES), BEGINNING + timedelta(days=DAYS))
        async with opened.acquire() as connection:
            statement = Statements("portfolio_projector.telling")["facts_by"]
            assert len(await connection.fetch(statement, *asked)) == DAYS + 2
            plan = await connection.fetchval(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}", *asked)
        assert sum(looked_at(json.loads(plan)[0]["Plan"])) < len(history.entries)


async def test_each_portfolio_is_taken_for_its_share_of_every_table(place: Place):
    """Nobody counts them: one that began after a table was analysed would be as good as empty to the planner."""
    async with place.connection() as owner:
        counted = await owner.fetch(
            "SELECT c.relname FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid WHERE a.attname = 'portfolio' "
            "AND c.relnamespace = 'projector'::regnamespace AND c.relkind = 'r' AND a.attstattarget IS DISTINCT FROM 0"
        )
    assert [row["relname"] for row in counted] == []


def looked_at(node: dict[str, Any]) -> Iterator[float]:
    """How many rows each step of a plan looked at."""
    once = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Join Filter", 0)
    yield once * node["Actual Loops"]
    for child in node.get("Plans", []):
        yield from looked_at(child)
