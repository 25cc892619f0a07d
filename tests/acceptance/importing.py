"""Importing real histories: events in batches over HTTP, and the log read back. The histories are no part of the project.

They are read from the folder that PORTFOLIO_HISTORIES names, or from `shared/data` beside the checkout.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

FOLDER = Path(os.environ.get("PORTFOLIO_HISTORIES", Path(__file__).parents[3] / "shared" / "data"))
BATCH = 500
PAGE = 1000

Document = dict[str, Any]


def needs(name: str) -> pytest.MarkDecorator:
    """Skip tests whose history is not here."""
    reason = f"the history {name} is not here: PORTFOLIO_HISTORIES names the folder of real histories"
    return pytest.mark.skipif(not (FOLDER / name).exists(), reason=reason)


def lines(name: str) -> list[Document]:
    """A history, a fact a line."""
    return [json.loads(line) for line in (FOLDER / name).read_text().splitlines()]


@dataclass
class Source:
    """A source system whose facts become events of a portfolio."""

    name: str
    portfolio: str

    def event(
        self,
        identity: str,
        kind: str,
        subject: str,
        data: Mapping[str, Any],
        *,
        time: str,
        actor: str = "importer",
        **attributes: Any,  # noqa: ANN401  attributes are as they come
    ) -> Document:
        """An event; `kind` is its type without the first parts, and of version 1 where it names none."""
        aggregate, _, _ = subject.partition("/")
        version = "" if kind[-3:-1] == ".v" else ".v1"
        return {
            "specversion": "1.0",
            "source": self.name,
            "id": identity,
            "type": f"portfolio.{aggregate}.{kind}{version}",
            "subject": subject,
            "time": time,
            "portfolio": self.portfolio,
            "actor": actor,
            "data": dict(data),
            **{key: value for key, value in attributes.items() if value is not None},
        }

    def opened(self, time: str, currency: str = "EUR") -> Document:
        """The portfolio begins."""
        data = {"name": self.name.strip("/"), "currency": currency}
        return self.event("open", "portfolio-opened", f"portfolio/{self.portfolio}", data, time=time)


async def post(ledger: httpx.AsyncClient, events: Sequence[Document]) -> list[Document]:
    """Post events in batches and return their receipts in the same order."""
    receipts = list[Document]()
    for begin in range(0, len(events), BATCH):
        answer = await ledger.post(
            "/events",
            content=json.dumps(events[begin : begin + BATCH]),
            headers={"Content-Type": "application/cloudevents-batch+json"},
        )
        assert answer.status_code == 200, answer.text
        receipts += answer.json()["receipts"]
    return receipts


async def recorded(ledger: httpx.AsyncClient, events: Sequence[Document]) -> list[list[str]]:
    """Post events that are all recorded, none twice and none left out, and return the flags of each."""
    receipts = await post(ledger, events)
    assert [receipt for receipt in receipts if receipt["verdict"] != "recorded"] == []
    assert [(receipt["source"], receipt["id"]) for receipt in receipts] == [(event["source"], event["id"]) for event in events]
    again = await post(ledger, events)
    assert again == [{**receipt, "verdict": "duplicate"} for receipt in receipts]
    return [receipt["flags"] for receipt in receipts]


async def log(reader: httpx.AsyncClient, portfolio: str, events: int) -> list[Document]:
    """The recorded events of a portfolio as they lie in its log, from the first to the last; consequences included."""
    found, parameters = list[Document](), {"limit": PAGE, "min_entry": events - 1}
    while True:
        answer = await reader.get(f"/portfolios/{portfolio}/entries", params=parameters)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += [entry["event"] for entry in page["entries"]]
        if page["next_cursor"] is None:
            return found
        parameters["cursor"] = page["next_cursor"]


def stated(events: Sequence[Document]) -> Iterator[Document]:
    """Those events that a publisher stated, without what the ledger concluded from them."""
    return (event for event in events if event["source"] != "/ledger")
