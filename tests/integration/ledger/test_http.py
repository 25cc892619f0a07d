"""POST /events and GET /receipts on a running ledger: the answers that the contract promises."""

import asyncio
import json
from typing import Any

import httpx
import jsonschema
import pytest

from portfolio_schemas import json_schemas
from tests.integration.ledger.conftest import Place
from tests.integration.ledger.stories import BATCH, added, begin, conceived, opened, post, post_batch, reported


async def test_a_recorded_event_is_201_with_its_receipt(ledger: httpx.AsyncClient, shared: Place, portfolio_id: str):
    """The receipt names the entry that is in the log, and is what the published schema says."""
    answer = await post(ledger, opened(portfolio_id))
    receipt = answer.json()
    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    jsonschema.validate(receipt, json_schemas.of_receipt())
    (entry,) = await shared.entries(portfolio_id)
    assert (receipt["verdict"], receipt["entry"], receipt["hash"]) == ("recorded", 0, entry.hash)
    assert entry.event == opened(portfolio_id)
    assert entry.document["door"] == "http"


async def test_the_same_event_again_is_200_with_the_first_receipt(ledger: httpx.AsyncClient, shared: Place, portfolio_id: str):
    """A retry is safe: the same receipt, as a duplicate, and no other entry."""
    first = await post(ledger, opened(portfolio_id))
    again = await post(ledger, opened(portfolio_id))
    assert again.status_code == 200
    assert again.json() == {**first.json(), "verdict": "duplicate"}
    assert len(await shared.entries(portfolio_id)) == 1


@pytest.mark.parametrize(
    ("document", "status", "code"),
    [
        (opened("?", actor="bob"), 409, "CONFLICTING_ID"),
        (added("?", "A", expectedversion=4), 409, "CONFLICTING_VERSION"),
        (added("?", "A", type="portfolio.item.item-vanished.v1"), 422, "UNKNOWN_TYPE"),
        (added("?", "A", data={"product": "product/pay"}), 422, "SCHEMA"),
        (reported("?", "nobody", "1"), 422, "UNKNOWN_AGGREGATE"),
    ],
)
async def test_a_refusal_is_a_problem_with_its_receipt(  # noqa: PLR0917  fixtures and parameters
    ledger: httpx.AsyncClient, shared: Place, portfolio_id: str, document: dict[str, Any], status: int, code: str
):
    """Status by the code; the receipt's fields are there, `entry` included, since refusals are in the log."""
    await begin(ledger, portfolio_id)
    if document["subject"].startswith("portfolio/"):
        document = {**document, "subject": f"portfolio/{portfolio_id}"}
    answer = await post(ledger, {**document, "portfolio": portfolio_id})
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert (problem["code"], problem["verdict"], problem["entry"], problem["status"]) == (code, "refused", 2, status)
    refusal = (await shared.entries(portfolio_id))[2].refusal
    assert refusal is not None
    assert refusal["code"] == code


async def test_if_match_is_the_expected_version(ledger: httpx.AsyncClient, portfolio_id: str):
    """The version that holds is taken; the one that does not is refused with the current one named."""
    await begin(ledger, portfolio_id)
    await post(ledger, added(portfolio_id, "A"))
    assert (await post(ledger, reported(portfolio_id, "A", "1"), if_match='"1"')).status_code == 201
    late = await post(ledger, reported(portfolio_id, "A", "2"), if_match='"1"')
    assert (late.status_code, late.json()["version"]) == (409, 2)


async def test_a_batch_is_answered_in_the_order_sent(ledger: httpx.AsyncClient, shared: Place, portfolio_id: str):
    """Several portfolios, a refusal, an unreadable element, a duplicate: each receipt stands for itself."""
    other = f"{portfolio_id}.other"
    answer = await post_batch(
        ledger,
        [
            opened(portfolio_id),
            {"id": 7},
            opened(other),
            reported(portfolio_id, "A", "1"),
            opened(portfolio_id),
            conceived(other),
        ],
    )
    assert answer.status_code == 200
    receipts = answer.json()["receipts"]
    for receipt in receipts:
        jsonschema.validate(receipt, json_schemas.of_receipt())
    verdicts = ["recorded", "quarantined", "recorded", "refused", "duplicate", "recorded"]
    assert [receipt["verdict"] for receipt in receipts] == verdicts
    assert [receipt["portfolio"] for receipt in receipts] == [portfolio_id, None, other, portfolio_id, portfolio_id, other]
    assert receipts[1]["submission"] is None
    assert len(await shared.entries(portfolio_id)) == 2
    assert len(await shared.entries(other)) == 2


async def test_an_unreadable_element_of_a_batch_is_not_stored(ledger: httpx.AsyncClient, shared: Place, portfolio_id: str):
    """Over HTTP the sender learns it at once: nothing goes to quarantine."""
    body = f"[1.5, {json.dumps(opened(portfolio_id))}]"
    answer = await ledger.post("/events", content=body, headers=BATCH)
    assert [receipt["verdict"] for receipt in answer.json()["receipts"]] == ["quarantined", "recorded"]
    assert await shared.records(shared.topics.quarantine.name) == []


