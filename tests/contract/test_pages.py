"""The pages that describe the services to people: all that the documents name, and nothing from elsewhere."""

import re
from typing import Any

import pytest

from portfolio_ledger.http import openapi
from portfolio_log import asyncapi
from portfolio_log.topics import Topics
from portfolio_schemas import pages

OPENAPI: dict[str, Any] = {
    "info": {"title": "A <title>", "description": "Takes `events` & answers"},
    "paths": {"/events": {"post": openapi.POST_EVENTS}, "/receipts": {"get": openapi.GET_RECEIPTS}},
    "components": {"schemas": openapi.SCHEMAS},
}
ASYNCAPI: Any = asyncapi.document(Topics(), version="1", servers={"kafka": "127.0.0.1:9092"})


@pytest.mark.parametrize("page", [pages.of_openapi(OPENAPI), pages.of_asyncapi(ASYNCAPI)])
def test_a_page_needs_neither_a_script_nor_the_network(page: str):
    """It is read where nothing else can be reached; the only links lead to the service itself."""
    assert page.startswith("<!DOCTYPE html>")
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?!/)', page)
    assert "url(" not in page


def test_a_page_of_paths_names_parameters_bodies_answers_and_an_example():
    """What a publisher needs to send a first event."""
    page = pages.of_openapi(OPENAPI)
    for part in ("POST /events", "GET /receipts", "If-Match", "application/cloudevents-batch+json", "verdict"):
        assert f"<code>{part}</code>" in page
    for status in openapi.POST_EVENTS["responses"]:
        assert f"<dt>{status}</dt>" in page
    assert "&quot;specversion&quot;: &quot;1.0&quot;" in page


def test_a_page_of_topics_names_each_topic_and_each_message():
    """What a system needs that publishes straight to Kafka."""
    page = pages.of_asyncapi(ASYNCAPI)
    for channel in ASYNCAPI["channels"].values():
        assert f"<h2><code>{channel['address']}</code></h2>" in page
        assert all(f"<dt><code>{name}</code></dt>" in page for name in channel["messages"])
    assert "<code>127.0.0.1:9092</code>" in page


def test_texts_are_escaped_and_backticks_are_code():
    """A description is text, never markup."""
    page = pages.of_openapi(OPENAPI)
    assert "A &lt;title&gt;" in page
    assert "Takes <code>events</code> &amp; answers" in page
