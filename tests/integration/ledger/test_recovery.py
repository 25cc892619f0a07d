"""What is left of a ledger that ended anyhow: every submission has one verdict, and every verdict is told."""

import asyncio
import json
import signal
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from structlog.testing import capture_logs

from portfolio_deploy.local.ports import Reservations
from portfolio_ledger.intake import loss
from portfolio_log.partitions import partition_of
from tests import waiting
from tests.integration.ledger.conftest import PARTITIONS, Place
from tests.integration.ledger.stories import added, begin, conceived, opened, post, post_batch, reported, until_told

if TYPE_CHECKING:
    import asyncpg

STATE = ("portfolios", "subjects", "entries")


async def stored(connection: "asyncpg.Connection[Any]") -> dict[str, list[tuple[Any, ...]]]:
    """The ledger's state, but for the positions in intake, which are no fold of the log."""
    rows = {
        name: [tuple(row) for row in await connection.fetch(f"SELECT * FROM ledger.{name} ORDER BY 1, 2")]  # noqa: S608  a constant
        for name in STATE
    }
    rows["positions"] = [
        tuple(row)
        for row in await connection.fetch(
            "SELECT partition, next_offset, judged_offset, judged_index FROM ledger.positions ORDER BY 1"
        )
    ]
    return rows


async def until_stored(connection: "asyncpg.Connection[Any]", count: int) -> None:
    """Return once so many entries are stored."""

    async def there() -> bool:
        return await connection.fetchval("SELECT count(*) FROM ledger.entries") == count

    await waiting.until(there, f"{count} entries stored")


async def test_a_state_that_was_dropped_is_made_again_equal(place: Place, portfolio_id: str):
    """Every table is emptied; a ledger that starts folds the log and comes to the same rows, and intake is answered as before."""
    async with place.ledger() as client, place.database() as connection:
        for n in range(5):
            await begin(client, f"{portfolio_id}.{n}")
        items = [added(f"{portfolio_id}.0", f"I{n}") for n in range(30)] + [reported(f"{portfolio_id}.1", "nobody", "1")]
        receipts = (await post_batch(client, items)).json()["receipts"]
        await until_stored(connection, 41)
    async with place.database() as connection:
        before = await stored(connection)
        await connection.execute("TRUNCATE ledger.positions, ledger.portfolios, ledger.subjects, ledger.entries")
    async with place.ledger() as client, place.database() as connection:
        again = (await post_batch(client, items)).json()["receipts"]
        assert again[:-1] == [{**receipt, "verdict": "duplicate"} for receipt in receipts[:-1]]
        assert again[-1]["verdict"] == "refused"
        await until_stored(connection, 42)
        after = await stored(connection)
    kept = {name: [row for row in after[name] if row[:2] != (f"{portfolio_id}.1", 3)] for name in ("entries", "subjects")}
    assert kept == {name: before[name] for name in ("entries", "subjects")}


async def test_a_state_that_other_rules_made_is_made_again(place: Place, portfolio_id: str):
    """A ledger whose rules remember otherwise reads none of it, says so, and folds the log; intake is not answered twice."""
    async with place.ledger() as client, place.database() as connection:
        await begin(client, portfolio_id)
        assert (await post(client, added(portfolio_id, "A"))).status_code == 201
        await until_stored(connection, 3)
    async with place.database() as connection:
        before = await stored(connection)
        told = len(await place.records(place.topics.receipts.name))
        await connection.execute("UPDATE ledger.positions SET fold = NULL")
        await connection.execute("UPDATE ledger.subjects SET version = 99, state = '{}'")
    with capture_logs() as logs:
        async with place.ledger() as client, place.database() as connection:
            assert await stored(connection) == before
            assert len(await place.records(place.topics.receipts.name)) == told
            assert (await post(client, added(portfolio_id, "B"))).json()["version"] == 1
    assert [log["portfolios"] for log in logs if log["event"] == "state-made-anew" and log["end"] == 3] == [1]


async def test_state_dropped_under_a_running_ledger_is_made_again(place: Place, portfolio_id: str):
    """Its next write finds that it is not where it thought; it begins anew, and nothing is recorded twice."""
    async with place.ledger() as client, place.database() as connection:
        await begin(client, portfolio_id)
        await until_stored(connection, 2)
        await connection.execute("TRUNCATE ledger.positions, ledger.portfolios, ledger.subjects, ledger.entries")
        first = await post(client, added(portfolio_id, "A"))
        await until_stored(connection, 3)
        second = await post(client, added(portfolio_id, "B"))
    assert [answer.json()["entry"] for answer in (first, second)] == [2, 3]
    assert [entry.entry for entry in await place.entries(portfolio_id)] == [0, 1, 2, 3]


async def test_what_was_appended_and_not_told_is_told_as_it_was(place: Place, portfolio_id: str):
    """A ledger that dies between append and receipt: the next one finds the entry by its submission, and says `recorded`."""
    name = await place.publish(json.dumps(opened(portfolio_id)).encode(), key=portfolio_id)
    async with place.ledger() as client:
        first = await until_told(client, name)
    async with place.database() as connection:
        # As if it had died just after its append: nothing is stored of it, and intake has not passed the record.
        await connection.execute("TRUNCATE ledger.positions, ledger.portfolios, ledger.subjects, ledger.entries")
    told_before = len(await place.records(place.topics.receipts.name))
    async with place.ledger():

        async def told() -> bool:
            return len(await place.records(place.topics.receipts.name)) > told_before

        await waiting.until(told, "the receipt told again")
    again = (await place.records(place.topics.receipts.name))[-1]
    assert json.loads(again.value) == first
    assert len(await place.entries(portfolio_id)) == 1


