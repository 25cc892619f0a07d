"""The golden examples, told as one story through the whole system: posted as a batch, read back as baselines and backlog."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

STORY = Path(__file__).parents[2] / "schemas" / "examples" / "story.json"

Document = dict[str, Any]


@pytest.fixture
async def told(ledger: httpx.AsyncClient, portfolio_id: str) -> list[Document]:
    """The receipts of the story in its first portfolio, told in one of its own."""
    text = STORY.read_text().replace('"portfolio": "acme"', f'"portfolio": "{portfolio_id}"')
    story = text.replace('"portfolio/acme"', f'"portfolio/{portfolio_id}"').replace('pilot"', f'{portfolio_id}-pilot"')
    answer = await ledger.post("/events", content=story, headers={"Content-Type": "application/cloudevents-batch+json"})
    assert answer.status_code == 200, answer.text
    return [receipt for receipt in answer.json()["receipts"] if receipt["portfolio"] == portfolio_id]


async def read(reader: httpx.AsyncClient, portfolio: str, path: str, **parameters: int) -> Document:
    """Read a path of the portfolio."""
    answer = await reader.get(f"/portfolios/{portfolio}/{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Ledger-Entry"] == f"{portfolio}@{answer.json()['entry']}"
    return answer.json()


async def test_every_event_of_the_story_is_recorded(told: list[Document]):
    """Nothing is refused or flagged; what has consequences brings them along, in the same append."""
    assert [receipt for receipt in told if receipt["verdict"] != "recorded" or receipt["flags"]] == []
    with_consequences = [receipt for receipt in told if receipt["last_entry"] > receipt["entry"]]
    consequences = {receipt["subject"]: receipt["last_entry"] - receipt["entry"] for receipt in with_consequences}
    assert consequences["initiative/apollo"] == 1
    assert consequences["initiative/hermes"] > 10
    assert told[-1]["last_entry"] == len(told) + sum(consequences.values()) - 1


async def test_the_initiative_is_read_with_its_baselines_and_cost(
    told: list[Document], reader: httpx.AsyncClient, portfolio_id: str
):
    """The second approved baseline is current, the first superseded, the one before was rejected; the cost is what was posted."""
    story: list[Document] = json.loads(STORY.read_text())
    posted = sum(event["data"]["amount"]["minor"] for event in story if event["subject"] == "funding/apollo")
    apollo = await read(reader, portfolio_id, "initiatives/apollo", min_entry=told[-1]["last_entry"])
    assert (apollo["mode"], apollo["state"], apollo["baselines_approved"]) == ("waterfall", "Active", 2)
    assert apollo["money"]["cost"]["value"] == {"minor": posted, "currency": "EUR"}
    baselines = (await read(reader, portfolio_id, "initiatives/apollo/baselines"))["baselines"]
    states = [(one["version"], one["state"]) for one in baselines]
    assert states == [(1, "Rejected"), (2, "Superseded"), (3, "Approved")]
    assert apollo["baseline"] == 3
    compared = await reader.get(f"/portfolios/{portfolio_id}/initiatives/apollo/baselines/compare", params={"from": 2, "to": 3})
    assert compared.status_code == 200, compared.text


async def test_the_past_is_what_it_was(told: list[Document], reader: httpx.AsyncClient, portfolio_id: str):
    """Asked as of the entry before the second approval, the first baseline is still the current one."""
    await read(reader, portfolio_id, "initiatives/apollo", min_entry=told[-1]["last_entry"])
    approval = next(receipt["entry"] for receipt in told if receipt["last_entry"] > receipt["entry"])
    before = await read(reader, portfolio_id, "initiatives/apollo", as_of=approval - 1)
    after = await read(reader, portfolio_id, "initiatives/apollo", as_of=approval)
    assert (before["baseline"], after["baseline"]) == (2, 3)


async def test_the_backlog_has_the_split_items_in_their_place(told: list[Document], reader: httpx.AsyncClient, portfolio_id: str):
    """What was dropped and split is gone from the order, what was reopened and made by the split is in it; then as of the end."""
    story: list[Document] = json.loads(STORY.read_text())
    [split] = [event for event in story if event["type"] == "portfolio.item.item-split.v1"]
    [then] = [receipt["entry"] for receipt in told if receipt["id"] == split["id"]]
    made = [new["item"].removeprefix("item/") for new in split["data"]["into"]]
    await read(reader, portfolio_id, "products/payments/backlog", min_entry=told[-1]["last_entry"])
    backlog = await read(reader, portfolio_id, "products/payments/backlog", as_of=then)
    order = [item["item"] for item in backlog["items"]]
    assert set(order) == {"PAY-1", "PAY-3", *made}
    first = order.index(made[0])
    assert order[first : first + len(made)] == made
    now = await read(reader, portfolio_id, "products/payments/backlog")
    assert {item["item"] for item in now["items"]} == {"PAY-1", "PAY-3", "REF-1"}


async def test_the_initiative_that_became_a_product_has_ended(told: list[Document], reader: httpx.AsyncClient, portfolio_id: str):
    """Its work packages are where their dispositions put them; the item is in the backlog of what the product became."""
    hermes = await read(reader, portfolio_id, "initiatives/hermes", min_entry=told[-1]["last_entry"])
    assert hermes["state"] == "Transitioned"
    paper = await read(reader, portfolio_id, "products/paper/backlog")
    assert [item["item"] for item in paper["items"]] == ["LET-1"]
