"""What was set for money beside the money itself: guardrails, limits, rates, rules, requests."""

import msgspec

from portfolio_projector.folding.acts import Act


class Guardrail(msgspec.Struct, frozen=True, array_like=True):
    """How money should be spread, of a member or, where that is None, of the whole portfolio.

    `shares` are fractions by key; `epic` is the amount, in minor units of `currency`, from which an item is an initiative.
    """

    kind: str
    member: str | None
    shares: dict[str, str]
    epic: int | None
    currency: str | None
    proposed_by: str
    act: Act


class Limit(msgspec.Struct, frozen=True, array_like=True):
    """What may be released in a fiscal period at most."""

    minor: int
    currency: str
    proposed_by: str
    act: Act


class Rate(msgspec.Struct, frozen=True, array_like=True):
    """What is expected to be spent in a month, from a month of the books on."""

    minor: int
    currency: str
    start: str
    basis: str
    act: Act


class Rule(msgspec.Struct, frozen=True, array_like=True):
    """Which kinds of work are capitalised, and how that is meant."""

    capitalised: list[str]
    text: str
    act: Act


class Request(msgspec.Struct, frozen=True, array_like=True):
    """Money that was asked for, and what was granted of it where it was answered."""

    member: str
    minor: int
    currency: str
    purpose: str
    act: Act
    approved: int | None = None
    conditions: str | None = None
    answered: Act | None = None


class Admission(msgspec.Struct, frozen=True, array_like=True):
    """A member was admitted to a portfolio: for a horizon, or for none that was said."""

    horizon: str | None
    act: Act


class Funding(msgspec.Struct):
    """What is set in a portfolio: guardrails by member and kind, limits by fiscal period, the rest by member.

    Lists are in the order of the log: the last one holds. `products` are the names of products by id; `currency` is the
    portfolio's.
    """

    products: dict[str, str] = {}
    currency: str | None = None
    guardrails: dict[str, list[Guardrail]] = {}
    limits: dict[str, list[Limit]] = {}
    rates: dict[str, list[Rate]] = {}
    rules: dict[str, list[Rule]] = {}
    admissions: dict[str, list[Admission]] = {}
    requests: dict[str, list[Request]] = {}
