"""What is known of risks and issues, by their ids."""

from datetime import date
from typing import Literal

import msgspec

from portfolio_projector.folding.acts import Act

RiskState = Literal["Identified", "Assessed", "Treated", "Accepted", "Materialised", "Closed"]
OPEN: frozenset[RiskState] = frozenset({"Identified", "Assessed", "Treated", "Accepted"})


class Assessment(msgspec.Struct, frozen=True, array_like=True):
    """How likely a risk was thought to be, and what it would cost in minor units of a currency, and in days."""

    probability: str
    minor: int | None
    currency: str | None
    days: int | None
    act: Act


class Response(msgspec.Struct, frozen=True, array_like=True):
    """What was to be done about a risk."""

    response: str
    owner: str | None
    plan: str | None
    act: Act


class Acceptance(msgspec.Struct, frozen=True, array_like=True):
    """A risk is lived with until the end of a day."""

    until: date
    proposed_by: str
    act: Act


class Carried(msgspec.Struct, frozen=True, array_like=True):
    """It went along when its member became another."""

    before: str
    to: str
    act: Act


class Risk(msgspec.Struct):
    """A risk; lists are in the order of the log."""

    title: str
    category: str
    owner: str | None
    description: str | None
    member: str
    identified: Act
    state: RiskState = "Identified"
    assessments: list[Assessment] = []
    responses: list[Response] = []
    acceptances: list[Acceptance] = []
    carried: list[Carried] = []
    issue: str | None = None
    ended: Act | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether it can still happen."""
        return self.state in OPEN


class Escalation(msgspec.Struct, frozen=True, array_like=True):
    """An issue was put before somebody who can decide more."""

    to: str
    act: Act


class Issue(msgspec.Struct):
    """An issue: what has happened and wants an answer."""

    title: str
    severity: int
    owner: str | None
    description: str | None
    member: str
    opened: Act
    escalations: list[Escalation] = []
    carried: list[Carried] = []
    resolution: str | None = None
    resolved: Act | None = None


class Risks(msgspec.Struct):
    """The register; `currency` is the portfolio's."""

    currency: str | None = None
    risks: dict[str, Risk] = {}
    issues: dict[str, Issue] = {}
