"""The fold of `transitions`. Pure: what follows from a transition says by its cause to which it belongs."""

from typing import assert_never, cast, get_args

from portfolio_projector.folding.acts import act_of
from portfolio_projector.folding.chronicles import chronicle
from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.read_models.transitions.consequences import Consequence, fold_consequence
from portfolio_projector.read_models.transitions.state import Disposition, Kind, Member, Part, StateName, Transition, Transitions
from portfolio_schemas.events import initiative as initiatives
from portfolio_schemas.events import item as items
from portfolio_schemas.events import product as products

_Life = (
    initiatives.InitiativeProposed
    | initiatives.InitiativeRejected
    | initiatives.InitiativeCancelled
    | initiatives.InitiativeClosed
    | products.ProductConceived
)
_Decision = (
    initiatives.TransitionProposed
    | initiatives.TransitionApproved
    | initiatives.DeliveryModeChanged
    | products.ProductsMerged
    | products.ProductSplit
    | items.ItemPromotedToInitiative
)
_Birth = items.ItemAdded | items.ItemSplit
Known = _Life | _Decision | _Birth | Consequence


def fold(state: Transitions, fact: Fact) -> None:
    """Change the state by one fact."""
    data = cast("Known", fact.data)
    if isinstance(data, _Life):
        _fold_life(state, fact, data)
    elif isinstance(data, _Decision):
        _fold_decision(state, fact, data)
    elif isinstance(data, items.ItemAdded):
        state.settle(fact.id, data.backlog)
    elif isinstance(data, items.ItemSplit):
        if (home := state.home_of(fact.id)) is not None:
            for part in data.into:
                state.settle(part.item.partition("/")[2], home)
    else:
        fold_consequence(state, fact, data)


def _fold_life(state: Transitions, fact: Fact, data: _Life) -> None:
    match data:
        case initiatives.InitiativeProposed():
            state.members[fact.subject] = Member(data.name, data.mode, act_of(fact), data.currency)
        case products.ProductConceived(name=name):
            state.members[fact.subject] = Member(name, "product", act_of(fact))
        case initiatives.InitiativeRejected() | initiatives.InitiativeCancelled() | initiatives.InitiativeClosed():
            _answer(state, fact.subject, "lapsed")
        case _:
            assert_never(data)


def _fold_decision(state: Transitions, fact: Fact, data: _Decision) -> None:
    match data:
        case initiatives.TransitionProposed():
            _propose(state, fact, data)
        case initiatives.TransitionApproved(conditions=conditions):
            place = _answer(state, fact.subject, "done")
            if place is None:  # on this day nothing had been proposed: what follows says what it became
                _begin(state, fact, _decided(fact, "transition", fact.subject))
            else:
                state.causes[str(fact.number)] = place
                state.transitions[place].decided = act_of(fact)
            state.transitions[state.causes[str(fact.number)]].conditions = conditions
        case initiatives.DeliveryModeChanged():
            changed = _decided(fact, "mode_change", fact.subject)
            changed.proposed_by, changed.cut_over, changed.release = data.proposed_by, data.start, data.release
            changed.to_mode, changed.dispositions = data.to, _dispositions(data.dispositions)
            _begin(state, fact, changed)
            if fact.subject in state.members:
                state.members[fact.subject].mode = data.to
        case products.ProductsMerged(into=into):
            _begin(state, fact, _decided(fact, "merger", fact.subject, Part(into, "1", opened=False)))
            _end(state, fact, fact.subject)
        case products.ProductSplit(into=into):
            parts = [Part(part.product, part.share, part.opened is not None) for part in into]
            _begin(state, fact, _decided(fact, "split", fact.subject, *parts))
            _end(state, fact, fact.subject)
        case items.ItemPromotedToInitiative(initiative=initiative):
            promoted = _decided(fact, "promotion", state.home_of(fact.id), Part(initiative, "0", opened=True))
            promoted.promoted = fact.id
            _begin(state, fact, promoted)
        case _:
            assert_never(data)


def _propose(state: Transitions, fact: Fact, data: initiatives.TransitionProposed) -> None:
    _answer(state, fact.subject, "replaced")
    proposed = Transition(
        "transition",
        fact.subject,
        "proposed",
        [Part(data.product, "1", data.opened is not None)],
        proposed=act_of(fact),
        proposed_by=fact.actor,
        cut_over=data.cut_over,
        dispositions=_dispositions(data.dispositions),
    )
    state.pending[fact.subject] = len(state.transitions)
    state.transitions.append(proposed)


def _dispositions(stated: list[initiatives.Disposition]) -> list[Disposition]:
    return [
        Disposition(one.work_package.partition("/")[2], one.becomes, one.item and one.item.partition("/")[2], one.reason)
        for one in stated
    ]


def _answer(state: Transitions, initiative: str, answer: StateName) -> int | None:
    """Answer the proposal for an initiative, and return its place; None where none waits for an answer."""
    place = state.pending.pop(initiative, None)
    if place is not None:
        state.transitions[place].state = answer
    return place


def _decided(fact: Fact, kind: Kind, source: str | None, *parts: Part) -> Transition:
    return Transition(kind, source, "done", list(parts), decided=act_of(fact))


def _begin(state: Transitions, fact: Fact, transition: Transition) -> None:
    state.causes[str(fact.number)] = len(state.transitions)
    state.transitions.append(transition)


def _end(state: Transitions, fact: Fact, member: str) -> None:
    if member in state.members:
        state.members[member].ended = act_of(fact)


TRANSITIONS = chronicle("transitions", 2, types=types_of(*get_args(Known)), state=Transitions, fold=fold, of_portfolio=True)
