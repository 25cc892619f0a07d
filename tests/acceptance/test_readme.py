"""The README's first event, word for word: its commands are read from the page and sent as they stand there."""

import shlex
from pathlib import Path

import httpx
import pytest

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
