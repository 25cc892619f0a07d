"""The answer about members, and how it is made of what is known. Pure."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, Field

from portfolio_projector.folding.acts import in_time
from portfolio_projector.http.acts import Act, act, act_or_none
from portfolio_projector.http.answers import Answer
from portfolio_projector.http.paging import Key, Paging
from portfolio_projector.http.values import Horizon, Mode
from portfolio_projector.metrics import definitions, metric
from portfolio_projector.metrics.flow import Scored
from portfolio_projector.metrics.metric import NumberMetric, Sum
from portfolio_projector.metrics.reasons import NOT_GIVEN
from portfolio_projector.read_models.membership.state import Member, Membership, Method, Money, Score, Stay, Weights

MemberState = Literal["Member", "Released", "NotAdmitted"]


class WeightsAnswer(BaseModel):
    """The cost of delay in three parts, and the size of the job, as decimals."""

    value: str
    time_criticality: str
    risk_reduction: str
    size: str


class ScoreAnswer(BaseModel):
    """How somebody weighed it: by the method, with what that method weighs."""

    method: Method
    wsjf: NumberMetric
    weights: WeightsAnswer | None
    npv: Sum | None = Field(description="net present value")
    cost_of_delay: Sum | None = Field(description="of a month")
    scorer: str
    scored: Act


class RankMoveAnswer(BaseModel):
    """It took its place after another member; null: the first place."""

    after: str | None
    ranked: Act


class StayAnswer(BaseModel):
    """From when until when it was a member."""

    mode: Mode | None = Field(description="as it was admitted; a transition may have changed it since")
    theme: str | None
    horizon: Horizon | None
    admitted: Act
    released: Act | None


class MemberAnswer(BaseModel):
    """An initiative or a product as the portfolio governs it."""

    member: str
    state: MemberState
    rank: int | None = Field(description="its place among members, from 1; whoever is admitted stands last until it is ranked")
    theme: str | None
    horizon: Horizon | None
    score: ScoreAnswer | None = Field(description="the last one")
    stays: list[StayAnswer]
    moves: list[RankMoveAnswer]
    scores: list[ScoreAnswer]


class MembersAnswer(Answer):
    """The members in their rank, then by name what was a member once, or was weighed without being one."""

    closed: Act | None = Field(description="the portfolio has ended")
    members: list[MemberAnswer]
    next_cursor: str | None


def answer(state: Membership, paging: Paging) -> dict[str, Any]:
    """Return a page of members."""
    ranks = {member: rank for rank, member in enumerate(state.order, start=1)}

    def place(member: str) -> Key:
        return (0, ranks[member], member) if member in ranks else (1, 0, member)

    members = paging.take("members", state.members, place)
    return {
        "closed": act_or_none(state.closed),
        "members": [_member(member, state.members[member], ranks.get(member)) for member in members],
        "next_cursor": paging.next_cursor,
    }


def _member(member: str, known: Member, rank: int | None) -> dict[str, Any]:
    last = known.stays[-1] if known.stays else None
    scores = _scores(known.scores)
    return {
        "member": member,
        "state": "NotAdmitted" if last is None else "Member" if rank is not None else "Released",
        "rank": rank,
        "theme": None if last is None else last.theme,
        "horizon": None if last is None else last.horizon,
        "score": scores[-1] if scores else None,
        "stays": [_stay(stay) for stay in known.stays],
        "moves": [{"after": move.after, "ranked": act(move.act)} for move in known.moves],
        "scores": scores,
    }


def _stay(stay: Stay) -> dict[str, Any]:
    return {
        "mode": stay.mode,
        "theme": stay.theme,
        "horizon": stay.horizon,
        "admitted": act(stay.admitted),
        "released": act_or_none(stay.released),
    }


def _scores(scores: Iterable[Score]) -> list[dict[str, Any]]:
    return [_score(score) for score in in_time(scores)]


def _score(score: Score) -> dict[str, Any]:
    weighed = score.wsjf
    found = NOT_GIVEN
    if weighed is not None:
        value, urgency = Decimal(weighed.value), Decimal(weighed.time_criticality)
        found = Scored("", value, urgency, Decimal(weighed.risk_reduction), Decimal(weighed.size)).wsjf
    return {
        "method": score.method,
        "wsjf": metric.number(definitions.WSJF, found),
        "weights": None if weighed is None else _weights(weighed),
        "npv": _sum(score.npv),
        "cost_of_delay": _sum(score.cost_of_delay),
        "scorer": score.scorer,
        "scored": act(score.act),
    }


def _weights(weighed: Weights) -> dict[str, str]:
    return {
        "value": weighed.value,
        "time_criticality": weighed.time_criticality,
        "risk_reduction": weighed.risk_reduction,
        "size": weighed.size,
    }


def _sum(amount: Money | None) -> dict[str, Any] | None:
    return None if amount is None else {"minor": amount.minor, "currency": amount.currency}
