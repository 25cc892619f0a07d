"""The routes of `transitions`."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from portfolio_projector.folding.chronicles import WHOLE
from portfolio_projector.http import answers as http_answers
from portfolio_projector.http import cursors
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.reading import Asked, CursorText, Limit
from portfolio_projector.metrics.lifetimes import Cost
from portfolio_projector.read_models.money import sums
from portfolio_projector.read_models.money.fold import MONEY_OF_ALL
from portfolio_projector.read_models.money.state import Money
from portfolio_projector.read_models.transitions import answers
from portfolio_projector.read_models.transitions.fold import TRANSITIONS
from portfolio_projector.read_models.transitions.lineage import lineages
from portfolio_projector.read_models.transitions.state import Kind, Transition, Transitions

router = APIRouter(prefix="/portfolios/{portfolio}", tags=["across"], responses=http_answers.CARRIED)

OneMember = Annotated[
    str | None,
    Query(
        pattern=r"^(initiative|product)/[A-Za-z0-9._-]{1,64}$",
        description="only transitions of this initiative or product, and of all that it came from and became",
        examples=["initiative/apollo"],
    ),
]


@router.get("/transitions", response_model=answers.TransitionsAnswer, responses=http_answers.tabular("transitions"))
async def list_transitions(
    asked: Asked,
    member: OneMember = None,
    kind: Annotated[Kind | None, Query(description="only transitions of this kind")] = None,
    limit: Limit = 100,
    cursor: CursorText = None,
) -> Response:
    """List what became what: who decided, what went along, frozen figures; chains in both directions, lifetime costs."""
    list_ = f"transitions/{asked.portfolio}"
    after = (cursors.decode(cursor, list_, int) or (-1,))[0]

    def build(states: Mapping[str, Any], _: Moment) -> Mapping[str, object]:
        known: Transitions = states["transitions"]
        money: Money = states["money"]
        own = {name: Cost(sums.spent(account), account.currency) for name, account in money.accounts.items() if account.postings}
        chains = lineages(known, own, member)
        family = {str(chain["member"]) for chain in chains} | {member}

        def is_asked_for(one: Transition) -> bool:
            ends = {one.source, *(part.member for part in one.parts)}
            return one.entry > after and kind in {None, one.kind} and (member is None or not ends.isdisjoint(family))

        found = sorted(filter(is_asked_for, known.transitions), key=lambda one: one.entry)
        shown = found[:limit]
        return {
            "transitions": [_told(one, known, money) for one in shown],
            "lineages": chains,
            "next_cursor": cursors.encode(list_, shown[-1].entry) if len(found) > limit else None,
        }

    return await asked.tell_all({"transitions": (TRANSITIONS, WHOLE), "money": (MONEY_OF_ALL, WHOLE)}, build, table="transitions")


def _told(one: Transition, known: Transitions, money: Money) -> dict[str, Any]:
    account = money.of(one.source or "")
    left = known.members.get(one.source or "")
    currency = left.currency if left is not None and left.currency is not None else account.currency
    return answers.transition(one, currency, account)
