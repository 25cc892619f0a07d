"""Products, money, delivery, risks, outcomes and capacity over HTTP: what the folds say of the story, at any moment of it."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pydantic_core
import pytest

from portfolio_projector.folding.facts import Fact
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.paging import Paging
from portfolio_projector.read_models.capacity import answers as capacity
from portfolio_projector.read_models.capacity.fold import CAPACITY
from portfolio_projector.read_models.decisions import answers as decisions
from portfolio_projector.read_models.decisions.fold import DECISIONS
from portfolio_projector.read_models.delivery import answers as delivery
from portfolio_projector.read_models.delivery.fold import DELIVERY
from portfolio_projector.read_models.experiments import answers as experiments
from portfolio_projector.read_models.experiments.fold import EXPERIMENTS
from portfolio_projector.read_models.membership import answers as membership
from portfolio_projector.read_models.membership.fold import MEMBERSHIP
from portfolio_projector.read_models.outcomes import answers as outcomes
from portfolio_projector.read_models.outcomes.fold import OUTCOMES
from portfolio_projector.read_models.risks import answers as risks
from portfolio_projector.read_models.risks.fold import RISKS
from tests import story
from tests.chronicles import concerning, state_of
from tests.histories import History, history_of
from tests.integration.projector.conftest import Place

PAYMENTS = "product/payments"


@pytest.fixture(scope="module")
def told() -> History:
    """The published story with all its consequences, as a judge would have recorded it."""
    last = story.moments()[-1]
    rules = last.rules()
    rules.submit(last.fact)
    rules.recorded = [one for one in rules.recorded if one.portfolio == "acme"]
    return history_of(rules)


@pytest.fixture(scope="module")
async def reading(module_place: Place, told: History):
    """A read API over the story."""
    head, entries = told.head.entry, list(told.entries)
    async with module_place.projecting(), module_place.serving() as client:
        async with module_place.writer() as writer:
            await writer.write(told)
        told.entries = entries
        await module_place.until_applied("acme", head, read_model="concerns")
        yield client


async def got(client: httpx.AsyncClient, path: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401  query parameters
    """An answer."""
    answer = await client.get(f"/portfolios/acme{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def as_json(answer: object) -> Any:  # noqa: ANN401  JSON
    """An answer as it comes over HTTP."""
    return json.loads(pydantic_core.to_json(answer))


def without_frame(answer: dict[str, Any]) -> dict[str, Any]:
    """What an answer says of what was asked."""
    return {name: value for name, value in answer.items() if name not in {"portfolio", "entry", "settled", "model"}}


Expected = Callable[[list[Fact], date, date | None], dict[str, Any]]

EXPECTED: dict[str, Expected] = {
    "/risks": lambda facts, today, day: risks.answer(state_of(RISKS, facts, effective=day), today, None, Paging("", None, 1000)),
    "/outcomes": lambda facts, today, day: outcomes.answer(
        state_of(OUTCOMES, facts, effective=day), today, None, Paging("", None, 1000)
    ),
    "/capacity": lambda facts, today, day: capacity.answer(
        state_of(CAPACITY, facts, effective=day), today, None, Paging("", None, 1000)
    ),
    "/members": lambda facts, _, day: membership.answer(state_of(MEMBERSHIP, facts, effective=day), Paging("", None, 1000)),
    "/decisions": lambda facts, _, day: decisions.answer(state_of(DECISIONS, facts, effective=day), None, Paging("", None, 1000)),
    "/experiments": lambda facts, _, day: experiments.answer(
        state_of(EXPERIMENTS, facts, effective=day), None, Paging("", None, 1000)
    ),
    "/products/payments/delivery": lambda facts, today, day: delivery.answer(
        state_of(DELIVERY, concerning(facts, PAYMENTS), PAYMENTS, effective=day),
        delivery.window(None, None, today),
        "all",
        Moment(0, today, settled=True),
        Paging("", None, 1000),
    ),
}
"""What the folds say of the story's facts."""


@pytest.mark.parametrize("path", EXPECTED)
async def test_an_answer_is_what_the_fold_says_at_every_stretch_of_the_story(
    reading: httpx.AsyncClient, told: History, path: str
):
    """At entries all along the log."""
    facts = told.facts()
    for entry in range(60, told.head.entry + 1, 37):
        answer = await got(reading, path, as_of=entry)
        today = date.fromisoformat(told.entries[entry].recordedtime[:10])
        assert without_frame(answer) == as_json(EXPECTED[path](facts[: entry + 1], today, None)), entry


