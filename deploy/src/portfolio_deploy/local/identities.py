"""Which process is meant, when all that is left of it is a file: a pid alone is given out again."""

import sys
from pathlib import Path

import psutil

_START_TIME = 19  # field 22 of /proc/PID/stat, counted from the one after the name


def identity(pid: int) -> str | None:
    """Return what tells this process from a later one with the same pid; None when it does not run (or is a zombie).

    On Linux the boot and the clock tick at which it started, which do not move when somebody sets the clock.
    """
    if sys.platform == "linux":
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        except OSError:
            return None
        return None if fields[0] in "ZX" else f"{boot}/{fields[_START_TIME]}"
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else f"{process.create_time():.2f}"
    except psutil.Error:
        return None
