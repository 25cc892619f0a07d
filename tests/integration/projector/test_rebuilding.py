"""Rebuilding beside, switching, going back, and replaying: while reads and projecting go on, and nothing is wrong or missing."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from portfolio_projector.read_models import READ_MODELS, backlogs, initiatives
from portfolio_projector.rebuilding import rebuilding, replaying
from portfolio_projector.rebuilding.rebuilding import NotRebuilt, rebuild
from portfolio_projector.rebuilding.replaying import NotReplayed, Order, replay
from tests import waiting
from tests.integration.projector.conftest import Place, published
from tests.integration.projector.stories import Story, expected, facts, stored

if TYPE_CHECKING:
    import httpx

MODELS = [backlogs.MODEL, initiatives.MODEL]
ROWS = (
    "backlog_products",
    "backlog_items",
    "backlog_moves",
    "backlog_sizes",
    "initiatives",
    "initiative_baselines",
    "work_packages",
    "initiative_costs",
    "initiative_releases",
)

OF_ENTRIES = ("entries", "flags", "refusals", "portfolios", "concerns", "homes")


def quiet(_: str) -> None:
    """Nobody listens."""


@contextlib.asynccontextmanager
async def read_on(client: "httpx.AsyncClient", written: list[int]) -> "AsyncGenerator[list[int]]":
    """Read the backlog and an initiative of what was written last, over and over; each answer must be right. Give their count."""
    count, told = [0], asyncio.Event()

    async def reading() -> None:
        while not told.is_set():
            for path in ("/products/pay/backlog?limit=1000", "/initiatives/apollo"):
                answer = await client.get(f"/portfolios/acme{path}", params={"min_entry": written[-1]})
                assert answer.status_code == 200, answer.text
                body = answer.json()
                again = await client.get(f"/portfolios/acme{path}", params={"as_of": body["entry"]})
                assert _timeless(body) == _timeless(again.json())
                count[0] += 1

    tasks = [asyncio.create_task(reading()) for _ in range(2)]
    try:
        yield count
    finally:
        told.set()
        await asyncio.gather(*tasks)


def _timeless(body: dict[str, Any]) -> dict[str, Any]:
    """An answer without what depends on the day, and on whether it can change."""
    items = [{name: value for name, value in item.items() if name != "age_days"} for item in body.get("items", ())]
    return {**body, "settled": None, "items": items}


async def test_a_rebuild_under_load_is_noticed_by_nobody(place: Place):
    """Both read models are rebuilt again and again while events come and reads go on: every read is right, rows are the fold."""
    story = Story("acme", 5)
    async with place.projecting(), place.serving() as client:
        written, kept = [await published(place, story, 60)], list[Any]()
        kept += story.history.entries
        async with read_on(client, written) as count:
            for model in (*MODELS, *MODELS):
                before = count[0]
                rebuilding_now = asyncio.create_task(rebuild(place.dsn, model, say=quiet))
                while not rebuilding_now.done():
                    written.append(await published(place, story, 5))
                outcome = await rebuilding_now
                assert outcome.equal, [comparison.first for comparison in outcome.comparisons]
                await waiting.until(lambda before=before: _more(count, before), "reads after the switch")
        await place.until_applied("acme", written[-1], read_model="initiatives")
        await place.until_applied("acme", written[-1])
    async with place.connection() as connection:
        assert await connection.fetchval("SELECT min(generation) FROM projector.positions WHERE read_model = 'backlogs'") == 2
        rows = await stored(connection)
        values = [row["value"] for row in await connection.fetch("SELECT value FROM projector.entries ORDER BY entry")]
    wanted = expected(facts(_entries(values), range(len(values))))
    assert {name: rows[name] for name in ROWS} == {name: wanted[name] for name in ROWS}


async def _more(count: Sequence[int], before: int) -> bool:
    return count[0] > before + 4


def _entries(values: Sequence[bytes]) -> list[Any]:
    from portfolio_schemas.entries import read  # noqa: PLC0415  only here

    return [read(value) for value in values]


async def test_what_differs_is_named_then_replaced_and_can_be_brought_back(place: Place):
    """A row was altered, one is gone, one too many: a dry run says so, a rebuild mends it, the way back undoes that."""
    story = Story("acme", 6)
    async with place.projecting():
        last = await published(place, story, 40)
        async with place.connection() as connection:
            first = await connection.fetchval("SELECT min(item) FROM projector.backlog_items")
            await connection.execute("UPDATE projector.backlog_items SET title = 'forged' WHERE item = $1", first)
            gone = await connection.fetchval("SELECT max(item) FROM projector.backlog_items")
            await connection.execute("DELETE FROM projector.backlog_items WHERE item = $1", gone)
            await connection.execute("UPDATE projector.backlog_products SET portfolio = 'other'")
        outcome = await rebuild(place.dsn, backlogs.MODEL, say=quiet, switch=False)
        told = [str(difference) for comparison in outcome.comparisons for difference in comparison.first]
        assert not outcome.equal
        assert any(f"backlog_items (acme/{first}), column title: 'forged' is live, the fold gives" in line for line in told)
        assert any(f"backlog_items (acme/{gone}) is missing in the live table" in line for line in told)
        assert any("backlog_products (other/pay) is only in the live table" in line for line in told)
        async with place.connection() as connection:
            assert await connection.fetchval("SELECT title FROM projector.backlog_items WHERE item = $1", first) == "forged"
            assert await connection.fetchval("SELECT to_regclass('projector_beside.backlog_items')") is None
        await rebuild(place.dsn, backlogs.MODEL, say=quiet)
        assert (await rebuild(place.dsn, backlogs.MODEL, say=quiet, switch=False)).equal
        assert await rebuilding.go_back(place.dsn, backlogs.MODEL) == backlogs.MODEL.folding.version
        async with place.connection() as connection:
            assert await connection.fetchval("SELECT title FROM projector.backlog_items WHERE item = $1", first) == "forged"
        await rebuild(place.dsn, backlogs.MODEL, say=quiet)
        story.play(10)
        async with place.writer() as writer:
            await writer.write(story.history)
        await place.until_applied("acme", story.history.head.entry)
        assert story.history.head.entry > last
        assert (await rebuild(place.dsn, backlogs.MODEL, say=quiet, switch=False)).equal


async def test_rows_are_compared_by_what_makes_them_one(place: Place):
    """The key of each table is its primary key in PostgreSQL: rows that share a key would be compared in any order."""
    async with place.connection() as connection:
        for table in (table for model in READ_MODELS for table in model.tables):
            columns = await connection.fetch(
                "SELECT a.attname FROM pg_index AS i"
                " CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)"
                " JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum"
                " WHERE i.indrelid = $1::text::regclass AND i.indisprimary ORDER BY k.place",
                f"projector.{table.name}",
            )
            assert table.key == tuple(name for (name,) in columns), table.name


async def test_rows_of_a_new_version_take_the_place_of_the_old_ones(place: Place):
    """The program that folds another version refuses until it has rebuilt; then the other one refuses, and reads say so."""
    newer = replace(backlogs.MODEL, folding=replace(backlogs.MODEL.folding, version=backlogs.MODEL.folding.version + 1))
    story = Story("acme", 7)
    async with place.serving() as client:
        async with place.projecting():
            await published(place, story, 20)
        outcome = await rebuild(place.dsn, newer, say=quiet)
        assert (outcome.old_version, outcome.new_version) == (backlogs.MODEL.folding.version, newer.folding.version)
        answer = await client.get("/portfolios/acme/products/pay/backlog")
        assert (answer.status_code, answer.json()["code"]) == (503, "READ_MODEL_VERSION")
        async with place.projecting() as task:
            done, _ = await asyncio.wait({task}, timeout=30)
            assert done, "the older program goes on with rows of a newer version"
        assert await rebuilding.go_back(place.dsn, backlogs.MODEL) == backlogs.MODEL.folding.version
        assert (await client.get("/portfolios/acme/products/pay/backlog")).status_code == 200


async def test_what_cannot_be_rebuilt_changes_nothing(place: Place):
    """A fold that fails where the live one does not; entries that are not linked; two at once; no rows from before."""
    story = Story("acme", 8)
    async with place.projecting():
        await published(place, story, 20)
        broken = replace(backlogs.MODEL, folding=replace(backlogs.MODEL.folding, fold=_refuse))
        with pytest.raises(NotRebuilt, match="end before entry"):
            await rebuild(place.dsn, broken, say=quiet)
        with pytest.raises(NotRebuilt, match="no rows of backlogs from before"):
            await rebuilding.go_back(place.dsn, backlogs.MODEL)
        async with place.connection() as another:
            await another.execute("SELECT pg_advisory_lock($1, hashtext('backlogs'))", rebuilding.LOCK)
            with pytest.raises(NotRebuilt, match="is being rebuilt already"):
                await rebuild(place.dsn, backlogs.MODEL, say=quiet)
        entries_model = READ_MODELS[0]
        with pytest.raises(NotRebuilt, match="cannot be rebuilt beside itself"):
            await rebuild(place.dsn, entries_model, say=quiet)
        assert (await rebuild(place.dsn, backlogs.MODEL, say=quiet, switch=False)).equal


def _refuse(*_: object) -> None:
    raise ValueError("no")


async def test_a_replay_proves_what_is_kept(place: Place):
    """From the log alone: the same digests twice, equal to what is kept now and then; a forged row or entry is named."""
    story = Story("acme", 9)
    async with place.projecting():
        last = await published(place, story, 50)
    topic = place.family.ledger.name

    async def replayed(**wanted: Any) -> replaying.Replay:  # noqa: ANN401  fields of an order
        return await replay(place.kafka, place.dsn, topic, Order(portfolio="acme", **wanted), READ_MODELS)

    first, again = await replayed(), await replayed(compare=True)
    assert (last, first.digests) == (again.entry, again.digests)
    assert again.equal
    assert {comparison.table for comparison in again.comparisons} == {*OF_ENTRIES, *ROWS}
    past = await replayed(as_of=last // 2, compare=True)
    assert past.equal
    assert past.entry == last // 2
    assert past.digests != first.digests
    async with place.connection() as connection:
        await connection.execute("UPDATE projector.initiatives SET cost = cost + 1")
        await connection.execute("UPDATE projector.entries SET value = value || ' '::bytea WHERE entry = 3")
        await connection.execute("DELETE FROM projector.entries WHERE entry = 5")
    forged = await replayed(compare=True)
    told = [str(difference) for comparison in forged.comparisons for difference in comparison.first]
    assert not forged.equal
    assert any(line.startswith("entries (acme/3), column value") for line in told)
    assert any(line.startswith("entries (acme/5) is missing in the live table") for line in told)
    assert any(line.startswith("initiatives (acme/apollo), column cost") and "last changed by entry" in line for line in told)
    with pytest.raises(NotReplayed, match="ends with entry"):
        await replayed(as_of=last + 1)
    with pytest.raises(NotReplayed, match="no entry of nobody"):
        await replay(place.kafka, place.dsn, topic, Order(portfolio="nobody"), READ_MODELS)


FORGERIES = {
    "entries (acme/4), column type": "UPDATE projector.entries SET type = 'portfolio.x.y-done.v1' WHERE entry = 4",
    "entries (acme/6), column happened_at": "UPDATE projector.entries SET happened_at = '2001-01-01Z' WHERE entry = 6",
    "flags (acme/4/": "INSERT INTO projector.flags VALUES ('acme', 4, 'OVERSPENT', 'item/X', '/forger')",
    "refusals (acme/4)": "INSERT INTO projector.refusals VALUES ('acme', 4, 'GATE', 'item/X', '/forger')",
    "portfolios (acme), column currency": "UPDATE projector.portfolios SET currency = 'USD'",
    "concerns (acme/product/pay/": "DELETE FROM projector.concerns WHERE member = 'product/pay' AND since = entry AND entry > 20",
    "concerns (acme/product/nobody/": "INSERT INTO projector.concerns VALUES ('acme', 'product/nobody', 3, 9, 3)",
    "homes (acme/item/": "UPDATE projector.homes SET member = 'product/nobody' WHERE subject LIKE 'item/%'",
}
"""A row of each table that all answers are told by, and what names it."""


@pytest.mark.parametrize("named", FORGERIES)
async def test_a_replay_names_what_was_forged_of_what_answers_are_told_by(place: Place, named: str):
    """What has no tables of its own is told by rows about entries: whatever of them the log does not know is found."""
    story = Story("acme", 9)
    async with place.projecting():
        last = await published(place, story, 50)
    async with place.connection() as connection:
        assert (await connection.execute(FORGERIES[named])).split()[-1] != "0"
    order = Order(portfolio="acme", compare=True)
    for wanted in (order, replace(order, as_of=last - 1)):
        forged = await replay(place.kafka, place.dsn, place.family.ledger.name, wanted, READ_MODELS)
        told = [str(difference) for comparison in forged.comparisons for difference in comparison.first]
        assert any(line.startswith(named) for line in told) or (wanted.as_of is not None and named.startswith("homes")), told
