"""A project becomes a product, made up: what it had earned and spent until then stays, whatever the product costs later."""

import json
from typing import Any

import httpx

PROJECT, PRODUCT = "initiative/P-1", "product/PR-9"
Told = tuple[str, str, str, str, dict[str, Any]]


def euros(minor: int) -> dict[str, Any]:
    """An amount of money."""
    return {"minor": minor, "currency": "EUR"}


def part(name: str, budget: int, start: str, finish: str) -> dict[str, Any]:
    """A planned work package."""
    return {"id": name, "name": name, "start": start, "finish": finish, "budget_over_time": euros(budget)}


def cost(member: str, minor: int, day: str) -> Told:
    """Money is spent on a member."""
    data = {"member": member, "amount": euros(minor), "period": day[:7], "category": "labour", "treatment": "opex"}
    return day, "books", "funding.cost-posted.v2", "funding/1", data


def work(name: str, what: str, day: str) -> Told:
    """Something happens to a work package."""
    return day, "ann", f"work-package.work-package-{what}.v1", f"work-package/{name}", {}


PARTS = [
    part("WP1", 40, "2024-01-10", "2024-03-31"),
    part("WP2", 20, "2024-04-01", "2024-05-31"),
    part("WP3", 25, "2024-06-28", "2024-07-07"),
    part("WP4", 15, "2024-08-01", "2024-09-30"),
]
PLAN = {"version": 1, "bac": euros(100), "work_packages": PARTS}
APPROVED = {"version": 1, "effective_date": "2024-01-10", "change_class": "initial"}
TRANCHE = {"member": PROJECT, "tranche_no": 1, "amount": euros(120), "valid_from": "2024-01-10", "valid_to": "2024-12-31"}
TRANSITION = {
    "product": PRODUCT,
    "opened": {"name": "Nine", "owner": "eva"},
    "cut_over": "2024-07-01",
    "dispositions": [
        {"work_package": "work-package/WP3", "becomes": "item"},
        {"work_package": "work-package/WP4", "becomes": "dropped", "reason": "Nobody asks for it"},
    ],
}


def project(portfolio: str) -> list[Told]:
    """With 60 of 100 earned for 75, when 70 were planned, it becomes a product."""
    return [
        ("2024-01-01", "ines", "portfolio.portfolio-opened.v1", f"portfolio/{portfolio}", {"name": "Acme", "currency": "EUR"}),
        (
            "2024-01-02",
            "ann",
            "initiative.initiative-proposed.v1",
            PROJECT,
            {"name": "One", "mode": "waterfall", "currency": "EUR"},
        ),
        ("2024-01-03", "ines", "initiative.initiative-approved.v1", PROJECT, {}),
        ("2024-01-04", "ann", "initiative.initiative-activated.v1", PROJECT, {}),
        ("2024-01-05", "ann", "initiative.baseline-proposed.v1", PROJECT, PLAN),
        ("2024-01-06", "ines", "initiative.baseline-approved.v1", PROJECT, APPROVED),
        ("2024-01-07", "ines", "funding.tranche-released.v1", "funding/1", {**TRANCHE, "proposed_by": "ann"}),
        work("WP1", "started", "2024-01-10"),
        work("WP1", "completed", "2024-04-05"),
        cost(PROJECT, 45, "2024-04-06"),
        work("WP2", "started", "2024-04-08"),
        work("WP2", "completed", "2024-06-03"),
        cost(PROJECT, 25, "2024-06-04"),
        work("WP3", "started", "2024-06-28"),
        cost(PROJECT, 5, "2024-06-29"),
        ("2024-06-30", "ann", "initiative.transition-proposed.v1", PROJECT, TRANSITION),
        ("2024-07-01", "ines", "initiative.transition-approved.v1", PROJECT, {}),
    ]


async def test_figures_of_a_project_that_became_a_product_stay_as_they_were(
    ledger: httpx.AsyncClient, reader: httpx.AsyncClient, portfolio_id: str
):
    """Planned 70, earned 60, spent 75, SPI 0.8571, CPI 0.8, 125 at completion: on that day, after it, and after corrections."""
    count = 0

    async def submit(*told: Told, **attributes: Any) -> list[dict[str, Any]]:  # noqa: ANN401  an envelope
        nonlocal count
        events = list[dict[str, Any]]()
        for day, actor, type_, subject, data in told:
            count += 1
            events.append(
                {
                    "specversion": "1.0",
                    "id": str(count),
                    "source": "/office",
                    "type": f"portfolio.{type_}",
                    "subject": subject,
                    "time": f"{day}T12:00:00Z",
                    "portfolio": portfolio_id,
                    "actor": actor,
                    "data": data,
                    **attributes,
                }
            )
        headers = {"Content-Type": "application/cloudevents-batch+json"}
        answer = await ledger.post("/events", content=json.dumps(events), headers=headers)
        receipts = answer.json()["receipts"]
        assert [receipt for receipt in receipts if receipt["verdict"] != "recorded"] == []
        return receipts

    async def figures(receipts: list[dict[str, Any]], **moment: str) -> dict[str, Any]:
        asked = {"min_entry": str(receipts[-1]["last_entry"]), **moment}
        answer = await reader.get(f"/portfolios/{portfolio_id}/initiatives/P-1/performance", params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()["today"]["current"]

    def shown(found: dict[str, Any]) -> list[object]:
        (eac,) = [one["eac"]["value"]["minor"] for one in found["estimates"] if one["method"] == "cpi"]
        amounts = [found[name]["value"]["minor"] for name in ("bac", "pv", "ev", "ac", "sv", "cv")]
        return [*amounts, eac, found["spi"]["value"], found["cpi"]["value"], found["is_final"]]

    frozen = [100, 70, 60, 75, -10, -15, 125, "0.8571429", "0.8", True]
    told = await submit(*project(portfolio_id))
    assert shown(await figures(told, effective="2024-07-01")) == frozen
    assert shown(await figures(told)) == frozen
    before = await figures(told, effective="2024-06-30")
    assert (before["is_final"], before["pv"]["value"]["minor"], before["ac"]["value"]["minor"]) == (False, 68, 75)

    five = next(receipt["entry"] for receipt in reversed(told) if receipt["subject"] == "funding/1")
    await submit(cost(PRODUCT, 1000, "2024-08-01"))
    corrected = await submit(cost(PROJECT, 9, "2024-08-02"), corrects=five)
    assert shown(await figures(corrected)) == frozen
    assert (await figures(corrected, effective="2024-06-30"))["ac"]["value"]["minor"] == 79
