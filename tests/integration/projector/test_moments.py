"""Two time axes, and what changed between two moments, over real HTTP."""

from typing import Any

from tests.histories import History
from tests.integration.projector.conftest import Place, published
from tests.integration.projector.stories import Story
from tests.integration.projector.test_serving import got


async def test_what_was_true_by_a_day_as_it_was_known_at_an_entry(place: Place):
    """Costs of two days, one of them corrected later: both axes, the day's end in the portfolio's zone, the same bytes again."""
    history = History("acme")
    calendar = {"name": "Office", "working_hours": ["09:00-17:00"], "working_days": ["mon"], "zone": "Europe/Brussels"}
    data: dict[str, Any] = {"name": "Acme", "currency": "EUR", "calendar": calendar}
    history.add("portfolio.portfolio-opened", "portfolio/acme", data, time="2026-01-01T00:00:00Z")
    data = {"name": "Apollo", "mode": "waterfall", "currency": "EUR"}
    history.add("initiative.initiative-proposed", "initiative/apollo", data, time="2026-01-01T00:00:00Z")

    def cost(minor: int, time: str, **attributes: Any) -> int:  # noqa: ANN401  JSON
        amount = {"minor": minor, "currency": "EUR"}
        body = {"member": "initiative/apollo", "amount": amount, "period": "2026-02", "category": "labour", "treatment": "opex"}
        return history.add("funding.cost-posted", "funding/apollo", body, time=time, **attributes).entry

    wrong = cost(100, "2026-02-01T22:59:59Z")
    other = cost(7, "2026-02-01T23:00:00Z")
    cost(90, "2026-03-01T00:00:00Z", corrects=wrong)

    async with place.projecting(), place.serving() as client, place.writer() as writer:
        await writer.write(history)
        for model in ("concerns", "initiatives"):
            await place.until_applied("acme", 4, read_model=model)

        async def actual(**parameters: str | int) -> int | None:
            cost = (await got(client, "/initiatives/apollo", **parameters))["money"]["cost"]["value"]
            return cost and cost["minor"]

        assert await actual() == 97
        assert (await actual(as_of=other), await actual(as_of=wrong)) == (107, 100)
        assert (await actual(effective="2026-02-01"), await actual(effective="2026-02-02")) == (90, 97)
        assert await actual(effective="2026-02-01", as_of=other) == 100
        assert await actual(effective="2026-01-31") is None
        path = "/portfolios/acme/initiatives/apollo?effective=2026-02-01&as_of=3"
        first, again = [(await client.get(path)).content for _ in range(2)]
        assert first == again
        unborn = await client.get("/portfolios/acme/initiatives/apollo?effective=2025-12-31")
        assert (unborn.status_code, unborn.json()["code"]) == (404, "UNKNOWN_INITIATIVE")


async def test_what_changed_between_two_moments_is_told_by_subject(place: Place):
    """Every entry in between is there once; what is new is said; by instants too; pages go on; wrong moments are named."""
    story = Story("acme", 12)
    async with place.projecting(), place.serving() as client:
        first = await published(place, story, 30)
        middle = story.history.head
        last = await published(place, story, 40)
        whole = await got(client, f"/changes?from={first}&to={last}&limit=1000")
        told = [change["entry"] for subject in whole["subjects"] for change in subject["entries"]]
        assert sum(subject["recorded"] + subject["refused"] for subject in whole["subjects"]) == last - first
        assert (whole["recorded"], whole["recorded"] + whole["refused"]) == (len(told), last - first)
        assert len(set(told)) == len(told)
        assert all(first < entry <= last for entry in told)
        old = {
            body["event"]["subject"] for body in (await got(client, f"/entries?limit={first + 1}"))["entries"] if "event" in body
        }
        assert all(subject["is_new"] is (subject["subject"] not in old) for subject in whole["subjects"] if subject["recorded"])
        recorded = (await got(client, f"/entries?from={middle.entry}&limit=1"))["entries"][0]["recordedtime"]
        assert (await got(client, "/changes", **{"from": recorded, "limit": 1000}))["subjects"] == whole["subjects"]
        pages, cursor = list[Any](), ""
        while cursor is not None:
            page = await got(client, f"/changes?from={first}&to={last}&limit=3" + (f"&cursor={cursor}" if cursor else ""))
            pages += page["subjects"]
            cursor = page["next_cursor"]
        assert pages == whole["subjects"]
        assert (await got(client, f"/changes?from={last}"))["subjects"] == []
        for wrong in (f"from={last}&to={first}", f"from={last + 1}", "from=yesterday", f"from=0&to={last + 1}", ""):
            answer = await client.get(f"/portfolios/acme/changes?{wrong}")
            assert (answer.status_code, answer.json()["code"]) == (422, "PARAMETER")