async def test_binary_mode(ledger: httpx.AsyncClient, shared: Place, portfolio_id: str):
    """Attributes in headers, `data` in the body."""
    document = opened(portfolio_id)
    headers = {f"ce-{name}": value for name, value in document.items() if name != "data"}
    answer = await ledger.post("/events", json=document["data"], headers=headers)
    assert answer.status_code == 201
    (entry,) = await shared.entries(portfolio_id)
    assert entry.event == {**document, "datacontenttype": "application/json"}


async def test_respond_async_is_202_and_its_location_has_the_receipt(ledger: httpx.AsyncClient, portfolio_id: str):
    """What is taken is judged, and found where the answer says; before that it is a 404."""
    answer = await post(ledger, opened(portfolio_id), prefer="respond-async")
    assert (answer.status_code, answer.headers["preference-applied"]) == (202, "respond-async")
    assert answer.headers["location"] == answer.json()["location"]
    receipt = await _until_found(ledger, answer.headers["location"])
    assert (receipt["verdict"], receipt["entry"]) == ("recorded", 0)
    assert (await ledger.get("/receipts", params={"submission": "0-999999-0"})).status_code == 404


async def test_a_batch_may_be_answered_later(ledger: httpx.AsyncClient, portfolio_id: str):
    """Each of its events has a place where its receipt will be; what is unreadable is told at once."""
    answer = await post_batch(ledger, [opened(portfolio_id), {}, conceived(portfolio_id)], prefer="respond-async")
    assert answer.status_code == 202
    body = answer.json()
    assert body["receipts"][1]["verdict"] == "quarantined"
    found = [await _until_found(ledger, pending["location"]) for pending in body["submissions"]]
    assert [receipt["entry"] for receipt in found] == [0, 1]


async def test_receipts_are_found_by_what_was_submitted(ledger: httpx.AsyncClient, portfolio_id: str):
    """By source and id, the recorded one; by submission, each; also after a ledger knows of it from its store only."""
    recorded = (await post(ledger, opened(portfolio_id))).json()
    by_event = await _until_found(ledger, f"/receipts?portfolio={portfolio_id}&source=/test&id=open")
    by_name = await ledger.get("/receipts", params={"submission": recorded["submission"]})
    assert by_event == by_name.json() == recorded


@pytest.mark.parametrize("query", ["", "?submission=x", "?portfolio=a&source=b", "?submission=1-1-1&colour=red", "?submission="])
async def test_a_question_that_is_none_is_400(ledger: httpx.AsyncClient, query: str):
    """The problem says how to ask."""
    answer = await ledger.get(f"/receipts{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "MALFORMED")


async def test_many_clients_at_once_get_their_own_receipts(ledger: httpx.AsyncClient, shared: Place, portfolio_id: str):
    """Concurrent posts are judged together, and none gets another's answer."""
    await begin(ledger, portfolio_id)
    answers = await asyncio.gather(*(post(ledger, added(portfolio_id, f"I{n}")) for n in range(60)))
    assert {answer.status_code for answer in answers} == {201}
    assert [answer.json()["subject"] for answer in answers] == [f"item/I{n}" for n in range(60)]
    assert sorted(answer.json()["entry"] for answer in answers) == list(range(2, 62))
    assert len(await shared.entries(portfolio_id)) == 62


async def test_one_of_many_that_expect_the_same_version_wins(ledger: httpx.AsyncClient, portfolio_id: str):
    """One 201, all others 409."""
    await begin(ledger, portfolio_id)
    await post(ledger, added(portfolio_id, "A"))
    answers = await asyncio.gather(*(post(ledger, reported(portfolio_id, "A", f"{n}", expectedversion=1)) for n in range(10)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9


async def test_what_describes_the_door_is_there(ledger: httpx.AsyncClient):
    """OpenAPI, AsyncAPI as document and page, docs, metrics, health."""
    paths = (await ledger.get("/openapi.json")).json()["paths"]
    assert paths.keys() == {"/events", "/receipts", "/asyncapi", "/health/live", "/health/ready", "/metrics"}
    assert {"200", "201", "202", "400", "409", "413", "415", "422", "429", "503"} <= paths["/events"]["post"]["responses"].keys()
    assert (await ledger.get("/asyncapi")).json()["asyncapi"] == "3.0.0"
    assert "<code>PortfolioOpened</code>" in (await ledger.get("/asyncapi", headers={"accept": "text/html"})).text
    assert "<code>POST /events</code>" in (await ledger.get("/docs")).text
    assert "ledger_verdicts_total" in (await ledger.get("/metrics")).text
    assert (await ledger.get("/health/live")).json() == {"status": "live"}
    assert (await ledger.get("/health/ready")).json()["partitions"] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/events", 405), ("GET", "/nothing", 404), ("DELETE", "/receipts", 405)]
)
async def test_what_is_not_there_is_a_problem_too(ledger: httpx.AsyncClient, method: str, path: str, status: int):
    """404 and 405 as problems."""
    answer = await ledger.request(method, path)
    assert (answer.status_code, answer.json()["status"]) == (status, status)


async def _until_found(client: httpx.AsyncClient, location: str) -> dict[str, Any]:
    """Ask for a receipt until it is known."""
    async with asyncio.timeout(30):
        while (answer := await client.get(location)).status_code == 404:
            pass
    assert answer.status_code == 200
    return answer.json()
