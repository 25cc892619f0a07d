"""Every view, of a portfolio with two years in it and of one with every type of event: told, sound, fit for a phone."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any, cast

import httpx
from playwright.async_api import Browser

from tests.page.conftest import Looker, watch
from tests.waiting import until

INITIATIVE = (
    "",
    "/baselines",
    "/performance",
    "/gates",
    "/changes",
    "/exceptions",
    "/milestones",
    "/iterations",
    "/burn-up",
    "/matters",
)
PRODUCT = ("", "/backlog", "/flow", "/forecast", "/burn-up", "/funding", "/gates", "/matters")
ACROSS = (
    "overview",
    "members",
    "transitions",
    "dependencies",
    "risks",
    "outcomes",
    "capacity",
    "experiments",
    "decisions",
    "freshness",
    "anomalies",
    "refusals",
    "changes?from=3",
    "entries",
    "entry/1",
)
PLACES = [
    "",
    *(f"{portfolio}/{place}" for portfolio in ("demo", "acme") for place in ACROSS),
    *(f"demo/initiative/atlas{view}" for view in INITIATIVE),
    *(
        f"acme/initiative/{name}{view}"
        for name in ("apollo", "vega", "orion", "hermes")
        for view in INITIATIVE
        if name != "hermes" or not view
    ),
    *(f"{member}{view}" for member in ("demo/product/payments", "acme/product/payments") for view in PRODUCT),
    "acme/product/payments/delivery?from=2025-06-01&to=2025-12-31",
    "acme/product/payments/backlog?item=PAY-1",
    "demo/initiative/atlas/baselines?from=1&to=5",
    "acme/subject/item/PAY-1",
    "demo/subject/funding/atlas",
]

_CHART_MIN = 3

_HEADS_WITHOUT_TEXT = (
    "[...document.querySelectorAll('main th')].filter(one => !one.innerText.trim() && one.scope === 'col').length"
)
_FIGURES = "[...document.querySelectorAll('main data')].map(one => one.value)"


async def test_a_view_is_told_and_sound(looker: Looker, portfolios: dict[str, int]):
    """Nothing in the console, no problem, a heading, captions, heads with their scope; every figure is one of the read API's."""
    assert {"demo", "acme"} <= portfolios.keys()
    subject = ""
    for place in PLACES:
        if subject != (subject := "/".join(place.split("/")[:3])):
            looker.answers.clear()  # what views of one subject share is asked for once
        await looker.go(place)
        page = looker.page
        assert await looker.shown(".problem") == [], place
        assert (await looker.shown("h1"))[0] not in {"", "There is no such page"}, place
        assert await page.locator("main table:not(:has(caption))").count() == await page.locator(".u-legend").count(), place
        assert await page.locator("main table:not(.u-legend) th:not([scope])").count() == 0, place
        assert await page.evaluate(_HEADS_WITHOUT_TEXT) == 0, place
        assert await page.locator("h1").count() == 1, place
        figures = set(await page.evaluate(_FIGURES))
        await until(partial(_are_said, figures, looker), f"{place}: every figure stands in an answer", limit_s=5)
        assert await looker.is_as_wide_as_its_window(), place


def _are_said(figures: set[str], looker: Looker) -> bool:
    return figures <= _said(looker.answers)


def _said(answers: dict[str, Any]) -> set[str]:
    """All numbers that stand in answers, and all amounts: each minor unit in each currency that is named."""
    scalars, currencies = set[str](), set[str]()
    for name, value in _scalars(answers):
        scalars.add(str(value))
        if name == "currency":
            currencies.add(str(value))
    amounts = {f"{number} {currency}" for number in scalars if re.fullmatch(r"-?\d+", number) for currency in currencies}
    return scalars | amounts | {"0"}


def _scalars(one: object, name: str = "") -> Iterator[tuple[str, object]]:
    match one:
        case dict():
            for key, value in cast("dict[str, Any]", one).items():
                yield from _scalars(value, key)
        case list():
            for value in cast("list[Any]", one):
                yield from _scalars(value, name)
        case _:
            yield name, one


async def test_every_view_fits_a_phone(browser: Browser, reader: httpx.AsyncClient, portfolios: dict[str, int]):
    """Wide tables scroll in their own place; nothing else sticks out. It is dark where the reader likes it dark."""
    assert portfolios
    context = await browser.new_context(viewport={"width": 360, "height": 740}, color_scheme="dark")
    looker = await watch(context, str(reader.base_url).rstrip("/"))
    for place in PLACES:
        await looker.go(place)
        assert await looker.is_as_wide_as_its_window(), place
    paper = await looker.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(map(int, re.findall(r"\d+", paper))) < 200
    await context.close()
    assert looker.wrong == []


async def test_charts_are_drawn_and_stand_as_tables_too(looker: Looker, portfolios: dict[str, int]):
    """Each has a title, ink on its canvas, and its figures in a table that opens on demand."""
    assert portfolios
    drawn = 0
    for place in ("demo/initiative/atlas/performance", "demo/product/payments/flow", "demo/product/payments/funding"):
        await looker.go(place)
        for chart in await looker.page.locator("figure.chart").all():
            title = await chart.locator("figcaption").inner_text()
            assert title
            ink = "one => [...one.getContext('2d').getImageData(0, 0, one.width, one.height).data].some(byte => byte > 0)"
            assert await chart.locator("canvas").evaluate(ink), title
            await chart.locator("summary").click()
            await chart.locator("details tbody tr").nth(_CHART_MIN).wait_for(state="attached")
            drawn += 1
    assert drawn > _CHART_MIN
