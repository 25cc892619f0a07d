"""The read API on a real PostgreSQL, with a projector that follows a real log."""

import asyncio
import contextlib
import json
import random
from typing import Any

import httpx
from jsonschema import validators

from portfolio_schemas import codec, entries
from tests import waiting
from tests.histories import History
from tests.integration.projector.conftest import Place, published
from tests.integration.projector.stories import Story

PATHS = (
    "/entries?limit=7",
    "/subjects/initiative/apollo/history",
    "/products",
    "/products/pay",
    "/products/pay/backlog?limit=1000",
    "/products/pay/backlog/history?limit=1000",
    "/initiatives",
    "/initiatives/apollo",
    "/initiatives/apollo/baselines",
)


async def got(client: httpx.AsyncClient, path: str, **parameters: str | int) -> dict[str, Any]:
    """The body of an answer that is one."""
    url = httpx.URL(f"/portfolios/acme{path}").copy_merge_params(parameters)
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_a_read_of_the_past_gives_what_was_answered_then(place: Place):
    """At a few moments every path is read; later `as_of` gives each of these answers again, settled, and by instant too."""
    story = Story("acme", 4)
    async with place.projecting(), place.serving() as client:
        answers = dict[int, dict[str, dict[str, Any]]]()
        for _ in range(6):
            entry = await published(place, story, random.Random(entry_seed(answers)).randint(1, 25))  # noqa: S311  repeatable
            answers[entry] = {path: _timeless(await got(client, path)) for path in PATHS}
        last = story.history.head.entry
        for entry, by_path in answers.items():
            recorded = (await got(client, f"/entries?from={entry}&limit=1"))["entries"][0]["recordedtime"]
            for path, then in by_path.items():
                again = await got(client, path, as_of=entry)
                assert again["settled"] is True
                assert _timeless(again) == then
                by_instant = await got(client, path, as_of=recorded)
                assert by_instant["settled"] is (entry < last)
                assert _timeless(by_instant) == then


def entry_seed(answers: dict[int, dict[str, dict[str, Any]]]) -> int:
    """A seed that depends on how far the test is."""
    return len(answers)


def _timeless(body: dict[str, Any]) -> dict[str, Any]:
    """An answer without what depends on the day it is given, and on whether it can change."""
    items = [{name: value for name, value in item.items() if name != "age_days"} for item in body.get("items", ())]
    return {**{name: value for name, value in body.items() if name != "settled"}, "items": items}


async def test_ages_are_counted_to_the_day_of_as_of(place: Place):
    """An item added on 2 January by its event is 8 days old at an entry recorded on the 10th."""
    history = History("acme")
    history.add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"})
    history.add("product.product-conceived", "product/pay", {"name": "Pay"})
    data = {"product": "product/pay", "title": "A", "kind": "debt"}
    history.add("item.item-added", "item/A", data, time="2025-12-24T23:30:00-01:00")
    async with place.projecting(), place.serving() as client, place.writer() as writer:
        await writer.write(history)
        await place.until_applied("acme", 2)
        body = await got(client, "/products/pay/backlog", as_of=2)
        assert [item["age_days"] for item in body["items"]] == [7]


async def test_min_entry_waits_for_what_the_reader_has_written(place: Place):
    """A read that asks for an entry that is not there yet is answered as soon as it is; also for a portfolio nobody knows yet."""
    story = Story("acme", 1)
    story.play(5)
    head = story.history.head.entry
    async with place.projecting(), place.serving() as client, place.writer() as writer:
        read = asyncio.create_task(got(client, "/products/pay/backlog", min_entry=head))
        numbered = asyncio.create_task(got(client, "/initiatives/apollo", as_of=head))

        async def both_wait() -> bool:
            return await _waiting(client) == 2

        await waiting.until(both_wait, "both reads wait")
        await writer.write(story.history)
        assert (await read)["entry"] >= head
        assert (await numbered)["entry"] == head


async def _waiting(client: httpx.AsyncClient) -> int:
    metrics = (await client.get("/metrics")).text
    return next(int(float(line.split()[1])) for line in metrics.splitlines() if line.startswith("portfolio_reads_waiting "))


