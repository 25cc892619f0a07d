"""Lists that grow with time come in pages: together they are the whole answer, at any moment, while entries are recorded."""

from typing import Any

import httpx
import pytest

from portfolio_deploy.reading import read_api
from tests.histories import History
from tests.integration.projector.conftest import Place

LISTS = {
    "/risks": ("risks", "issues"),
    "/outcomes": ("benefits", "objectives"),
    "/capacity": ("capacity", "teams"),
    "/overview": ("members",),
    "/products/pay/funding": ("tranches", "requests", "moves", "periods"),
    "/products/pay/delivery": ("deployments", "changes", "incidents"),
    "/initiatives/A-0/milestones": ("milestones",),
    "/initiatives/A-0/exceptions": ("forecasts", "exceptions"),
    "/initiatives/A-0/performance": ("periods", "baselines", "agile"),
    "/initiatives/A-0/iterations": ("releases", "iterations"),
}
ASKED = {"/products/pay/delivery": {"from": "2026-01-01", "to": "2026-12-31"}}


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
        pay(history, number)
        deliver(history, number)
        plan(history, number)
        exceed(history, number)
        iterate(history, number)
    return history


def grow(history: History) -> None:
    """Some more, before and behind what is there."""
    history.add("risk.risk-identified", "risk/A", {"member": "initiative/A-0", "title": "A", "category": "technical"})
    history.add("team.team-formed", "team/A", {"name": "A", "kind": "persistent"})
    for more in (pay, deliver, plan, exceed, iterate):
        more(history, 7)


def pay(history: History, number: int) -> None:
    """Money that is asked for, released and spent, each time on the same day as the last."""
    month = {"member": "product/pay", "period": f"2026-{number + 1:02}"}
    days = {"valid_from": "2026-01-01", "valid_to": "2026-03-31"}
    request = {"member": "product/pay", "amount": eur(500), "purpose": "More of it."}
    history.add("funding.funding-requested", f"funding/F-{number % 5}", request)
    tranche = {"member": "product/pay", "tranche_no": number + 1, "amount": eur(1000), "proposed_by": "eva", **days}
    history.add("funding.tranche-released", "funding/pay", tranche)
    history.add("funding.cost-posted", "funding/pay", {**month, "amount": eur(10), "category": "cloud", "treatment": "opex"})


def deliver(history: History, number: int) -> None:
    """A change that is merged and deployed, and an incident after it, two and two at the same moment."""
    then = f"2026-02-{number // 2 + 1:02}T12:00:00Z"
    sha = f"{number:040x}"
    change = {"member": "product/pay", "repo": "acme/pay", "sha": sha, "authored_at": then, "author": "kim"}
    history.add("change.change-committed", f"change/C-{number}", change)
    history.add("change.change-merged", f"change/C-{number}", {"merge_sha": sha}, time=then)
    started = {"member": "product/pay", "scope": "pay", "environment": "production", "version": f"1.{number}", "shas": [sha]}
    history.add("deployment.deployment-started", f"deployment/D-{number}", started)
    history.add("deployment.deployment-succeeded", f"deployment/D-{number}", {"finished_at": then})
    incident = {"member": "product/pay", "title": "I", "severity": 2, "started_at": then}
    history.add("incident.incident-opened", f"incident/I-{number}", incident)


def plan(history: History, number: int) -> None:
    """Another baseline with a milestone more, and a period that is closed: two and two on a day."""
    member, version = "initiative/A-0", number + 1
    part = {"id": "W", "name": "W", "start": "2026-01-05", "finish": "2026-06-30", "budget_over_time": eur(1000)}
    stones = [{"id": f"M-{one}", "name": "M", "date": f"2026-0{one // 2 + 1}-01"} for one in range(version)]
    proposed = {"version": version, "bac": eur(1000), "work_packages": [part], "milestones": stones}
    history.add("initiative.baseline-proposed", member, proposed)
    approved = {
        "version": version,
        "effective_date": "2026-01-05",
        "change_class": "initial" if version == 1 else "internal_replan",
    }
    history.add("initiative.baseline-approved", member, approved)
    closed = {"period": f"P{number}", "status_date": f"2026-0{number // 2 + 1}-28"}
    history.add("initiative.reporting-period-closed", member, closed)


