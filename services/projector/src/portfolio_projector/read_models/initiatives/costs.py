"""What initiatives cost: postings, corrections that take their places, reversals. Pure."""

from portfolio_projector.folding.facts import Fact, Impossible
from portfolio_projector.read_models.initiatives.rows import CostRow, InitiativeRow
from portfolio_projector.read_models.initiatives.state import Initiatives
from portfolio_schemas.events.funding import AccrualReversed, CostAccrued, CostPosted, CostReversed


def post(state: Initiatives, fact: Fact, data: CostPosted | CostAccrued) -> None:
    """Count a cost. One that corrects another replaces it, or what replaced that already."""
    if fact.corrects is not None:
        _take_back(state, fact, fact.corrects)
    aggregate, _, member = data.member.partition("/")
    if aggregate != "initiative":
        return
    own = state.initiative(fact.portfolio, member)
    if data.amount.currency != own.currency:
        raise Impossible(f"The initiative {member} is kept in {own.currency}, the cost is in {data.amount.currency}.")
    posted = isinstance(data, CostPosted)
    _count(
        state,
        own,
        CostRow(
            portfolio=fact.portfolio,
            entry=fact.number,
            initiative=member,
            kind="cost" if posted else "accrual",
            minor=data.amount.minor,
            period=data.period,
            category=data.category,
            treatment=data.treatment if posted else "undecided",
            time=fact.time,
            corrected_by=None,
        ),
    )


def reverse(state: Initiatives, fact: Fact, data: CostReversed | AccrualReversed) -> None:
    """Take a cost back, or a part of it, as the cost that it is now."""
    cost = None if fact.corrects is None else _standing(state, fact, fact.corrects)
    if cost is not None:
        taken = cost._replace(entry=fact.number, kind="reversal", minor=-data.amount.minor, period=data.period, time=fact.time)
        _count(state, state.initiative(fact.portfolio, cost.initiative), taken)


def _count(state: Initiatives, own: InitiativeRow, cost: CostRow) -> None:
    state.costs.put(cost)
    state.initiatives.put(own._replace(cost=own.cost + cost.minor, costs=own.costs + 1, last_entry=cost.entry))


def _standing(state: Initiatives, fact: Fact, entry: int) -> CostRow | None:
    cost = state.costs.get((fact.portfolio, entry))
    while cost is not None and cost.corrected_by is not None:
        cost = state.costs.get((fact.portfolio, cost.corrected_by))
    return cost


def _take_back(state: Initiatives, fact: Fact, corrected: int) -> None:
    cost = _standing(state, fact, corrected)
    if cost is None:
        return
    state.costs.put(cost._replace(corrected_by=fact.number))
    own = state.initiative(fact.portfolio, cost.initiative)
    state.initiatives.put(own._replace(cost=own.cost - cost.minor, costs=own.costs - 1, last_entry=fact.number))
