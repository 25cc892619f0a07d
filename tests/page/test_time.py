"""The time machine: what was known and what was true, kept in the address; and what is new, while one looks at now."""

import re

import httpx
from playwright.async_api import Route

from tests.page.conftest import Looker, added, conceived, opened, submit
from tests.waiting import until

FACTS = "section:has(> .panel-head h2:text-is('Now')) .facts > div"


async def test_the_past_is_a_link(looker: Looker, portfolios: dict[str, int], reader: httpx.AsyncClient):
    """The bar takes one to an entry, a banner says so, figures are the API's of then, and the address alone leads there again."""
    assert portfolios
    then = (await reader.get("/portfolios/demo/initiatives/atlas", params={"as_of": 1500})).json()
    await looker.go("demo/initiative/atlas")
    assert await looker.page.locator(".past").count() == 0
    await looker.page.locator("input[name=as_of]").fill("1500")
    await looker.page.get_by_role("button", name="Go there").click()
    await until(lambda: "as_of=1500" in looker.page.url, "the address names the moment")
    await _shows_entry(looker, "1500")
    assert "What the ledger knew at entry 1500" in (await looker.shown(".past"))[0]
    promise = next(text for text in await looker.shown(FACTS) if text.startswith("Next promise"))
    assert promise == f"Next promise {then['next_promise']['value']} by baseline {then['baseline']}"
    address = looker.page.url
    await looker.page.goto("about:blank")
    await looker.page.goto(address)
    await looker.told()
    assert await looker.page.locator(".shown-entry").inner_text() == "1500"
    await looker.page.get_by_role("link", name="Performance").click()
    await looker.told()
    assert "as_of=1500" in looker.page.url
    await looker.page.get_by_role("link", name="Back to now").click()
    await until(lambda: "as_of" not in looker.page.url, "the address names no moment")
    assert await looker.page.locator(".past").count() == 0


async def test_a_day_is_told_as_it_was(looker: Looker, portfolios: dict[str, int], reader: httpx.AsyncClient):
    """What was true by its end; both axes at once; a step to the next entry keeps the day."""
    assert portfolios
    moment = {"as_of": 3000, "effective": "2025-06-30"}
    then = (await reader.get("/portfolios/demo/initiatives/atlas", params=moment)).json()
    await looker.go("demo/initiative/atlas?as_of=3000&effective=2025-06-30")
    assert "true by the end of 2025-06-30" in (await looker.shown(".past"))[0]
    cost = next(text for text in await looker.shown(FACTS) if text.startswith("Cost"))
    assert re.sub(r"[^\d]", "", cost) == str(then["money"]["cost"]["value"]["minor"])
    assert "settled" in (await looker.shown(".standing"))[0]
    await looker.page.get_by_role("link", name="#3001").click()
    await _shows_entry(looker, "3001")
    assert "effective=2025-06-30" in looker.page.url


async def test_a_moment_that_is_none_is_said_in_the_words_of_the_read_api(looker: Looker, portfolios: dict[str, int]):
    """The sentence says what a moment looks like."""
    assert portfolios
    await looker.go("demo/risks?as_of=yesterday")
    assert "an instant with an offset" in (await looker.shown(".problem"))[0]
    assert all("422" in said for said in looker.wrong)
    looker.wrong.clear()


async def test_news_come_by_themselves_and_take_nothing_away(
    looker: Looker, ledger: httpx.AsyncClient, portfolio_id: str, reader: httpx.AsyncClient
):
    """A new item is there without a reload, while what is typed, where one has scrolled to and what has the focus stay."""
    items = [added(f"I-{index}", "pay", f"Item {index}") for index in range(60)]
    last = await submit(ledger, portfolio_id, opened(portfolio_id), conceived("pay", "Payments"), *items)
    await reader.get(f"/portfolios/{portfolio_id}/entries", params={"min_entry": last, "limit": 1})
    await looker.go(f"{portfolio_id}/product/pay/backlog")
    await until(lambda: _is_live(looker), "the stream is open")
    field = looker.page.locator("input[name=as_of]")
    await looker.page.evaluate("scrollTo(0, 900)")
    await field.evaluate("one => { one.focus({ preventScroll: true }); one.value = '12'; }")
    before = await looker.page.evaluate("scrollY")
    await submit(ledger, portfolio_id, added("I-news", "pay", "Fresh from the tracker"))
    await looker.page.get_by_text("Fresh from the tracker").wait_for(state="attached")
    assert abs(await looker.page.evaluate("scrollY") - before) < 100
    assert await field.input_value() == "12"
    assert await field.evaluate("one => one === document.activeElement")


async def test_the_past_is_left_alone(looker: Looker, portfolios: dict[str, int]):
    """Who looks at a past entry follows no stream."""
    assert portfolios
    streams = list[str]()
    looker.page.on("request", lambda sent: streams.append(sent.url) if "/stream" in sent.url else None)
    await looker.go("demo/risks?as_of=100")
    assert (streams, await looker.page.locator(".live").count()) == ([], 0)


async def test_it_says_when_no_news_come(looker: Looker, portfolios: dict[str, int]):
    """Without the stream the page works, says that it is not live, and asks again when it is told to."""
    assert portfolios

    async def refuse(route: Route) -> None:
        await route.abort()

    await looker.page.route("**/stream", refuse)
    await looker.go("demo/risks")
    await looker.page.locator(".live.away").wait_for()
    assert "not live" in (await looker.shown(".standing"))[0]
    await looker.page.get_by_role("button", name="Ask again").click()
    await looker.told()
    looker.wrong.clear()


async def _is_live(looker: Looker) -> bool:
    return await looker.page.locator(".live.live").count() == 1


async def _shows_entry(looker: Looker, entry: str) -> None:
    async def shows() -> bool:
        return await looker.page.locator(".shown-entry").all_inner_texts() == [entry]

    await until(shows, f"entry {entry} is shown")
    await looker.told()
