"""States of the real world: nothing there yet, unknown, not now, hostile, endless, without script, by keyboard, on paper."""

import asyncio

import httpx
from playwright.async_api import Browser

from portfolio_projector.http import serving
from portfolio_projector.settings import ServeSettings
from tests.conftest import Database
from tests.page.conftest import Looker, added, conceived, opened, submit, watch

HOSTILE = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>{{7*7}}${7*7} \u202egnp.exe"
LONG = "Donaudampfschifffahrtsgesellschaftskapitaensmuetze" * 4


async def test_nothing_there_yet(browser: Browser, database: Database):
    """Who opens the page of an empty system is told what to do."""
    settings = ServeSettings(postgres=database.projector, port=0)
    listener = serving.listen(settings)
    task = asyncio.create_task(serving.serve_on(settings, listener))
    context = await browser.new_context()
    looker = await watch(context, f"http://127.0.0.1:{listener.getsockname()[1]}")
    await looker.go("")
    text = (await looker.shown("main"))[0]
    await context.close()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert "There is no portfolio yet." in text
    assert "PortfolioOpened" in text
    assert looker.wrong == []


async def test_what_is_unknown_is_said_in_the_words_of_the_read_api(
    looker: Looker, portfolios: dict[str, int], reader: httpx.AsyncClient
):
    """An unknown portfolio, an unknown initiative, an address that leads nowhere."""
    assert portfolios
    for place, path in (("nobody", "nobody/overview"), ("demo/initiative/none", "demo/initiatives/none")):
        problem = (await reader.get(f"/portfolios/{path}")).json()
        await looker.go(place)
        assert f"{problem['detail']} {problem['code']}" in (await looker.shown(".problem"))[0]
    await looker.go("demo/nowhere")
    assert (await looker.shown("h1")) == ["There is no such page"]
    assert all("404" in said for said in looker.wrong)
    looker.wrong.clear()


async def test_what_is_not_there_yet_is_asked_for_again(looker: Looker, ledger: httpx.AsyncClient, portfolio_id: str):
    """An entry that the read model has not reached: the API's sentence, where it stands, and the answer once it is there."""
    last = await submit(ledger, portfolio_id, opened(portfolio_id), conceived("pay", "Payments"))
    await looker.page.goto(f"{looker.address}/#/{portfolio_id}/product/pay?as_of={last + 1}")
    await looker.page.locator(".problem").first.wait_for()
    text = (await looker.shown(".problem"))[0]
    assert f"entry {last + 1} is asked for" in text
    assert f"The read model stands at entry {last}." in text
    assert "It is asked again in 1 second." in text
    await submit(ledger, portfolio_id, added("I-1", "pay", "The first"))
    await looker.page.locator(".shown-entry").wait_for()
    await looker.told()
    assert await looker.shown(".problem") == []
    assert all("503" in said for said in looker.wrong)
    looker.wrong.clear()


async def test_texts_of_events_are_never_markup(looker: Looker, ledger: httpx.AsyncClient, portfolio_id: str):
    """Titles and names full of markup stand there as they were written, wherever they are shown, and do nothing."""
    facts = [opened(portfolio_id, HOSTILE), conceived("pay", HOSTILE), added("I-1", "pay", HOSTILE), added("I-2", "pay", LONG)]
    last = await submit(ledger, portfolio_id, *facts)
    for place in (
        "overview",
        "product/pay",
        "product/pay/backlog",
        "freshness",
        "entries",
        "changes?from=0",
        f"entry/{last - 1}",
    ):
        await looker.go(f"{portfolio_id}/{place}")
        await looker.page.get_by_text("<img src=x", exact=False).first.wait_for()
        assert await looker.page.locator("#page img, #page script").count() == 0, place
        assert await looker.page.title() != "taken"
        assert await looker.is_as_wide_as_its_window(), place


async def test_a_long_backlog_comes_in_pages(
    looker: Looker, ledger: httpx.AsyncClient, portfolio_id: str, reader: httpx.AsyncClient
):
    """A page at a time, each after the one before, up to the last of thousands; news keep what was asked for."""
    items = [added(f"I-{index:04}", "pay", f"Item {index}") for index in range(1100)]
    last = await submit(ledger, portfolio_id, opened(portfolio_id), conceived("pay", "Payments"), *items)
    await reader.get(f"/portfolios/{portfolio_id}/products/pay/backlog", params={"min_entry": last, "limit": 1})
    await looker.go(f"{portfolio_id}/product/pay/backlog")
    panel = looker.page.locator("section:has(> .panel-head h2:text-is('In its order'))")
    for rows in range(200, 1100, 200):
        await panel.locator(f"tbody tr:nth-child({rows})").wait_for()
        assert await panel.locator("tbody tr").count() == rows
        await panel.get_by_role("button", name="Show more").click()
    await panel.locator("tbody tr:nth-child(1100)").wait_for()
    assert await panel.get_by_role("button", name="Show more").count() == 0
    positions = [text.split(". ")[0] for text in await panel.locator("tbody th small").all_inner_texts()]
    assert positions == [str(number) for number in range(1, 1101)]


async def test_the_keyboard_is_enough(looker: Looker, portfolios: dict[str, int]):
    """The first stop skips to the content, links lead on, and a new place is told from its heading."""
    assert portfolios
    await looker.go("demo")
    await looker.page.keyboard.press("Tab")
    assert await looker.page.evaluate("document.activeElement.innerText") == "To the content"
    await looker.page.keyboard.press("Enter")
    assert await looker.page.evaluate("document.activeElement.id") == "content"
    await looker.page.get_by_role("navigation", name="Portfolio").get_by_role("link", name="Risks").press("Enter")
    await looker.told()
    assert await looker.page.evaluate("document.activeElement.id") == "title"
    assert await looker.shown('[aria-current="page"]') == ["Risks"]


async def test_without_script_it_says_where_the_figures_are(browser: Browser, reader: httpx.AsyncClient):
    """And links to the documentation of every path."""
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(str(reader.base_url))
    text = await page.locator("noscript").inner_text()
    await context.close()
    assert "needs JavaScript" in text
    assert "/docs" in text


async def test_on_paper_only_what_is_told_is_left(looker: Looker, portfolios: dict[str, int]):
    """Navigation and forms are not printed; the moment that is told is."""
    assert portfolios
    await looker.go("demo/initiative/atlas?as_of=1500")
    await looker.page.emulate_media(media="print")
    assert not await looker.page.locator(".head nav").is_visible()
    assert not await looker.page.locator(".time form").is_visible()
    assert await looker.page.locator(".shown-entry").is_visible()
    assert await looker.page.locator(".past").is_visible()
