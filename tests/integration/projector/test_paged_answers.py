"""Registers of a whole portfolio come in pages: together they are the whole answer, at any moment, while entries are recorded."""

from typing import Any

import httpx
import pytest

from tests.histories import History
from tests.integration.projector.conftest import Place

LISTS = {
    "/risks": ("risks", "issues"),
    "/outcomes": ("benefits", "objectives"),
    "/capacity": ("capacity", "teams"),
    "/overview": ("members",),
}


def told() -> History:
    """Seven of everything."""
    history = History("acme")
    history.add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"})
    history.add("product.product-conceived", "product/pay", {"name": "Pay", "owner": "ann"})
    member = {"member": "product/pay"}
    for number in range(7):
        proposed = {"name": "A", "mode": "agile", "currency": "EUR", "sponsor": "ann"}
        history.add("initiative.initiative-proposed", f"initiative/A-{number}", proposed)
        history.add("risk.risk-identified", f"risk/R-{number}", {**member, "title": "R", "category": "technical"})
        if number % 3:
            impact = {"minor": 100 * number, "currency": "EUR"}
            history.add("risk.risk-assessed", f"risk/R-{number}", {"probability": f"0.{number}", "impact_money": impact})
        history.add("issue.issue-opened", f"issue/I-{number}", {**member, "title": "I", "severity": 1 + number % 5})
        benefit = {**member, "title": "B", "owner": "ann", "kind": "cash", "unit": "EUR"}
        history.add("benefit.benefit-identified", f"benefit/B-{number}", benefit)
        history.add("team.team-formed", f"team/T-{number}", {"name": "T", "kind": "persistent"})
        for period in ("2026-01", "2026-02"):
            history.add("team.capacity-declared", f"team/T-{number}", {"period": period, "hours": "100"})
    return history


async def whole(client: httpx.AsyncClient, path: str, limit: int, **asked: Any) -> dict[str, list[Any]]:  # noqa: ANN401  parameters
    """All pages of an answer, put together."""
    found, cursor = {name: list[Any]() for name in LISTS[path]}, None
    while True:
        answer = await client.get(
            f"/portfolios/acme{path}", params={"limit": limit, **asked, **({"cursor": cursor} if cursor else {})}
        )
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert all(len(page[name]) <= limit for name in found)
        found = {name: rows + page[name] for name, rows in found.items()}
        cursor = page["next_cursor"]
        if cursor is None:
            return found


@pytest.mark.parametrize("path", LISTS)
async def test_pages_together_are_the_whole_answer(place: Place, path: str):
    """Of any size, now, by an entry, and by a day; who goes on after new entries misses nothing, and sees nothing twice."""
    history = told()
    async with place.projecting(), place.serving() as client, place.writer() as writer:
        head = history.head.entry
        await writer.write(history)
        await place.until_applied("acme", head, read_model="concerns")
        for asked in ({}, {"as_of": head}, {"as_of": head // 2}, {"effective": "2026-01-20"}):
            at_once = await whole(client, path, 1000, **asked)
            assert any(at_once.values())
            for limit in (1, 2, 5):
                assert await whole(client, path, limit, **asked) == at_once
        before = await whole(client, path, 1000)
        first = (await client.get(f"/portfolios/acme{path}", params={"limit": 3})).json()
        history.add("risk.risk-identified", "risk/A", {"member": "initiative/A-0", "title": "A", "category": "technical"})
        history.add("team.team-formed", "team/A", {"name": "A", "kind": "persistent"})
        head = history.head.entry
        await writer.write(history)
        await place.until_applied("acme", head, read_model="concerns")
        rest = await client.get(f"/portfolios/acme{path}", params={"limit": 1000, "cursor": first["next_cursor"]})
        for name, rows in before.items():
            shown = first[name] + [one for one in rest.json()[name] if one in rows]
            assert shown == rows
        assert (await client.get(f"/portfolios/acme{path}?cursor=WzFd")).status_code == 422
