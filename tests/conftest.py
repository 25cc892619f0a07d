"""Fixtures that every test may use: the running Kafka and PostgreSQL, migrated databases, fresh portfolio ids.

What isolates tests that share one Kafka and one PostgreSQL for the whole run:

- a portfolio id of its own (`portfolio_id`): entries, subjects, ids and receipts all belong to a portfolio, and the topics'
  names are fixed, so tests that share topics never share portfolios;
- a database of its own per test module (`database`), migrated, with all three roles;
- where the tests run in two processes (`workers.py`), each has a Kafka and a PostgreSQL of its own;
- a test that needs topics nobody has written to makes a family of its own: `portfolio_log.topics.Topics(prefix)` with
  `topic_prefix`.
"""

import gc
import secrets
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

import asyncpg
import hypothesis
import pytest
import pytest_asyncio

from portfolio_deploy import migrations
from tests import stacks, workers

_NEEDS_STACK = "stack"
_PASSWORDS = {role: f"{role}-of-the-tests" for role in migrations.ROLES}
_kind = pytest.StashKey[str]()

# How fast a property is tried says nothing about the property, and much about what else the machine does.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")


class _Process(Protocol):
    """One of the processes that run tests, as pytest-xdist, which has no types, gives it to whom starts them."""

    config: pytest.Config
    workerinput: dict[str, str | None]


@dataclass(frozen=True, kw_only=True)
class Database:
    """A migrated database, by connection strings: as the administrator, the owner, and as either service sees it."""

    name: str
    admin: str
    owner: str
    ledger: str
    projector: str
    reader: str


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Run whole folders in two processes; a stack from outside there is but once."""
    return 0 if stacks.is_given() else workers.count(config, config.args, config.getini("testpaths"))


def pytest_report_header(config: pytest.Config) -> str | None:
    """Choose the kind of stack for all processes, and say which, before they start."""
    if config.option.collectonly or not config.option.tx or not workers.needs_stack(config.args):
        return None
    return _choose_stack(config)


def pytest_configure_node(node: _Process) -> None:
    """Tell a process which kind of stack it starts."""
    node.workerinput[_NEEDS_STACK] = node.config.stash.get(_kind, None)


def pytest_configure(config: pytest.Config) -> None:
    """Hear, in one of the processes, which kind of stack it starts."""
    told = getattr(config, "workerinput", None)
    if told is not None:
        config.stash[_kind] = told[_NEEDS_STACK]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put first what takes longest, where processes take file after file: none is left alone with it at the end."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: workers.turn(item.nodeid))


def pytest_report_collectionfinish(config: pytest.Config, items: list[pytest.Item]) -> str | None:
    """Say which Kafka and PostgreSQL the tests run on, once it is known that some test needs them."""
    if config.option.collectonly or not any(_NEEDS_STACK in getattr(item, "fixturenames", ()) for item in items):
        return None
    return _choose_stack(config)


def _choose_stack(config: pytest.Config) -> str:
    kind, why = stacks.choose()
    config.stash[_kind] = kind
    return f"stack: {kind} ({why})"


@pytest_asyncio.fixture(scope="session")
async def stack(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[stacks.Stack]:
    """The run's Kafka and PostgreSQL."""
    gc.collect()
    gc.freeze()  # programs that run in this process collect often: not what hundreds of tests before have left
    async with stacks.running(pytestconfig.stash[_kind], tmp_path_factory.mktemp("stack")) as started:
        yield started


@pytest.fixture(scope="session")
def kafka(stack: stacks.Stack) -> str:
    """Kafka's bootstrap servers."""
    return stack.kafka


@pytest.fixture(scope="session")
def postgres(stack: stacks.Stack) -> str:
    """The connection string of PostgreSQL's administrator; what a test does there, all tests see."""
    return stack.postgres


@pytest_asyncio.fixture(scope="module")
async def database(postgres: str) -> AsyncGenerator[Database]:
    """A fresh database for the module's tests, with all installed migrations applied."""
    name = f"test_{secrets.token_hex(6)}"
    await migrations.migrate(postgres, passwords=_PASSWORDS, database=name)
    yield Database(
        name=name,
        admin=migrations.with_database(postgres, name),
        **{
            role.removeprefix("portfolio_"): migrations.dsn(postgres, role=role, password=password, database=name)
            for role, password in _PASSWORDS.items()
        },
    )
    connection = await asyncpg.connect(postgres)
    try:
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()


@pytest.fixture
def portfolio_id() -> str:
    """A portfolio that no other test has."""
    return f"test-{secrets.token_hex(6)}"


@pytest.fixture
def topic_prefix() -> str:
    """A prefix for a family of topics that no other test has."""
    return f"test-{secrets.token_hex(6)}."
