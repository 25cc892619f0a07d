"""Events of a small story, and posting them."""

import json
from typing import Any

import httpx

from portfolio_schemas.codec import Document
from tests import waiting

STRUCTURED = {"content-type": "application/cloudevents+json"}
BATCH = {"content-type": "application/cloudevents-batch+json"}

OPENED = "portfolio.portfolio.portfolio-opened.v1"
CONCEIVED = "portfolio.product.product-conceived.v1"
ADDED = "portfolio.item.item-added.v1"
REPORTED = "portfolio.item.item-status-reported.v1"


def event(portfolio: str, type_: str, subject: str, id_: str, data: Document, /, **attributes: Any) -> dict[str, Any]:  # noqa: ANN401  attributes are as they come, these five always
    """An event of a publisher."""
    return {
        "specversion": "1.0",
        "id": id_,
        "source": "/test",
        "type": type_,
        "subject": subject,
        "time": "2026-01-05T09:00:00Z",
        "portfolio": portfolio,
        "actor": "ann",
        "data": data,
        **attributes,
    }


def opened(portfolio: str, **attributes: Any) -> dict[str, Any]:  # noqa: ANN401  attributes are as they come
    """The portfolio begins."""
    return event(portfolio, OPENED, f"portfolio/{portfolio}", "open", {"name": "Acme", "currency": "EUR"}, **attributes)


def conceived(portfolio: str) -> dict[str, Any]:
    """A product to have items."""
    return event(portfolio, CONCEIVED, "product/pay", "conceive", {"name": "Pay", "vision": "Paid at once"})


def added(portfolio: str, item: str, **attributes: Any) -> dict[str, Any]:  # noqa: ANN401  attributes are as they come
    """An item in the backlog of the product."""
    body: Document = {"product": "product/pay", "title": f"Item {item}", "kind": "feature"}
    return event(portfolio, ADDED, f"item/{item}", f"add-{item}", body, **attributes)


def reported(portfolio: str, item: str, id_: str, **attributes: Any) -> dict[str, Any]:  # noqa: ANN401  attributes are as they come
    """What a source says of an item."""
    return event(portfolio, REPORTED, f"item/{item}", id_, {"status": "open"}, **attributes)


async def post(client: httpx.AsyncClient, document: Document, **headers: str) -> httpx.Response:
    """Post one event in structured mode."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.post("/events", content=json.dumps(document), headers={**STRUCTURED, **named})


async def post_batch(client: httpx.AsyncClient, documents: list[Any], **headers: str) -> httpx.Response:
    """Post a batch."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.post("/events", content=json.dumps(documents), headers={**BATCH, **named})


async def begin(client: httpx.AsyncClient, portfolio: str) -> None:
    """Open a portfolio with a product."""
    answer = await post_batch(client, [opened(portfolio), conceived(portfolio)])
    assert [receipt["verdict"] for receipt in answer.json()["receipts"]] == ["recorded", "recorded"]


async def until_told(client: httpx.AsyncClient, submission: str) -> dict[str, Any]:
    """The receipt of a submission, as soon as it is known."""
    found = list[dict[str, Any]]()

    async def told() -> bool:
        answer = await client.get("/receipts", params={"submission": submission})
        found.append(answer.json())
        return answer.is_success

    await waiting.until(told, f"a receipt of {submission}")
    return found[-1]
