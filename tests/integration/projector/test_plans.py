"""How PostgreSQL goes about what it is asked: by keys, also in tables that have grown since they were last analysed."""

import json
import random
from collections.abc import Iterator
from typing import Any

from portfolio_projector.statements import Statements
from portfolio_projector.telling.past import EVER
from portfolio_schemas import catalogue
from tests.histories import History
from tests.integration.projector.conftest import Place
from tests.integration.projector.test_batches import pool, project
from tests.integration.projector.test_telling import MEMBERS, Tale


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
        asked = ("later", list(MEMBERS), [-1] * len(MEMBERS), late.history.head.entry, types, EVER)
        async with opened.acquire() as connection:
            explained = "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + Statements("portfolio_projector.telling")["facts"]
            plan = await connection.fetchval(explained, *asked)
        assert sum(looked_at(json.loads(plan)[0]["Plan"])) < 20 * len(late.history.entries)


def looked_at(node: dict[str, Any]) -> Iterator[float]:
    """How many rows each step of a plan looked at."""
    once = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Join Filter", 0)
    yield once * node["Actual Loops"]
    for child in node.get("Plans", []):
        yield from looked_at(child)
