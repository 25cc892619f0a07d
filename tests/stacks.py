"""Which Kafka and PostgreSQL the tests run on: containers where Docker works, the embedded stack elsewhere, or given ones.

`PORTFOLIO_TEST_STACK` forces one: `docker`, `embedded`, or `external` (PORTFOLIO_TEST_KAFKA holds the bootstrap servers,
PORTFOLIO_TEST_POSTGRES an administrator's connection string). A forced one that does not work is an error, never a skip.
"""

import asyncio
import contextlib
import gc
import logging
import os
import warnings
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import docker
import pytest
from docker.errors import APIError, DockerException
from testcontainers.core.container import DockerContainer

from portfolio_deploy.local import kafka, postgres
from portfolio_deploy.local.local_stack import LocalStack
from portfolio_deploy.local.ports import Reservations
from tests import waiting

KAFKA_IMAGE = "apache/kafka:4.1.1"
POSTGRES_IMAGE = "postgres:18"
CHOICES = ("docker", "embedded", "external")

_DOCKER_ANSWER_LIMIT_S = 60
_READY_LIMIT_S = 90
_PORTS_TRIED_MAX = 5
_PASSWORD = "of-a-container-that-lives-as-long-as-the-tests"  # noqa: S105  # and is no secret


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A running Kafka and PostgreSQL: which kind, the bootstrap servers, the administrator's connection string."""

    kind: str
    kafka: str
    postgres: str


def is_given() -> bool:
    """Tell whether the run was given a running stack, and so starts none."""
    return os.environ.get("PORTFOLIO_TEST_STACK") == "external"


def choose() -> tuple[str, str]:
    """Return the kind of stack for this run and why; raise UsageError when what is forced is not there."""
    forced = os.environ.get("PORTFOLIO_TEST_STACK")
    if forced is None:
        why_not = _docker_lacks()
        return ("docker", "Docker works") if why_not is None else ("embedded", why_not)
    if forced not in CHOICES:
        raise pytest.UsageError(f"PORTFOLIO_TEST_STACK is {forced!r}; it may be {', '.join(CHOICES)}")
    if forced == "docker" and (why_not := _docker_lacks()) is not None:
        raise pytest.UsageError(f"PORTFOLIO_TEST_STACK=docker, but {why_not}")
    if forced == "external":
        missing = [name for name in ("PORTFOLIO_TEST_KAFKA", "PORTFOLIO_TEST_POSTGRES") if not os.environ.get(name)]
        if missing:
            raise pytest.UsageError(f"PORTFOLIO_TEST_STACK=external needs {' and '.join(missing)}")
    return forced, "forced by PORTFOLIO_TEST_STACK"


@contextlib.asynccontextmanager
async def running(kind: str, directory: Path) -> AsyncGenerator[Stack]:
    """Start a stack of this kind for the tests and stop it after them; `directory` is empty and for the embedded one."""
    logging.getLogger("aiokafka").setLevel(logging.ERROR)  # a broker that comes and goes is what tests are about
    if kind == "embedded":
        local = LocalStack(directory)
        try:
            async with local:
                yield Stack(kind=kind, kafka=local.kafka, postgres=local.postgres)
        finally:
            local.remove()
    elif kind == "docker":
        async with _containers() as stack:
            yield stack
    else:
        stack = Stack(kind=kind, kafka=os.environ["PORTFOLIO_TEST_KAFKA"], postgres=os.environ["PORTFOLIO_TEST_POSTGRES"])
        await _wait_ready(stack)
        yield stack


def _docker_lacks() -> str | None:
    """Return why Docker cannot be used; None when the engine answers and both images are there or can be pulled."""
    client = _docker_client()
    if client is None:
        return "no Docker engine answers"
    try:
        for image in (KAFKA_IMAGE, POSTGRES_IMAGE):
            if not client.images.list(name=image):
                client.images.pull(image)
    except (DockerException, OSError):
        return "Docker has not, and cannot pull, the images"
    finally:
        client.close()
    return None


def _docker_client() -> docker.DockerClient | None:
    """Return a client of the engine, None where none answers.

    A client that cannot connect leaves its socket to the garbage collector. That happens here, where it is expected, and not
    in a test that would fail for it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        with contextlib.suppress(DockerException, OSError):
            return docker.from_env(timeout=_DOCKER_ANSWER_LIMIT_S)
        gc.collect()
    return None


@contextlib.asynccontextmanager
async def _containers() -> AsyncGenerator[Stack]:
    with contextlib.ExitStack() as containers:
        postgres_container = await asyncio.to_thread(_start_postgres, containers)
        kafka_port = await asyncio.to_thread(_start_kafka, containers)
        postgres_port = await asyncio.to_thread(postgres_container.get_exposed_port, 5432)
        stack = Stack(
            kind="docker",
            kafka=f"127.0.0.1:{kafka_port}",
            postgres=f"postgresql://postgres:{_PASSWORD}@127.0.0.1:{postgres_port}/postgres",
        )
        await _wait_ready(stack)
        yield stack


def _start_postgres(containers: contextlib.ExitStack) -> DockerContainer:
    container = DockerContainer(POSTGRES_IMAGE).with_env("POSTGRES_PASSWORD", _PASSWORD)
    _publish(container, 5432, None)
    containers.callback(container.stop)
    return container.start()


def _start_kafka(containers: contextlib.ExitStack) -> int:
    """Start Kafka and return its port, which it must know before it starts, so that somebody may be quicker to take it."""
    reservations = Reservations()
    containers.callback(reservations.release)
    for _ in range(_PORTS_TRIED_MAX):
        port = reservations.choose({})["kafka"]
        container = _kafka_container(port)
        containers.callback(container.stop)
        try:
            container.start()
        except APIError as error:
            if "already" not in str(error):  # in use, or allocated: as the one who took it is a program or a container
                raise
        else:
            return port
    raise RuntimeError(f"{_PORTS_TRIED_MAX} ports were free, and taken before Kafka could listen on them.")


def _publish(container: DockerContainer, inside: int, outside: int | None) -> None:
    """Publish a port on 127.0.0.1 only, for which testcontainers has no words; Docker chooses where `outside` is None."""
    ports = cast("dict[str, Any]", container.ports)
    ports[f"{inside}/tcp"] = ("127.0.0.1", outside)


def _kafka_container(port: int) -> DockerContainer:
    settings = {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
        "KAFKA_LISTENERS": f"CLIENT://:{port},BROKER://:19092,CONTROLLER://:9093",
        # A listener of its own between brokers: within the container nobody reaches the client's published port.
        "KAFKA_ADVERTISED_LISTENERS": f"CLIENT://127.0.0.1:{port},BROKER://localhost:19092",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "CLIENT:PLAINTEXT,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "KAFKA_INTER_BROKER_LISTENER_NAME": "BROKER",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
        "KAFKA_MESSAGE_MAX_BYTES": "8388608",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS": "4",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
    }
    # The image writes what it makes of its settings; where its own files are read-only it needs a place for that.
    container = DockerContainer(KAFKA_IMAGE).with_tmpfs_mount("/opt/kafka/config", "uid=1000,gid=1000")
    _publish(container, port, port)
    for name, value in settings.items():
        container = container.with_env(name, value)
    return container


async def _wait_ready(stack: Stack) -> None:
    async def ready() -> bool:
        return await postgres.answers(stack.postgres) and await kafka.takes_records(stack.kafka)

    await waiting.until(ready, f"{stack.kind} Kafka and PostgreSQL ready", limit_s=_READY_LIMIT_S)
