"""A log that lost records, in every way that was thought of: who stops, what an operator does, and that everybody goes on."""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from typing import Any

import asyncpg
import httpx
import pytest

from portfolio_deploy import migrations
from portfolio_log.log import Record
from portfolio_log.partitions import partition_of
from portfolio_projector.instructions.storage import Wish
from portfolio_schemas import entries
from portfolio_schemas.entries import Entry
from tests import waiting
from tests.integration.ledger.conftest import PARTITIONS
from tests.integration.ledger.stories import added, begin, post
from tests.integration.operators.conftest import Site, publish, readiness

Keep = Callable[[int, list[Record]], Sequence[tuple[str, bytes]]]


def first(portfolio: str, count: int, *more: bytes) -> Keep:
    """Keep the first entries of a portfolio, and all of everybody else; add records at the end."""

    def keep(partition: int, records: list[Record]) -> Sequence[tuple[str, bytes]]:
        own = partition == partition_of(portfolio, PARTITIONS)
        kept = [pair for pair in map(pair_of, records) if pair[0] != portfolio or number(pair[1]) < count]
        return [*kept, *((portfolio, value) for value in more if own)]

    return keep


def pair_of(record: Record) -> tuple[str, bytes]:
    """Key and value of a record."""
    return (record.key or b"").decode(), record.value or b""


def number(value: bytes) -> int:
    """The number of an entry."""
    item = entries.read(value)
    assert isinstance(item, Entry)
    return item.entry


async def tell_a_story(site: Site, portfolio: str, count: int = 12) -> list[Entry]:
    """Run the services, record so many reports in a few appends, and see all of it projected and stored."""
    async with site.running() as client:
        await begin(client, portfolio)
        assert (await post(client, added(portfolio, "A"))).status_code == 201
        for n in range(0, count, 4):
            await publish(client, portfolio, n, 4)
        assert await site.is_sound(portfolio) == count + 2
    return await site.entries(portfolio)


async def until_lost(site: Site, client: httpx.AsyncClient, portfolio: str, *, projector: bool = True) -> None:
    """Return once the partition is lost: readiness, door and the projector's status say so."""
    partition = partition_of(portfolio, PARTITIONS)

    async def lost() -> bool:
        problems = (await readiness(client))["problems"]
        answer = await post(client, added(portfolio, "L"), prefer="wait=1")
        async with site.projectors.connection() as connection:
            said = await connection.fetchval("SELECT max(lost) FROM projector.positions WHERE partition = $1", partition)
        at_the_door = (answer.status_code, answer.json().get("code")) == (503, "LOG_LOST")
        told = any(f"Partition {partition}" in problem and "LOG_LOST" in problem for problem in problems)
        named = (await readiness(client))["lost"]
        command = f"portfolio repair --partition {partition}"
        told = told and [(one["partition"], one["code"], one["command"]) for one in named] == [(partition, "LOG_LOST", command)]
        return told and at_the_door and (not projector or (said or "").startswith("LOG_LOST"))

    await waiting.until(lost, "LOG_LOST everywhere", limit_s=60)


async def shown_as_lost(site: Site, client: httpx.AsyncClient, partition: int) -> None:
    """The read API is not ready either, and names the partition and the command; both count it; both live."""
    async with site.projectors.serving() as reader:
        answer = await reader.get("/health/ready")
        assert (answer.status_code, answer.json()["status"]) == (503, "not ready")
        assert [(one["partition"], one["command"]) for one in answer.json()["lost"]] == [
            (partition, f"portfolio repair --partition {partition}")
        ]
        assert "portfolio_projector_lost_partitions 1.0" in (await reader.get("/metrics")).text
        assert (await reader.get("/health/live")).status_code == 200

    async def counted() -> bool:
        return f'ledger_partition_lost{{partition="{partition}"}} 1.0' in (await client.get("/metrics")).text

    await waiting.until(counted, "the ledger counts it")
    assert (await client.get("/health/live")).status_code == 200


async def resume_everything(site: Site, portfolio: str, *, partition: bool = True) -> None:
    """Resume ledger and projector, and see that both do."""
    number_ = partition_of(portfolio, PARTITIONS) if partition else None
    wish = Wish(portfolio=None if partition else portfolio, actor="ines")
    for answer in (
        await site.resume_projector(wish, partition=number_),
        await site.resume_ledger(None if partition else portfolio, partition=number_),
    ):
        assert answer.done, answer.text


