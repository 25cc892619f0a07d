"""Figures on the page, held against the read API's and written by other code: amounts, ratios, orders, what they mean."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import httpx
import pytest

from tests.page.conftest import Looker

Document = dict[str, Any]
NOTHING = "\N{EN DASH}"


async def read(reader: httpx.AsyncClient, path: str, **parameters: str | int) -> Document:
    """Read a path of the demo portfolio."""
    answer = await reader.get(f"/portfolios/demo/{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def written(metric: Document, kind: str = "") -> str:
    """Write a figure as the page should, by decimal arithmetic."""
    value: Any = metric["value"]
    match value:
        case None:
            return f"{NOTHING} {metric['reason'].replace('_', ' ').lower()}"
        case {"minor": int(minor), "currency": str(currency)}:
            return f"{currency} {Decimal(minor).scaleb(-2):,.2f}"
        case str() if kind == "percent":
            return f"{places(str(Decimal(value) * 100), 1)} %"
        case str() if kind == "ratio":
            return places(value, 3)
        case _:
            return str(value)


def places(text: str, most: int) -> str:
    """Write a decimal with at most so many places, half to even."""
    value = Decimal(text)
    rounded = value.quantize(Decimal(1).scaleb(-most), ROUND_HALF_EVEN)
    return f"{value.normalize():f}" if value == rounded else f"{rounded:f}"


async def test_the_one_view_shows_what_the_read_api_answers(
    looker: Looker, portfolios: dict[str, int], reader: httpx.AsyncClient
):
    """Every member in the API's order; each column by its metric, nulls with their reasons."""
    assert portfolios
    members = (await read(reader, "overview"))["members"]
    await looker.go("demo")
    heads = [head.rstrip(" ?") for head in await looker.shown(".panel:nth-of-type(2) thead th")]
    rows = [
        dict(zip(heads, [" ".join(cell.split()) for cell in await row.locator("th, td").all_inner_texts()], strict=True))
        for row in await looker.page.locator(".panel:nth-of-type(2) tbody tr").all()
    ]
    assert [row["Member"].split()[-1] for row in rows] == [member["member"] for member in members]
    for row, member in zip(rows, members, strict=True):
        assert (row["Mode"], row["State"]) == (member["mode"], member["state"])
        assert row["Spent"] == written(member["money"]["spent"])
        assert row["Forecast"] == written(member["money"]["forecast"])
        assert row["SPI"] == written(member["spi"], "ratio")
        assert row["Complete"] == written(member["percent_complete"], "percent")
        assert row["Next promise"] == written(member["promise"]["next"])


async def test_the_one_view_is_sorted_and_narrowed_in_its_address(
    looker: Looker, portfolios: dict[str, int], reader: httpx.AsyncClient
):
    """By mode, by words, by a column in either direction; what has no value comes last; the link keeps all of it."""
    assert portfolios
    members = (await read(reader, "overview"))["members"]
    await looker.go("demo")
    names = ".panel:nth-of-type(2) tbody th a"
    await looker.page.locator("select[name=mode]").select_option("product")
    await looker.told()
    assert await looker.shown(names) == [one["name"] for one in members if one["mode"] == "product"]
    await looker.page.locator("input[name=words]").press_sequentially("portal p-kim")
    await looker.told()
    assert await looker.shown(names) == ["Customer portal"]
    assert "mode=product" in looker.page.url
    assert "words=portal+p-kim" in looker.page.url
    await looker.go("demo/overview?sort=spent")
    spent = [text for text in await looker.shown(".panel:nth-of-type(2) tbody tr td:nth-of-type(12)") if text.startswith("EUR")]
    amounts = [Decimal(text.removeprefix("EUR ").replace(",", "")) for text in spent]
    assert amounts == sorted(amounts)
    await looker.page.get_by_role("link", name="Spent").click()
    await looker.told()
    spenders = [one for one in members if one["money"]["spent"]["value"]]
    assert (await looker.shown(names))[0] == max(spenders, key=lambda one: one["money"]["spent"]["value"]["minor"])["name"]
    assert (await looker.shown('th[aria-sort="descending"]'))[0].startswith("Spent")


