"""The README word for word: its commands are read from the page, sent or typed as they stand there, and answer what it says."""

import asyncio
import os
import re
import shlex
import sys
from pathlib import Path

import httpx
import pytest

from tests import systems
from tests.acceptance import terminals

README = Path(__file__).parents[2] / "README.md"
LEDGER, READ_API = "http://127.0.0.1:8080", "http://127.0.0.1:8081"


def commands() -> list[list[str]]:
    """The curl commands of the README, split as a shell splits them."""
    lines = [line.removeprefix("    ") if line.startswith("    ") else "" for line in README.read_text().splitlines()]
    blocks = "\n".join(lines).split("\n\n")
    statements = [part for block in blocks for part in block.replace("\\\n", " ").replace("\ncurl", "\n\ncurl").split("\n\n")]
    return [shlex.split(statement) for statement in statements if statement.strip().startswith("curl")]


async def send(command: list[str], portfolio: str, ledger: httpx.AsyncClient, reader: httpx.AsyncClient) -> httpx.Response:
    """Send what a curl command says, to the tests' own system and portfolio."""
    address = next(word for word in command if word.startswith("http"))
    client, path = (
        (ledger, address.removeprefix(LEDGER)) if address.startswith(LEDGER) else (reader, address.removeprefix(READ_API))
    )
    values = {flag: command[at + 1] for at, flag in enumerate(command) if flag in ("-H", "-d")}
    path = path.replace("/acme", f"/{portfolio}")
    if "-d" not in values:
        return await client.get(path)
    name, _, value = values["-H"].partition(": ")
    body = values["-d"].replace('"acme"', f'"{portfolio}"').replace("portfolio/acme", f"portfolio/{portfolio}")
    return await client.post(path, content=body, headers={name: value})


async def test_the_first_event_goes_as_the_readme_says(ledger: httpx.AsyncClient, reader: httpx.AsyncClient, portfolio_id: str):
    """Opened, sent again, a batch, read back, refused: each answer is what the text around it promises."""
    plain = [command for command in commands() if "-N" not in command]
    answers = [await send(command, portfolio_id, ledger, reader) for command in plain]
    opened, batch, backlog, entries, refused = answers
    assert (opened.status_code, opened.json()["entry"]) == (201, 0)
    again = await send(plain[0], portfolio_id, ledger, reader)
    assert (again.status_code, again.json()) == (200, {**opened.json(), "verdict": "duplicate"})
    assert [receipt["verdict"] for receipt in batch.json()["receipts"]] == ["recorded", "recorded"]
    assert [item["item"] for item in backlog.json()["items"]] == ["PAY-1"]
    assert [entry["entry"] for entry in entries.json()["entries"]] == [0, 1, 2]
    assert (refused.status_code, refused.json()["code"]) == (422, "AFTER_ITSELF")
    assert refused.json()["entry"] == 3


async def test_the_stream_of_the_readme_gives_the_entries(
    ledger: httpx.AsyncClient, reader: httpx.AsyncClient, portfolio_id: str
):
    """The last read command streams: what was recorded comes, with its entry number as the event's id."""
    plain = commands()
    await send(plain[0], portfolio_id, ledger, reader)
    [streaming] = [command for command in plain if "-N" in command]
    path = next(word for word in streaming if word.startswith("http")).removeprefix(READ_API).replace("/acme", f"/{portfolio_id}")
    await reader.get(f"/portfolios/{portfolio_id}/entries", params={"min_entry": 0})
    async with reader.stream("GET", path) as answer:
        assert answer.status_code == 200
        async for line in answer.aiter_lines():
            if line.startswith("id:"):
                assert line.partition(":")[2].strip() == "0"
                return
    pytest.fail("the stream ended without an entry")


def typed() -> list[tuple[str, list[str]]]:
    """What the README shows in a terminal: each command, and the lines that it answers."""
    blocks = re.findall(r"^    \$ (.+)\n((?:    .*\n|\n(?=    ))*)", README.read_text(), re.MULTILINE)
    return [(command, [line.strip() for line in answer.splitlines()]) for command, answer in blocks]


def timeless(lines: list[str]) -> list[str]:
    """Lines without what differs from day to day: ages, times of recording, and the spaces that depend on them."""
    without = (re.sub(r"(?<![+\d])\d+ d\b|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "...", line) for line in lines)
    return [" ".join(line.split()) for line in without]


async def test_the_demo_is_shown_as_the_readme_shows_it(
    system: systems.System, reader: httpx.AsyncClient, demo: terminals.Said, tmp_path: Path
):
    """Each command of the walk through the demo portfolio, in a shell, answers what the page says, but for ages and times."""
    entry = re.search(r"demo@(\d+)", README.read_text())
    assert entry is not None
    answer = await reader.get("/portfolios/demo/entries", params={"min_entry": int(entry[1]), "limit": 1})
    assert (demo.code, answer.json()["entry"]) == (1, int(entry[1]))
    command = tmp_path / "portfolio"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m portfolio_deploy "$@" --read-api {system.read_api}\n')
    command.chmod(0o755)
    assert len(typed()) >= 4
    for line, expected in typed():
        process = await asyncio.create_subprocess_exec(
            *("sh", "-c", f'PATH="{tmp_path}:$PATH"; {line}'),
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "COLUMNS": ""},  # which readline, that pytest loads, sets behind Python's back
        )
        said, _ = await asyncio.wait_for(process.communicate(), terminals.LIMIT_S)
        assert timeless(said.decode().splitlines()) == timeless(expected), line
