# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false
"""The ledger as a whole: everything wired together, from the guards of the topics to the last receipt."""

import asyncio
import contextlib
import functools
import os
import random
import socket
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from datetime import UTC, datetime
from importlib import metadata

import structlog
import uvicorn
from aiokafka.errors import KafkaError
from fastapi import FastAPI
from faststream.kafka import KafkaBroker

from portfolio_ledger import sessions
from portfolio_ledger.http import heard, paths
from portfolio_ledger.http.asyncapi import AsyncApi
from portfolio_ledger.http.bodies import BATCH_SIZE_MAX
from portfolio_ledger.http.conditions import Conditions
from portfolio_ledger.http.events import Door
from portfolio_ledger.http.guard import Guard
from portfolio_ledger.http.health import Health
from portfolio_ledger.http.lookup import Lookup
from portfolio_ledger.http.protocol import BoundedProtocol
from portfolio_ledger.http.publishing import Publisher
from portfolio_ledger.http.waiting import Waiting
from portfolio_ledger.instructions.interrupting import Interrupting
from portfolio_ledger.instructions.resuming import Resuming
from portfolio_ledger.instructions.saying import Saying
from portfolio_ledger.instructions.storage import Instructions
from portfolio_ledger.intake.elements import Recent
from portfolio_ledger.intake.reader import IntakeReader
from portfolio_ledger.intake.records import RECORD_SIZE_MAX
from portfolio_ledger.intake.sender import Sender
from portfolio_ledger.judging.guards import Guards
from portfolio_ledger.judging.ownership import Ownership
from portfolio_ledger.judging.serving import Partitions
from portfolio_ledger.judging.taking import Shared
from portfolio_ledger.settings import Settings
from portfolio_ledger.state.storage import PostgresStore
from portfolio_log.kafka import KafkaLog
from portfolio_log.mirror import Mirror
from portfolio_log.topics import Topics

GROUP = "portfolio-ledger"

_CONNECTIONS_MAX = 8
_RETRY_SECONDS = 1.0
_BACKLOG = 2048

_logger = structlog.get_logger()


class CannotListen(Exception):
    """The address is taken, or is none of this machine."""


async def run(settings: Settings, stop: asyncio.Event, listening: socket.socket) -> None:
    """Run the ledger until it is told to stop, on a socket that `listen` returned.

    Raises:
        WrongTopic: when the topics could lose data or are not the ones that are known.

    """
    topics = Topics(settings.topic_prefix)
    name = f"{GROUP}-{socket.gethostname()}-{os.getpid()}"
    async with contextlib.AsyncExitStack() as life:
        pool = await life.enter_async_context(sessions.pool(settings.postgres, connections_max=_CONNECTIONS_MAX))
        guards = Guards(settings.kafka, topics, pool)
        partitions = await _unless(stop, guards.begin(create=settings.partitions if settings.create_topics else None))
        if partitions is None:
            return
        recent, waiting = Recent(), Waiting()
        log = await life.enter_async_context(KafkaLog(settings.kafka, topics.ledger.name, client_id=name))
        sender = await life.enter_async_context(Sender(settings.kafka, client_id=name))
        mirror = await life.enter_async_context(
            Mirror(settings.kafka, group=GROUP, topic=topics.intake.name, partitions=partitions)
        )
        shared = Shared(
            topics=topics,
            partitions=partitions,
            store=PostgresStore(pool),
            log=log,
            open_intake=functools.partial(IntakeReader, settings.kafka, topics.intake.name, client_id=name),
            send=sender.send,
            note=mirror.note,
            answers=waiting,
            read_text=functools.partial(recent.read, size_max=RECORD_SIZE_MAX),
            now=lambda: datetime.now(UTC),
            chance=random.SystemRandom(),
        )
        served = Partitions(shared)
        instructions = Instructions(pool)
        resuming = Resuming(instructions, shared.store, log, shared.open_intake, partitions=partitions)
        interrupting = Interrupting(instructions, resuming, served.serve, Saying(instructions, served.state).lost)
        ownership = Ownership(settings.postgres, partitions=partitions, work=interrupting.work)
        conditions = Conditions(pool, settings.kafka, topics.intake.name, partitions, refusals_max=settings.refusals_max)
        publisher = await life.enter_async_context(Publisher(settings.kafka, topics.intake.name, client_id=name))
        health_log = await life.enter_async_context(KafkaLog(settings.kafka, topics.ledger.name, client_id=f"{name}-health"))
        broker = KafkaBroker(
            settings.kafka, client_id=name, allow_auto_create_topics=False, apply_types=False, consumer_only=True, logger=None
        )
        heard.subscribe(broker, topics.receipts.name, partitions, waiting)
        app = paths.application(
            Door(publisher, waiting, conditions, recent, partitions=partitions, waiting_max=settings.waiting_max),
            Lookup(pool, waiting),
            Health(health_log, ownership, served, conditions),
            AsyncApi(topics, version=metadata.version("portfolio-ledger"), kafka=settings.kafka),
            lifespan=_lifespan(broker),
        )
        server = _Server(_server_config(Guard(app, body_size_max=BATCH_SIZE_MAX)))
        async with asyncio.TaskGroup() as tasks:
            background = [
                tasks.create_task(work) for work in (ownership.run(), interrupting.watch(), guards.watch(), conditions.run())
            ]
            serving = tasks.create_task(server.serve(sockets=[listening]))
            await _first(stop, *background, serving)
            waiting.close()
            server.should_exit = True
            for task in background:
                task.cancel()


async def _first(stop: asyncio.Event, *tasks: "asyncio.Task[None]") -> None:
    told = asyncio.create_task(stop.wait())
    await asyncio.wait({told, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()


async def _unless(stop: asyncio.Event, work: Coroutine[object, object, int]) -> int | None:
    """Return what comes of work, None when it is time to stop before."""
    task = asyncio.create_task(work)
    told = asyncio.create_task(stop.wait())
    await asyncio.wait({told, task}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if not task.done():
        task.cancel()
        await asyncio.wait({task})
        return None
    return task.result()


def listen(settings: Settings) -> socket.socket:
    """Take the address.

    Raises:
        CannotListen: when it is taken, or none of this machine.

    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # The protocol is named so that asyncio knows it for TCP and sends answers without delay (TCP_NODELAY).
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((settings.host, settings.port))
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        raise CannotListen(f"The address {settings.host}:{settings.port} cannot be listened on: {error.strerror}.") from error
    return listening


def _lifespan(broker: KafkaBroker) -> "Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]":
    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        while True:
            try:
                await broker.start()
                break
            except (KafkaError, OSError) as error:
                _logger.warning("waiting-for-kafka", error=type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)
        try:
            yield
        finally:
            with contextlib.suppress(KafkaError, TimeoutError, OSError, AssertionError):
                async with asyncio.timeout(2):
                    await broker.stop()

    return lifespan


class _Server(uvicorn.Server):
    """A server that leaves signals to the application."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def _server_config(app: Guard) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # an ASGI application
        http=BoundedProtocol,
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
        timeout_keep_alive=30,
    )
