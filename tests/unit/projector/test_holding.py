"""Holding the states of chronicles: one at a time looks at them or moves them on."""

import asyncio
import random

from portfolio_projector.telling.present import Present


async def test_states_are_held_by_one_at_a_time_whatever_order_they_are_named_in():
    """Many hold several at once, in any order: nobody waits for ever or holds what another does, and nothing is left of it."""
    present, chance = Present(facts_remembered_max=1, facts_folded_max=1), random.Random(1)  # noqa: S311  repeatable
    held = set[tuple[str, str]]()

    async def hold() -> None:
        portfolio, names = chance.choice("pq"), chance.sample("abcde", chance.randint(1, 4))
        wanted = {(portfolio, name) for name in names}
        async with present.held(portfolio, names):
            assert not held & wanted
            held.update(wanted)
            for _ in range(3):
                await asyncio.sleep(0)
            held.difference_update(wanted)

    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        for _ in range(300):
            tasks.create_task(hold())
    assert len(present._locks) == 0


async def test_who_is_cancelled_while_it_waits_holds_nothing():
    """Others go on."""
    present = Present(facts_remembered_max=1, facts_folded_max=1)

    async def hold() -> None:
        async with present.held("p", ["a", "b"]):
            raise AssertionError

    async with present.held("p", ["b"]):
        waiting = asyncio.create_task(hold())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
    async with asyncio.timeout(30), present.held("p", ["a", "b"]):
        assert waiting.cancelled()
