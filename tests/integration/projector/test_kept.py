"""Answers that are given again while nothing that they rest on has changed."""

from datetime import datetime, timedelta, tzinfo
from typing import Self

import httpx
import pytest

from portfolio_projector.http import kept, metrics
from tests.integration.projector.conftest import Place, published
from tests.integration.projector.stories import Story

ROOT = "/portfolios/acme"
BACKLOG = f"{ROOT}/products/pay/backlog"
PATHS = (
    BACKLOG,
    f"{BACKLOG}?limit=1",
    f"{BACKLOG}?min_entry=3",
    f"{ROOT}/initiatives",
    f"{ROOT}/initiatives/apollo",
    f"{ROOT}/initiatives/apollo/performance",
    f"{ROOT}/products/pay/flow",
    f"{ROOT}/overview",
)


def given_again() -> float:
    """How many answers were given again, as the metrics say."""
    return next(iter(metrics.GIVEN_AGAIN.collect())).samples[0].value


async def read(client: httpx.AsyncClient, path: str, *, again: bool, **headers: str) -> httpx.Response:
    """Read a path; tell whether the answer should be one that was given before."""
    before = given_again()
    answer = await client.get(path, headers=headers)
    assert answer.status_code in {200, 304}, answer.text
    assert (path, given_again() - before) == (path, again)
    return answer


async def test_an_answer_is_given_again_until_something_is_recorded(place: Place):
    """The same bytes and headers from memory; after another entry none of the old ones, from whichever read model it was."""
    story = Story("acme", 3)
    async with place.projecting(), place.serving() as client:
        for steps in (40, 1, 3):
            head = await published(place, story, steps)
            for path in PATHS:
                first = await read(client, path, again=False)
                second = await read(client, path, again=True)
                assert (first.content, first.headers["etag"]) == (second.content, second.headers["etag"])
                assert {*first.headers} == {*second.headers}
                assert second.headers["ledger-entry"] == f"acme@{head}"


async def test_every_form_of_an_answer_is_kept_by_itself(reading: httpx.AsyncClient):
    """JSON and CSV, packed or not: what a client does not take it never gets."""
    path = f"{BACKLOG}?limit=1000"
    forms = [
        {"accept": accept, "accept-encoding": coding}
        for accept in ("application/json", "text/csv")
        for coding in ("identity", "gzip")
    ]
    first = [await read(reading, path, again=False, **form) for form in forms]
    second = [await read(reading, path, again=True, **form) for form in forms]
    assert [one.content for one in first] == [one.content for one in second]
    assert [one.headers["content-type"] for one in first] == [one.headers["content-type"] for one in second]
    assert [one.headers.get("content-encoding") for one in second] == [one.headers.get("content-encoding") for one in first]


async def test_what_the_client_holds_is_not_sent_from_memory_either(reading: httpx.AsyncClient):
    """A 304 as the first time, with the tag of the form that the client holds."""
    path = f"{ROOT}/initiatives?limit=7"
    tag = (await read(reading, path, again=False)).headers["etag"]
    held = await read(reading, path, again=True, **{"if-none-match": f'W/"x", {tag}'})
    assert (held.status_code, held.content, held.headers["etag"]) == (304, b"", tag)
    assert (await read(reading, path, again=True, **{"if-none-match": '"x"'})).status_code == 200


async def test_an_answer_ends_with_its_day(reading: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch):
    """Ages are counted to the day in the portfolio's zone: on the next one it is worked out anew."""

    class Tomorrow(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return super().now(tz) + timedelta(days=1)

    path = f"{BACKLOG}?limit=3"
    await read(reading, path, again=False)
    await read(reading, path, again=True)
    monkeypatch.setattr(kept, "datetime", Tomorrow)
    await read(reading, path, again=False)


@pytest.mark.parametrize("path", [f"{BACKLOG}?as_of=5", f"{BACKLOG}?effective=2026-01-05", f"{ROOT}/entries", "/portfolios"])
async def test_only_answers_about_the_present_of_a_portfolio_are_kept(reading: httpx.AsyncClient, path: str):
    """Nothing else says what it rests on."""
    await read(reading, path, again=False)
    await read(reading, path, again=False)


async def test_an_entry_that_is_skipped_from_now_on_shows_at_once(place: Place):
    """What an operator has left out is named in the next answer, though the read model stands where it stood."""
    story = Story("acme", 3)
    async with place.projecting(), place.serving() as client:
        await published(place, story, 40)
        await read(client, BACKLOG, again=False)
        await read(client, BACKLOG, again=True)
        async with place.connection() as connection:
            await connection.execute(
                "INSERT INTO projector.skips (read_model, portfolio, entry, reason, actor) "
                "VALUES ('backlogs', 'acme', 3, 'odd', 'ann')"
            )
        assert [skip["entry"] for skip in (await read(client, BACKLOG, again=False)).json()["skipped"]] == [3]


async def test_rows_that_were_exchanged_are_read_again(place: Place):
    """Another generation of rows is another basis, though it reflects the same entries."""
    async with place.projecting(), place.serving() as client:
        await published(place, Story("acme", 3), 40)
        await read(client, BACKLOG, again=False)
        async with place.connection() as connection:
            await connection.execute("UPDATE projector.positions SET generation = generation + 1 WHERE read_model = 'backlogs'")
        await read(client, BACKLOG, again=False)
