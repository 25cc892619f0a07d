"""Kafka's jars: only the pinned bytes are ever used."""

import errno
import hashlib
import os
import shutil
import sys
from pathlib import Path

import pytest

from portfolio_deploy.errors import StackError
from portfolio_deploy.local import fetch_jars, kafka_jars
from portfolio_deploy.local.kafka_jars import Jar

GOOD = b"a jar"
JAR = Jar(group="org.example", artifact="kafka_2.13", version="4.1.1", sha256=hashlib.sha256(GOOD).hexdigest())


class Repository:
    """A Maven repository that serves these bytes, one after the other, and counts how often it is asked."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def fetch(self, folder: Path, total: int, progress: kafka_jars.Progress) -> None:
        """Download in place of jgo."""
        self.asked += 1
        (folder / JAR.file).write_bytes(self.answers.pop(0))
        progress(total, total)


def use(monkeypatch: pytest.MonkeyPatch, *answers: bytes) -> Repository:
    """Let the one pinned jar come from a repository with these answers."""
    repository = Repository(*answers)
    monkeypatch.setattr(kafka_jars, "pinned", lambda: [JAR])
    monkeypatch.setattr(kafka_jars, "_fetch", repository.fetch)
    return repository


def jars_in(folder: Path) -> list[Path]:
    """All jars beneath a folder."""
    return list(folder.rglob("*.jar"))


def ignore(done: int, total: int) -> None:
    """Take progress that nobody looks at."""
    assert done <= total


def test_every_pinned_jar_has_coordinates_and_a_sha256():
    """The committed file is whole: Kafka itself, its logging, and no file name twice."""
    jars = kafka_jars.pinned()
    assert kafka_jars.kafka_version() == "4.1.1"
    assert {"kafka_2.13", "kafka-clients", "log4j-slf4j-impl"} <= {jar.artifact for jar in jars}
    assert len({jar.file for jar in jars}) == len(jars)
    assert all(len(jar.sha256) == 64 for jar in jars)


async def test_checked_jars_are_not_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The second start needs no network, also when somebody has emptied the cache meanwhile."""
    repository = use(monkeypatch, GOOD)
    own, shared = tmp_path / "own", tmp_path / "shared"
    folder = await kafka_jars.ensure(own, shared, ignore)
    shutil.rmtree(shared)
    assert await kafka_jars.ensure(own, shared, ignore) == folder
    assert await kafka_jars.ensure(own, None, ignore) == folder
    assert repository.asked == 1


async def test_a_second_stack_takes_the_jars_of_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Fetched once, and on the disk once."""
    repository = use(monkeypatch, GOOD)
    first, second = [await kafka_jars.ensure(tmp_path / name, tmp_path / "shared", ignore) for name in ("one", "two")]
    assert repository.asked == 1
    assert (first / JAR.file).samefile(second / JAR.file)


async def test_jars_are_copied_where_they_cannot_be_linked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The cache may be on another disk."""

    def refuse(source: str, target: str) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link", source, None, target)

    use(monkeypatch, GOOD)
    monkeypatch.setattr(os, "link", refuse)
    assert ((await kafka_jars.ensure(tmp_path / "own", tmp_path / "shared", ignore)) / JAR.file).read_bytes() == GOOD


async def test_damaged_jar_is_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """All jars are checked at each start; a link to the shared one is damaged with it."""
    use(monkeypatch, GOOD, GOOD)
    jar = (await kafka_jars.ensure(tmp_path / "own", tmp_path / "shared", ignore)) / JAR.file
    jar.write_bytes(b"altered")
    await kafka_jars.ensure(tmp_path / "own", tmp_path / "shared", ignore)
    assert jar.read_bytes() == GOOD


async def test_wrong_download_is_tried_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A connection that broke in the middle is no attack."""
    use(monkeypatch, b"half", GOOD)
    assert ((await kafka_jars.ensure(tmp_path, None, ignore)) / JAR.file).read_bytes() == GOOD


async def test_wrong_download_twice_is_refused_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Other bytes than the pinned ones are never there to be run."""
    use(monkeypatch, b"evil", b"evil")
    with pytest.raises(StackError, match=r"not the pinned ones"):
        await kafka_jars.ensure(tmp_path / "own", tmp_path / "shared", ignore)
    assert jars_in(tmp_path) == []


def test_nothing_is_shared_where_the_home_is_not_writable(monkeypatch: pytest.MonkeyPatch):
    """Without a usable HOME the jars go to the state directory alone."""
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nowhere")
    assert kafka_jars.shared_folder() is None


def test_what_went_wrong_is_told_without_the_jargon_of_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """A wrapped error is unwrapped to the one that the machine gave."""

    def unreachable(_: Path) -> None:
        refused = OSError(errno.ECONNREFUSED, "Connection refused")
        raise OSError("Pool(host='...'): Max retries exceeded (Caused by ...)") from refused

    monkeypatch.setattr(fetch_jars, "fetch", unreachable)
    monkeypatch.setattr(sys, "argv", ["fetch_jars", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        fetch_jars.main()
    assert (ended.value.code, capsys.readouterr().out) == ("[Errno 111] Connection refused", "")
