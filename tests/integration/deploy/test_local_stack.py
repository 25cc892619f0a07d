# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""The local stack itself: it starts, keeps its data, and recovers."""

import signal
import socket
from pathlib import Path

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from portfolio_deploy.errors import StackError
from portfolio_deploy.local import local_stack, postgres, run_files
from portfolio_deploy.local.local_stack import LocalStack
from portfolio_deploy.local.ports import Claim, Reservations, claim
from portfolio_deploy.local.state_directory import StateDirectory


async def store(stack: LocalStack, word: str) -> None:
    """Put a word into Kafka and into PostgreSQL."""
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.kafka)
    await admin.start()
    if "words" not in await admin.list_topics():
        await admin.create_topics([NewTopic("words", num_partitions=1, replication_factor=1)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=stack.kafka, acks="all") as producer:
        await producer.send_and_wait("words", word.encode())
    connection = await asyncpg.connect(stack.postgres)
    await connection.execute("CREATE TABLE IF NOT EXISTS words (word text)")
    await connection.execute("INSERT INTO words VALUES ($1)", word)
    await connection.close()


async def stored(stack: LocalStack, word: str) -> bool:
    """Tell whether this word is in Kafka, and in PostgreSQL."""
    partition = TopicPartition("words", 0)
    async with AIOKafkaConsumer(bootstrap_servers=stack.kafka, auto_offset_reset="none") as consumer:
        consumer.assign([partition])
        consumer.seek(partition, 0)
        end: int = (await consumer.end_offsets([partition]))[partition]
        in_kafka = [(await consumer.getone()).value for _ in range(end)]
    connection = await asyncpg.connect(stack.postgres)
    in_postgres = [row["word"] for row in await connection.fetch("SELECT word FROM words")]
    await connection.close()
    return word.encode() in in_kafka and word in in_postgres


async def test_data_are_there_again_after_a_stop(state: Path):
    """Yesterday's data, on yesterday's ports."""
    async with LocalStack(state) as stack:
        await store(stack, "yesterday")
        ports = stack.record.ports
    async with LocalStack(state) as stack:
        assert await stored(stack, "yesterday")
        assert stack.record.ports == ports


async def test_data_are_there_again_after_both_were_killed(state: Path):
    """An acknowledged record and a committed row survive kill -9 of everything."""
    async with LocalStack(state) as stack:
        await store(stack, "acknowledged")
        stack.kill()
        for child in stack.children.values():
            assert await child.wait() == -signal.SIGKILL
    async with LocalStack(state) as stack:
        assert await stored(stack, "acknowledged")


async def test_fresh_begins_with_nothing(state: Path):
    """The old database and the old log are gone."""
    async with LocalStack(state) as stack:
        await store(stack, "old")
    async with LocalStack(state, fresh=True) as stack:
        assert run_files.read(state / "run", local_stack.SUPERVISOR) is not None, "`portfolio down` would not find it"
        connection = await asyncpg.connect(stack.postgres)
        assert await connection.fetchval("SELECT to_regclass('words')") is None
        await connection.close()


async def test_two_directories_run_side_by_side_and_one_directory_only_once(state: Path, tmp_path: Path):
    """Other ports for the second, whatever its directory is called; a clear refusal for a second on the same directory."""
    async with LocalStack(state) as first:
        with pytest.raises(StackError, match="already runs"):
            await LocalStack(state).__aenter__()
        beside = LocalStack(tmp_path / "à côté, 'R&D' 100% \\#1")
        async with beside:
            assert not set(first.record.ports.values()) & set(beside.record.ports.values())
            await store(first, "first")
            await store(beside, "second")
            assert await stored(first, "first")
            assert await stored(beside, "second")
        beside.remove()


async def test_port_that_somebody_took_meanwhile_is_replaced_and_data_stay(state: Path):
    """Nothing in the data depends on a port."""
    async with LocalStack(state) as stack:
        await store(stack, "kept")
        ports = stack.record.ports
    names = ("kafka", "kafka-controller", "postgres")
    takers = [socket.create_server(("127.0.0.1", ports[name])) for name in names]
    try:
        async with LocalStack(state) as stack:
            assert all(stack.record.ports[name] != ports[name] for name in names)
            assert await stored(stack, "kept")
    finally:
        for taker in takers:
            taker.close()


async def test_port_that_somebody_was_quicker_to_take_is_an_error(state: Path, kafka: str, monkeypatch: pytest.MonkeyPatch):
    """Another's Kafka, which answers there, is never taken for one's own: with it all records would be gone."""
    taken = int(kafka.rpartition(":")[2])

    def careless(port: int) -> Claim | None:
        return socket.socket() if port == taken else claim(port)

    directory = StateDirectory(state)
    record = directory.acquire()
    record.ports["kafka"] = taken
    directory.save(record)
    directory.release()
    monkeypatch.setattr(local_stack, "Reservations", lambda: Reservations(careless))
    with pytest.raises(StackError, match=r"Kafka ended with exit code 1"):
        await LocalStack(state).__aenter__()
    monkeypatch.undo()
    async with LocalStack(state) as stack:
        assert stack.kafka != kafka


async def test_stale_pid_file_that_names_a_stranger_is_no_obstacle(state: Path):
    """After a crash and a reboot the pid in PostgreSQL's file may be anybody's, here that of process 1."""
    async with LocalStack(state) as stack:
        await store(stack, "kept")
        home = Path(stack.record.postgres_home or state / "postgres")
    (home / "data" / "postmaster.pid").write_text(f"1\n{home / 'data'}\n0\n5432\n\n127.0.0.1\n")
    async with LocalStack(state) as stack:
        assert await postgres.answers(stack.postgres)


async def test_password_is_needed(state: Path):
    """Another user of the machine cannot log in as the administrator."""
    async with LocalStack(state) as stack:
        assert not await postgres.answers(postgres.dsn(stack.record.ports["postgres"], "guessed"))
