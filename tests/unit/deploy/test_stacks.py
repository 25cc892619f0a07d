"""Which stack the tests themselves choose."""

import gc
from pathlib import Path

import pytest

from tests import stacks


def test_docker_is_taken_where_it_works(monkeypatch: pytest.MonkeyPatch):
    """Without a word from anybody."""
    monkeypatch.delenv("PORTFOLIO_TEST_STACK", raising=False)
    monkeypatch.setattr(stacks, "_docker_lacks", lambda: None)
    assert stacks.choose()[0] == "docker"


def test_embedded_is_taken_elsewhere(monkeypatch: pytest.MonkeyPatch):
    """The run's header says why."""
    monkeypatch.delenv("PORTFOLIO_TEST_STACK", raising=False)
    monkeypatch.setattr(stacks, "_docker_lacks", lambda: "no Docker engine answers")
    assert stacks.choose() == ("embedded", "no Docker engine answers")


@pytest.mark.parametrize("forced", ["docker", "external", "imaginary"])
def test_forced_stack_that_is_missing_is_an_error(monkeypatch: pytest.MonkeyPatch, forced: str):
    """Never a skip, and never another stack in its place."""
    monkeypatch.setenv("PORTFOLIO_TEST_STACK", forced)
    monkeypatch.delenv("PORTFOLIO_TEST_KAFKA", raising=False)
    monkeypatch.setattr(stacks, "_docker_lacks", lambda: "no Docker engine answers")
    with pytest.raises(pytest.UsageError, match="PORTFOLIO_TEST_STACK"):
        stacks.choose()


def test_machine_without_an_engine_leaves_no_open_socket(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Which would be found, and warned of, in the middle of another test: a warning here fails this one."""
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path / 'nobody.sock'}")
    assert stacks._docker_lacks() == "no Docker engine answers"
    gc.collect()
