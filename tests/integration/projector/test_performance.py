"""The performance of an initiative over HTTP, on both time axes."""

from typing import Any

from tests.histories import History
from tests.integration.projector.conftest import Place

APOLLO = "initiative/apollo"


def euros(minor: int) -> dict[str, Any]:
    """An amount of money."""
    return {"minor": minor, "currency": "EUR"}


def post(history: History, minor: int, period: str, day: str, **attributes: Any) -> int:  # noqa: ANN401  an envelope
    """Post a cost at noon of a day, and return its entry."""
    data = {"member": APOLLO, "amount": euros(minor), "period": period, "category": "labour", "treatment": "opex"}
    return history.add("funding.cost-posted.v2", "funding/apollo", data, time=f"2026-{day}T12:00:00Z", **attributes).entry


def told() -> History:
    """An initiative whose books of February are closed before a cost in them is corrected; one of March is corrected in time."""
    history = History("acme")
    history.add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"}, time="2026-01-01T00:00:00Z")
    proposed = {"name": "Apollo", "mode": "waterfall", "currency": "EUR"}
    history.add("initiative.initiative-proposed", APOLLO, proposed, time="2026-01-02T00:00:00Z")
    part = {"id": "all", "name": "All of it", "start": "2026-02-01", "finish": "2026-05-31", "budget_over_time": euros(1200)}
    plan = {"version": 1, "bac": euros(1200), "work_packages": [part]}
    history.add("initiative.baseline-proposed", APOLLO, plan, time="2026-01-03T00:00:00Z")
    approved = {"version": 1, "effective_date": "2026-02-01", "change_class": "initial"}
    history.add("initiative.baseline-approved", APOLLO, approved, time="2026-01-04T00:00:00Z", actor="bob")
    closed = post(history, 100, "2026-02", "02-10")
    history.add("funding.accounting-period-closed", "funding/books", {"period": "2026-02"}, time="2026-03-01T12:00:00Z")
    post(history, 90, "2026-03", "03-05", corrects=closed)
    open_ = post(history, 50, "2026-03", "03-10")
    post(history, 40, "2026-03", "04-20", corrects=open_)
    taken = {"member": APOLLO, "amount": euros(30), "period": "2026-05"}
    history.add("funding.cost-reversed", "funding/apollo", taken, time="2026-05-02T12:00:00Z", corrects=open_, reason="Another's")
    return history


async def test_corrections_move_costs_on_one_axis_and_not_on_the_other(place: Place):
    """In an open month the cost was always the corrected one; in a closed month it is so from the correction on."""
    history = told()
    last = history.head.entry
    async with place.writer() as writer:
        await writer.write(history)
    async with place.projecting(), place.serving() as client:
        await place.until_applied("acme", last, read_model="concerns")

        async def spent(**moment: str) -> int:
            asked = {"min_entry": str(last), **moment}
            answer = await client.get("/portfolios/acme/initiatives/apollo/performance", params=asked)
            assert answer.status_code == 200, answer.text
            initiative = (await client.get("/portfolios/acme/initiatives/apollo", params=asked)).json()
            listed = (await client.get("/portfolios/acme/initiatives", params=asked)).json()["initiatives"]
            cost, found = initiative["money"]["cost"]["value"], answer.json()["today"]["ac"]["value"]["minor"]
            assert [one["money"]["cost"]["value"] for one in listed] == [cost]
            assert found == (cost["minor"] if cost else 0)
            return found

        assert await spent() == 100
        assert await spent(effective="2026-02-28") == 100
        assert await spent(effective="2026-03-04") == 100
        assert await spent(effective="2026-03-05") == 90
        assert await spent(effective="2026-03-31") == 130
        assert await spent(effective="2026-05-01") == 130
        assert await spent(effective="2026-05-02") == 100
        assert await spent(effective="2026-03-31", as_of=str(last - 2)) == 140
        assert await spent(effective="2026-03-31", as_of=str(last - 4)) == 100
        assert await spent(effective="2026-01-31") == 0
