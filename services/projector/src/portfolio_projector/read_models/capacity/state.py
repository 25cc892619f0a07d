"""What is known of teams, by their ids."""

from datetime import date, datetime
from decimal import Decimal

import msgspec

from portfolio_projector.folding.acts import Act
from portfolio_projector.read_models.capacity.assignments import Assignment


class Declared(msgspec.Struct, frozen=True, array_like=True):
    """So many hours a team can work in a period."""

    hours: Decimal
    act: Act


class Reserve(msgspec.Struct, frozen=True, array_like=True):
    """A share of the hours is kept free for what nobody planned, from a day on."""

    share: Decimal
    act: Act


class Acceptance(msgspec.Struct, frozen=True, array_like=True):
    """More than the whole team may be assigned: so much of it, and to a last day, where these are named."""

    up_to: Decimal | None
    until: date | None
    proposed_by: str
    act: Act


class Intended(msgspec.Struct, frozen=True, array_like=True):
    """What the portfolio intends a share of a team for, from a day to a day."""

    member: str
    share: Decimal
    start: date
    finish: date
    act: Act


class Definition(msgspec.Struct, frozen=True, array_like=True):
    """What holds of an item before the team calls it done, from then on."""

    criteria: list[str]
    act: Act


class Team(msgspec.Struct):
    """A team; `worked` are its hours by month, `unplanned` those of them for incidents and issues."""

    name: str
    kind: str
    formed: Act
    people: dict[str, Decimal] = {}
    declared: dict[str, Declared] = {}
    reserves: list[Reserve] = []
    works_for: dict[str, list[Assignment]] = {}
    accepted: list[Acceptance] = []
    worked: dict[str, Decimal] = {}
    unplanned: dict[str, Decimal] = {}
    dissolved: Act | None = None
    definitions: list[Definition] = []

    def calls_done(self, by: datetime | None = None) -> Definition | None:
        """Return what the team called done at a moment, or calls done now."""
        known = (one for one in self.definitions if by is None or one.act.at <= by)
        return max(known, key=lambda one: (one.act.at, one.act.entry), default=None)


class Capacity(msgspec.Struct):
    """All teams, and what the portfolio intends them for; `zone` is where its days begin and end, UTC where it names none."""

    zone: str | None = None
    teams: dict[str, Team] = {}
    intended: dict[str, list[Intended]] = {}