async def goes_on(site: Site, client: httpx.AsyncClient, portfolio: str) -> int:
    """See the portfolio open again, record more, and find everything sound; return the last entry."""

    async def open_again() -> bool:
        return (await post(client, added(portfolio, "Z"), prefer="wait=2")).status_code in {200, 201}

    await waiting.until(open_again, "the door open again", limit_s=60)
    await publish(client, portfolio, 100, 3)
    return await site.is_sound(portfolio)


async def test_an_older_copy_of_the_log_is_filled_up_again(site: Site, portfolio_id: str):
    """Both readers hold more: both stop and say why; the repair puts the same bytes back, and both go on without a loss."""
    log = await tell_a_story(site, portfolio_id)
    await site.replace_log(first(portfolio_id, 7))
    async with site.running(ready=False) as client:
        await until_lost(site, client, portfolio_id)
        await shown_as_lost(site, client, partition_of(portfolio_id, PARTITIONS))
        early = await site.resume_ledger(portfolio_id)
        assert not early.done
        assert f"Entries 7 to 14 of {portfolio_id} are not in the log." in early.text
        done, said = await site.repair(portfolio_id, agree=False)
        assert not done
        assert "puts back entries 7 to 14 (8), kept by the projector" in said
        assert len(await site.entries(portfolio_id)) == 7, "nothing is written before it is agreed to"
        done, said = await site.repair(portfolio_id)
        assert done, said
        assert (await site.entries(portfolio_id))[:15] == log
        await resume_everything(site, portfolio_id)
        await goes_on(site, client, portfolio_id)
        again, said = await site.repair(portfolio_id)
        assert (again, said) == (True, f"The log of {portfolio_id} is in order.")


async def test_a_whole_partition_is_filled_up_again(site: Site, portfolio_id: str):
    """The topic is deleted and made anew, empty, while everything runs: `repair --partition` restores all portfolios of it."""
    partition = partition_of(portfolio_id, PARTITIONS)
    beside = next(name for n in range(1000) if partition_of(name := f"{portfolio_id}.{n}", PARTITIONS) == partition)
    async with site.running(ready=False) as client:
        for name in (portfolio_id, beside):
            await begin(client, name)
            assert (await post(client, added(name, "A"))).status_code == 201
            await publish(client, name, 0, 5)
            await site.is_sound(name)
        log = [entry.value for entry in await site.entries(portfolio_id)]
        await site.replace_log(lambda _partition, _records: [])
        await until_lost(site, client, portfolio_id)
        done, said = await site.repair(partition=partition)
        assert done, said
        await resume_everything(site, portfolio_id)
        await goes_on(site, client, portfolio_id)
        await goes_on(site, client, beside)
    assert [entry.value for entry in await site.entries(portfolio_id)][: len(log)] == log


async def test_a_ledger_without_state_does_not_write_into_an_older_copy(site: Site, portfolio_id: str):
    """Only the projector holds more: the comparison of heads stops the ledger, which goes on by itself after the repair."""
    log = await tell_a_story(site, portfolio_id)
    await site.replace_log(first(portfolio_id, 7))
    await site.execute("TRUNCATE ledger.positions, ledger.portfolios, ledger.subjects, ledger.entries")
    async with site.running(ready=False) as client:
        await until_lost(site, client, portfolio_id)
        assert len(await site.entries(portfolio_id)) == 7
        done, said = await site.repair(portfolio_id)
        assert done, said
        answer = await site.resume_projector(Wish(actor="ines"), partition=partition_of(portfolio_id, PARTITIONS))
        assert answer.done, answer.text
        await goes_on(site, client, portfolio_id)
    assert (await site.entries(portfolio_id))[:15] == log


