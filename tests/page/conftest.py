"""A browser in front of the running system, with the demo portfolio and the published story: whatever goes wrong fails the test.

It needs a Chromium on the path (Debian and Ubuntu: the package chromium). Nothing is downloaded, and nothing else is asked.
"""

import contextlib
import os
import shutil
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Response, async_playwright

from tests.acceptance import terminals
from tests.acceptance.conftest import demo, ledger, reader, system
from tests.waiting import until

__all__ = ["demo", "ledger", "reader", "system"]  # the running system of the acceptance tests

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
STORY = Path(__file__).parents[2] / "schemas" / "examples" / "story.json"
_LIMIT_MS = 20_000
_MACHINE = "ERR_NETWORK_CHANGED"
"""A network interface came or went, and the browser dropped its connections, even those to its own machine."""


@dataclass(kw_only=True)
class Looker:
    """Somebody who looks at the page: where it is, what was answered, and what went wrong."""

    page: Page
    address: str
    answers: dict[str, Any] = field(default_factory=dict[str, Any])
    wrong: list[str] = field(default_factory=list[str])

    async def go(self, place: str) -> None:
        """Go to a place, and wait until all of it is told."""
        await self.page.goto(f"{self.address}/#/{place}")
        await self.told()

    async def told(self) -> None:
        """Wait until the view of the address is shown, and every panel of it has its answer."""
        place = self.page.url.partition("#")[2]
        await self.page.locator(f'main[data-place="#{place}"]').wait_for()
        await until(self._is_told, f"{self.page.url} is told", limit_s=_LIMIT_MS / 1000)

    async def _is_told(self) -> bool:
        return await self.page.locator(".asking").count() == 0 and await self.page.locator(".panel").count() > 0

    async def shown(self, selector: str) -> list[str]:
        """Return the texts of what a selector finds, in one line each."""
        return [" ".join(text.split()) for text in await self.page.locator(selector).all_inner_texts()]

    async def is_as_wide_as_its_window(self) -> bool:
        """Whether nothing sticks out: the page itself never scrolls sideways."""
        return bool(await self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncGenerator[Browser]:
    """The machine's own Chromium."""
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if found is None:
        pytest.skip(f"no browser is on the path (one of {', '.join(BROWSERS)})")
    arguments = ["--no-sandbox"] if os.getuid() == 0 else []  # Chromium runs as root in no other way
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=arguments)
        yield browser
        await browser.close()


async def watch(context: BrowserContext, address: str) -> Looker:
    """Open a page whose console, errors and requests are watched."""
    context.set_default_timeout(_LIMIT_MS)
    looker = Looker(page=await context.new_page(), address=address)

    async def keep(response: Response) -> None:
        if response.ok and response.headers.get("content-type", "").startswith("application/json"):
            with contextlib.suppress(Error):  # the page that asked is left already
                looker.answers[response.url.removeprefix(address)] = await response.json()

    def hear(said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"} and _MACHINE not in said.text:
            looker.wrong.append(said.text)

    looker.page.on("response", keep)
    looker.page.on("pageerror", lambda error: looker.wrong.append(f"error: {error}"))
    looker.page.on("console", hear)
    looker.page.on("request", lambda sent: None if sent.url.startswith(address) else looker.wrong.append(f"asks {sent.url}"))
    return looker


@pytest.fixture
async def looker(browser: Browser, reader: httpx.AsyncClient) -> AsyncGenerator[Looker]:
    """Somebody at a desk; the test fails when the console says anything, or anything is asked elsewhere."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    looker = await watch(context, str(reader.base_url).rstrip("/"))
    yield looker
    await context.close()
    assert looker.wrong == []


@pytest_asyncio.fixture(scope="session")
async def portfolios(demo: terminals.Said, ledger: httpx.AsyncClient, reader: httpx.AsyncClient) -> dict[str, int]:
    """The demo portfolio and the story of all event types, projected: the last entry of each."""
    assert demo.code in {0, 1}
    headers = {"Content-Type": "application/cloudevents-batch+json"}
    told = (await ledger.post("/events", content=STORY.read_bytes(), headers=headers)).json()["receipts"]
    last = max(receipt["last_entry"] for receipt in told if receipt["portfolio"] == "acme")
    assert (await reader.get("/portfolios/acme/overview", params={"min_entry": last})).status_code == 200

    async def projected() -> dict[str, int]:
        listed = (await reader.get("/portfolios")).json()["portfolios"]
        return {one["portfolio"]: one["entry"] for one in listed}

    return await projected()


async def submit(ledger: httpx.AsyncClient, portfolio: str, *events: dict[str, Any]) -> int:
    """Publish facts of a portfolio, each a type, a subject and a body; return the last entry."""
    documents = [
        {
            "specversion": "1.0",
            "id": f"{event['subject']}-{index}-{event['type']}-{event.get('at', '')}",
            "source": "/the-test",
            "type": f"portfolio.{event['type']}",
            "subject": event["subject"],
            "portfolio": portfolio,
            "time": f"2026-01-05T09:00:{index % 60:02d}Z",
            "actor": "p-1",
            "data": event["data"],
        }
        for index, event in enumerate(events)
    ]
    last = -1
    for start in range(0, len(documents), 500):
        answer = await ledger.post(
            "/events",
            json=documents[start : start + 500],
            headers={"Content-Type": "application/cloudevents-batch+json"},
        )
        receipts = answer.json()["receipts"]
        assert [one for one in receipts if one["verdict"] != "recorded"] == []
        last = receipts[-1]["last_entry"]
    return last


def opened(portfolio: str, name: str = "Opened") -> dict[str, Any]:
    """A portfolio that begins."""
    data = {"name": name, "currency": "EUR"}
    return {"type": "portfolio.portfolio-opened.v1", "subject": f"portfolio/{portfolio}", "data": data}


def conceived(product: str, name: str) -> dict[str, Any]:
    """A product that begins."""
    data = {"name": name, "vision": "Everybody can pay", "owner": "p-2"}
    return {"type": "product.product-conceived.v1", "subject": f"product/{product}", "data": data}


def added(item: str, product: str, title: str) -> dict[str, Any]:
    """An item at the head of a backlog."""
    data = {"product": f"product/{product}", "title": title, "kind": "feature", "after": None}
    return {"type": "item.item-added.v1", "subject": f"item/{item}", "data": data}
