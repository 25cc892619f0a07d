"""`projector check`: what `projector run` does is looked at where it leaves its traces, since nobody can ask it.

A replica that is alive holds its place among the replicas by a lock whose session ends two seconds after it falls silent; and
a partition that is worked on is marked as seen every two seconds, after a question to Kafka.
"""

import asyncio

from portfolio_log.topics import Topics
from portfolio_projector import sessions
from portfolio_projector.projecting.ownership import MEMBER_LOCKS
from portfolio_projector.settings import CheckSettings
from portfolio_projector.statements import Statements

_SQL = Statements("portfolio_projector.projecting", "checking.sql")
_ANSWER_SECONDS_MAX = 8.0
_SEEN_SECONDS_MAX = 15.0


async def check(settings: CheckSettings) -> list[str]:
    """Return what is wrong, each in a sentence: with the replica at this address, or with a partition whoever serves it."""
    topic = Topics(settings.topic_prefix).ledger.name
    try:
        async with asyncio.timeout(_ANSWER_SECONDS_MAX):
            return await _look(settings.postgres, topic)
    except sessions.UNAVAILABLE as error:
        return [f"PostgreSQL cannot be asked: {str(error) or type(error).__name__}."]


async def _look(dsn: str, topic: str) -> list[str]:
    connection = await sessions.connect(dsn)
    try:
        problems = list[str]()
        if not await connection.fetchval(_SQL["alive"], MEMBER_LOCKS):
            problems.append("No projector that is alive runs at this address.")
        if not await connection.fetchval(_SQL["known"], topic):
            problems.append(f"The topic {topic} has not been seen yet.")
        for partition, seconds, lost in await connection.fetch(_SQL["standstills"], topic, _SEEN_SECONDS_MAX):
            problems.append(_sentence(partition, seconds, lost))
        return problems
    finally:
        await connection.close(timeout=1)


def _sentence(partition: int, seconds: float | None, lost: str | None) -> str:
    if lost is not None:
        return f"Partition {partition} stands still: {lost}"
    if seconds is None:
        return f"Partition {partition} has never been worked on."
    return f"Partition {partition} has not been worked on for {seconds:.0f} s."