async def test_a_ledger_of_other_rules_forgets_nothing_that_the_log_has_lost(site: Site, portfolio_id: str):
    """What older rules folded is made anew when the log holds all of it, and not before: by an operator's word, or by itself."""
    log = await tell_a_story(site, portfolio_id)
    await site.replace_log(first(portfolio_id, 7))
    await site.execute("UPDATE ledger.positions SET fold = 'of other rules'", "UPDATE ledger.subjects SET version = version + 1")
    async with site.running(ready=False) as client:
        await until_lost(site, client, portfolio_id)
        done, said = await site.repair(portfolio_id)
        assert done, said
        await resume_everything(site, portfolio_id)
        await goes_on(site, client, portfolio_id)
    assert (await site.entries(portfolio_id))[:15] == log


async def test_what_nobody_can_put_back_is_given_up_by_name_and_its_submissions_are_judged_again(site: Site, portfolio_id: str):
    """Only the ledger holds more, and no bytes: repair refuses; abandon and resume; what is in intake is recorded anew."""
    log = await tell_a_story(site, portfolio_id)
    await site.replace_log(first(portfolio_id, 7))
    await site.forget("projector")
    async with site.running(ready=False) as client:
        await until_lost(site, client, portfolio_id, projector=False)
        done, said = await site.repair(portfolio_id)
        assert not done
        assert "the ledger holds entry 14" in said
        assert f"portfolio abandon {portfolio_id} --after 6" in said
        for after, why in ((5, "nothing can be taken out of a log"), (9, "Nobody has entry 9")):
            refused, said = await site.repair(portfolio_id, after=after)
            assert not refused
            assert why in said
        done, said = await site.repair(portfolio_id, after=6)
        assert done, said
        twice, said = await site.repair(portfolio_id, after=6)
        assert not twice
        assert "in the log already" in said
        await resume_everything(site, portfolio_id)
        await goes_on(site, client, portfolio_id)
    after = await site.entries(portfolio_id)
    assert [entry.hash for entry in after[:7]] == [entry.hash for entry in log[:7]]
    assert ids_of(after) >= ids_of(log), "an acknowledged event is lost"


def ids_of(log: Sequence[Entry]) -> set[str]:
    """The ids of the recorded events."""
    return {str(entry.event["id"]) for entry in log if entry.event}


def other(after: Entry, count: int) -> list[Entry]:
    """Other entries than those that follow an entry, as a judge who knew no better would have made them."""
    made, head = list[Entry](), after
    base: dict[str, Any] = {**after.document}
    for n in range(count):
        following = {"entry": head.entry + 1, "append": head.entry + 1, "previous": head.hash, "version": base["version"] + n + 1}
        event = {**base["event"], "id": f"other-{n}"}
        head = entries.build({**base, **following, "event": event, "submission": f"0-{1000 + n}-0"})
        made.append(head)
    return made


@pytest.mark.parametrize("ledger_has_forgotten", [False, True])
async def test_a_log_that_went_on_otherwise_is_accepted_by_abandoning(
    site: Site, portfolio_id: str, *, ledger_has_forgotten: bool
):
    """Other records stand where readers have been, or where only the projector has: nobody goes on, and nothing is mixed."""
    log = await tell_a_story(site, portfolio_id)
    forked = other(log[6], 15)
    await site.replace_log(first(portfolio_id, 7, *(entry.value for entry in forked)))
    if ledger_has_forgotten:
        await site.execute("TRUNCATE ledger.positions, ledger.portfolios, ledger.subjects, ledger.entries")
    async with site.running(ready=False) as client:

        async def stopped() -> bool:
            answer = await post(client, added(portfolio_id, "L"), prefer="wait=1")
            return answer.json().get("code") == "LOG_LOST"

        await waiting.until(stopped, "the door closed", limit_s=60)
        done, said = await site.repair(portfolio_id)
        assert not done
        assert f"portfolio abandon {portfolio_id} --after 21" in said
        done, said = await site.repair(portfolio_id, after=21)
        assert done, said
        await resume_everything(site, portfolio_id, partition=False)
        await goes_on(site, client, portfolio_id)
        async with site.projectors.connection() as connection:
            query = "SELECT encode(hash, 'hex') FROM projector.abandoned_entries WHERE portfolio = $1 ORDER BY entry"
            evidence = [row[0] for row in await connection.fetch(query, portfolio_id)]
        assert evidence == [entry.hash for entry in log[7:]]


