# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
"""A real Apache Kafka in KRaft mode, one node, on 127.0.0.1."""

import asyncio
import contextlib
import os
import shutil
from importlib import resources
from pathlib import Path

from portfolio_deploy.errors import StackError
from portfolio_deploy.local.programs import Program, run_to_end

_PROBE = "portfolio.local-stack-probe"
_PROBE_LIMIT_S = 10
_JAVA_OPTIONS = (
    "-Xms96m",
    "-Xmx512m",
    "-XX:+UseSerialGC",  # these two: half the CPU at start, and enough for one machine
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
)


def program(*, java: Path, jars: Path, folder: Path, port: int, controller_port: int) -> Program:
    """Return Kafka as a program, on a folder that `prepare` has made ready."""
    return Program(
        name="kafka",
        title="Kafka",
        address=f"127.0.0.1:{port}",
        port=port,
        command=(
            *_java(java, jars, folder),
            "kafka.Kafka",
            str(_properties(folder, port=port, controller_port=controller_port)),
        ),
        environment=_environment(),
        folder=folder,
        stop_limit_s=30,
        ready=lambda: takes_records(f"127.0.0.1:{port}"),
    )


async def prepare(*, java: Path, jars: Path, folder: Path, cluster: str, port: int, controller_port: int) -> None:
    """Format the storage where that has not been done; the data folder appears by a rename, whole or not at all."""
    if _is_formatted(folder):
        return
    partial = folder / "data.partial"
    shutil.rmtree(partial, ignore_errors=True)
    properties = _properties(folder, port=port, controller_port=controller_port, data=partial.name, name="format.properties")
    code, said = await run_to_end(
        (
            *_java(java, jars, folder),
            *("kafka.tools.StorageTool", "format", "--cluster-id", cluster, "--config", str(properties)),
        ),
        environment=_environment(),
        folder=folder,
    )
    if code != 0:
        raise StackError(f"Kafka's storage could not be prepared in {folder}: {said}")
    partial.rename(folder / "data")


async def takes_records(bootstrap: str) -> bool:
    """Tell whether Kafka creates a topic and takes a record: an open port alone says little."""
    if not await answers(bootstrap):
        return False
    from aiokafka import AIOKafkaProducer  # noqa: PLC0415  # slow to import, and `portfolio --help` needs none of it
    from aiokafka.admin import AIOKafkaAdminClient, NewTopic  # noqa: PLC0415  # the same
    from aiokafka.errors import KafkaError  # noqa: PLC0415  # the same

    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=_PROBE_LIMIT_S * 1000)
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, request_timeout_ms=_PROBE_LIMIT_S * 1000)
    try:
        async with asyncio.timeout(_PROBE_LIMIT_S):
            await admin.start()
            await admin.create_topics([NewTopic(_PROBE, num_partitions=1, replication_factor=1)])
            await producer.start()
            await producer.send_and_wait(_PROBE, b"ready?")
            await admin.delete_topics([_PROBE])
    except (KafkaError, OSError, TimeoutError):
        return False
    finally:
        with contextlib.suppress(KafkaError, OSError, TimeoutError):
            async with asyncio.timeout(_PROBE_LIMIT_S):
                await producer.stop()
                await admin.close()
    return True


async def answers(bootstrap: str) -> bool:
    """Tell whether something accepts connections at this address."""
    host, _, port = bootstrap.rpartition(":")
    try:
        async with asyncio.timeout(1):
            _, writer = await asyncio.open_connection(host, int(port))
    except (OSError, TimeoutError):
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True


def _is_formatted(folder: Path) -> bool:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "log4j2.properties").write_text(_resource("log4j2.properties"), encoding="utf-8")
    return (folder / "data").exists()


def _java(java: Path, jars: Path, folder: Path) -> tuple[str, ...]:
    if ":" in str(jars):
        raise StackError(f"Java runs nothing from a folder with a colon in its name: {jars}; name another with --data.")
    logging = (f"-Dlog4j2.configurationFile={folder / 'log4j2.properties'}", "-Dlog4j2.statusLoggerLevel=OFF")
    return (str(java), *_JAVA_OPTIONS, *logging, "-cp", f"{jars}/*")


def _environment() -> dict[str, str]:
    # UTF-8, else Java finds nothing beneath a folder such as /home/josé.
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _properties(folder: Path, *, port: int, controller_port: int, data: str = "data", name: str = "server.properties") -> Path:
    """Write the settings with these ports and return their path; `data` is within the folder, where Kafka works.

    The whole path could hold what means something else in these settings, such as a comma.
    """
    text = _resource("server.properties").format(port=port, controller_port=controller_port, data=data)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _resource(name: str) -> str:
    return resources.files("portfolio_deploy.local").joinpath("settings", name).read_text(encoding="utf-8")