def exceed(history: History, number: int) -> None:
    """A breach that is expected, and an exception."""
    breach = {"dimension": "cost", "forecast": {"cost": eur(number + 1)}, "basis": "It is dearer."}
    history.add("initiative.tolerance-breach-forecast", "initiative/A-0", breach)
    history.add("initiative.exception-raised", "initiative/A-0", {"dimension": "cost", "options": ["Spend it"]})
    history.add("initiative.exception-plan-approved", "initiative/A-0", {"plan": "Spend it."})


def iterate(history: History, number: int) -> None:
    """A release with an iteration, two and two on the same days."""
    days = {"start": f"2026-0{number // 2 + 1}-01", "finish": f"2026-0{number // 2 + 1}-14"}
    release = {"initiative": "initiative/A-0", "name": "R", "planned_iterations": 1, "iteration_days": 14}
    sized = {"release_points": "10", "bac": eur(1000), "start": days["start"]}
    history.add("release.release-planned", f"release/R-{number}", {**release, **sized})
    iteration = {"initiative": "initiative/A-0", "team": "team/T-0", "no": number // 2 + 1, "goal": "G", **days}
    history.add("iteration.iteration-planned", f"iteration/I-{number}", iteration)


def eur(minor: int) -> dict[str, Any]:
    """An amount of money."""
    return {"minor": minor, "currency": "EUR"}


async def page(client: httpx.AsyncClient, path: str, limit: int, **asked: Any) -> httpx.Response:  # noqa: ANN401  parameters
    """One page of an answer."""
    return await client.get(f"/portfolios/acme{path}", params={**ASKED.get(path, {}), "limit": limit, **asked})


async def whole(client: httpx.AsyncClient, path: str, limit: int, **asked: Any) -> dict[str, list[Any]]:  # noqa: ANN401  the same
    """All pages of an answer, put together."""
    found, after = {name: list[Any]() for name in LISTS[path]}, dict[str, str]()
    while True:
        answer = await page(client, path, limit, **asked, **after)
        assert answer.status_code == 200, answer.text
        here = answer.json()
        assert all(len(here[name]) <= limit for name in found)
        found = {name: rows + here[name] for name, rows in found.items()}
        if here["next_cursor"] is None:
            return found
        after = {"cursor": here["next_cursor"]}


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
            assert any(at_once.values()) or asked
            for limit in (1, 2, 5):
                assert await whole(client, path, limit, **asked) == at_once
        before = await whole(client, path, 1000)
        first = (await page(client, path, 3)).json()
        grow(history)
        head = history.head.entry
        await writer.write(history)
        await place.until_applied("acme", head, read_model="concerns")
        rest = (await page(client, path, 1000, cursor=first["next_cursor"])).json()
        after = await whole(client, path, 1000)
        for name, rows in before.items():
            stayed = [one for one in rows if one in after[name]]
            assert [one for one in first[name] + rest[name] if one in stayed] == stayed
        invented = await page(client, path, 3, cursor="WzFd")
        assert (invented.status_code, invented.json()["code"]) == (422, "CURSOR")


async def test_the_terminal_puts_pages_together(place: Place, monkeypatch: pytest.MonkeyPatch):
    """A report is of all there is, however many pages that takes."""
    history = told()
    async with place.projecting(), place.serving() as client, place.writer() as writer:
        await writer.write(history)
        await place.until_applied("acme", history.head.entry, read_model="concerns")
        at_once = (await client.get("/portfolios/acme/initiatives/A-0/performance")).json()
        monkeypatch.setattr(read_api, "_PAGE", 2)
        async with read_api.ReadApi(str(client.base_url)) as api:
            read = await api.whole("/portfolios/acme/initiatives/A-0/performance", LISTS["/initiatives/A-0/performance"])
    assert len(read["periods"]) == 7
    assert read == at_once
