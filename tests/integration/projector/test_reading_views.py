"""The views that others may query: what they show is what the read API answers, also after a rebuild; nothing else is shown."""

import re
from pathlib import Path

import asyncpg
import httpx
import pytest

from portfolio_projector.read_models import backlogs, initiatives
from portfolio_projector.rebuilding.rebuilding import rebuild
from tests.integration.projector.conftest import Place, published
from tests.integration.projector.stories import Story
from tests.integration.projector.test_serving import got

API = Path(__file__).resolve().parents[3] / "API.md"


async def test_views_show_what_the_read_api_answers(place: Place):
    """The backlog in order, an initiative with its money, baselines, the log; the same after the tables were exchanged."""
    story = Story("acme", 13)
    async with place.projecting(), place.serving() as client:
        last = await published(place, story, 80)
        reader = await asyncpg.connect(place.reader)
        try:
            for _ in range(2):
                await _compare(client, reader, last)
                for model in (backlogs.MODEL, initiatives.MODEL):
                    await rebuild(place.dsn, model, say=lambda _: None)
        finally:
            await reader.close()


async def _compare(client: httpx.AsyncClient, reader: "asyncpg.Connection[asyncpg.Record]", last: int) -> None:
    backlog = (await got(client, "/products/pay/backlog?limit=1000"))["items"]
    rows = await reader.fetch("SELECT item, position FROM reading.backlog WHERE product = 'pay' ORDER BY position")
    assert [(item["item"], item["position"]) for item in backlog] == [tuple(row) for row in rows]
    apollo = await got(client, "/initiatives/apollo")
    row = await reader.fetchrow("SELECT * FROM reading.initiatives WHERE portfolio = 'acme' AND initiative = 'apollo'")
    assert row is not None
    cost = apollo["money"]["cost"]["value"]
    assert (apollo["state"], cost and cost["minor"], apollo["last_entry"]) == (row["state"], row["cost_minor"], row["last_entry"])
    assert apollo["stage"]["value"] == row["stage"]
    assert row["cost_minor"] == await reader.fetchval("SELECT sum(minor) FROM reading.costs WHERE initiative = 'apollo'")
    kinds = await reader.fetch("SELECT kind, minor FROM reading.costs WHERE initiative = 'apollo'")
    assert {row["kind"] for row in kinds} <= {"cost", "accrual", "reversal"}
    assert all((row["kind"] == "reversal") == (row["minor"] < 0) for row in kinds)
    refused = (await got(client, "/refusals?limit=1000"))["refusals"]
    rows = await reader.fetch("SELECT entry, code, actor, detail FROM reading.refusals ORDER BY entry DESC")
    assert [(one["entry"], one["code"], one["actor"], one["detail"]) for one in refused] == [tuple(row) for row in rows]
    flagged = (await got(client, "/anomalies?limit=1000"))["anomalies"]
    rows = await reader.fetch("SELECT entry, code, subject FROM reading.flags ORDER BY entry DESC, code")
    assert [(one["entry"], one["code"], one["subject"]) for one in flagged if one["found_by"] == "ledger"] == [
        tuple(row) for row in rows
    ]
    versions = [one["version"] for one in (await got(client, "/initiatives/apollo/baselines"))["baselines"]]
    assert versions == [row["version"] for row in await reader.fetch("SELECT version FROM reading.baselines ORDER BY version")]
    packages = [one["work_package"] for one in apollo["work_packages"]]
    found = await reader.fetch('SELECT work_package FROM reading.work_packages ORDER BY work_package COLLATE "C"')
    assert packages == [row["work_package"] for row in found]
    assert await reader.fetchval("SELECT count(*) FROM reading.items") >= len(backlog)
    assert await reader.fetchval("SELECT count(*) FROM reading.item_moves") > 0
    assert await reader.fetchval("SELECT name FROM reading.products") == (await got(client, "/products/pay"))["name"]
    assert await reader.fetchval("SELECT max(entry) FROM reading.entries") == last
    assert await reader.fetchval("SELECT entry_document ->> 'entry' FROM reading.entries WHERE entry = 3") == "3"
    assert await reader.fetchval("SELECT entry FROM reading.progress WHERE read_model = 'backlogs'") == last
    assert await reader.fetchval("SELECT portfolio FROM reading.portfolios") == "acme"


async def test_the_views_are_those_that_the_documentation_names(place: Place):
    """Each of them, and no other; each says what it shows."""
    named = re.search(r"The schema `reading` .*? is a contract, too: (.*?)\. Names", API.read_text(encoding="utf-8"), re.DOTALL)
    assert named is not None
    async with place.connection() as connection:
        views = await connection.fetch(
            "SELECT c.relname AS name, obj_description(c.oid) AS comment FROM pg_class AS c"
            " WHERE c.relnamespace = 'reading'::regnamespace AND c.relkind = 'v'"
        )
    assert {row["name"] for row in views} == set(re.findall(r"`(\w+)`", named[1]))
    assert all(row["comment"] for row in views)


async def test_a_reader_sees_the_views_and_nothing_else(place: Place):
    """No table of a service, no right to write, no function that exchanges tables; who forgets a transaction is let go."""
    reader = await asyncpg.connect(place.reader)
    try:
        assert await reader.fetchval("SELECT count(*) FROM reading.initiatives") == 0
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await reader.execute("SELECT lo_create(0)")  # what PUBLIC may do everywhere
        for limit, value in {"statement_timeout": "1min", "idle_in_transaction_session_timeout": "10s"}.items():
            assert await reader.fetchval(f"SHOW {limit}") == value
        await reader.execute("SET default_transaction_read_only = off")  # a default is no right
        for statement in (
            "SELECT count(*) FROM projector.initiatives",
            "DELETE FROM reading.portfolios",
            "SELECT projector.exchange(ARRAY['backlog_items'], 'projector_before')",
            "CREATE TABLE reading.own (id text)",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await reader.execute(statement)
    finally:
        await reader.close()


async def test_every_view_and_every_column_is_explained(place: Place):
    """What it means, in which unit, and what null means, so that the contract can be read where it is used."""
    async with place.connection() as connection:
        views = await connection.fetch(
            "SELECT relname, obj_description(oid) AS comment FROM pg_class WHERE relnamespace = 'reading'::regnamespace"
        )
        unexplained = await connection.fetch(
            "SELECT c.relname || '.' || a.attname AS column FROM pg_class AS c"
            " JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0"
            " WHERE c.relnamespace = 'reading'::regnamespace AND col_description(c.oid, a.attnum) IS NULL"
        )
    assert len(views) >= 11
    assert [view["relname"] for view in views if not view["comment"]] == []
    assert [row["column"] for row in unexplained] == []
