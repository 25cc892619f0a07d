"""What members promise in the one view, and agile earned value beside every other: what their own pages say, at any moment."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from tests import agile
from tests.histories import History
from tests.integration.projector.conftest import Place

PAY = "product/pay"
MONDAY = date(2026, 1, 5)
MOMENTS: tuple[dict[str, str | int], ...] = (
    {},
    {"effective": "2026-02-01"},
    {"effective": "2026-02-10"},
    {"effective": "2026-05-01"},
    {"as_of": 25},
)


def flowing() -> History:
    """A product that finishes an item or two in most weeks; some of the open ones have targets."""
    history = History("flow")
    say = Saying(history)
    say("product.product-conceived", PAY, MONDAY, {"name": "Pay", "owner": "ann"})
    say("initiative.initiative-proposed", "initiative/apollo", MONDAY, {"name": "A", "mode": "waterfall", "currency": "EUR"})
    last: str | None = None
    for number in range(30):
        data = {"product": PAY, "title": "I", "kind": "feature", "after": last}
        say("item.item-added", f"item/I-{number}", MONDAY, data)
        last = f"item/I-{number}"
    for number in range(16):
        day = MONDAY + timedelta(days=4 * number + number % 3)
        say("item.item-started", f"item/I-{number}", day, {})
        say("item.item-completed", f"item/I-{number}", day + timedelta(days=1), {})
    for number in (18, 22, 20):
        say("item.item-target-set", f"item/I-{number}", date(2026, 3, 2), {"gate": "beta", "target": "2026-09-30"})
    say("item.item-target-set", "item/I-25", date(2026, 3, 2), {"gate": "beta", "target": "2026-10-31"})
    return history


class Saying:
    """Says things of days."""

    def __init__(self, history: History) -> None:
        self._history = history

    def __call__(self, type_: str, subject: str, day: date, data: dict[str, Any], **more: Any) -> int:  # noqa: ANN401  an envelope
        """Record what was true at nine of a day, and return the entry."""
        return self._history.add(type_, subject, data, time=f"{day}T09:00:00Z", **more).entry


@pytest.fixture(scope="module")
async def place_of_both(module_place: Place):
    """A read API over the published example of agile earned value, and over a product; and what writes more."""
    example = agile.tell("agile")
    agile.grow(example)
    async with module_place.projecting(), module_place.serving() as client, module_place.writer() as writer:

        async def write(history: History) -> int:
            head = history.head.entry
            await writer.write(history)
            await module_place.until_applied(history.portfolio, head, read_model="concerns")
            return head

        product = flowing()
        await write(example.history)
        await write(product)
        yield client, write, example, product


async def got(client: httpx.AsyncClient, path: str, **asked: Any) -> dict[str, Any]:  # noqa: ANN401  parameters
    """An answer."""
    answer = await client.get(f"/portfolios/{path}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def columns(client: httpx.AsyncClient, portfolio: str, member: str, **asked: Any) -> dict[str, Any]:  # noqa: ANN401  parameters
    """The columns of a member in the one view."""
    view = await got(client, f"{portfolio}/overview", **asked)
    return next(one for one in view["members"] if one["member"] == member)


async def test_agile_earned_value_stands_in_the_performance_of_an_initiative(place_of_both: Any):  # noqa: ANN401  the fixture
    """The published example to its last digit; at every moment the same as the burn-up of each release has."""
    client = place_of_both[0]
    for asked in MOMENTS:
        told = await got(client, "agile/initiatives/gemini/performance", **asked)
        for one in told["agile"]:
            page = await got(client, "agile/initiatives/gemini/burn-up", release=one["release"], **asked)
            assert one["performance"] == page["performance"]
        assert [one["release"] for one in told["agile"] if one["is_current"]] == [one["release"] for one in told["agile"]][:1]
    (release,) = (await got(client, "agile/initiatives/gemini/performance", effective="2026-02-10"))["agile"]
    then, now = release["performance"]["at_close"], release["performance"]["with_current_scope"]
    minors = {name: then[name]["value"]["minor"] for name in ("pv", "ev", "sv", "cv", "eac_cpi")}
    assert minors == {"pv": 4_000_000, "ev": 3_000_000, "sv": -1_000_000, "cv": 500_000, "eac_cpi": 8_333_333}
    assert [then[name]["value"] for name in ("expected_complete", "actual_complete", "spi", "cpi")] == [
        "0.4",
        "0.3",
        "0.75",
        "1.2",
    ]
    assert [then[name]["value"] for name in ("iterations_by_spi", "iterations_by_velocity")] == ["6.66667", "6.66667"]
    assert [now[name]["value"] for name in ("actual_complete", "spi", "cpi")] == ["0.25", "0.625", "1"]
    assert (await got(client, "flow/initiatives/apollo/performance"))["agile"] == []


async def test_the_one_view_shows_an_agile_initiative_by_its_release(place_of_both: Any):  # noqa: ANN401  the fixture
    """Complete, SPI, CPI and what it will cost by the scope of now; its end, and the day of 85 of 100 simulated futures."""
    client = place_of_both[0]
    for asked in MOMENTS:
        page = await got(client, "agile/initiatives/gemini/burn-up", **asked)
        shown = await columns(client, "agile", "initiative/gemini", **asked)
        now = page["performance"]["with_current_scope"]
        assert [shown[name] for name in ("percent_complete", "spi", "cpi")] == [
            now[name] for name in ("actual_complete", "spi", "cpi")
        ]
        assert shown["money"]["forecast"] == now["eac_budget_rate"]
        promise, simulated = shown["promise"], page["burn_up"]["forecasts"]["simulated"]["p85"]
        assert (promise["next"]["value"], promise["of"]) == (page["release"]["planned_finish"], "release/r1")
        assert [promise["p85"][name] for name in ("value", "reason")] == [simulated[name] for name in ("value", "reason")]
        assert promise["p85_basis"] == ("simulated" if simulated["value"] else None)
        assert (promise["moves"]["value"], promise["days_since_move"]["reason"]) == (0, "NEVER_MOVED")


async def test_a_product_is_promised_by_targets_and_to_those_who_wait(place_of_both: Any):  # noqa: ANN401  the fixture
    """The earliest day counts; a target has a forecast, which is that of its last item in the backlog; every move counts."""
    client, write, _, product = place_of_both
    asked = {"effective": "2026-04-15"}
    before = (await columns(client, "flow", PAY, **asked))["promise"]
    forecast = await got(client, "flow/products/pay/forecast", item="I-22", **asked)
    assert (before["next"]["value"], before["of"]) == ("2026-09-30", "target 2026-09-30 for beta")
    assert (before["p85"]["value"], before["p85_basis"]) == (forecast["when"][1]["day"]["value"], "simulated")
    assert before["p85"]["value"] > "2026-04-15"
    assert (before["moves"]["value"], before["days_since_move"]["reason"]) == (0, "NEVER_MOVED")
    early = (await columns(client, "flow", PAY, effective="2026-03-01"))["promise"]
    assert (early["next"]["reason"], early["p85"]["reason"], early["of"]) == ("NOT_PROMISED", "NOT_PROMISED", None)
    say, depends = Saying(product), {"from": "initiative/apollo", "to": PAY, "kind": "needs"}
    known = product.head.entry
    for number in (18, 20, 22):
        say("item.item-target-moved", f"item/I-{number}", date(2026, 4, 1), {"gate": "beta", "target": "2026-10-15"})
    say("dependency.dependency-identified", "dependency/D", date(2026, 4, 2), depends)
    say("dependency.dependency-committed", "dependency/D", date(2026, 4, 2), {"promise": {"date": "2026-06-30"}})
    redated = {"old": {"date": "2026-06-30"}, "new": {"date": "2026-07-31"}}
    say("dependency.dependency-redated", "dependency/D", date(2026, 4, 10), redated, reason="Later.")
    await write(product)
    after = (await columns(client, "flow", PAY, **asked))["promise"]
    assert (after["next"]["value"], after["of"]) == ("2026-07-31", "dependency/D")
    assert (after["p85"]["reason"], after["p85_basis"]) == ("NOT_SIMULATED", None)
    assert (after["moves"]["value"], after["days_since_move"]["value"]) == (4, 5)
    on_the_day = (await columns(client, "flow", PAY, effective="2026-04-02"))["promise"]
    assert (on_the_day["next"]["value"], on_the_day["moves"]["value"]) == ("2026-06-30", 3)
    assert (await columns(client, "flow", PAY, as_of=known, **asked))["promise"] == before


async def test_a_forecast_that_was_published_holds_until_something_is_closed(place_of_both: Any):  # noqa: ANN401  the fixture
    """One from before the last iteration does not stand before what was learnt since; one from after it does."""
    client, write, example, _ = place_of_both
    asked = {"effective": "2026-02-10"}
    simulated = (await columns(client, "agile", "initiative/gemini", **asked))["promise"]
    agile.say(example, "forecast-published", "release/r1", forecast("2026-04-01", "2026-05-01"), "2026-01-20")
    await write(example.history)
    assert (await columns(client, "agile", "initiative/gemini", **asked))["promise"] == simulated
    agile.say(example, "forecast-published", "release/r1", forecast("2026-04-05", "2026-05-05"), "2026-02-04")
    await write(example.history)
    published = (await columns(client, "agile", "initiative/gemini", **asked))["promise"]
    assert (published["p85"]["value"], published["p85_basis"]) == ("2026-05-05", "published")
    on_the_day_before = (await columns(client, "agile", "initiative/gemini", effective="2026-02-03"))["promise"]
    assert on_the_day_before["p85_basis"] == "simulated"


def forecast(p50: str, p85: str) -> dict[str, Any]:
    """What somebody expects."""
    return {"method": "judgement", "p50": p50, "p85": p85}
