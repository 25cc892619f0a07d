"""What the read API does not answer: questions that are none, other methods, requests that no reader sends."""

import asyncio

import httpx
import pytest

from portfolio_projector.http import cursors, protocol


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/portfolios/nobody/products", 404, "UNKNOWN_PORTFOLIO"),
        ("/portfolios/acme/products/nothing", 404, "UNKNOWN_PRODUCT"),
        ("/portfolios/acme/products/nothing/backlog", 404, "UNKNOWN_PRODUCT"),
        ("/portfolios/acme/products/pay/backlog/history?item=nothing", 404, "UNKNOWN_ITEM"),
        ("/portfolios/acme/initiatives/nothing", 404, "UNKNOWN_INITIATIVE"),
        ("/portfolios/acme/initiatives/apollo/baselines/99", 404, "UNKNOWN_BASELINE"),
        ("/portfolios/acme/initiatives/apollo/baselines/0", 422, "PARAMETER"),
        ("/portfolios/acme/initiatives/apollo/baselines/compare?from=1", 422, "PARAMETER"),
        ("/portfolios/acme/initiatives/apollo/baselines/compare?from=1&to=last", 422, "BASELINE"),
        ("/portfolios/acme/initiatives/apollo/baselines/compare?from=1&to=99", 404, "UNKNOWN_BASELINE"),
        ("/portfolios/acme/initiatives/apollo/baselines/compare?from=1&to=1999-12-31", 404, "UNKNOWN_BASELINE"),
        ("/portfolios/acme/initiatives/nothing/performance", 404, "UNKNOWN_INITIATIVE"),
        ("/portfolios/acme/products?limit=0", 422, "PARAMETER"),
        ("/portfolios/acme/products?limit=1001", 422, "PARAMETER"),
        ("/portfolios/acme/products?limit=1&limit=2", 422, "PARAMETER"),
        ("/portfolios/acme/products?colour=red", 422, "PARAMETER"),
        ("/portfolios/acme/entries?effective=2026-01-01", 422, "PARAMETER"),
        ("/portfolios/acme/products?effective=2026-13-01", 422, "EFFECTIVE"),
        ("/portfolios/acme/products?effective=20260101", 422, "EFFECTIVE"),
        ("/portfolios/acme/products?effective=0001-01-01", 422, "EFFECTIVE"),
        ("/portfolios/acme/products?as_of=yesterday", 422, "AS_OF"),
        ("/portfolios/acme/products?min_entry=-1", 422, "PARAMETER"),
        ("/portfolios/acme/products?cursor=abc", 422, "CURSOR"),
        (f"/portfolios/acme/products?cursor={cursors.encode('products/acme', chr(0))}", 422, "CURSOR"),
        (f"/portfolios/acme/entries?cursor={cursors.encode('entries/acme', 2**63)}", 422, "CURSOR"),
        (f"/portfolios/acme/entries?cursor={cursors.encode('entries/acme', -(2**63))}", 422, "CURSOR"),
        ("/portfolios/acme/products?as_of=9007199254740992", 422, "AS_OF"),
        ("/portfolios/acme/products?as_of=2026-01-01T00:00:00Z%00", 422, "AS_OF"),
        ("/portfolios/acme/products?limit=1_0", 422, "PARAMETER"),
        ("/portfolios/acme/products?limit=1.0", 422, "PARAMETER"),
        ("/portfolios/acme/products?min_entry=%D9%A3", 422, "PARAMETER"),
        ("/portfolios/..%2f..%2fetc/products", 404, "NOT_FOUND"),
        ("/portfolios/%ff/products", 422, "PARAMETER"),
        ("/portfolios/acme/products/", 404, "NOT_FOUND"),
        ("/portfolios/acme/stream?as_of=1", 422, "PARAMETER"),
        ("/portfolios/ac%20me/products", 422, "PARAMETER"),
        (f"/portfolios/{'a' * 65}/products", 422, "PARAMETER"),
        ("/portfolios/%00/products", 422, "PARAMETER"),
        ("/nothing", 404, "NOT_FOUND"),
    ],
)
async def test_what_cannot_be_answered_is_a_problem_with_a_code(reading: httpx.AsyncClient, path: str, status: int, code: str):
    """Every one is RFC 9457, says what is wrong, and leaks nothing of the inside."""
    answer = await reading.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("products?limit=x", "`limit`: This is a number from 0, in digits."),
        ("products?limit=0", "`limit`: Input should be greater than or equal to 1."),
        ("products?limit=1&limit=2", "`limit`: This parameter is given twice: give it once."),
        ("entries?limt=3", "`limt`: This path takes no such parameter; it takes as_of, cursor, from, limit, min_entry."),
        ("changes", "`from`: It cannot be left out."),
        ("risks?member=apollo", "`member`: It must match ^(initiative|product)/[A-Za-z0-9._-]{1,64}$: see /docs."),
        (
            "products?limit=0&min_entry=x",
            "`min_entry`: This is a number from 0, in digits. 1 more of its parameters cannot be used: see `errors`.",
        ),
    ],
)
async def test_a_wrong_parameter_is_named_with_what_would_be_right(reading: httpx.AsyncClient, query: str, sentence: str):
    """Whoever reads the sentence alone, as people do in a log, knows which one to mend."""
    problem = (await reading.get(f"/portfolios/acme/{query}")).json()
    assert problem["detail"] == sentence
    assert problem["errors"][0]["detail"] in sentence


async def test_head_is_answered_as_get_and_other_methods_are_405(reading: httpx.AsyncClient):
    """HEAD has the same headers and no body, also where GET goes on for ever; what else there is is named in Allow."""
    for path in ("/portfolios/acme/products", "/health/live", "/docs"):
        head, get = await reading.head(path), await reading.get(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == get.headers["content-length"]
    stream = await reading.head("/portfolios/acme/stream")
    assert (stream.status_code, stream.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"):
        answer = await reading.request(method, "/portfolios/acme/products")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


async def exchanged(client: httpx.AsyncClient, sent: bytes) -> bytes:
    """What the server answers to bytes, up to its closing the connection."""
    reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
    writer.write(sent)
    async with asyncio.timeout(20):
        answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", b"413"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"413"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"4"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 1000 + b"\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 100_000, b"431"),
        (b"GET /" + b"a" * 100_000, b"431"),
        (b"nothing of HTTP\r\n\r\n", b"400"),
    ],
)
async def test_requests_that_no_reader_sends_are_refused(reading: httpx.AsyncClient, sent: bytes, status: bytes):
    """A body, too many or too large headers, what is no HTTP: a clear answer, and the connection is closed."""
    assert (await exchanged(reading, sent)).startswith(b"HTTP/1.1 " + status)


async def test_a_head_that_does_not_come_is_given_up(reading: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch):
    """A client that sends half a line holds its connection for a moment only."""
    monkeypatch.setattr(protocol, "HEAD_SECONDS_MAX", 0.2)
    assert (await exchanged(reading, b"GET / HT")).startswith(b"HTTP/1.1 408")
