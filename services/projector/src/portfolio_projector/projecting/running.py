"""`projector run`: everything wired together, from the guards to the last batch."""

import asyncio
import os
import random
import socket

from portfolio_log.kafka import KafkaLog
from portfolio_log.mirror import Mirror
from portfolio_log.topics import Topics
from portfolio_projector import sessions
from portfolio_projector.instructions.interrupting import Interrupting
from portfolio_projector.instructions.resuming import Resuming
from portfolio_projector.instructions.storage import Instructions
from portfolio_projector.projecting.guards import Guards
from portfolio_projector.projecting.ownership import Ownership
from portfolio_projector.projecting.partitions import Projector
from portfolio_projector.projecting.storage import PostgresStore
from portfolio_projector.read_models import CHRONICLES, READ_MODELS
from portfolio_projector.settings import RunSettings
from portfolio_projector.telling.snapshots import Snapshots

GROUP = "portfolio-projector"

_CONNECTIONS_MAX = 6


async def run(settings: RunSettings) -> None:
    """Project until cancelled.

    Raises:
        WrongTopic: when the topics could lose data or are not the ones that are known.
        WrongVersion: when the rows were written by another version of a fold.

    """
    family = Topics(settings.topic_prefix)
    owner = f"{socket.gethostname()}:{os.getpid()}"
    async with sessions.writing_pool(settings.postgres, connections_max=_CONNECTIONS_MAX) as pool:
        guards = Guards(settings.kafka, family, pool)
        partitions = await guards.begin(create=settings.partitions if settings.create_topics else None)
        async with (
            KafkaLog(settings.kafka, family.ledger.name, client_id=GROUP) as log,
            Mirror(settings.kafka, group=GROUP, topic=family.ledger.name, partitions=partitions) as mirror,
        ):
            projector = Projector(
                models=READ_MODELS,
                log=log,
                store=PostgresStore(pool),
                note=mirror.note,
                chance=random.SystemRandom(),
                owner=owner,
                partitions=partitions,
            )
            instructions = Instructions(pool, READ_MODELS)
            resuming = Resuming(instructions, projector.store, log, READ_MODELS, chronicles=CHRONICLES, partitions=partitions)
            interrupting = Interrupting(instructions, resuming, projector.project, instructions.lost)
            ownership = Ownership(settings.postgres, partitions=partitions, work=interrupting.work)
            snapshots = Snapshots(pool, CHRONICLES)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(snapshots.run())
                tasks.create_task(ownership.run())
                tasks.create_task(interrupting.watch())
                tasks.create_task(guards.watch())
