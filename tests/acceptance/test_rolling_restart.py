"""A rolling restart of both services is not noticed by a client that tries again, as the API's documentation says it should."""

import asyncio
import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from tests import systems

Document = dict[str, Any]

SERVICES = ("ledger", "projector")
NOT_NOW = (202, 429, 503)


def event(portfolio: str, kind: str, subject: str, id_: str, data: Document) -> Document:
    """An event of a publisher."""
    return {
        "specversion": "1.0",
        "id": id_,
        "source": "/rolling",
        "type": f"portfolio.{kind}.v1",
        "subject": subject,
        "portfolio": portfolio,
        "time": "2026-01-05T09:00:00Z",
        "actor": "ann",
        "data": data,
    }


class Client:
    """Posts, and reads what it has posted, of one replica or another: whichever answers."""

    def __init__(self, replicas: Sequence[systems.System], portfolio: str) -> None:
        self.recorded = list[Document]()
        self.reads = 0
        self._portfolio = portfolio
        self._ledgers = itertools.cycle([one.ledger for one in replicas])
        self._readers = itertools.cycle([one.read_api for one in replicas])
        self._http = httpx.AsyncClient(timeout=20)

    async def post(self, document: Document) -> None:
        """Post an event until there is a receipt."""
        while True:
            answer = await self._ask("POST", f"{next(self._ledgers)}/events", content=json.dumps(document))
            if answer is not None and answer.status_code not in NOT_NOW:
                break
        assert answer.status_code in (200, 201), answer.text
        self.recorded.append(answer.json())

    async def read(self) -> None:
        """Read the last entry that was acknowledged, or a newer one."""
        wanted = self.recorded[-1]["last_entry"]
        while True:
            path = f"{next(self._readers)}/portfolios/{self._portfolio}/products/pay/backlog"
            answer = await self._ask("GET", path, params={"min_entry": wanted, "limit": 1})
            if answer is not None and answer.status_code not in NOT_NOW:
                break
        assert answer.status_code == 200, answer.text
        assert answer.json()["entry"] >= wanted
        self.reads += 1

    async def work(self, done: asyncio.Event) -> None:
        """Add item after item, and read each, until it is done."""
        await self.post(
            event(
                self._portfolio,
                "portfolio.portfolio-opened",
                f"portfolio/{self._portfolio}",
                "open",
                {"name": "R", "currency": "EUR"},
            )
        )
        await self.post(
            event(self._portfolio, "product.product-conceived", "product/pay", "pay", {"name": "Pay", "vision": "Paid at once"})
        )
        for n in itertools.count():
            body = {"product": "product/pay", "title": f"Item {n}", "kind": "feature"}
            await self.post(event(self._portfolio, "item.item-added", f"item/I{n}", f"add-{n}", body))
            await self.read()
            if done.is_set():
                return

    async def _ask(self, method: str, url: str, **more: Any) -> httpx.Response | None:  # noqa: ANN401  what a request has
        try:
            return await self._http.request(method, url, headers={"content-type": "application/cloudevents+json"}, **more)
        except httpx.TransportError:
            return None

    async def close(self) -> None:
        """Close its connections."""
        await self._http.aclose()


async def test_a_rolling_restart_is_not_noticed_by_who_tries_again(
    system: systems.System, reader: httpx.AsyncClient, portfolio_id: str, tmp_path: Path
):
    """Each replica of each service is restarted in turn; every event is recorded once, in order, and read back at once."""
    async with system.doubled(tmp_path) as other:
        client, done = Client([system, other], portfolio_id), asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(client.work(done))
            for name in SERVICES:
                for replica in (other, system):
                    await replica.restart(name)
            done.set()
        await client.close()
    assert client.reads > 2 * len(SERVICES)
    entries = list[Document]()
    while len(entries) < len(client.recorded):
        answer = await reader.get(f"/portfolios/{portfolio_id}/entries", params={"from": len(entries), "limit": 1000})
        assert answer.json()["entries"], "entries are missing"
        entries += answer.json()["entries"]
    assert [(entry["entry"], entry["event"]["id"]) for entry in entries] == [
        (receipt["entry"], receipt["id"]) for receipt in client.recorded
    ]
    assert [entry["entry"] for entry in entries] == list(range(len(entries)))
