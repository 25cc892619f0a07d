"""Publishing: what reaches intake while the world is troubled, record by record."""

import asyncio
from typing import Any

from portfolio_ledger.intake.records import SEAL_HEADER, SUBMISSION_HEADER
from portfolio_ledger.intake.seal import Seal
from portfolio_schemas.entries import EMPTY_HASH
from tests.unit.simulation.workload import Document, Story, spoil
from tests.unit.simulation.world import FORWARDING_KEY, World, text_of

_PAUSES = (0.0, 0.0, 0.0, 0.01, 0.05, 0.3)


async def publish(world: World) -> None:
    """Put records into intake, several publishers in one."""
    dice = world.dice
    stories = {portfolio: Story(portfolio, dice) for portfolio in world.portfolios}
    for _ in range(world.climate.records):
        await asyncio.sleep(dice.choice(_PAUSES))
        portfolio = dice.choice(world.portfolios)
        partition, forged = world.home(portfolio), ""
        value: Any = stories[portfolio].next()
        roll = dice.random()
        if roll < 0.35:
            others = [portfolio] * 3 + ([dice.choice(world.portfolios)] if dice.random() < 0.3 else [])
            value = [value, *(stories[other].next() for other in others[: dice.randint(0, 4)])]
            if dice.random() < 0.1:
                value.insert(dice.randrange(len(value)), {"portfolio": portfolio})
        elif dice.random() < world.climate.forged:
            forged = f"{dice.randrange(1, 4)}-{dice.randrange(3)}-0"
        if world.climate.partitions > 1 and dice.random() < 0.15:
            partition = dice.randrange(world.climate.partitions)
        if dice.random() < 0.05:
            world.intake[partition].end += 1  # a publisher's transaction leaves a marker
        raw = spoil(dice) if dice.random() < 0.03 else text_of(value)
        world.submit(partition, portfolio, raw, _headers(forged, raw))
        if dice.random() < world.climate.foreign:
            _put_foreign(world, partition, stories[portfolio].next())


def _headers(forged: str, raw: bytes) -> list[tuple[str, bytes]]:
    """Name a submission as if it had been forwarded: the key that proves it may have become known."""
    if not forged:
        return []
    return [(SUBMISSION_HEADER, forged.encode()), (SEAL_HEADER, Seal(FORWARDING_KEY).of(forged, raw).encode())]


def _put_foreign(world: World, partition: int, event: Document) -> None:
    """Put something into the ledger topic that is none of it, or an entry of a portfolio of another partition."""
    key, value = world.dice.choice(world.portfolios), world.dice.choice((b"null", b"{}", b"\xff", None))
    stranger = next((name for name in world.portfolios if world.home(name) != partition), None)
    if value is None and stranger is not None:
        key = stranger
        said: Document = {"event": {**event, "portfolio": stranger}, "flags": [], "version": 1, "submission": "0-0-0"}
        place = {"portfolio": stranger, "entry": 0, "append": 0, "previous": EMPTY_HASH}
        value = text_of({**said, **place, "recordedtime": "2026-06-01T12:00:00.000000Z", "salt": "0" * 32, "door": "http"})
    world.land(partition, [(key, value or b"[]")])
