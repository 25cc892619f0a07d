"""`portfolio publish` against the whole system: every event once, in order, over lost connections, refusals and interruptions."""

import asyncio
import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import systems, wires
from tests.acceptance import terminals
from tests.wires import Fate

BUSY = Fate(status="503 Service Unavailable\r\nRetry-After: 1")
TOO_MANY = Fate(status="429 Too Many Requests\r\nRetry-After: 1")

Document = dict[str, Any]


def story(portfolio: str, *, items: int) -> list[Document]:
    """A product whose items stand each behind the one before: in any other order most of it would be refused."""
    common = {"specversion": "1.0", "source": "/tests", "portfolio": portfolio, "time": "2026-01-05T09:00:00Z", "actor": "p-1"}

    def event(identity: str, kind: str, subject: str, data: Document) -> Document:
        return {**common, "id": identity, "type": f"portfolio.{kind}.v1", "subject": subject, "data": data}

    opened = event("0", "portfolio.portfolio-opened", f"portfolio/{portfolio}", {"name": "Test", "currency": "EUR"})
    product = event("1", "product.product-conceived", "product/pay", {"name": "Payments"})
    added = [
        event(
            f"i{n}",
            "item.item-added",
            f"item/PAY-{n}",
            {"product": "product/pay", "title": f"Item {n}", "kind": "feature", "after": f"item/PAY-{n - 1}" if n else None},
        )
        for n in range(items)
    ]
    return [opened, product, *added]


def write(folder: Path, events: Sequence[Document]) -> Path:
    """Write events as JSON Lines."""
    path = folder / "events.jsonl"
    path.write_text("".join(f"{json.dumps(event)}\n" for event in events))
    return path


