"""Run files: a process is known by more than its pid."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from portfolio_deploy.local import identities, run_files


@pytest.fixture
def sleeper() -> Generator[subprocess.Popen[bytes]]:
    """A process that does nothing until it is told to end."""
    process = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def deaf_sleeper() -> Generator[subprocess.Popen[bytes]]:
    """A process that does not end when it is told to."""
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); signal.pause()"
    with subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


def test_running_process_has_an_identity_and_an_ended_one_has_none(sleeper: subprocess.Popen[bytes]):
    """Also when nobody has waited for it yet: a zombie runs no more."""
    assert identities.identity(sleeper.pid) is not None
    sleeper.kill()
    os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)
    assert identities.identity(sleeper.pid) is None


async def test_stale_process_is_ended(tmp_path: Path, sleeper: subprocess.Popen[bytes]):
    """What a killed supervisor left is ended, named, and forgotten."""
    run_files.write(tmp_path, "kafka", sleeper.pid, stop_signal=signal.SIGTERM, stop_limit_s=10)
    assert await run_files.end_stale(tmp_path) == ["kafka"]
    assert sleeper.wait() == -signal.SIGTERM
    assert run_files.read(tmp_path, "kafka") is None


async def test_stranger_with_the_same_pid_is_left_alone(tmp_path: Path, sleeper: subprocess.Popen[bytes]):
    """A pid that was given out again belongs to somebody who started at another time."""
    run_files.write(tmp_path, "kafka", sleeper.pid, stop_signal=signal.SIGTERM, stop_limit_s=10)
    path = tmp_path / "kafka.json"
    identity = str(identities.identity(sleeper.pid))
    path.write_text(path.read_text().replace(identity, f"{identity}0"))
    assert await run_files.end_stale(tmp_path) == []
    assert sleeper.poll() is None


async def test_process_that_ignores_its_signal_is_killed(tmp_path: Path, deaf_sleeper: subprocess.Popen[bytes]):
    """A limit, then the end."""
    run_files.write(tmp_path, "kafka", deaf_sleeper.pid, stop_signal=signal.SIGTERM, stop_limit_s=0.2)
    await run_files.end_stale(tmp_path)
    assert deaf_sleeper.wait() == -signal.SIGKILL


@pytest.mark.parametrize(
    "text",
    [
        "",
        '{"name": "kafka"',
        "[]",
        '{"name": "kafka", "pid": null, "identity": null, "stop_signal": 15, "stop_limit_s": 5}',
        '{"name": "kafka", "pid": -1, "identity": "boot/1", "stop_signal": 15, "stop_limit_s": 5}',
        '{"name": "kafka", "pid": "1", "identity": "boot/1", "stop_signal": 15, "stop_limit_s": 5}',
    ],
)
def test_damaged_run_file_is_no_run_file(tmp_path: Path, text: str):
    """A crash in the middle of writing must not keep the next start from happening; no file names a group of processes."""
    (tmp_path / "kafka.json").write_text(text)
    assert run_files.read(tmp_path, "kafka") is None
    assert run_files.read_all(tmp_path) == []