async def test_performance_stands_against_three_baselines(looker: Looker, portfolios: dict[str, int], reader: httpx.AsyncClient):
    """Current, previous and original side by side, each figure the API's."""
    assert portfolios
    today = (await read(reader, "initiatives/atlas/performance"))["today"]
    await looker.go("demo/initiative/atlas/performance")
    table = looker.page.locator("section:has(> .panel-head h2:text-is('Against each baseline')) tbody tr")
    rows = [[" ".join(cell.split()) for cell in await row.locator("th, td").all_inner_texts()] for row in await table.all()]
    shown = {row[0]: row[1:] for row in rows}
    against = [today[name] for name in ("current", "previous", "original")]
    assert shown["Earned value, EV"] == [written(one["ev"]) for one in against]
    assert shown["Schedule variance, SV"] == [written(one["sv"]) for one in against]
    assert shown["CPI"] == [written(one["cpi"], "ratio") for one in against]
    assert shown["EAC, at CPI"] == [written(one["eac_range"]["by_cpi"]) for one in against]
    assert shown["Done"] == [written(one["percent_complete"], "percent") for one in against]


async def test_the_backlog_is_in_its_order(looker: Looker, portfolios: dict[str, int], reader: httpx.AsyncClient):
    """With titles, horizons and ages; the moves of an item are a link away."""
    assert portfolios
    items = (await read(reader, "products/payments/backlog"))["items"]
    await looker.go("demo/product/payments/backlog")
    rows = looker.page.locator("section:has(> .panel-head h2:text-is('In its order')) tbody tr")
    shown = [[" ".join(cell.split()) for cell in await row.locator("th, td").all_inner_texts()] for row in await rows.all()]
    assert [row[0] for row in shown] == [f"{one['title']} {one['position']}. {one['item']}" for one in items]
    assert [(row[1], row[5]) for row in shown] == [(one["horizon"], f"{one['age_days']} d") for one in items]
    await rows.first.get_by_role("link", name=f"Moves of {items[0]['item']}").click()
    await looker.told()
    moves = (await read(reader, "products/payments/backlog/history", item=items[0]["item"]))["moves"]
    entries = await looker.shown(f"section:has(> .panel-head h2:text-is('Every move of {items[0]['item']}')) tbody th")
    assert entries == [f"#{move['entry']}" for move in moves]


async def test_a_figure_says_what_it_means(looker: Looker, portfolios: dict[str, int], reader: httpx.AsyncClient):
    """A term tells the definition's sentence, a dash its reason's; Escape closes it and the focus is where it was."""
    assert portfolios
    told = (await reader.get("/metrics-definitions")).json()
    sentences = {one["definition"]: one["sentence"] for one in told["definitions"]}
    meanings = {one["reason"]: one["meaning"] for one in told["reasons"]}
    await looker.go("demo/initiative/atlas/performance")
    term = looker.page.get_by_role("button", name="SPI", exact=True).first
    await term.focus()
    await looker.page.keyboard.press("Enter")
    assert sentences["spi/1"] in (await looker.shown("dialog"))[0]
    await looker.page.keyboard.press("Escape")
    assert await looker.page.locator("dialog[open]").count() == 0
    assert await term.evaluate("one => one === document.activeElement")
    await looker.go("demo")
    await looker.page.locator("button.none", has_text="no funding").first.click()
    assert meanings["NO_FUNDING"] in (await looker.shown("dialog"))[0]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("money(400380650, 'EUR')", "4,003,806.50"),
        ("money(-5, 'EUR')", "-0.05"),
        ("money(1234567, 'JPY')", "1,234,567"),
        ("money(1234567, 'KWD')", "1,234.567"),
        ("money(9007199254740991, 'EUR')", "90,071,992,547,409.91"),
        ("rounded('0.9748666', 3)", "0.975"),
        ("rounded('0.0005', 3)", "0.000"),
        ("rounded('0.0015', 3)", "0.002"),
        ("rounded('0.00250000000000000000001', 3)", "0.003"),
        ("rounded('-0.0001', 3)", "0.000"),
        ("rounded('999.9996', 3)", "1,000.000"),
        ("rounded('0.1', 3)", "0.1"),
        ("percent('0.945239')", "94.5 %"),
        ("percent('1')", "100 %"),
        ("percent('-0.005')", "-0.5 %"),
        ("percent('12.34567')", "1,234.6 %"),
        ("compare('0.10', '0.1')", 0),
        ("compare('-2', '1')", -1),
        ("compare('10', '9')", 1),
        ("compare('-0.5', '-0.4')", -1),
    ],
)
async def test_amounts_are_written_digit_by_digit(looker: Looker, call: str, expected: object):
    """By the currency's own places, half to even, never through a floating-point number."""
    await looker.page.goto(looker.address)
    script = await looker.page.locator("script[type=module]").get_attribute("src")
    assert script is not None
    module = script.replace("app/main.js", "parts/amounts.js")
    assert (
        await looker.page.evaluate(
            f"async () => {{ const {{ money, rounded, percent, compare }} = await import('{module}'); return {call}; }}"
        )
        == expected
    )
