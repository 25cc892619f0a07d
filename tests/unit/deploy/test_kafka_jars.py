"""Kafka's jars: only the pinned bytes are ever used."""

import hashlib
from pathlib import Path

import pytest

from portfolio_deploy.errors import StackError
from portfolio_deploy.local import kafka_jars
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
    """The second start needs no network."""
    repository = use(monkeypatch, GOOD)
    folder = await kafka_jars.ensure(tmp_path, ignore)
    assert await kafka_jars.ensure(tmp_path, ignore) == folder
    assert repository.asked == 1


async def test_damaged_jar_is_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """All jars are checked at each start."""
    use(monkeypatch, GOOD, GOOD)
    jar = (await kafka_jars.ensure(tmp_path, ignore)) / JAR.file
    jar.write_bytes(b"altered")
    await kafka_jars.ensure(tmp_path, ignore)
    assert jar.read_bytes() == GOOD


async def test_wrong_download_is_tried_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A connection that broke in the middle is no attack."""
    use(monkeypatch, b"half", GOOD)
    assert ((await kafka_jars.ensure(tmp_path, ignore)) / JAR.file).read_bytes() == GOOD


async def test_wrong_download_twice_is_refused_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Other bytes than the pinned ones are never there to be run."""
    use(monkeypatch, b"evil", b"evil")
    with pytest.raises(StackError, match=r"not the pinned ones"):
        await kafka_jars.ensure(tmp_path, ignore)
    assert jars_in(tmp_path) == []


def test_cache_is_the_fallback_where_the_home_is_not_writable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Without a usable HOME the jars go to the state directory."""
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nowhere")
    assert kafka_jars.cache_folder(tmp_path) == tmp_path
