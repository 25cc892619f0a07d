"""What became of the money of an initiative or a product that became another: nothing is lost. Pure."""

from typing import Any

from pydantic import BaseModel, Field

from portfolio_projector.metrics.metric import Sum
from portfolio_projector.read_models.money import sums
from portfolio_projector.read_models.money.state import Account, Move
from portfolio_projector.read_models.transitions.state import Transition


class GivenAnswer(BaseModel):
    """Money that went along."""

    to: str
    amount: Sum


class FundsAnswer(BaseModel):
    """Approved and received from others = spent + returned + carried over + left, whenever it is asked about."""

    approved: Sum = Field(description="by the portfolio, for what ended")
    received: Sum = Field(description="from other initiatives and products, less what was given to them")
    spent: Sum = Field(description="with what was corrected afterwards")
    returned: Sum
    carried_over: list[GivenAnswer]
    left: Sum = Field(description="0 at the transition; costs that are posted or corrected later change it")


def funds(known: Transition, account: Account) -> dict[str, Any] | None:
    """Return what became of the money of what a transition ended; None where nothing ended, or it never had money."""
    if known.state != "done" or known.kind in {"promotion", "mode_change"} or account.currency is None:
        return None
    successors = {part.member for part in known.parts}
    net = [(move, _net(move)) for move in account.moves]
    own = [amount for move, amount in net if move.other is None]
    approved, returned = sum(one for one in own if one > 0), -sum(one for one in own if one < 0)
    received = sum(amount for move, amount in net if move.other is not None and not _is_carried(known, move, successors))
    carried, spent = sum(one.minor for one in known.money), sums.spent(account)

    def amount(minor: int) -> dict[str, Any]:
        return {"minor": minor, "currency": account.currency}

    return {
        "approved": amount(approved),
        "received": amount(received),
        "spent": amount(spent),
        "returned": amount(returned),
        "carried_over": [{"to": one.to, "amount": amount(one.minor)} for one in known.money],
        "left": amount(approved + received - spent - returned - carried),
    }


def _net(move: Move) -> int:
    return move.approved + move.released + move.reserved


def _is_carried(known: Transition, move: Move, successors: set[str]) -> bool:
    """Tell whether money went along with the transition, and was not given before."""
    return move.other in successors and known.decided is not None and move.entry > known.decided.entry
