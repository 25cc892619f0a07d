"""What publishers say: the story of items in one portfolio, told by one publisher, by chance but from a seed."""

import json
import random
from typing import Any

Event = dict[str, Any]
PRODUCT = "product/pay"


class Story:
    """Tells events about items of its own, each allowed by the rules when those before it are recorded."""

    def __init__(self, portfolio: str, teller: str, seed: str) -> None:
        self.portfolio = portfolio
        self.source = f"/{teller}"
        self._chance = random.Random(f"{seed}/{portfolio}/{teller}")  # noqa: S311  a seed makes runs alike
        self._teller = teller
        self._count = 0
        self._open = list[str]()
        self._started = set[str]()

    def beginning(self) -> list[Event]:
        """The portfolio is opened, and has a product."""
        opened = self.event("portfolio.portfolio-opened", f"portfolio/{self.portfolio}", {"name": "Faults", "currency": "EUR"})
        return [opened, self.event("product.product-conceived", PRODUCT, {"name": "Pay"})]

    def next(self) -> Event:
        """Tell what happens next."""
        which = self._chance.random()
        if which < 0.3 or len(self._open) < 3:
            return self._add()
        item = self._chance.choice(self._open)
        if which < 0.45:
            after = self._chance.choice([None, *(other for other in self._open if other != item)])
            return self.event("item.item-moved", item, {"after": after})
        if which < 0.48:
            return self.event("item.item-moved", item, {"after": item})  # refused: after itself
        if which < 0.6 and item not in self._started:
            self._started.add(item)
            return self.event("item.item-started", item, {})
        if which < 0.7 and item in self._started and len(self._open) > 5:
            self._open.remove(item)
            return self.event("item.item-completed", item, {})
        return self.event("item.item-status-reported", item, {"status": self._chance.choice(["draft", "ready", "late"])})

    def chapter(self, count: int) -> list[Event]:
        """Tell several events."""
        return [self.next() for _ in range(count)]

    def event(self, kind: str, subject: str, data: dict[str, Any], **attributes: Any) -> Event:  # noqa: ANN401  attributes are as they come
        """Return an event with an id of its own; `kind` is what differs in the type's name."""
        self._count += 1
        return {
            "specversion": "1.0",
            "id": f"{self._teller}-{self._count}",
            "source": self.source,
            "type": f"portfolio.{kind}.v1",
            "subject": subject,
            "portfolio": self.portfolio,
            "time": "2026-01-05T09:00:00Z",
            "actor": self._teller,
            "data": data,
            **attributes,
        }

    def _add(self) -> Event:
        item = f"item/{self._teller}-{self._count}"
        after = self._chance.choice([None, *self._open])
        self._open.append(item)
        body = {"product": PRODUCT, "title": f"Item {self._count}", "kind": "feature", "after": after}
        return self.event("item.item-added", item, body)


def other(event: Event) -> Event:
    """Return an event of the same id with other content."""
    changed: Event = json.loads(json.dumps(event))
    changed["actor"] = "somebody-else"
    return changed