async def test_min_entry_that_does_not_come_is_503_with_the_current_position(place: Place):
    """Never older data in silence: Retry-After, the entry that is applied; 404 only where nothing was promised."""
    story = Story("acme", 1)
    async with place.projecting(), place.serving(wait_seconds_max=0.2) as client:
        head = await published(place, story, 3)
        for path in ("/products", "/entries", "/initiatives/apollo"):
            answer = await client.get(f"/portfolios/acme{path}", params={"min_entry": head + 1})
            assert (answer.status_code, answer.json()["code"], answer.json()["entry"]) == (503, "NOT_YET", head)
            assert answer.headers["retry-after"] == "1"
            assert answer.headers["content-type"] == "application/problem+json"
        assert (await client.get("/portfolios/nobody/products", params={"min_entry": 0})).status_code == 503
        assert (await client.get("/portfolios/nobody/products")).status_code == 404


async def test_entries_are_given_back_byte_for_byte(place: Place):
    """Each entry in the answer has the hash that stands beside it and in the entry after it; pages join without a gap."""
    story = Story("acme", 6)
    async with place.projecting(), place.serving() as client:
        head = await published(place, story, 40)
        found, cursor = list[str](), None
        while True:
            parameters: dict[str, str | int] = {"limit": 7} if cursor is None else {"limit": 7, "cursor": cursor}
            body = await got(client, "/entries", **parameters)
            for document, hash_ in zip(body["entries"], body["hashes"], strict=True):
                assert entries.leaf_hash(codec.canonical(document)) == hash_
                assert document["previous"] == (found[-1] if found else entries.EMPTY_HASH)
                found.append(hash_)
            cursor = body["next_cursor"]
            if cursor is None:
                break
        assert len(found) == head + 1
        assert found[-1] == story.history.head.hash


async def test_the_history_of_a_subject_holds_what_was_refused_too(place: Place):
    """Entries of other subjects do not appear."""
    history = History("acme")
    history.add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"})
    history.refuse("item/A", "UNKNOWN_ITEM")
    history.add("product.product-conceived", "product/pay", {"name": "Pay"})
    history.add("item.item-added", "item/A", {"product": "product/pay", "title": "A", "kind": "debt"})
    async with place.projecting(), place.serving() as client, place.writer() as writer:
        await writer.write(history)
        await place.until_applied("acme", 3)
        body = await got(client, "/subjects/item/A/history")
        assert [(one["entry"], "refusal" in one) for one in body["entries"]] == [(1, True), (3, False)]
        assert (await client.get("/portfolios/acme/subjects/item/B/history")).status_code == 404
        listed = (await client.get("/portfolios")).json()["portfolios"]
        assert [(one["portfolio"], one["name"], one["entry"]) for one in listed] == [("acme", "Acme", 3)]


async def test_pages_of_a_backlog_join_while_items_move(place: Place):
    """A cursor names an item to go on after: what moves elsewhere meanwhile repeats and skips nothing that stands still."""
    story = Story("acme", 8)
    async with place.projecting(), place.serving() as client:
        await published(place, story, 150)
        whole = await got(client, "/products/pay/backlog", limit=1000)
        names = [item["item"] for item in whole["items"]]
        assert [item["position"] for item in whole["items"]] == list(range(1, len(names) + 1))
        first = await got(client, "/products/pay/backlog", limit=5)
        story.history.add("item.item-moved", f"item/{names[-1]}", {"after": None})
        await published(place, story, 0)
        second = await got(client, "/products/pay/backlog", limit=5, cursor=first["next_cursor"])
        assert [item["item"] for item in first["items"] + second["items"]] == names[:10]
        assert [item["position"] for item in second["items"]] == [7, 8, 9, 10, 11]


async def test_an_answer_that_the_client_holds_is_not_sent_again(place: Place):
    """The ETag is strong; it changes with the answer; a 304 has no body and names the entry."""
    story = Story("acme", 2)
    async with place.projecting(), place.serving() as client:
        head = await published(place, story, 10)
        first = await client.get("/portfolios/acme/products/pay/backlog")
        assert first.headers["etag"].startswith('"')
        assert first.headers["ledger-entry"] == f"acme@{head}"
        condition = {"If-None-Match": f'"x", {first.headers["etag"]}'}
        again = await client.get("/portfolios/acme/products/pay/backlog", headers=condition)
        assert (again.status_code, again.content, again.headers["ledger-entry"]) == (304, b"", f"acme@{head}")
        await published(place, story, 1)
        changed = await client.get("/portfolios/acme/products/pay/backlog", headers=condition)
        assert changed.status_code == 200


