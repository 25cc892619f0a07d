"""Kafka's jars: pinned by coordinate and SHA-256 in kafka_jars.txt, kept by each stack, checked at every start."""

import asyncio
import contextlib
import fcntl
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import IO

from portfolio_deploy.errors import StackError

_LOOK_AGAIN_S = 0.1
_PARTIAL = "fetching-"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Jar:
    """A jar: its Maven coordinates and the SHA-256 of its bytes, lower-case hex."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def file(self) -> str:
        """Its file name."""
        return f"{self.artifact}-{self.version}.jar"


def pinned() -> list[Jar]:
    """Return the jars of kafka_jars.txt; a line there is `sha256  group:artifact:version`."""
    text = resources.files("portfolio_deploy.local").joinpath("kafka_jars.txt").read_text(encoding="utf-8")
    jars: list[Jar] = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            sha256, coordinates = line.split()
            group, artifact, version = coordinates.split(":")
            jars.append(Jar(group=group, artifact=artifact, version=version, sha256=sha256))
    return jars


def kafka_version() -> str:
    """Return the version of Kafka that the jars are of."""
    return next(jar.version for jar in pinned() if jar.artifact.startswith("kafka_"))


def wrong(folder: Path, jars: list[Jar]) -> list[Jar]:
    """Return the jars that are missing from the folder or are not the pinned bytes."""
    return [jar for jar in jars if _sha256(folder / jar.file) != jar.sha256]


def shared_folder() -> Path | None:
    """Return the folder in the user's cache from which stacks share their jars; None where that is not writable."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path(os.environ.get("HOME") or os.devnull) / ".cache")
    folder = Path(base) / "portfolio-ledger"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return None


async def ensure(own: Path, shared: Path | None, progress: Progress) -> Path:
    """Return the folder with a stack's checked jars. What is missing or wrong is fetched; wrong twice is refused.

    They are fetched once for all stacks into the shared folder, where there is one. The stack's own folder has links to them
    (or copies, on another disk): whoever empties the cache, or comes with another one, still starts without a network.
    """
    folder = own / _name()
    if not await asyncio.to_thread(wrong, folder, pinned()):
        return folder
    if shared is None:
        return await _fetched(own, progress)
    fetched = await _fetched(shared, progress)
    await asyncio.to_thread(_link, fetched, folder)
    return folder


def _name() -> str:
    return f"kafka-{kafka_version()}"


def _link(fetched: Path, folder: Path) -> None:
    folder.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=_PARTIAL) as name:
        partial = Path(name) / "linked"
        try:
            shutil.copytree(fetched, partial, copy_function=os.link)
        except (OSError, shutil.Error):  # another disk, or one without links
            shutil.rmtree(partial, ignore_errors=True)
            shutil.copytree(fetched, partial)
        _replace(folder, partial, old=Path(name) / "old")


async def _fetched(cache: Path, progress: Progress) -> Path:
    """Return the folder in this cache that has the checked jars; it changes by a rename, so it is whole or not there."""
    jars = pinned()
    folder = cache / _name()
    if not await asyncio.to_thread(wrong, folder, jars):
        return folder
    async with _locked(cache):
        if not await asyncio.to_thread(wrong, folder, jars):
            return folder  # another process has just fetched them
        with tempfile.TemporaryDirectory(dir=cache, prefix=_PARTIAL) as partial:
            fresh = await _fetch_checked(Path(partial), jars, progress)
            _replace(folder, fresh, old=Path(partial) / "old")
    return folder


async def _fetch_checked(partial: Path, jars: list[Jar], progress: Progress) -> Path:
    bad: list[Jar] = []
    for attempt in ("first", "second"):
        fresh = partial / attempt
        fresh.mkdir()
        await _fetch(fresh, len(jars), progress)
        bad = await asyncio.to_thread(wrong, fresh, jars)
        if not bad:
            return fresh
    raise StackError(
        f"{len(bad)} of Kafka's jars, {bad[0].file} first, are not the pinned ones (their SHA-256 differs), also when fetched"
        " again. They are not used; ask who runs the Maven repository or proxy that this machine uses."
    )


def _replace(folder: Path, fresh: Path, *, old: Path) -> None:
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)


async def _fetch(folder: Path, total: int, progress: Progress) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "portfolio_deploy.local.fetch_jars", str(folder)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None  # noqa: S101  # asked for as a pipe, two lines above
    assert process.stderr is not None  # noqa: S101  # the same
    try:
        progress(0, total)
        done = 0
        async for _ in process.stdout:
            done += 1
            progress(done, total)
        said = (await process.stderr.read()).decode("utf-8", "replace").strip()
        code = await process.wait()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if code != 0:
        raise StackError(f"Kafka's jars could not be downloaded; only the first start needs the network. What went wrong: {said}")


@contextlib.asynccontextmanager
async def _locked(cache: Path) -> AsyncGenerator[None]:
    with _lock_file(cache) as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(_LOOK_AGAIN_S)
        _remove_leftovers(cache)
        yield


def _remove_leftovers(cache: Path) -> None:
    for leftover in cache.glob(f"{_PARTIAL}*"):  # of one that was killed: whoever fetches holds the lock
        shutil.rmtree(leftover, ignore_errors=True)


def _lock_file(cache: Path) -> IO[str]:
    cache.mkdir(parents=True, exist_ok=True)
    return (cache / "fetch.lock").open("w", encoding="ascii")


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
