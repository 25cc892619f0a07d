"""Answers are compressed for those who take it, and nothing but their form differs by that."""

import gzip
import json
from collections.abc import Mapping

import httpx

BACKLOG = "/portfolios/acme/products/pay/backlog"


async def test_an_answer_is_the_same_in_either_form(reading: httpx.AsyncClient):
    """JSON, CSV, a problem and what every service has: the same bytes once unpacked, fewer on the way, named in Vary."""
    paths = (BACKLOG, "/portfolios/acme/entries", "/portfolios/acme/overview", "/openapi.json", "/metrics-definitions")
    asked: list[tuple[str, dict[str, str]]] = [
        *((path, {}) for path in paths),
        (BACKLOG, {"Accept": "text/csv"}),
        ("/portfolios/acme/overview?x=1&y=2", {}),
    ]
    for path, headers in asked:
        plain, plain_bytes = await _sent(reading, path, {**headers, "Accept-Encoding": "identity"})
        zipped, zipped_bytes = await _sent(reading, path, {**headers, "Accept-Encoding": "br, gzip;q=0.5"})
        assert "content-encoding" not in plain.headers
        assert plain.headers["content-length"] == str(len(plain_bytes))
        assert zipped.headers["content-length"] == str(len(zipped_bytes))
        for answer in (plain, zipped):
            assert "Accept-Encoding" in answer.headers["vary"].split(", ")
        if len(plain_bytes) < 1024:
            assert "content-encoding" not in zipped.headers
            assert zipped_bytes == plain_bytes
        else:
            assert zipped.headers["content-encoding"] == "gzip"
            assert gzip.decompress(zipped_bytes) == plain_bytes
            assert len(zipped_bytes) < len(plain_bytes) / 2
    assert (await reading.head(BACKLOG)).headers["content-encoding"] == "gzip"


async def test_each_form_has_a_strong_tag_of_its_own_and_either_says_what_the_client_holds(reading: httpx.AsyncClient):
    """Tags differ, since bytes do; whichever of them a client holds, in whatever form it would get the answer, it is a 304."""
    forms = ({"Accept-Encoding": "identity"}, {"Accept-Encoding": "gzip"})
    tags = [(await _sent(reading, BACKLOG, form))[0].headers["etag"] for form in forms]
    assert len(set(tags)) == len(forms)
    assert all(tag.startswith('"') for tag in tags)
    for tag in tags:
        for form in forms:
            for held in (tag, f'"x", W/{tag}'):
                again, body = await _sent(reading, BACKLOG, {**form, "If-None-Match": held})
                assert (again.status_code, body, again.headers["etag"]) == (304, b"", tag)
                assert again.headers["vary"] == "Accept, Accept-Encoding"
    for form in forms:
        other, _ = await _sent(reading, BACKLOG, {**form, "If-None-Match": f'"x", {tags[0][:-1]}-br"'})
        assert other.status_code == 200


async def test_a_stream_is_never_compressed(reading: httpx.AsyncClient):
    """Its first events come at once, as they are, also to a client that takes gzip."""
    async with reading.stream("GET", "/portfolios/acme/stream?from=0", headers={"Accept-Encoding": "gzip"}) as stream:
        assert "content-encoding" not in stream.headers
        async for line in stream.aiter_lines():
            if line.startswith("data: "):
                assert json.loads(line.removeprefix("data: "))["entry"] == 0
                break


async def _sent(client: httpx.AsyncClient, path: str, headers: Mapping[str, str]) -> tuple[httpx.Response, bytes]:
    """The answer, and its body as it was sent."""
    async with client.stream("GET", path, headers=headers) as answer:
        return answer, b"".join([part async for part in answer.aiter_raw()])
