"""What is known of the money of all members, put together from what is known of each. Pure."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from portfolio_projector.read_models.funding.state import Funding
from portfolio_projector.read_models.money.state import Money

Value = TypeVar("Value")


def all_money(states: Mapping[str, Money]) -> Money:
    """Put the money of members together; the books are the same for all."""
    one = next(iter(states.values()), Money())
    return Money(accounts={member: state.of(member) for member, state in states.items()}, closed=one.closed)


def all_rules(states: Mapping[str, Funding]) -> Funding:
    """Put together what was set for members; what was set for the portfolio is in each of them."""
    one = next(iter(states.values()), Funding())
    return Funding(
        currency=one.currency,
        guardrails={key: known for key, known in one.guardrails.items() if known[-1].member is None},
        limits=one.limits,
        rates=_union(state.rates for state in states.values()),
        horizons=_union(state.horizons for state in states.values()),
    )


def _union(parts: Iterable[Mapping[str, Value]]) -> dict[str, Value]:
    return {key: value for part in parts for key, value in part.items()}
