"""The fold of `membership`. Pure: the order is the log's; what has no premise is passed over."""

from typing import assert_never, cast, get_args

from portfolio_projector.folding.acts import Act, act_of
from portfolio_projector.folding.chronicles import chronicle
from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.read_models.membership.state import Member, Membership, Money, Move, Score, Stay, Weights
from portfolio_schemas import values
from portfolio_schemas.events import portfolio as portfolios

Known = (
    portfolios.MemberAdmitted
    | portfolios.MemberRanked
    | portfolios.MemberScored
    | portfolios.MemberReleased
    | portfolios.PortfolioClosed
)


def fold(state: Membership, fact: Fact) -> None:
    """Change the state by one fact."""
    data, act = cast("Known", fact.data), act_of(fact)
    match data:
        case portfolios.MemberAdmitted():
            _member(state, data.member).stays.append(Stay(data.mode, data.theme, data.horizon, act))
            if data.member not in state.order:
                state.order.append(data.member)
        case portfolios.MemberRanked(member=member, after=after):
            _rank(state, member, after, act)
        case portfolios.MemberScored():
            _member(state, data.member).scores.append(_score(data, act))
        case portfolios.MemberReleased(member=member):
            if member in state.order:
                state.order.remove(member)
                state.members[member].stays[-1].released = act
        case portfolios.PortfolioClosed():
            state.closed = act
        case _:
            assert_never(data)


def _member(state: Membership, member: str) -> Member:
    return state.members.setdefault(member, Member())


def _rank(state: Membership, member: str, after: str | None, act: Act) -> None:
    if member not in state.order or member == after or (after is not None and after not in state.order):
        return
    state.order.remove(member)
    state.order.insert(0 if after is None else state.order.index(after) + 1, member)
    state.members[member].moves.append(Move(after, act))


def _score(data: portfolios.MemberScored, act: Act) -> Score:
    weighed = data.wsjf
    weights = None
    if weighed is not None:
        weights = Weights(weighed.value, weighed.time_criticality, weighed.risk_reduction, weighed.size)
    return Score(data.method, data.scorer, act, weights, _money(data.npv), _money(data.cost_of_delay))


def _money(amount: values.Money | values.SignedMoney | None) -> Money | None:
    return None if amount is None else Money(amount.minor, amount.currency)


MEMBERSHIP = chronicle("membership", 1, types=types_of(*get_args(Known)), state=Membership, fold=fold, of_portfolio=True)
