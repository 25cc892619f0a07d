# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""The five topics: names, settings, creation in local stacks, and the guards that refuse a topic which could lose data."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError, for_code

from portfolio_log import clients

_DAY_MS = 24 * 60 * 60 * 1000
_KEPT_FOR_EVER = {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1"}
_EIGHT_MIB = str(8 * 1024 * 1024)

DEFAULT_PARTITIONS = 12

_VISIBLE_SECONDS_MAX = 30.0
_VISIBLE_SECONDS_BETWEEN = 0.05


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of the system: `settings` as it is created, `guarded` those that a service insists on."""

    name: str
    settings: Mapping[str, str]
    guarded: Mapping[str, str] = field(default_factory=dict[str, str])


class Topics:
    """The five topics. `prefix` sets a family of topics apart; the system itself has none."""

    def __init__(self, prefix: str = "") -> None:
        ledger_guards = {**_KEPT_FOR_EVER, "message.timestamp.type": "LogAppendTime", "max.message.bytes": _EIGHT_MIB}
        self.intake = Topic(
            f"{prefix}portfolio.intake",
            {
                "cleanup.policy": "delete",
                "retention.ms": str(30 * _DAY_MS),
                "max.message.bytes": "5242880",
                # A broker that packs anew what publishers send unpacks it first, into its own memory, and may die of it.
                "compression.type": "producer",
            },
        )
        self.ledger = Topic(
            f"{prefix}portfolio.ledger",
            {**ledger_guards, "unclean.leader.election.enable": "false"},
            {**ledger_guards, "unclean.leader.election.enable": "false"},
        )
        self.receipts = Topic(
            f"{prefix}portfolio.receipts",
            {"cleanup.policy": "delete", "retention.ms": str(30 * _DAY_MS), "max.message.bytes": _EIGHT_MIB},
        )
        self.quarantine = Topic(
            f"{prefix}portfolio.quarantine",
            {"cleanup.policy": "delete", "retention.ms": str(90 * _DAY_MS), "max.message.bytes": _EIGHT_MIB},
        )
        self.tree_heads = Topic(f"{prefix}portfolio.tree-heads", _KEPT_FOR_EVER, _KEPT_FOR_EVER)

    def __iter__(self) -> Iterator[Topic]:
        return iter((self.intake, self.ledger, self.receipts, self.quarantine, self.tree_heads))


class WrongTopic(Exception):
    """A topic could lose data, or is not the one that is known: the service refuses to run. `problems` are sentences."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


async def create_missing(bootstrap_servers: str, topics: Topics, *, partitions: int, replication_factor: int = 1) -> None:
    """Create those of the five that do not exist and wait until they can be used; existing ones are left. For local stacks."""
    async with _admin(bootstrap_servers) as admin:
        known = set(await admin.list_topics())
        missing = [topic for topic in topics if topic.name not in known]
        if not missing:
            return
        answer: Any = await admin.create_topics(
            [NewTopic(topic.name, partitions, replication_factor, topic_configs=dict(topic.settings)) for topic in missing]
        )
        for name, code, *message in answer.topic_errors:
            if code not in (0, TopicAlreadyExistsError.errno):
                raise WrongTopic([f"The topic {name} could not be created: {for_code(code).__name__} {message}."])
        async with asyncio.timeout(_VISIBLE_SECONDS_MAX):
            while not await _all_have_leaders(admin, topics):  # noqa: ASYNC110  a broker tells nobody when a topic is ready
                await asyncio.sleep(_VISIBLE_SECONDS_BETWEEN)


async def guard(bootstrap_servers: str, topics: Topics, *, expected_partitions: int | None = None) -> int:
    """Check that the topics are what the system stands on, and return their number of partitions.

    `expected_partitions` is the number recorded earlier; the number never changes in a topic's life.

    Raises:
        WrongTopic: when one is missing, could lose records, has lost its first ones, or has another number of partitions.

    """
    async with _admin(bootstrap_servers) as admin:
        counts = await _partition_counts(admin, topics)
        missing = [topic.name for topic in topics if topic.name not in counts]
        if missing:
            raise WrongTopic([f"The topic {name} does not exist: create it as the documentation says." for name in missing])
        problems = await _wrong_settings(admin, topics)
    partitions = counts[topics.ledger.name]
    problems += [
        f"The topic {name} has {count} partitions, {topics.ledger.name} has {partitions}: all five must have the same number."
        for name, count in counts.items()
        if count != partitions
    ]
    if expected_partitions is not None and partitions != expected_partitions:
        problems.append(
            f"The topic {topics.ledger.name} has {partitions} partitions, {expected_partitions} are recorded: "
            "more partitions mean a new topic, filled by restoring into it."
        )
    problems += await _lost_beginnings(bootstrap_servers, topics.ledger, partitions)
    if problems:
        raise WrongTopic(problems)
    return partitions


async def _all_have_leaders(admin: AIOKafkaAdminClient, topics: Topics) -> bool:
    described: list[dict[str, Any]] = await admin.describe_topics()
    leaders = {topic["topic"]: [partition["leader"] for partition in topic["partitions"]] for topic in described}
    return all(leaders.get(topic.name) and min(leaders[topic.name]) >= 0 for topic in topics)


async def _partition_counts(admin: AIOKafkaAdminClient, topics: Topics) -> dict[str, int]:
    names = {topic.name for topic in topics}
    described: list[dict[str, Any]] = await admin.describe_topics()
    return {topic["topic"]: len(topic["partitions"]) for topic in described if topic["topic"] in names}


async def _wrong_settings(admin: AIOKafkaAdminClient, topics: Topics) -> list[str]:
    guarded = {topic.name: topic for topic in topics if topic.guarded}
    answers: list[Any] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name) for name in guarded])
    problems = list[str]()
    for _, _, _, name, settings in (resource for answer in answers for resource in answer.resources):
        actual = {setting[0]: setting[1] for setting in settings}
        problems += [
            f"The topic {name} has {setting}={actual.get(setting)}, it must be {wanted}."
            for setting, wanted in guarded[name].guarded.items()
            if actual.get(setting) != wanted
        ]
    return problems


async def _lost_beginnings(bootstrap_servers: str, ledger: Topic, partitions: int) -> list[str]:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers, group_id=None, auto_offset_reset="none")
    async with clients.running(consumer):
        places = [TopicPartition(ledger.name, partition) for partition in range(partitions)]
        starts = await consumer.beginning_offsets(places)
    return [
        f"Partition {place.partition} of {place.topic} begins at offset {start}: its first records were deleted."
        for place, start in starts.items()
        if start > 0
    ]


@asynccontextmanager
async def _admin(bootstrap_servers: str) -> AsyncGenerator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()
