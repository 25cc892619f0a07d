"""How a member stands with its money on a day: what it has, what a month costs, how long that lasts. Pure."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from portfolio_projector.metrics import definitions, funding, metric
from portfolio_projector.metrics.funding import Burn, Closed
from portfolio_projector.metrics.metric import Known, MoneyMetric, NumberMetric
from portfolio_projector.metrics.reasons import NO_COST, NO_FUNDING, Unknown
from portfolio_projector.read_models.funding.state import Funding
from portfolio_projector.read_models.money import sums
from portfolio_projector.read_models.money.state import Account, Money, Posting


class BurnAnswer(MoneyMetric):
    """What a month costs, and of which months that is the mean."""

    months: list[str]
    closed_by: str = Field(description="`books`: the months that were closed; `calendar`: none ever was, those that are over")


class FundingStanding(BaseModel):
    """What was released and spent, what is left, and for how many months."""

    released: MoneyMetric
    spent: MoneyMetric
    balance: MoneyMetric
    burn: BurnAnswer
    runway: NumberMetric


class Place(NamedTuple):
    """The money of a member as it is on a day: `first` is its first month, `by_month` what was spent, by months of the books."""

    first: str
    account: Account
    currency: str
    released: int
    spent: int
    by_month: Mapping[str, int]
    closed: Closed
    burn: Burn

    @property
    def balance(self) -> Known:
        """What is left of what was released; there is none where nothing ever was."""
        return self.released - self.spent if self.account.moves else NO_FUNDING

    @property
    def runway(self) -> Fraction | Unknown:
        """For how many months that lasts."""
        balance = self.balance
        return balance if isinstance(balance, Unknown) else funding.runway(int(balance), self.burn.monthly)


def period_of(posting: Posting) -> str:
    """Return the month of the books that a posting is in."""
    return posting.period


def place(money: Money, rules: Funding, member: str, today: date, zone: ZoneInfo) -> Place:
    """Return how a member stands on a day."""
    account = money.of(member)
    by_month = sums.by_key(account.postings, period_of)
    known = [*by_month, *(funding.month_of(move.time.astimezone(zone).date()) for move in account.moves)]
    first = min(known, default=funding.month_of(today))
    closed = funding.closed_months(money.closed, first, today)
    held = sums.balances(account)
    return Place(
        first=first,
        account=account,
        currency=account.currency or rules.currency or "",
        released=held.released,
        spent=held.spent,
        by_month=by_month,
        closed=closed,
        burn=funding.burn(by_month, closed.months if known else ()),
    )


def standing(at: Place) -> dict[str, Any]:
    """Return a standing as answers show it."""
    return {
        "released": metric.money(definitions.RELEASED, at.released if at.account.moves else NO_FUNDING, at.currency),
        "spent": metric.money(definitions.AC, at.spent if at.account.postings or at.account.moves else NO_COST, at.currency),
        "balance": metric.money(definitions.BALANCE, at.balance, at.currency),
        "burn": {
            **metric.money(definitions.BURN, at.burn.monthly, at.currency),
            "months": list(at.burn.months),
            "closed_by": at.closed.by,
        },
        "runway": metric.number(definitions.RUNWAY, at.runway),
    }
