"""State directories for tests that start stacks of their own."""

import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

from portfolio_deploy.local.state_directory import StateDirectory


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Generator[Path]:
    """A state directory for the module's tests, each of which leaves it as a stopped or killed stack does.

    The first start on it makes everything; the others are quick. What the stack keeps elsewhere is removed at the end.
    """
    folder = tmp_path_factory.mktemp("stack") / "state"
    yield folder
    record = StateDirectory(folder).record()
    if record is not None and record.postgres_home is not None:
        shutil.rmtree(record.postgres_home)
