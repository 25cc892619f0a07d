"""What `portfolio up` does while it runs, and what another terminal sees of it."""

import json
import re
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests import waiting
from tests.integration.deploy import commands
from tests.integration.deploy.commands import Up, portfolio


@pytest.fixture(scope="module")
async def running(state: Path) -> AsyncGenerator[Up]:
    """One `portfolio up` for the module; each test leaves it whole."""
    async with commands.up(state) as started:
        yield started


async def whole(state: Path) -> bool:
    """Tell whether `portfolio status` finds everything running and ready."""
    return (await portfolio("status", "--data", str(state)))[0] == 0


async def test_every_address_is_printed_on_a_line_of_its_own(running: Up):
    """People and scripts find them."""
    assert re.search(r"^ledger +http://127\.0\.0\.1:\d+$", running.printed, re.MULTILINE)
    assert re.search(r"^read API +http://127\.0\.0\.1:\d+$", running.printed, re.MULTILINE)
    assert re.search(r"^Kafka +127\.0\.0\.1:\d+$", running.printed, re.MULTILINE)
    assert re.search(r"^PostgreSQL +127\.0\.0\.1:\d+$", running.printed, re.MULTILINE)


async def test_status_shows_every_part(running: Up):
    """Also to programs."""
    code, said = await portfolio("status", "--json", "--data", str(running.state))
    document = json.loads(said)
    assert code == 0
    assert document["ready"] is True
    assert {part["name"] for part in document["parts"]} == commands.PARTS
    assert all(part["running"] and part["ready"] and part["pid"] for part in document["parts"])


async def test_a_second_up_on_the_same_directory_is_refused(running: Up):
    """With exit code 1 and a sentence that says what to do; the first is not disturbed."""
    second = await Up.start(running.state)
    assert await second.end() == 1
    assert "already runs" in second.printed
    assert await whole(running.state)


async def test_migrating_what_is_migrated_does_nothing(running: Up):
    """Without a word about where PostgreSQL is: the running stack is meant."""
    code, said = await portfolio("migrate", "--data", str(running.state))
    assert (code, said) == (0, "Applied 0 migrations; the database portfolio is up to date.\n")


@pytest.mark.parametrize("part", ["ledger", "kafka", "postgres"])
async def test_a_part_that_is_killed_is_started_again(running: Up, part: str):
    """And it is said."""
    before = running.part(part)
    before.kill()
    await running.until("ended with exit code -9; it is started again")

    async def again() -> bool:
        now = running.part(part)
        return now.pid != before.pid and now.runs() and await whole(running.state)

    await waiting.until(again, f"another {part} runs, and everything is ready", limit_s=60)