async def test_a_copy_with_other_offsets_is_read_on_from_without_an_operator(site: Site, portfolio_id: str):
    """The same entries behind a few strays: not the log that was read, but all is there, as the readers find by themselves."""
    log = await tell_a_story(site, portfolio_id)

    def shifted(_partition: int, records: list[Record]) -> Sequence[tuple[str, bytes]]:
        return [("stray", b"nothing")] * 3 + [pair_of(record) for record in records]

    await site.replace_log(shifted)
    async with site.running(ready=False) as client:
        done, said = await site.repair(portfolio_id)
        assert (done, said) == (True, f"The log of {portfolio_id} is in order.")
        await goes_on(site, client, portfolio_id)
    assert (await site.entries(portfolio_id))[:15] == log


async def test_a_hole_is_filled_and_what_stood_behind_it_is_put_back_too(site: Site, portfolio_id: str):
    """Entries in the middle are gone: those behind are orphans; the missing ones are put back, then those, and all are there."""
    log = await tell_a_story(site, portfolio_id)

    def without_a_middle(_partition: int, records: list[Record]) -> Sequence[tuple[str, bytes]]:
        gone = {entry.value for entry in log[5:9]}
        return [pair_of(record) for record in records if record.value not in gone]

    await site.replace_log(without_a_middle)
    async with site.running(ready=False) as client:
        await until_lost(site, client, portfolio_id)
        done, said = await site.repair(portfolio_id)
        assert done, said
        assert "puts back entries 5 to 14 (10), kept by the projector" in said
        assert "sets aside 6 records" in said
        await resume_everything(site, portfolio_id)
        await goes_on(site, client, portfolio_id)
    assert [entry.value for entry in (await site.entries(portfolio_id))[:15]] == [entry.value for entry in log]


async def test_a_repair_that_was_interrupted_goes_on_where_it_was(site: Site, portfolio_id: str):
    """Some entries are back already; run again it puts back the rest; two at once do not get in each other's way."""
    log = await tell_a_story(site, portfolio_id)
    await site.replace_log(first(portfolio_id, 3))
    await site.append(portfolio_id, *(entry.value for entry in log[3:7]))
    answers = await asyncio.gather(*(site.repair(portfolio_id) for _ in range(3)))
    assert any(done for done, _ in answers)
    assert all(done or "Somebody else is repairing" in said for done, said in answers)
    assert [entry.value for entry in await site.entries(portfolio_id)] == [entry.value for entry in log]
    async with site.running(ready=False) as client:
        await resume_everything(site, portfolio_id)
        assert await goes_on(site, client, portfolio_id) == 18


async def test_a_database_restored_from_an_older_backup_heals_by_itself(site: Site, portfolio_id: str):
    """Rows and positions of ledger and projector are older, and agree: both read on from there, and nothing is recorded twice."""
    await tell_a_story(site, portfolio_id, 4)
    name = site.ledgers.admin.rpartition("/")[2]
    backup = f"backup_{secrets.token_hex(4)}"
    server = migrations.with_database(site.ledgers.admin, "postgres")
    await administer(server, f"CREATE DATABASE {backup} TEMPLATE {name}")
    async with site.running() as client:
        await publish(client, portfolio_id, 10, 6)
        assert await site.is_sound(portfolio_id) == 12
        await administer(
            server,
            f"DROP DATABASE {name} WITH (FORCE)",
            f"CREATE DATABASE {name} TEMPLATE {backup} OWNER portfolio_owner",
            f"DROP DATABASE {backup}",
        )
        await site.until_projected(portfolio_id, 12)
        answer = await post(client, added(portfolio_id, "A"))
        assert answer.json()["verdict"] == "duplicate"
        await publish(client, portfolio_id, 20, 3)
        assert await site.is_sound(portfolio_id) == 15


async def administer(server: str, *statements: str) -> None:
    """Change databases as the server's administrator."""
    connection = await asyncpg.connect(server)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_an_empty_database_is_made_again_from_the_log_alone(site: Site, portfolio_id: str):
    """Everything that both services hold is dropped: entries, verdicts and rows are the same again."""
    log = await tell_a_story(site, portfolio_id)
    await site.forget("ledger")
    await site.forget("projector")
    async with site.running() as client:
        assert await goes_on(site, client, portfolio_id) == 18
    assert (await site.entries(portfolio_id))[:15] == log
