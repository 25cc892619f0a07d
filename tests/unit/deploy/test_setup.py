"""setup.sh: what can be said of it without installing anything."""

import fcntl
import os
import shutil
import signal
import subprocess
from pathlib import Path

SETUP = Path(__file__).parents[3] / "deploy" / "setup.sh"


def test_two_setups_in_one_folder_wait_for_each_other(tmp_path: Path):
    """`make up` and `make test` typed at once: the second does not pull away what the first is building."""
    (tmp_path / "deploy").mkdir()
    shutil.copy(SETUP, tmp_path / "deploy")
    (tmp_path / ".cache").mkdir()
    with (tmp_path / ".cache" / "setup.lock").open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        second = subprocess.Popen(
            ["/bin/sh", "deploy/setup.sh"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        assert second.stdout is not None
        with second:
            try:
                assert second.stdout.readline() == b"Waiting for another setup in this folder\n"
                assert not (tmp_path / ".venv").exists()
                fcntl.flock(first, fcntl.LOCK_UN)
                assert second.stdout.readline().startswith(b"Making a Python environment")
            finally:
                os.killpg(second.pid, signal.SIGKILL)
