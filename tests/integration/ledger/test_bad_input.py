"""Malformed and hostile input by both doors: a file per case in `bad_input`, with the answers that it gets.

A case has its body as `text`, as `base64`, or as something to `repeat`; PORTFOLIO stands for an open portfolio with a product.
`http` is status and code; `intake` is verdict and code of the same bytes published straight to Kafka.
"""

import asyncio
import base64
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.ledger.conftest import Place
from tests.integration.ledger.stories import BATCH, STRUCTURED, added, begin, post, until_told

CASES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((Path(__file__).parent / "bad_input").glob("*.json"))}


def body(case: dict[str, Any], portfolio: str) -> bytes:
    """The bytes of a case."""
    if "base64" in case:
        return base64.b64decode(case["base64"])
    if "repeat" in case:
        repeat = case["repeat"]
        unit, count = repeat["unit"], repeat["count"]
        text = repeat["before"] + unit * count + repeat.get("mirror", "") * count + repeat["after"]
    else:
        text = case["text"]
    return text.replace("PORTFOLIO", portfolio).encode()


@pytest.mark.parametrize("name", CASES)
async def test_bad_input_over_http_gets_its_answer(ledger: httpx.AsyncClient, portfolio_id: str, name: str):
    """The status and code of the case, as a problem; the next event is judged."""
    await begin(ledger, portfolio_id)
    status, code = CASES[name]["http"]
    answer = await ledger.post("/events", content=body(CASES[name], portfolio_id), headers=STRUCTURED)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    if code is not None:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"]
    assert (await post(ledger, added(portfolio_id, "next"))).status_code == 201


async def test_bad_input_through_intake_gets_its_answer(ledger: httpx.AsyncClient, shared: Place, portfolio_id: str):
    """All cases one after the other: each has its receipt, and what is quarantined is kept verbatim."""
    await begin(ledger, portfolio_id)
    names, bodies = dict[str, str](), dict[str, bytes]()
    for n, (name, case) in enumerate(CASES.items()):
        portfolio = f"{portfolio_id}.{n}"
        await begin(ledger, portfolio)
        bodies[name] = body(case, portfolio)
        names[name] = await shared.publish(bodies[name], key=portfolio)
    receipts = {name: await until_told(ledger, submission) for name, submission in names.items()}
    told = {name: [receipt["verdict"], receipt["code"]] for name, receipt in receipts.items()}
    assert told == {name: case["intake"] for name, case in CASES.items()}
    kept = {one.headers["submission"].decode(): one.value for one in await shared.records(shared.topics.quarantine.name)}
    quarantined = [name for name, case in CASES.items() if case["intake"][0] == "quarantined"]
    assert {name: kept[names[name]] for name in quarantined} == {name: bodies[name] for name in quarantined}


async def test_a_bad_element_of_a_batch_never_takes_its_neighbours_along(ledger: httpx.AsyncClient, portfolio_id: str):
    """Every case that is JSON stands between two sound events in a batch: they are recorded."""
    for n, case in enumerate(CASES.values()):
        portfolio = f"{portfolio_id}.{n}"
        await begin(ledger, portfolio)
        raw = body(case, portfolio)
        if not is_json(raw) or case["http"][1] == "TOO_LARGE":
            continue
        first, last = (json.dumps(added(portfolio, name)).encode() for name in ("first", "last"))
        answer = await ledger.post("/events", content=b"[" + first + b"," + raw + b"," + last + b"]", headers=BATCH)
        assert answer.status_code == 200, (case["what"], answer.text)
        verdicts = [receipt["verdict"] for receipt in answer.json()["receipts"]]
        assert (verdicts[0], verdicts[-1], len(verdicts)) == ("recorded", "recorded", 3), case["what"]


def is_json(raw: bytes) -> bool:
    """Whether a lenient reader takes it for one JSON text."""
    try:
        json.loads(raw.decode(), parse_int=lambda _: 0)
    except RecursionError:
        return raw.endswith(b"}")
    except ValueError:
        return False
    return b"NaN" not in raw and b"Infinity" not in raw


RAW = {
    "two lengths": (b"POST /events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400),
    "length and encoding": (
        b"POST /events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
    "a header of 64 KB": (b"GET /health/live HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 65000 + b"\r\n\r\n", 431),
    "a head that has no end": (b"GET /health/live HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 1_000_000, 431),
    "1,000 headers": (b"GET /health/live HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 1000 + b"\r\n", 431),
    "HTTP/0.9": (b"GET /events\r\n\r\n", 400),
    "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "a negative length": (b"POST /events HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
    "a folded header": (b"GET /health/live HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n", 400),
    "a length of 5 MiB": (b"POST /events HTTP/1.1\r\nHost: x\r\nContent-Length: 5242880\r\n\r\n", 413),
    "a path with an escaped NUL": (b"GET /%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404),
    "a path that climbs": (b"GET /..%2f..%2fetc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404),
    "a long path": (b"GET /" + b"a" * 10_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    "an encoding that is none": (
        (
            b"POST /events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
            b"Content-Length: 2\r\nConnection: close\r\n\r\n{}"
        ),
        415,
    ),
}


@pytest.mark.parametrize("name", RAW)
async def test_what_is_hardly_http_is_refused(ledger: httpx.AsyncClient, name: str):
    """One clear status, then the connection is closed; no 5xx, no traceback."""
    sent, status = RAW[name]
    reader, writer = await asyncio.open_connection(ledger.base_url.host, ledger.base_url.port)
    writer.write(sent)
    async with asyncio.timeout(30):
        head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    assert int(head.split()[1]) == status
