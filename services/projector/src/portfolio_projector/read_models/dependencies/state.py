"""What the chronicle `dependencies` remembers of a portfolio."""

from datetime import date
from typing import Literal

import msgspec

from portfolio_projector.folding.acts import Act, in_time

Kind = Literal["needs", "blocks", "shares"]
StateName = Literal["identified", "committed", "fulfilled", "broken", "withdrawn"]


class Commitment(msgspec.Struct, frozen=True):
    """What is needed was promised: for a day, or with a release."""

    act: Act
    date: date | None
    release: str | None


class Repointed(msgspec.Struct, frozen=True):
    """An end of the dependency became another."""

    act: Act
    end: Literal["from", "to"]
    old: str
    new: str


class Dependency(msgspec.Struct):
    """One initiative or product waits for another: `waits` for `awaited`."""

    identified: Act
    waits: str
    awaited: str
    kind: Kind
    description: str | None
    state: StateName = "identified"
    commitments: list[Commitment] = []
    repointed: list[Repointed] = []
    answered: Act | None = None

    @property
    def promises(self) -> list[Commitment]:
        """What was promised by when that was, however late it was told; nothing took the place of the first one before it."""
        return in_time(self.commitments, since=self.commitments[0].act.at) if self.commitments else []


class Release(msgspec.Struct):
    """A release of an initiative: its planned last day, and when it was shipped."""

    initiative: str
    start: date
    finish: date
    shipped: Act | None = None


class Member(msgspec.Struct):
    """An initiative or a product, and what its plans promise: the last day of each version of its baseline."""

    name: str | None = None
    mode: str | None = None
    finishes: dict[str, date] = {}
    baseline: str | None = None


class Dependencies(msgspec.Struct):
    """All dependencies by id, and the promises of those that they lie between."""

    dependencies: dict[str, Dependency] = {}
    members: dict[str, Member] = {}
    releases: dict[str, Release] = {}