THERE = {
    "portfolio": "acme",
    "product": "pay",
    "initiative": "apollo",
    "aggregate": "initiative",
    "id": "apollo",
    "version": "1",
}
"""What the story has, by the names of parameters."""

REQUIRED = {
    "/portfolios/{portfolio}/initiatives/{initiative}/baselines/compare": "?from=1&to=1",
    "/portfolios/{portfolio}/changes": "?from=0",
}
"""What a path cannot be asked without."""


async def test_answers_are_what_the_openapi_document_says(reading: httpx.AsyncClient):
    """Every path is read, and its answer checked against the schema that is published for it."""
    document = (await reading.get("/openapi.json")).json()
    paths = {
        template: template.format_map(THERE) + REQUIRED.get(template, "")
        for template in document["paths"]
        if template not in {"/metrics", "/portfolios/{portfolio}/stream"}
    }
    for template, path in paths.items():
        answer = await reading.get(path)
        assert answer.status_code == 200, (path, answer.text)
        schema = document["paths"][template]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        _validator({**schema, "components": document["components"]}).validate(answer.json())
    problem = await reading.get("/portfolios/nobody/products")
    schema = {"$ref": "#/components/schemas/ProblemDocument", "components": document["components"]}
    _validator(schema).validate(problem.json())


def _validator(schema: dict[str, Any]) -> Any:  # noqa: ANN401  jsonschema ships no types
    return validators.validator_for(schema, default=validators.validator_for({}))(schema)


async def test_a_stream_sends_entries_as_they_are_projected_and_resumes_exactly(place: Place):
    """New entries arrive with their number as id; after a break the next one follows the last that the client has."""
    story = Story("acme", 9)
    async with place.projecting(), place.serving() as client:
        head = await published(place, story, 5)
        numbers, last, events = list[int](), 2, list[tuple[int, Any]]()
        for _ in range(3):
            wanted = 4
            async with client.stream("GET", "/portfolios/acme/stream", headers={"Last-Event-ID": str(last)}) as stream:
                if last + wanted > head:
                    head = await published(place, story, 5)
                events = await _events(stream, wanted)
            numbers += [number for number, _ in events]
            last = numbers[-1]
        assert numbers == list(range(3, 3 + len(numbers)))
        body = await got(client, f"/entries?from={last}&limit=1")
        assert events[-1][1] == body["entries"][0]


async def test_a_page_of_large_entries_ends_before_it_is_too_large(place: Place):
    """Whatever `limit` says: the cursor goes on with the next one, and every entry comes once, by a stream as well."""
    history = History("acme")
    history.add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"})
    for n in range(40):
        history.add("item.item-added", "item/large", {"title": f"{n}" + "x" * 250_000})
    async with place.projecting(), place.serving() as client, place.writer() as writer:
        await writer.write(history, batch=10)
        await place.until_applied("acme", 40, read_model="entries")
        for path, all_entries in (("/entries", list(range(41))), ("/subjects/item/large/history", list(range(1, 41)))):
            found, cursor, sizes = list[int](), "", list[int]()
            while cursor is not None:
                answer = await client.get(f"/portfolios/acme{path}?limit=1000{cursor and f'&cursor={cursor}'}")
                page = answer.json()
                found += [entry["entry"] for entry in page["entries"]]
                sizes.append(len(answer.content))
                assert len(page["hashes"]) == len(page["entries"])
                cursor = page["next_cursor"]
            assert found == all_entries
            assert [size < 4.5 * 1024 * 1024 for size in sizes] == [True] * 3
        async with client.stream("GET", "/portfolios/acme/stream?from=0") as stream:
            assert [number for number, _ in await _events(stream, 41)] == list(range(41))


