"""The one view says of each member what its own page says, in all three ways of delivery, now and then."""

from fractions import Fraction
from typing import Any

import httpx

from tests.integration.projector.conftest import Place, published
from tests.integration.projector.stories import Story
from tests.integration.projector.test_serving import got

EUR = {"minor": 250_00, "currency": "EUR"}


async def test_columns_are_those_of_the_members_own_pages(place: Place):
    """Money, progress, promise, exposure, benefits; what has no meaning is null with a reason; sums are of amounts."""
    story = Story("acme", 21)
    story.play(90)
    add = story.history.add
    add("initiative.initiative-proposed", "initiative/gemini", {"name": "Gemini", "mode": "agile", "currency": "EUR"})
    add("risk.risk-identified", "risk/R", {"member": "product/pay", "title": "It may fail", "category": "technical"})
    assessed = {"probability": "0.5", "impact_money": {"minor": 1000, "currency": "EUR"}}
    add("risk.risk-assessed", "risk/R", assessed)
    async with place.projecting(), place.serving() as client:
        last = await published(place, story, 0)
        for moment in ({}, {"as_of": last}, {"as_of": last // 2}, {"effective": "2026-02-15"}):
            view = await got(client, "/overview", **moment)
            members = {one["member"]: one for one in view["members"]}
            assert list(members) == sorted(members, key=lambda member: (member.startswith("product/"), member))
            assert (view["totals"]["initiatives"], view["totals"]["products"]) == _counted(members)
            for member, columns in members.items():
                await _compare(client, member, columns, moment)
        view = await got(client, "/overview")
        table = await client.get("/portfolios/acme/overview", headers={"Accept": "text/csv"})
        assert table.text.splitlines()[0].startswith("member,mode,name,state,responsible,money.released.")
        assert len(table.text.splitlines()) == 1 + len(view["members"])
        exposure = {one["member"]: one["risk_exposure"]["value"] for one in view["members"]}
        assert exposure["product/pay"] == {"minor": 500, "currency": "EUR"}
        assert exposure["initiative/apollo"] is None


def _counted(members: dict[str, Any]) -> tuple[int, int]:
    products = sum(member.startswith("product/") for member in members)
    return len(members) - products, products


async def _compare(client: httpx.AsyncClient, member: str, columns: dict[str, Any], moment: dict[str, Any]) -> None:
    aggregate, _, name = member.partition("/")
    page = await got(client, f"/{aggregate}s/{name}", **moment)
    assert (page["name"], page["state"]) == (columns["name"], columns["state"])
    if aggregate == "product":
        assert columns["mode"] == "product"
        assert [columns[figure]["reason"] for figure in ("percent_complete", "spi", "cpi")] == ["NO_END"] * 3
        assert columns["money"]["released"] == page["funding"]["released"]
        assert columns["money"]["spent"] == page["funding"]["spent"]
    else:
        told = (await got(client, f"/initiatives/{name}/performance", **moment))["today"]["current"]
        assert columns["promise"]["next"]["value"] == page["next_promise"]["value"]
        if told is None:
            assert columns["percent_complete"]["reason"] == "NO_BASELINE"
        else:
            assert [columns[figure] for figure in ("percent_complete", "spi", "cpi")] == [
                told[figure] for figure in ("percent_complete", "spi", "cpi")
            ]
            assert columns["money"]["forecast"] == told["eac_range"]["by_budget_rate"]
    assert columns["freshness"]["sources"][0]["source"] == "/tests"
    assert columns["finished"]["value"] >= 0
    assert Fraction(columns["benefits"]) == 0
