"""What the machine does to the system: the broker's disk is full, the clock jumps."""

import asyncio
import contextlib
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Generator
from pathlib import Path

from tests import waiting
from tests.faults import load, observers, world
from tests.faults.outcomes import Outcome, conclude

_DISK_MB = 96
_BLOCK = 64 * 1024
_BROKER_ENDS_S_MAX = 60
_AWAY_S = 6
_JUMPS_S = (3600, -7200, 90_000, -90_000, 40 * 86_400, 0)
"""By how much the clock is wrong, one after another: an hour, minus two, a day and more, minus that, longer than intake keeps."""
_LASTS_S = 3
_LIBRARY = "usr/lib/*/faketime/libfaketimeMT.so.1"


async def fill_the_disk(seed: str, folder: Path) -> Outcome:
    """Fill the broker's disk under load until it gives up; make room, start it again: all that was acknowledged is there."""
    with _small_disk(folder / "disk") as disk:
        if disk is None:
            return Outcome("disk", skipped="only root may mount the small file system that it needs")
        async with world.running(folder, kafka_folder=disk) as system:
            system.portfolios = load.portfolios("disk")
            async with load.running(system, seed), observers.running(system, seed):
                await asyncio.sleep(_LASTS_S)
                with system.fault("kafka: disk full"):
                    _fill(disk / "ballast")
                    broker = system.stack.child("kafka")
                    await waiting.until(lambda: broker.exit_code is not None, "the broker gives up", limit_s=_BROKER_ENDS_S_MAX)
                    before = len(system.history.answered)
                    await asyncio.sleep(_AWAY_S)
                    told = Counter(one.detail for one in system.history.answered[before:] if one.door in ("http", "batch"))
                    (disk / "ballast").unlink()
                    await system.stack.again("kafka")
                await system.heal()
                await asyncio.sleep(_LASTS_S)
            outcome = await conclude("disk", system)
        outcome.notes.append(f"while the broker was away publishers were answered {dict(sorted(told.items()))}")
        outcome.expect(told["503"] + told["202"] > 0, "I3", "unanswered", "nobody was told that the broker is away")
        return outcome


@contextlib.contextmanager
def _small_disk(place: Path) -> Generator[Path | None]:
    """Give a folder on a file system of a few megabytes; None where none can be mounted."""
    place.mkdir(parents=True)
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if mount is None or umount is None or os.geteuid() != 0:
        yield None
        return
    options = ("-t", "tmpfs", "-o", f"size={_DISK_MB}m,mode=0755")
    if subprocess.run((mount, *options, "portfolio-faults", str(place)), check=False, capture_output=True).returncode:
        yield None  # root of a container, that may not
        return
    try:
        yield place
    finally:
        subprocess.run((umount, "--lazy", str(place)), check=True)


def _fill(ballast: Path) -> None:
    """Write until nothing more goes in."""
    block = bytes(_BLOCK)
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(block)


def _library() -> Path | None:
    return next(Path("/").glob(_LIBRARY), None)


async def turn_the_clock(seed: str, folder: Path) -> Outcome:
    """Let the wall clocks of all services jump under load; order is the entry number, never a time."""
    library = _library()
    if library is None:
        return Outcome("clock", skipped="libfaketime is not installed (Debian's package has that name)")
    clock = folder / "clock"
    clock.write_text("+0", encoding="ascii")
    environment = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # a machine's monotonic clock does not jump
    }
    async with world.running(folder, environment=environment) as system:
        system.portfolios = load.portfolios("clock")
        async with load.running(system, seed), observers.running(system, seed):
            for seconds in _JUMPS_S:
                with system.fault("clock: jump"):
                    clock.write_text(f"{seconds:+d}", encoding="ascii")
                    await asyncio.sleep(_LASTS_S)
        outcome = await conclude("clock", system)
    outcome.notes.append(f"the clock was wrong by {', '.join(f'{seconds / 3600:+g} h' for seconds in _JUMPS_S)}")
    return outcome
