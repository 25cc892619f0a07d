"""What a ledger does not take, or not now: limits, back-pressure, a broker that is away, settings that would not be safe."""

import asyncio
import json
import sys
from collections.abc import Mapping

import pytest

from portfolio_ledger import application
from portfolio_ledger.http.publishing import Publisher
from portfolio_log import topics
from portfolio_log.partitions import partition_of
from portfolio_log.topics import Topics, WrongTopic
from tests.integration.ledger.conftest import PARTITIONS, Place, bare_environment
from tests.integration.ledger.stories import BATCH, begin, opened, post, post_batch, reported

BASE = {"PORTFOLIO_KAFKA": "127.0.0.1:1", "PORTFOLIO_POSTGRES": "postgresql://nobody@127.0.0.1:1/none"}


async def test_too_many_waiting_submissions_are_429(place: Place, portfolio_id: str):
    """With a Retry-After; what fits is taken."""
    async with place.ledger(waiting_max=10) as client:
        await begin(client, portfolio_id)
        refused = await post_batch(client, [reported(portfolio_id, "A", str(n)) for n in range(11)])
        taken = await post_batch(client, [reported(portfolio_id, "A", str(n)) for n in range(10)])
    assert (refused.status_code, refused.json()["code"]) == (429, "TOO_MANY_WAITING")
    assert int(refused.headers["retry-after"]) > 0
    assert taken.status_code == 200


async def test_a_source_that_is_refused_too_often_is_429(place: Place, portfolio_id: str):
    """It alone; another source is judged."""
    async with place.ledger(refusals_max=5) as client:
        await begin(client, portfolio_id)
        await post_batch(client, [reported(portfolio_id, "nobody", str(n)) for n in range(5)])
        refused = await post(client, reported(portfolio_id, "nobody", "6"))
        other = await post(client, reported(portfolio_id, "nobody", "6", source="/other"))
    assert (refused.status_code, refused.json()["code"]) == (429, "REFUSED_TOO_OFTEN")
    assert 0 < int(refused.headers["retry-after"]) <= 61
    assert other.status_code == 422


async def test_a_broker_that_does_not_answer_is_503(place: Place, portfolio_id: str, monkeypatch: pytest.MonkeyPatch):
    """With a Retry-After, and nothing is lost when the client tries again with the same id."""
    async with place.ledger() as client:
        working = Publisher._running

        async def away(publisher: Publisher) -> None:
            assert publisher
            raise TimeoutError

        monkeypatch.setattr(Publisher, "_running", away)
        answer = await post(client, opened(portfolio_id))
        monkeypatch.setattr(Publisher, "_running", working)
        again = await post(client, opened(portfolio_id))
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "NO_BROKER", "2")
    assert again.status_code == 201


async def test_intake_that_is_a_day_behind_is_503(place: Place, portfolio_id: str):
    """A submission older than a day that is not judged closes the door of its partition, until it is."""
    partition = partition_of(portfolio_id, PARTITIONS)
    yesterday = 24 * 60 * 60 * 1000 + 60_000
    await place.publish(json.dumps(opened(portfolio_id)).encode(), key=portfolio_id, age_ms=yesterday)
    async with place.database() as connection:
        # Somebody else holds the partition, and does not judge.
        await connection.execute(
            "INSERT INTO ledger.positions (partition, next_offset, intake_offset) VALUES ($1, 0, 0)", partition
        )
        await connection.execute("SELECT pg_advisory_lock($1::integer, $2::integer)", 0x4C454447, partition)
        async with place.ledger(ready=False) as client:
            async with asyncio.timeout(60):
                while (answer := await post(client, opened(portfolio_id), prefer="wait=0")).status_code == 202:
                    pass
    assert (answer.status_code, answer.json()["code"]) == (503, "BEHIND")


async def test_a_batch_of_a_thousand_is_taken_and_one_more_is_not(place: Place, portfolio_id: str):
    """The limits of the contract, on the real way."""
    async with place.ledger() as client:
        await begin(client, portfolio_id)
        events = [reported(portfolio_id, "nobody", str(n), source=f"/{n}") for n in range(1000)]
        taken = await post_batch(client, events)
        refused = await post_batch(client, [*events, events[0]])
        large = await client.post("/events", content=b" " * (4 * 1024 * 1024 + 1), headers=BATCH)
    assert len(taken.json()["receipts"]) == 1000
    assert (refused.status_code, refused.json()["code"]) == (413, "TOO_LARGE")
    assert (large.status_code, large.json()["code"]) == (413, "TOO_LARGE")


async def run(environment: Mapping[str, str], *interpreter: str) -> tuple[int, str]:
    """Run the command; return its exit code and what it says on stderr."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *interpreter, "-m", "portfolio_ledger", "run",
        env={**bare_environment(), **environment},
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(60):
            _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, said.decode()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "ledger.example.com"])  # noqa: S104  what must be refused
async def test_no_address_but_loopback_is_bound_without_authentication(host: str):
    """Exit 2, and one sentence that says what to do."""
    code, said = await run({**BASE, "PORTFOLIO_HOST": host})
    assert code == 2
    assert "PORTFOLIO_AUTHENTICATION" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("environment", "interpreter", "code", "word"),
    [
        ({"PORTFOLIO_KAFKA": "127.0.0.1:1"}, (), 2, "PORTFOLIO_POSTGRES"),
        ({**BASE, "PORTFOLIO_PORT": "http"}, (), 2, "PORTFOLIO_PORT"),
        (BASE, ("-O",), 2, "-O"),
    ],
)
async def test_it_refuses_to_run_with_one_sentence(
    environment: dict[str, str], interpreter: tuple[str, ...], code: int, word: str
):
    """Wrong configuration, or assertions switched off."""
    exit_code, said = await run(environment, *interpreter)
    assert exit_code == code
    assert word in said
    assert len(said.splitlines()) == 1


async def test_it_refuses_a_taken_address_and_topics_that_are_not_there(place: Place):
    """Exit 1 with the reason."""
    settings = {"PORTFOLIO_KAFKA": place.kafka, "PORTFOLIO_POSTGRES": place.dsn, "PORTFOLIO_TOPIC_PREFIX": place.prefix}
    code, said = await run({**settings, "PORTFOLIO_PORT": "0", "PORTFOLIO_TOPIC_PREFIX": "nobody-made-these."})
    assert (code, "does not exist" in said) == (1, True)
    async with place.ledger() as client:
        code, said = await run({**settings, "PORTFOLIO_PORT": str(client.base_url.port)})
        assert (code, "cannot be listened on" in said) == (1, True)


async def test_the_database_of_another_log_is_refused(place: Place):
    """What is stored of one log would be taken for the other's; nor are topics made for it."""
    async with place.ledger():
        pass
    settings = place.settings(topic_prefix=f"{place.prefix}other.", create_topics=True)
    listening = application.listen(settings)
    try:
        with pytest.raises(WrongTopic, match=f"belongs to the log {place.topics.ledger.name}, not to "):
            await application.run(settings, asyncio.Event(), listening)
    finally:
        listening.close()
    with pytest.raises(WrongTopic, match="does not exist"):
        await topics.guard(place.kafka, Topics(settings.topic_prefix))
