"""The read API does what its OpenAPI document says, whatever it is asked."""

import asyncio

import pytest
from schemathesis import Response

from tests import openapi
from tests.integration.projector.conftest import Place
from tests.integration.projector.stories import Story

KNOWN = {
    "portfolio": "acme",
    "product": "pay",
    "initiative": "apollo",
    "aggregate": "initiative",
    "id": "apollo",
    "version": "1",
    "from": "1",
    "to": "1",
}
DAYS = {"from": "2026-01-01", "to": "2026-01-31"}
KNOWN_AT = {f"/portfolios/{{portfolio}}/products/{{product}}/{name}": DAYS for name in ("delivery", "flow")}
ENDLESS = "/portfolios/{portfolio}/stream"


def not_yet(response: Response) -> bool:
    """Entries that nobody has written are waited for, and then it is 503, as the contract has it."""
    return response.status_code == 503 and response.json()["code"] == "NOT_YET"


def by_meaning(response: Response) -> bool:
    """A cursor that nobody gave out, a day that cannot be: each has a code of its own; and a request may be too long."""
    return response.status_code == 414 or (response.status_code == 422 and response.json()["code"] != "PARAMETER")


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning")  # of what schemathesis draws with
async def test_answers_are_what_the_document_says(place: Place):
    """Status, content type, headers and body of every answer; what it allows is taken, and what it does not is refused."""
    story = Story("acme", 3)
    story.play(40)
    async with place.projecting(), place.serving(wait_seconds_max=0.01) as client, place.writer() as writer:
        head = story.history.head.entry
        await writer.write(story.history)
        for model in ("entries", "initiatives", "backlogs"):
            await place.until_applied("acme", head, read_model=model)
        document = (await client.get("/openapi.json")).json()
        answered = await asyncio.to_thread(
            openapi.explore,
            str(client.base_url),
            known=KNOWN,
            known_at=KNOWN_AT,
            without=[ENDLESS],
            excused=not_yet,
            by_meaning=by_meaning,
        )
    operations = {operation for operation, _ in answered}
    assert operations == {f"GET {path}" for path in document["paths"] if path != ENDLESS}
    never_found = operations - {operation for operation, status in answered if status == 200}
    assert never_found == set(), "each is asked for something that is there"
