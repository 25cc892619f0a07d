"""Histories of the log protocol under faults; every seed is one history and replays exactly."""

import os
from collections.abc import Sequence

import pytest

from portfolio_log import appender
from portfolio_log.follower import Followed
from portfolio_log.log import InDoubt
from portfolio_schemas import follow
from portfolio_schemas.entries import Entry
from tests.unit.log.simulation import simulate

SEEDS = range(int(os.environ.get("PORTFOLIO_SEEDS", "1000")))


async def test_no_submission_is_lost_or_twice_under_faults():
    """Whatever is delayed, lost or restarted: every submission is recorded once, and all readers agree."""
    faults = 0
    superseded = 0
    for seed in SEEDS:
        try:
            outcome = await simulate(seed)
        except AssertionError as error:
            pytest.fail(f"seed {seed}: {error}")
        faults += outcome.faults.total()
        superseded += outcome.superseded
    assert faults > len(SEEDS)
    assert superseded > len(SEEDS)


async def test_a_seed_replays_exactly():
    """The same seed gives the same history, so that a failing one can be looked at."""
    assert await simulate(7) == await simulate(7)


async def test_it_notices_an_appender_that_believes_every_acknowledgement(monkeypatch: pytest.MonkeyPatch):
    """Without the comparison of offsets a writer accepts entries that do not extend the log: the simulation goes red."""

    async def append(self: appender.Appender, batch: Sequence[Entry]) -> Followed:
        try:
            await self._log.append(self._follower.partition, [(entry.portfolio, entry.value) for entry in batch])
        except InDoubt:
            return await self._follower.read_to_end()
        return self._follower.accept(batch)

    monkeypatch.setattr(appender.Appender, "append", append)
    await _assert_red()


async def test_it_notices_a_rule_without_the_tip(monkeypatch: pytest.MonkeyPatch):
    """Without the third part of the rule the rest of a lost append looks like an orphan."""
    real = follow.advance

    def advance(place: follow.Place, entry: Entry, judgement: follow.Judgement, *, offset: int) -> follow.Place:
        if judgement is follow.Judgement.SUPERSEDED:
            return place
        return real(place, entry, judgement, offset=offset)

    monkeypatch.setattr(follow, "advance", advance)
    await _assert_red()


async def test_it_notices_a_rule_that_forgets_the_link(monkeypatch: pytest.MonkeyPatch):
    """Without comparing hashes, any record with the right number is taken for an entry."""
    real = follow.judge

    def judge(place: follow.Place, entry: Entry, old_hash: str | None = None) -> follow.Judgement:
        if entry.entry == place.head.entry + 1:
            return follow.Judgement.EXTENDS
        return real(place, entry, old_hash)

    monkeypatch.setattr(follow, "judge", judge)
    await _assert_red()


async def _assert_red() -> None:
    with pytest.raises(AssertionError):  # noqa: PT012  any of a hundred histories may be the one that shows it
        for seed in range(100):
            await simulate(seed)