@pytest.mark.parametrize("path", EXPECTED)
async def test_an_answer_for_a_day_takes_what_was_true_by_then(reading: httpx.AsyncClient, told: History, path: str):
    """Whenever it was recorded; ages and windows end on that day."""
    for day in (date(2025, 7, 8), date(2025, 9, 20), date(2025, 10, 10)):
        answer = await got(reading, path, effective=day.isoformat())
        assert without_frame(answer) == as_json(EXPECTED[path](told.facts(), day, day)), day
        assert answer["entry"] == told.head.entry


async def test_a_product_in_the_list_is_the_product_itself(reading: httpx.AsyncClient):
    """Every product that ever was, at the end and in the middle, with a page at a time."""
    for moment in ({}, {"as_of": 150}, {"effective": "2025-07-31"}):
        listed, cursor = list[dict[str, Any]](), {}
        while True:
            page = await got(reading, "/products", limit=2, **moment, **cursor)
            listed += page["products"]
            if page["next_cursor"] is None:
                break
            cursor = {"cursor": page["next_cursor"]}
        assert [one["product"] for one in listed] == sorted(one["product"] for one in listed)
        assert len(listed) > 1
        for one in listed:
            product = await got(reading, f"/products/{one['product']}", **moment)
            assert one == {name: product[name] for name in one}


async def test_products_money_comes_from_the_accounts(reading: httpx.AsyncClient):
    """What was released, spent, carried over and given away: as the ledger's rules moved it."""
    product, money = await got(reading, "/products/payments"), await got(reading, "/products/payments/funding")
    assert product["funding"] == {name: money[name] for name in product["funding"]}
    assert money["released"]["value"] == {"minor": 43125000, "currency": "EUR"}
    assert money["balance"]["value"]["minor"] == money["released"]["value"]["minor"] - money["totals"]["spent"]
    assert sum(one["released"] for one in money["periods"]) == 43125000
    assert [one["scope"] for one in money["guardrails"]] == ["portfolio", "portfolio"]
    assert [one["fiscal_period"] for one in money["limits"]] == ["2025"]
    before = await got(reading, "/products/payments/funding", effective="2025-06-29")
    assert before["released"]["value"]["minor"] == 15000000


async def test_lists_can_be_had_as_tables(reading: httpx.AsyncClient):
    """As many rows as there are, each with a column for the first field."""
    for path, table, column in (
        ("/products", "products", "product"),
        ("/products/payments/funding", "periods", "period"),
        ("/products/payments/delivery", "deployments", "deployment"),
        ("/risks", "risks", "risk"),
        ("/outcomes", "benefits", "benefit"),
        ("/capacity", "capacity", "team"),
        ("/members", "members", "member"),
        ("/decisions", "decisions", "decision"),
        ("/experiments", "experiments", "experiment"),
    ):
        rows = (await got(reading, path))[table]
        text = (await reading.get(f"/portfolios/acme{path}", headers={"accept": "text/csv"})).text
        read = list(csv.DictReader(io.StringIO(text)))
        assert [one[column] for one in read] == [one[column] for one in rows], path


async def test_one_members_risks_outcomes_and_features(reading: httpx.AsyncClient):
    """Only those that are its own now."""
    for path, table in (("/risks", "risks"), ("/outcomes", "benefits"), ("/experiments", "features")):
        everything = (await got(reading, path))[table]
        for member in {one["member"] for one in everything}:
            own = (await got(reading, path, member=member))[table]
            assert own == [one for one in everything if one["member"] == member]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/products/nothing", 404, "UNKNOWN_PRODUCT"),
        ("/products/nothing/funding", 404, "UNKNOWN_PRODUCT"),
        ("/products/nothing/delivery", 404, "UNKNOWN_PRODUCT"),
        ("/products/payments?as_of=5", 404, "UNKNOWN_PRODUCT"),
        ("/products/payments/funding?effective=2025-01-31", 404, "UNKNOWN_PRODUCT"),
        ("/products/payments/delivery?from=2025-02-02&to=2025-02-01", 422, "WINDOW"),
        ("/products/payments/delivery?from=2005-01-01&to=2025-01-01", 422, "WINDOW"),
        ("/products/payments/delivery?from=yesterday", 422, "PARAMETER"),
        ("/products/payments/delivery?causes=guessed", 422, "PARAMETER"),
        ("/capacity?period=2026-Q5", 422, "PARAMETER"),
        ("/risks?member=team/core", 422, "PARAMETER"),
        ("/experiments?member=team/core", 422, "PARAMETER"),
        ("/decisions?about=apollo", 422, "PARAMETER"),
    ],
)
async def test_what_cannot_be_answered_says_why(reading: httpx.AsyncClient, path: str, status: int, code: str):
    """With a code for programs and a sentence for people."""
    answer = await reading.get(f"/portfolios/acme{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
