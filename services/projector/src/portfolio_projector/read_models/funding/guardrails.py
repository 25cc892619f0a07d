"""How money is spread, beside how it should be. Pure."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, Field

from portfolio_projector.folding.acts import in_time
from portfolio_projector.http.acts import Act, act
from portfolio_projector.metrics import definitions, funding, metric
from portfolio_projector.metrics.metric import NumberMetric, Sum
from portfolio_projector.metrics.reasons import NO_GUARDRAIL
from portfolio_projector.read_models.funding.state import Funding, Guardrail
from portfolio_projector.read_models.money.state import Money, Posting

Key = Callable[[str, Posting], str | None]
"""Tells on what something was spent, by the member that it was spent on."""


class ShareAnswer(BaseModel):
    """The share of one key in what was spent, and how it differs from the one that was meant."""

    key: str
    spent: int
    target: str | None = Field(description="null for a key that the guardrail does not name")
    actual: NumberMetric
    deviation: NumberMetric
    breach: Literal["over", "under"] | None


class SharesAnswer(BaseModel):
    """What was spent in a quarter, by key."""

    period: str
    spent: int = Field(description="on keys; what has none is left out of the shares")
    without_key: int
    shares: list[ShareAnswer]


class GuardrailAnswer(BaseModel):
    """A guardrail that holds, of the member or of the portfolio, and what was spent beside it, by quarters."""

    scope: str = Field(description="the member, or `portfolio` where it is meant for all of it")
    kind: Literal["horizon", "work_type", "epic_threshold"]
    epic: Sum | None = Field(description="the amount from which an item should be an initiative")
    proposed_by: str
    set: Act
    set_before: int = Field(description="how often it was set before, otherwise or the same")
    periods: list[SharesAnswer]


class _Spent(NamedTuple):
    by_key: dict[str, int]
    without: int


def of_member(member: str, rules: Funding, money: Money) -> Iterator[dict[str, Any]]:
    """Return the guardrails of one member."""
    for guardrails in map(in_time, rules.guardrails.values()):
        if guardrails[-1].member == member:
            yield _guardrail(member, guardrails, _postings(money, [member]), rules)


def of_portfolio(rules: Funding, money: Money) -> Iterator[dict[str, Any]]:
    """Return the guardrails of the whole portfolio, over all members that are kept in its currency."""
    members = [member for member, account in money.accounts.items() if account.currency == rules.currency]
    for guardrails in map(in_time, rules.guardrails.values()):
        if guardrails[-1].member is None:
            yield _guardrail("portfolio", guardrails, _postings(money, members), rules)


def _postings(money: Money, members: Iterable[str]) -> list[tuple[str, Posting]]:
    return [(member, posting) for member in members for posting in money.of(member).postings]


def _guardrail(
    scope: str, guardrails: list[Guardrail], postings: Iterable[tuple[str, Posting]], rules: Funding
) -> dict[str, Any]:
    last = guardrails[-1]
    keys: dict[str, Key] = {"work_type": _work_type, "horizon": _horizons(rules)}
    key = keys.get(last.kind)
    targets = {name: Decimal(share) for name, share in last.shares.items()}
    return {
        "scope": scope,
        "kind": last.kind,
        "epic": None if last.epic is None else {"minor": last.epic, "currency": last.currency},
        "proposed_by": last.proposed_by,
        "set": act(last.act),
        "set_before": len(guardrails) - 1,
        "periods": [] if key is None else [_shares(period, spent, targets) for period, spent in _quarters(postings, key)],
    }


def _work_type(_: str, posting: Posting) -> str | None:
    return posting.work_type


def _horizons(rules: Funding) -> Key:
    """Return what tells for which horizon something was spent: the one that its member was admitted for last by then.

    Before its first admission that one counts, and after it was released the last: what was spent stays spent on it.
    """
    admitted = {member: in_time(admissions) for member, admissions in rules.admissions.items()}

    def horizon(member: str, posting: Posting) -> str | None:
        admissions = admitted.get(member)
        if admissions is None:
            return None
        by_then = bisect_right(admissions, posting.time, key=lambda one: one.act.at)
        return admissions[max(by_then - 1, 0)].horizon

    return horizon


def _quarters(postings: Iterable[tuple[str, Posting]], key: Key) -> list[tuple[str, _Spent]]:
    found = dict[str, _Spent]()
    for member, posting in postings:
        quarter, name = funding.quarter_of(posting.period), key(member, posting)
        spent = found.get(quarter) or _Spent({}, 0)
        if name is None:
            found[quarter] = spent._replace(without=spent.without + posting.minor)
        else:
            spent.by_key[name] = spent.by_key.get(name, 0) + posting.minor
            found[quarter] = spent
    return sorted(found.items())


def _shares(period: str, spent: _Spent, targets: Mapping[str, Decimal]) -> dict[str, Any]:
    return {
        "period": period,
        "spent": sum(spent.by_key.values()),
        "without_key": spent.without,
        "shares": [
            {
                "key": key,
                "spent": spent.by_key.get(key, 0),
                "target": str(targets[key]) if key in targets else None,
                "actual": metric.number(definitions.SPENDING_SHARE, one.actual),
                "deviation": metric.number(
                    definitions.GUARDRAIL_DEVIATION, NO_GUARDRAIL if one.difference is None else one.difference
                ),
                "breach": one.breach,
            }
            for key, one in funding.deviations(spent.by_key, targets).items()
        ],
    }