async def subjects(reader: httpx.AsyncClient, portfolio: str, last: int) -> list[str]:
    """The subjects of a portfolio's entries in their order."""
    found = list[str]()
    while len(found) <= last:
        answer = await reader.get(
            f"/portfolios/{portfolio}/entries", params={"min_entry": last, "limit": 1000, "from": len(found)}
        )
        assert answer.status_code == 200, answer.text
        found += [(entry.get("event") or entry["refusal"])["subject"] for entry in answer.json()["entries"]]
    return found


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A user with a state directory of its own."""
    return {"XDG_STATE_HOME": str(tmp_path / "state")}


async def test_everything_is_recorded_once_and_in_order_over_a_bad_wire(
    system: systems.System, reader: httpx.AsyncClient, portfolio_id: str, tmp_path: Path, environment: dict[str, str]
):
    """Told "not now", told "too many", cut before and after the ledger had it, judged later: each event is one entry."""
    events = story(portfolio_id, items=2400)
    path = write(tmp_path, events)
    later = Fate(header="Prefer: respond-async")
    lost = Fate(bytes_max=10)
    async with wires.to(system.ledger, wires.in_turn(BUSY, wires.CUT, TOO_MANY, lost, later, lost)) as wire:
        said = await terminals.run("publish", str(path), "--to", wire.address, "--json", environment=environment)
    assert said.code == 0, said.err
    result = json.loads(said.out)
    counts = result["counts"]
    assert (result["complete"], counts["recorded"] + counts["duplicate"]) == (True, len(events))
    assert counts["duplicate"] > 0  # what was lost on the way back
    assert "Retry" not in said.err
    assert "waiting: the ledger" in said.err
    assert await subjects(reader, portfolio_id, len(events) - 1) == [event["subject"] for event in events]


async def test_an_interrupted_upload_goes_on_where_it_was(
    system: systems.System, reader: httpx.AsyncClient, portfolio_id: str, tmp_path: Path, environment: dict[str, str]
):
    """Ctrl-C ends it with 130 and says how much is done; the same command sends the rest only, and counts all of it."""
    events = story(portfolio_id, items=2400)
    path = str(write(tmp_path, events))
    held = asyncio.Event()

    def hold_later(line: str) -> Fate:
        if line.startswith("POST") and len(wire.bodies) >= 3:
            held.set()
            return Fate(held=True)
        return wires.THROUGH

    async with wires.to(system.ledger, hold_later) as wire:
        first = await terminals.run("publish", path, "--to", wire.address, environment=environment, interrupt_when=held.wait)
        assert (first.code, "Traceback" in first.err) == (130, False)
        assert "The same command goes on from there" in first.err
        assert " recorded" in first.out

        wire.fate = wires.in_turn()
        before = len(wire.bodies)
        second = await terminals.run("publish", path, "--to", wire.address, "--json", environment=environment)
        sent = sum(len(json.loads(body)) for body in wire.bodies[before:] if body)
    assert second.code == 0, second.err
    assert "going on after the first" in second.err
    assert json.loads(second.out)["counts"]["recorded"] + json.loads(second.out)["counts"]["duplicate"] == len(events)
    assert 0 < sent < len(events)
    assert await subjects(reader, portfolio_id, len(events) - 1) == [event["subject"] for event in events]

    third = await terminals.run("publish", path, "--to", system.ledger, "--json", environment=environment)
    assert json.loads(third.out)["counts"]["duplicate"] == len(events)  # it had come to its end: nothing to go on from


async def test_a_ledger_that_knows_nothing_of_it_gets_everything_again(
    system: systems.System, portfolio_id: str, tmp_path: Path, environment: dict[str, str]
):
    """A note on an upload to another ledger at the same address, or of a file that was changed since, is not used."""
    events = story(portfolio_id, items=1200)
    path = write(tmp_path, events)
    held = asyncio.Event()

    def hold_later(line: str) -> Fate:
        if line.startswith("POST") and len(wire.bodies) >= 2:
            held.set()
            return Fate(held=True)
        return wires.THROUGH

    async with wires.to(system.ledger, hold_later) as wire:
        await terminals.run("publish", str(path), "--to", wire.address, environment=environment, interrupt_when=held.wait)
        [note] = (tmp_path / "state").rglob("*.json")
        noted = json.loads(note.read_text())

        wire.fate = wires.in_turn()
        note.write_text(json.dumps({**noted, "hash": "0" * 64}))
        again = await terminals.run("publish", str(path), "--to", wire.address, "--json", environment=environment)
        assert ("going on" in again.err, sum(json.loads(again.out)["counts"].values())) == (False, len(events))

        note.write_text(json.dumps(noted))
        write(tmp_path, [events[0], {**events[1], "actor": "p-2"}, *events[2:]])
        changed = await terminals.run("publish", str(path), "--to", wire.address, "--json", environment=environment)
        assert ("going on" in changed.err, changed.code) == (False, 1)
        [refused] = json.loads(changed.out)["not_taken"]
        assert (refused["code"], refused["line"]) == ("CONFLICTING_ID", 2)


async def test_what_is_not_taken_is_told_with_its_line(
    system: systems.System, portfolio_id: str, tmp_path: Path, environment: dict[str, str]
):
    """A line that is no JSON, one that is no event, one that is refused: file, line and reason of each; the rest is recorded."""
    [opened, product, first, second] = story(portfolio_id, items=2)
    moved = {**first, "id": "m", "type": "portfolio.item.item-moved.v1", "data": {"after": first["subject"]}}
    lines = [json.dumps(one) for one in (opened, product, first)]
    path = tmp_path / "some.jsonl"
    path.write_text("\n".join([*lines, "{not json", '{"specversion": "1.0"}', json.dumps(moved), json.dumps(second)]))
    errors = tmp_path / "errors.jsonl"
    said = await terminals.run("publish", str(path), "--to", system.ledger, "--errors", str(errors), environment=environment)
    assert (said.code, said.err) == (1, "")
    told = said.out.splitlines()
    assert [line.split("  ")[:3] for line in told[:2]] == [[f"{path}:{n}", "quarantined", "MALFORMED"] for n in (4, 5)]
    assert "at column 2" in told[0]
    assert "/id: This attribute is required" in told[1]
    assert told[2].startswith(f"{path}:6  refused  AFTER_ITSELF  item/PAY-0  ")
    assert told[3].startswith("4 recorded, 0 duplicate, 1 refused, 2 quarantined")
    written = [json.loads(line) for line in errors.read_text().splitlines()]
    assert [(one["line"], one["code"]) for one in written] == [(4, "MALFORMED"), (5, "MALFORMED"), (6, "AFTER_ITSELF")]
    assert json.loads(written[2]["text"]) == moved


async def test_several_portfolios_come_gzipped_through_a_pipe(
    system: systems.System, reader: httpx.AsyncClient, portfolio_id: str
):
    """Standard input, gzip, an array, portfolios mixed: each portfolio's events are recorded in its own order."""
    portfolios = [f"{portfolio_id}-{n}" for n in range(6)]
    stories = [story(portfolio, items=200) for portfolio in portfolios]
    mixed = [event for row in zip(*stories, strict=True) for event in row]
    said = await terminals.run("publish", "-", "--to", system.ledger, "--json", stdin=gzip.compress(json.dumps(mixed).encode()))
    assert (said.code, json.loads(said.out)["counts"]["recorded"]) == (0, len(mixed)), said.err
    for portfolio, events in zip(portfolios, stories, strict=True):
        assert await subjects(reader, portfolio, len(events) - 1) == [event["subject"] for event in events]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("publish", "no-such-file", "--to", "http://127.0.0.1:9"), 2, "no-such-file cannot be read: No such file or directory."),
        (("publish", "-", "--to", "nowhere"), 2, "--to is an address such as http://127.0.0.1:8080, not 'nowhere'."),
        (("publish", "-", "--data", "no-such-directory"), 1, "start one with `portfolio up`, or name the ledger with --to."),
        (("tail", "--data", "no-such-directory"), 1, "or name the read API with --read-api."),
        (("show", "iteration/3", "--read-api", "http://127.0.0.1:9"), 2, "name initiative/ID, product/ID or portfolio/ID."),
        (("show", "product/pay", "--read-api", "http://127.0.0.1:9"), 1, "The read API at http://127.0.0.1:9 cannot be reached."),
    ],
)
async def test_a_wrong_word_is_answered_with_a_sentence(arguments: tuple[str, ...], code: int, sentence: str):
    """What is wrong, in one sentence on standard error, which says what to do; no traceback, nothing else."""
    said = await terminals.run(*arguments)
    assert (said.code, said.out) == (code, "")
    assert said.err.startswith("portfolio: ")
    assert said.err.endswith(f"{sentence}\n")
    assert said.err.count("\n") == 1


async def test_a_ledger_that_stays_away_is_given_up(portfolio_id: str, tmp_path: Path, environment: dict[str, str]):
    """Nobody listens: it is tried for as long as --patience says, then a sentence tells what was wrong and what to do."""
    path = write(tmp_path, story(portfolio_id, items=1))
    said = await terminals.run("publish", str(path), "--to", "http://127.0.0.1:9", "--patience", "1", environment=environment)
    assert said.code == 1
    last = said.err.splitlines()[-1]
    assert last.startswith("portfolio: Nothing was taken for 1 s: the ledger at http://127.0.0.1:9 cannot be reached.")
    assert "Traceback" not in said.err