async def test_kill_9_while_many_submit_loses_nothing_and_records_nothing_twice(place: Place, portfolio_id: str):
    """Clients retry with the same ids while the ledger is killed again and again: each event is recorded once."""
    reservations = Reservations()
    port = reservations.choose({})["ledger"]
    recorded = dict[str, dict[str, Any]]()

    async def client_at_work(name: str, http: httpx.AsyncClient) -> None:
        for n in range(40):
            while f"{name}{n}" not in recorded:
                try:
                    answer = await post(http, added(portfolio_id, f"{name}{n}"), prefer="wait=5")
                except httpx.TransportError:
                    await asyncio.wait({kills}, timeout=0.05)
                    continue
                if answer.status_code in {200, 201}:
                    recorded[f"{name}{n}"] = answer.json()

    async def kill_now_and_then() -> None:
        for target in (30, 80):
            async with place.process(port) as (process, _):
                await waiting.until(lambda target=target: len(recorded) > target, f"{target} recorded", limit_s=60)
                process.send_signal(signal.SIGKILL)
                await process.wait()

    async with place.ledger() as client:
        await begin(client, portfolio_id)
    kills = asyncio.ensure_future(kill_now_and_then())
    async with AsyncExitStack() as life:
        http = await life.enter_async_context(httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20))
        clients = asyncio.gather(*(client_at_work(name, http) for name in "abcd"))
        await kills
        await life.enter_async_context(place.process(port))
        await clients
    reservations.release()
    entries = await place.entries(portfolio_id)
    by_event = [entry.event["id"] for entry in entries if entry.event]
    assert len(by_event) == len(set(by_event)) == 162
    numbers = {f"add-{name}": receipt["entry"] for name, receipt in recorded.items()}
    assert {entry.event["id"]: entry.entry for entry in entries[2:] if entry.event} == numbers


async def test_a_ledger_stops_when_it_is_told_to(place: Place, portfolio_id: str):
    """SIGTERM: it ends with 0 within seconds, what it answered is stored, and who waited has an answer."""
    reservations = Reservations()
    port = reservations.choose({})["ledger"]
    async with place.process(port) as (process, client):
        assert (await post(client, opened(portfolio_id))).status_code == 201
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            assert await process.wait() == 0
    reservations.release()
    async with place.database() as connection:
        assert await connection.fetchval("SELECT entry FROM ledger.portfolios WHERE portfolio = $1", portfolio_id) == 0
        positions = dict(await connection.fetch("SELECT partition, intake_offset FROM ledger.positions"))
    assert positions[partition_of(portfolio_id, PARTITIONS)] == 1


async def test_postgresql_away_the_door_takes_and_answers_later(place: Place, portfolio_id: str):
    """Sessions are cut and none can be opened: 202 meanwhile, recorded once it is back."""
    async with place.ledger() as client, place.database() as connection:
        await begin(client, portfolio_id)
        name = await connection.fetchval("SELECT current_database()")
        await connection.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT 1')
        await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'portfolio_ledger'")

        async def not_ready() -> bool:
            return not (await client.get("/health/ready")).is_success

        await waiting.until(not_ready, "not ready without PostgreSQL")
        taken = await post(client, added(portfolio_id, "A"), prefer="wait=1")
        await connection.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT -1')
        receipt = await until_told(client, taken.json()["submission"])
    assert taken.status_code == 202
    assert (receipt["verdict"], receipt["entry"]) == ("recorded", 2)


async def test_intake_that_expired_unjudged_is_not_passed_over(place: Place, portfolio_id: str):
    """A position before the first record: that partition is not served, readiness says so, until the loss is accepted."""
    async with place.ledger() as client:
        await post(client, opened(portfolio_id))
    partition = partition_of(portfolio_id, PARTITIONS)
    async with place.database() as connection:
        await connection.execute("UPDATE ledger.positions SET intake_offset = 99 WHERE partition = $1", partition)
    settings = place.settings()
    async with place.ledger(ready=False) as client:

        async def refused() -> bool:
            problems = (await client.get("/health/ready")).json()["problems"]
            return any("INTAKE_LOST" in problem and f"accept-loss {partition}" in problem for problem in problems)

        await waiting.until(refused, "readiness says that intake was lost")
        await loss.accept(settings.kafka, settings.postgres, topic=place.topics.intake.name, partition=partition)

        async def ready() -> bool:
            return (await client.get("/health/ready")).is_success

        await waiting.until(ready, "ready after the loss was accepted")

        answer = await post(client, conceived(portfolio_id))
        assert (answer.status_code, answer.json()["entry"]) == (201, 1)  # readiness says no more than the door does


async def test_nothing_is_accepted_as_lost_that_is_there(place: Place, portfolio_id: str):
    """A healthy partition is left as it is, and the command says so; of one that nobody served it says that too."""
    async with place.ledger() as client:
        await begin(client, portfolio_id)
    settings, partition = place.settings(), partition_of(portfolio_id, PARTITIONS)
    asked: dict[str, Any] = {"topic": place.topics.intake.name, "partition": partition}
    async with place.database() as connection:
        before = await connection.fetch("SELECT * FROM ledger.positions ORDER BY partition")
        with pytest.raises(loss.NothingLost, match=f"Nothing is lost in partition {partition}"):
            await loss.accept(settings.kafka, settings.postgres, **asked)
        assert await connection.fetch("SELECT * FROM ledger.positions ORDER BY partition") == before
        await connection.execute("DELETE FROM ledger.positions WHERE partition = $1", partition)
        with pytest.raises(loss.NoSuchPartition):
            await loss.accept(settings.kafka, settings.postgres, **asked)
