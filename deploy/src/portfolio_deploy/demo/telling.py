"""How a strand tells its part: events with ids of their own, in local time, and what the ledger is expected to answer."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from portfolio_deploy.demo import days
from portfolio_deploy.demo.days import Days
from portfolio_schemas.codec import Document

RECORDED = "recorded"
DUPLICATE = "duplicate"

Data = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One event as its source sends it. `sent` is when, which is the order of the story; `expected` is what the ledger answers.

    `expected` is `recorded`, `duplicate`, or the code of a refusal. `entries` is how many entries it becomes. `corrects` names
    the event whose entry this one corrects.
    """

    sent: datetime
    event: Document
    expected: str = RECORDED
    entries: int = 1
    corrects: "Told | None" = None


@dataclass(kw_only=True)
class Strand:
    """What a chapter of the story is told with: the days, the chance of its own, and the events so far.

    The chance is seeded by the strand's name: another chapter changes nothing here.
    """

    name: str
    days: Days
    seed: int
    portfolio: str
    told: list[Told] = field(default_factory=list[Told])
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.seed}/{self.name}")  # noqa: S311  the same story every time

    def tell(
        self,
        at: datetime,
        kind: str,
        subject: str,
        actor: str,
        data: Data | None = None,
        *,
        source: str,
        sent: datetime | None = None,
        reason: str | None = None,
        corrects: Told | None = None,
        expected: str = RECORDED,
        entries: int = 1,
    ) -> Told:
        """Tell an event: `kind` is its type without `portfolio.`, `at` when it was true, `sent` when it is told, if later."""
        event: Document = {
            "specversion": "1.0",
            "id": f"{self.name}-{len(self.told) + 1:05}",
            "source": source,
            "type": f"portfolio.{kind}",
            "subject": subject,
            "portfolio": self.portfolio,
            "time": at.isoformat(),
            "actor": actor,
        }
        if data:
            event["data"] = data
        if reason is not None:
            event["reason"] = reason
        one = Told(sent=sent or at, event=event, expected=expected, entries=entries, corrects=corrects)
        self.told.append(one)
        return one

    def tell_again(self, told: Told, sent: datetime) -> None:
        """Tell the same event once more, as a source does that missed the answer."""
        self.told.append(Told(sent=sent, event=told.event, expected=DUPLICATE, entries=0))

    def tell_otherwise(self, told: Told, sent: datetime, **attributes: Any) -> None:  # noqa: ANN401  attributes of an event
        """Tell another fact under an id that is taken, as a source does whose counter was set back."""
        self.told.append(Told(sent=sent, event={**told.event, **attributes}, expected="CONFLICTING_ID"))

    def during(self, day: date, first: int = 8, last: int = 17) -> datetime:
        """Return a time of a working day, between two hours."""
        return days.moment(day, self.chance.randrange(first, last), self.chance.randrange(60), self.chance.randrange(60))

    def happens(self, per_mille: int) -> bool:
        """Tell whether something happens that does so many times in a thousand."""
        return self.chance.randrange(1000) < per_mille


Chapter = Callable[[Strand], None]
"""Tells one strand of the story."""


def money(units: float, currency: str = "EUR") -> Data:
    """Return an amount of whole units or, where there are any, cents."""
    return {"minor": round(units * 100), "currency": currency}
