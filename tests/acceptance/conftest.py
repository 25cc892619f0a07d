"""One running system for all acceptance tests; each test has a portfolio of its own."""

from collections.abc import AsyncGenerator

import httpx
import pytest
import pytest_asyncio

from portfolio_deploy import migrations
from tests import systems
from tests.acceptance import terminals

STORY_ENDS = "2026-11-01"
"""The demo portfolio of the tests is that of the README: it ends on this day."""


@pytest_asyncio.fixture(scope="session")
async def system(kafka: str, postgres: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[systems.System]:
    """The running system, on a database of its own."""
    name = "acceptance"
    passwords = {role: f"{role}-of-the-tests" for role in migrations.ROLES}
    await migrations.migrate(postgres, passwords=passwords, database=name)
    ledger, projector = (
        migrations.dsn(postgres, role=role, password=passwords[role], database=name)
        for role in ("portfolio_ledger", "portfolio_projector")
    )
    folder = tmp_path_factory.mktemp("system")
    async with systems.running(kafka=kafka, ledger=ledger, projector=projector, folder=folder) as started:
        yield started


@pytest_asyncio.fixture(scope="session")
async def ledger(system: systems.System) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of the ledger."""
    async with httpx.AsyncClient(base_url=system.ledger, timeout=60) as client:
        yield client


@pytest_asyncio.fixture(scope="session")
async def reader(system: systems.System) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of the read API."""
    async with httpx.AsyncClient(base_url=system.read_api, timeout=60) as client:
        yield client


@pytest_asyncio.fixture(scope="session")
async def demo(system: systems.System, tmp_path_factory: pytest.TempPathFactory) -> terminals.Said:
    """The demo portfolio, printed and published by the commands: what the second said."""
    story = await terminals.run("demo", "--end", STORY_ENDS)
    path = tmp_path_factory.mktemp("demo") / "story.jsonl"
    path.write_text(story.out)
    return await terminals.run("publish", str(path), "--to", system.ledger, "--json", "--again")
