"""Histories that the ledger's own rules have judged: what was submitted, and what the rules say that follows from it."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from portfolio_ledger.domain.decider import Accepted
from tests import story
from tests.histories import History
from tests.rules import Rules


class Judged:
    """A portfolio that is told event by event, each judged, each followed by its consequences, as in the log."""

    def __init__(self, portfolio: str = "acme") -> None:
        self.history = History(portfolio)
        self._rules = Rules(now=datetime(2030, 1, 1, tzinfo=UTC))

    def say(self, type_: str, subject: str, data: dict[str, Any] | None = None, **attributes: Any) -> int:  # noqa: ANN401  JSON
        """Submit an event of which the type's name is told without its beginning and version, and return its entry."""
        document = {
            "specversion": "1.0",
            "id": f"e{self.history.head.entry + 1}",
            "source": "/tests",
            "type": f"portfolio.{subject.partition('/')[0]}.{type_}" + ("" if type_[-3:-1] == ".v" else ".v1"),
            "subject": subject,
            "portfolio": self.history.portfolio,
            "actor": "tester",
            "data": data or {},
            **attributes,
        }
        return self.submit(document)

    def submit(self, document: dict[str, Any]) -> int:
        """Submit an event, and return its entry; it must be recorded."""
        told = story.fact(document)
        decision = self._rules.submit(told)
        assert isinstance(decision, Accepted), (document, decision)
        kept = {name: document[name] for name in ("time", "actor", "reason", "corrects", "correlationid") if name in document}
        cause = self._record(document["type"], document["subject"], document.get("data", {}), kept)
        for consequence in decision.consequences:
            body = consequence.data.model_dump(mode="json", by_alias=True)
            why = {} if consequence.reason is None else {"reason": consequence.reason}
            rest = {"time": document["time"], "actor": document["actor"], "causationid": cause, **why}
            self._record(consequence.data.event_type.name, consequence.subject, body, rest)
        return cause

    def _record(self, type_: str, subject: str, data: dict[str, Any], attributes: dict[str, Any]) -> int:
        return self.history.add(type_.removeprefix("portfolio."), subject, data, **attributes).entry


def tell() -> History:
    """Tell the published story of the portfolio `acme`."""
    judged = Judged()
    for document in story.DOCUMENTS:
        if document["portfolio"] == judged.history.portfolio:
            judged.submit(document)
    return judged.history


told = cache(tell)
"""The same, told once: nothing is added to it or taken from it."""
