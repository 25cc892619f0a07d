"""Heads of requests: which are refused before anything else is looked at, and by which status."""

import json

import pytest

from portfolio_ledger.http import heads
from portfolio_ledger.http.heads import HEADERS_MAX, HEADERS_SIZE_MAX, TARGET_SIZE_MAX, Headers, Refused

HOST = (b"host", b"ledger:8080")


def status(headers: Headers, target: bytes = b"/events", version: str = "1.1", method: bytes = b"POST") -> int | None:
    """The status that a head is refused with, None where it is sound."""
    try:
        heads.check(method, version, target, headers)
    except Refused as refused:
        return refused.status
    return None


@pytest.mark.parametrize(
    ("headers", "target"),
    [
        ([HOST], b"/events"),
        ([HOST, (b"content-length", b"0")], b"/events"),
        ([HOST, (b"transfer-encoding", b"Chunked")], b"/events"),
        ([HOST], b"http://ledger:8080/events?a=b"),
        ([HOST], b"HTTP://LEDGER:8080"),
        ([HOST], b"/a://b"),
        ([HOST], b"/events?to=http://elsewhere"),
        ([HOST], b"*"),
    ],
)
def test_a_sound_head_is_taken(headers: Headers, target: bytes):
    """Also in absolute form, where it names the host that the Host header names."""
    assert status(headers, target) is None


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [HOST, HOST],
        [HOST, (b"content-length", b"1"), (b"transfer-encoding", b"chunked")],
        [HOST, (b"content-length", b"1"), (b"content-length", b"1")],
        [HOST, (b"transfer-encoding", b"chunked"), (b"transfer-encoding", b"chunked")],
        [HOST, (b"transfer-encoding", b"gzip, chunked")],
        [HOST, (b"transfer-encoding", b"identity")],
        [HOST, (b"content-length", b"-1")],
        [HOST, (b"content-length", b"0x1")],
        [HOST, (b"content-length", b"1, 1")],
        [HOST, (b"content-length", b"9" * 16)],
    ],
)
def test_a_head_that_two_servers_may_read_in_two_ways_is_malformed(headers: Headers):
    """Nobody has to guess where a body ends, or whom it is for."""
    assert status(headers) == 400


@pytest.mark.parametrize("target", [b"http://elsewhere/events", b"http://me@elsewhere:8080/", b"ftp://ledger/x"])
def test_a_target_on_another_host_is_malformed(target: bytes):
    """A proxy in front and this service would not agree whom the request is for."""
    assert status([HOST], target) == 400


@pytest.mark.parametrize("version", ["0.9", "1.2", "2.0"])
def test_another_protocol_is_malformed(version: str):
    """HTTP/0.9 has no head to check."""
    assert status([HOST], version=version) == 400


def test_a_tunnel_is_malformed():
    """A ledger is no proxy, whatever the host."""
    assert status([HOST], b"ledger:8080", method=b"CONNECT") == 400


def test_http_1_0_needs_no_host_and_has_no_chunks():
    """As its time had it."""
    assert status([], version="1.0") is None
    assert status([(b"transfer-encoding", b"chunked")], version="1.0") == 400


def test_large_heads_are_refused_just_beyond_their_limits():
    """431 by number or size of the headers, 414 for the target."""
    assert status([HOST, *[(b"x", b"y")] * (HEADERS_MAX - 1)]) is None
    assert status([HOST, *[(b"x", b"y")] * HEADERS_MAX]) == 431
    assert status([HOST, (b"x", b"y" * (HEADERS_SIZE_MAX - len(b"hostledger:8080x")))]) is None
    assert status([HOST, (b"x", b"y" * (HEADERS_SIZE_MAX - len(b"hostledger:8080")))]) == 431
    assert status([HOST], b"/" * TARGET_SIZE_MAX) is None
    assert status([HOST], b"/" * (TARGET_SIZE_MAX + 1)) == 414


def test_how_long_a_body_is():
    """As its head says; a chunked one does not say."""
    assert heads.length([HOST]) == 0
    assert heads.length([HOST, (b"content-length", b"12")]) == 12
    assert heads.length([HOST, (b"transfer-encoding", b"chunked")]) is None


def test_a_refusal_is_a_problem_document():
    """RFC 9457, with its length, and with a Retry-After where trying again helps."""
    refused = Refused(503, "TOO_MANY_CONNECTIONS", "Try again.")
    headers = dict(refused.headers)
    assert json.loads(refused.body) == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "code": "TOO_MANY_CONNECTIONS",
        "detail": "Try again.",
        "errors": [],
    }
    assert headers[b"content-type"] == b"application/problem+json"
    assert headers[b"content-length"] == str(len(refused.body)).encode()
    assert int(headers[b"retry-after"]) > 0
    assert b"retry-after" not in dict(Refused(400, "MALFORMED", "Mend it.").headers)
