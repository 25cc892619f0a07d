"""The ledger does what its OpenAPI document says, whatever it is asked."""

import asyncio

import httpx
import pytest

from tests import openapi


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning")  # of what schemathesis draws with
async def test_answers_are_what_the_document_says(ledger: httpx.AsyncClient):
    """Status, content type, headers and body, to requests as they should be and as they should not. Never a 5xx."""
    answered = await asyncio.to_thread(openapi.explore, str(ledger.base_url), known={}, excused=lambda _: False)
    assert {operation for operation, _ in answered} == {
        "POST /events",
        "GET /receipts",
        "GET /asyncapi",
        "GET /health/live",
        "GET /health/ready",
        "GET /metrics",
    }
    assert {status for operation, status in answered if operation == "POST /events"} & {200, 201, 400}