async def test_a_stream_begins_at_the_present_and_ends_when_the_service_stops(place: Place):
    """What was before is not sent; stopping does not wait for readers."""
    story = Story("acme", 9)
    async with place.projecting(), contextlib.AsyncExitStack() as own:
        head = await published(place, story, 3)
        async with place.serving() as client:
            reader = await own.enter_async_context(httpx.AsyncClient(base_url=client.base_url, timeout=30))
            stream = await own.enter_async_context(reader.stream("GET", "/portfolios/acme/stream"))
            lines = stream.aiter_lines()
            assert await anext(lines) == "retry: 1000"
            await published(place, story, 1)
            assert await anext(lines) == ""
            assert await anext(lines) == f"id: {head + 1}"
        async with asyncio.timeout(5):
            async for _ in lines:
                pass


async def test_a_read_that_waits_is_told_when_the_service_stops(place: Place):
    """It gets its 503 at once, and stopping does not wait for it."""
    async with contextlib.AsyncExitStack() as own:
        async with place.serving(wait_seconds_max=30) as client:
            reader = await own.enter_async_context(httpx.AsyncClient(base_url=client.base_url, timeout=30))
            read = asyncio.create_task(reader.get("/portfolios/acme/products", params={"min_entry": 5}))

            async def waits() -> bool:
                return await _waiting(client) == 1

            await waiting.until(waits, "the read waits")
        async with asyncio.timeout(5):
            assert (await read).json()["code"] == "CLOSING"


async def _events(stream: httpx.Response, count: int) -> list[tuple[int, Any]]:
    """The next events of a stream: (id, data)."""
    assert stream.headers["content-type"].startswith("text/event-stream")
    found, number = list[tuple[int, Any]](), -1
    async with asyncio.timeout(20):
        async for line in stream.aiter_lines():
            if line.startswith("id: "):
                number = int(line[4:])
            elif line.startswith("data: "):
                found.append((number, json.loads(line[6:])))
                if len(found) >= count:
                    return found
    raise AssertionError("the stream ended")


async def test_readiness_names_what_stands_still(place: Place):
    """Positions, lag, and the read models that stopped, with the entry and why; reads of these say so too."""
    history = History("acme")
    history.add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"})
    history.add("item.item-teleported", "item/A", {})
    async with place.projecting(), place.serving() as client, place.writer() as writer:
        await writer.write(history)
        await place.until_applied("acme", 1)
        ready = (await client.get("/health/ready")).json()
        assert {(one["read_model"], one["portfolio"], one["entry"]) for one in ready["stopped"]} == {
            ("backlogs", "acme", 1),
            ("concerns", "acme", 1),
            ("initiatives", "acme", 1),
        }
        assert (await got(client, "/products"))["entry"] == 0
        for parameters in ({"min_entry": 1}, {"as_of": 1}):
            answer = await client.get("/portfolios/acme/products", params=parameters)
            assert (answer.status_code, answer.json()["code"]) == (503, "READ_MODEL_STOPPED")
        assert (await got(client, "/entries", min_entry=1))["entry"] == 1
        metrics = (await client.get("/metrics")).text
        assert 'portfolio_projector_stopped_portfolios{read_model="backlogs",why="fold"} 1.0' in metrics


async def test_waiting_reads_are_woken_after_the_listening_session_was_lost(place: Place):
    """Every session of the database is ended; the next write is seen by a read that waits, long before its limit."""
    story = Story("acme", 2)
    async with place.projecting(), place.serving(wait_seconds_max=30) as client:
        head = await published(place, story, 5)
        async with place.connection() as connection:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

        async def ready() -> bool:
            return (await client.get("/health/ready")).status_code == 200

        await waiting.until(ready, "reads are answered again")
        read = asyncio.create_task(got(client, "/products", min_entry=head + 1))
        await published(place, story, 5)
        async with asyncio.timeout(15):
            assert (await read)["entry"] > head


async def test_the_documentation_names_every_path_and_needs_no_network(reading: httpx.AsyncClient):
    """It is one page without scripts."""
    page = (await reading.get("/docs")).text
    for path in (await reading.get("/openapi.json")).json()["paths"]:
        assert f"<code>GET {path}</code>" in page
    assert "<script" not in page
    assert "http://" not in page
    assert "https://" not in page
