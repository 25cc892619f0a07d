"""What publishers send: stories of portfolios, and everything that publishers do wrong on the way."""

import json
import random
from typing import Any

Document = dict[str, Any]

ITEMS = 5
_SOURCES = ("/jira", "/excel")
_PLAN = {"bac": {"minor": 0, "currency": "EUR"}}


class Story:
    """The events of one portfolio: its opening, a plan whose approvals have consequences, and a backlog that few people share."""

    def __init__(self, portfolio: str, dice: random.Random) -> None:
        self.portfolio = portfolio
        self._dice = dice
        self._count = 0
        self._said = list[Document]()
        self._version = 2
        self._coming = self._beginning()
        if dice.random() < 0.5:
            self._coming += self._planning()

    def next(self) -> Document:
        """Say something new, or, now and then, something again: the same, or other content under the same id."""
        roll = self._dice.random()
        if self._coming:
            event = self._coming.pop(0)
        elif roll < 0.15:
            return self._dice.choice(self._said)
        elif roll < 0.22:
            return {**self._dice.choice(self._said), "actor": self._dice.choice(("ann", "bob", "eve"))}
        elif roll < 0.3 and self._version > 2:
            event = self._approve(self._version, "scope_change", {"change_request": "change-request/cr"})
            self._coming = [self._propose(self._version + 1)]
            self._version += 1
        else:
            event = self._something()
        self._said.append(event)
        return event

    def _event(self, type_: str, subject: str, data: Document, **attributes: Any) -> Document:  # noqa: ANN401  attributes are as they come
        self._count += 1
        return {
            "specversion": "1.0",
            "id": f"{self._count}",
            "source": self._dice.choice(_SOURCES),
            "type": f"portfolio.{type_}.v1",
            "subject": subject,
            "time": "2026-05-01T09:00:00Z",
            "portfolio": self.portfolio,
            "actor": "ann",
            "data": data,
            **attributes,
        }

    def _beginning(self) -> list[Document]:
        events = [
            self._event("portfolio.portfolio-opened", f"portfolio/{self.portfolio}", {"name": "A", "currency": "EUR"}),
            self._event("product.product-conceived", "product/pay", {"name": "Pay", "owner": "ann"}),
        ]
        if self._dice.random() < 0.3:  # what comes before the opening is refused
            events.insert(0, self._event("product.product-conceived", "product/early", {"name": "Early"}))
        return events

    def _planning(self) -> list[Document]:
        self._version = 3
        return [
            self._event("initiative.initiative-proposed", "initiative/a", {"name": "A", "mode": "waterfall", "currency": "EUR"}),
            self._propose(1),
            self._approve(1, "initial", {}),
            self._event(
                "change-request.change-request-raised",
                "change-request/cr",
                {"initiative": "initiative/a", "title": "C", "kind": "scope"},
            ),
            self._event("change-request.change-request-approved", "change-request/cr", {}, actor="bob"),
            self._propose(2),
            self._approve(2, "scope_change", {"change_request": "change-request/cr"}),
            self._propose(3),
        ]

    def _propose(self, version: int) -> Document:
        packages = [{"id": f"w{version}", "name": "W", "start": "2026-01-05", "finish": "2026-02-05"}]
        return self._event(
            "initiative.baseline-proposed", "initiative/a", {"version": version, "work_packages": packages, **_PLAN}
        )

    def _approve(self, version: int, change_class: str, more: Document) -> Document:
        data = {"version": version, "effective_date": "2026-01-01", "change_class": change_class, **more}
        return self._event("initiative.baseline-approved", "initiative/a", data, actor="bob")

    def _item(self) -> str:
        return f"item/I-{self._dice.randrange(ITEMS)}"

    def _something(self) -> Document:
        dice, attributes = self._dice, dict[str, Any]()
        if dice.random() < 0.2:
            attributes["expectedversion"] = dice.randrange(4)
        if dice.random() < 0.05:
            attributes["corrects"] = dice.randrange(20)
        roll, item = dice.random(), self._item()
        if roll < 0.35:
            after = self._item() if dice.random() < 0.3 else None
            return self._event(
                "item.item-added", item, {"product": "product/pay", "title": "T", "kind": "feature", "after": after}, **attributes
            )
        if roll < 0.7:
            what = dice.choice(("started", "completed", "reopened", "started"))
            return self._event(f"item.item-{what}", item, {}, reason="so", **attributes)
        if roll < 0.8:
            return self._event("item.item-moved", item, {"after": None}, **attributes)
        if roll < 0.88:
            into = [{"item": f"item/I-{dice.randrange(ITEMS, 2 * ITEMS)}", "title": "S"}]
            return self._event("item.item-split", item, {"into": into}, **attributes)
        if roll < 0.94:
            return self._event("item.item-teleported", item, {})
        return self._event("item.item-started", item, {}, source="/ledger")


def spoil(dice: random.Random) -> bytes:
    """Return bytes that are no event."""
    return dice.choice((b"{", b"\xff", b"[]x", json.dumps({"portfolio": "a"}).encode(), b'{"a": 1.5}'))
