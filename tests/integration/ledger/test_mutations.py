"""Events by the thousand that something is wrong with, through the real doors: each has one verdict, its neighbours are recorded.

What is wrong is drawn by a seed, which a failure names. PORTFOLIO_TEST_ROUNDS sets how many rounds are tried, of 80 events each.
"""

import json
import os
import random
from collections import Counter
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from tests import mutations, waiting
from tests.integration.ledger.conftest import Place
from tests.integration.ledger.stories import BATCH, STRUCTURED, added, begin

ROUNDS = int(os.environ.get("PORTFOLIO_TEST_ROUNDS", "30"))
BAD = 40
EXAMPLES: list[dict[str, Any]] = [
    json.loads(path.read_text()) for path in sorted((Path(__file__).parents[3] / "schemas" / "examples").glob("portfolio.*.json"))
]
VERDICTS = {"recorded", "duplicate", "refused", "quarantined"}


def drawn(seed: int, portfolio: str) -> tuple[list[bytes], list[bytes]]:
    """Bad events of a seed: those that are one JSON text each, and those that are none."""
    chance = random.Random(seed)  # noqa: S311  repeatable
    inside, outside = list[bytes](), list[bytes]()
    while len(inside) < BAD:
        event = {**chance.choice(EXAMPLES), "portfolio": portfolio, "id": f"{seed}-{len(inside)}"}
        raw = chance.choice([mutations.of_structure, mutations.of_bytes])(event, chance)
        (inside if mutations.is_one_text(raw) else outside).append(raw)
    return inside, outside


def between(seed: int, portfolio: str, bad: list[bytes]) -> bytes:
    """A batch in which a sound event follows each bad one."""
    sound = [json.dumps(added(portfolio, f"I{seed}-{n}")).encode() for n in range(len(bad))]
    return b"[" + b",".join(text for pair in zip(bad, sound, strict=True) for text in pair) + b"]"


def check(receipts: list[dict[str, Any]], seed: int) -> Counter[str]:
    """Check the receipts of a batch, and count the verdicts on what is bad."""
    assert len(receipts) == 2 * BAD, f"seed {seed}"
    for n, receipt in enumerate(receipts):
        assert receipt["verdict"] in VERDICTS, f"seed {seed}, element {n}: {receipt}"
        assert receipt["code"] != "INTERNAL", f"seed {seed}, element {n}: {receipt}"
    assert [receipt["verdict"] for receipt in receipts[1::2]] == ["recorded"] * BAD, f"seed {seed}"
    return Counter(receipt["verdict"] for receipt in receipts[::2])


@pytest.fixture(scope="module")
async def client(shared: Place):
    """A ledger that lets one source be wrong as often as it likes."""
    async with shared.ledger(refusals_max=1_000_000) as opened:
        yield opened


async def test_mutated_events_have_one_verdict_each_over_http(client: httpx.AsyncClient, portfolio_id: str):
    """In batches, each beside a sound one that is recorded; alone, what is no JSON is a 4xx. Never a 5xx."""
    await begin(client, portfolio_id)
    counted = Counter[str]()
    for seed in range(ROUNDS):
        inside, outside = drawn(seed, portfolio_id)
        answer = await client.post("/events", content=between(seed, portfolio_id, inside), headers=BATCH)
        assert answer.status_code == 200, f"seed {seed}: {answer.text}"
        counted += check(answer.json()["receipts"], seed)
        for raw in outside[:10]:
            alone = await client.post("/events", content=raw, headers=STRUCTURED)
            assert 400 <= alone.status_code < 500, f"seed {seed}: {raw!r}: {alone.text}"
            assert alone.headers["content-type"] == "application/problem+json"
    assert counted.keys() >= {"refused", "quarantined"}, "what is drawn meets every kind of answer to a bad event"


async def test_mutated_events_have_one_verdict_each_through_kafka(client: httpx.AsyncClient, shared: Place, portfolio_id: str):
    """In arrays, each beside a sound one that is recorded; what is no JSON is quarantined, and everything goes on."""
    await begin(client, portfolio_id)
    seeds = range(ROUNDS, ROUNDS + max(ROUNDS // 6, 1))
    names = dict[int, str]()
    for seed in seeds:
        inside, outside = drawn(seed, portfolio_id)
        for raw in outside[:3]:
            await shared.publish(raw, key=portfolio_id)
        names[seed] = await shared.publish(between(seed, portfolio_id, inside), key=portfolio_id)
    told = dict[int, dict[int, dict[str, Any]]]()

    async def all_told() -> bool:
        found = await shared.records(shared.topics.receipts.name)
        for seed, name in names.items():
            record = name.removesuffix("0").encode()
            parts: list[tuple[int, Any]] = [
                (int(one.headers["submission"].rpartition(b"-")[2]), json.loads(one.value))
                for one in found
                if one.headers["submission"].startswith(record)
            ]
            # An element that names a portfolio of another partition is answered from there, alone.
            told[seed] = {
                first + n: receipt
                for first, value in parts
                for n, receipt in enumerate(cast("list[dict[str, Any]]", value if isinstance(value, list) else [value]))
            }
        return all(len(receipts) >= 2 * BAD for receipts in told.values())

    await waiting.until(all_told, "a receipt for every element", limit_s=60)
    for seed, receipts in told.items():
        check([receipts[n] for n in sorted(receipts)], seed)
