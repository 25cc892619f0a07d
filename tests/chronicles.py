"""Chronicles for tests: the state that a history adds up to, as the reading side would fold it."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import TypeVar

from portfolio_projector.folding.chronicles import WHOLE, Chronicle, Restated
from portfolio_projector.folding.facts import Fact
from portfolio_projector.http.paging import WHOLE_MAX, Paging
from portfolio_projector.read_models.concerns.fold import EVERYONE, FOLDING, HANDED_ON, HomeRow, Moved

State = TypeVar("State")


def concerning(facts: Sequence[Fact], member: str) -> list[Fact]:
    """Return the facts that concern a member: its own, those of everyone, and what was said of what it took over.

    Of what that was made of, it is what is handed on to parts.
    """
    state = FOLDING.begin(True)  # noqa: FBT003  it knows everything
    for fact in facts:
        if fact.recorded:
            FOLDING.fold(state, fact)
    own = {row.entry for row in state.concerns if row.member in {member, EVERYONE}}
    for moved in state.moved:
        if moved.member == member:
            own |= {fact.number for fact in facts if fact.subject == moved.subject and fact.number < moved.since}
            origin = state.homes.get((moved.portfolio, moved.subject))
            while origin is not None and origin.made_of is not None:
                own |= {fact.number for fact in facts if _is_handed_on(fact, origin, moved)}
                origin = state.homes.get((moved.portfolio, origin.made_of))
    return [fact for fact in facts if fact.number in own]


def _is_handed_on(fact: Fact, part: HomeRow, moved: Moved) -> bool:
    """Tell whether a fact says what a part has from what it was made of."""
    is_there = fact.subject == part.made_of and fact.type in HANDED_ON
    return is_there and (fact.corrects is not None or fact.number <= (part.made_by or 0)) and fact.number < moved.since


def state_of(chronicle: Chronicle[State], facts: Iterable[Fact], scope: str = WHOLE, *, effective: date | None = None) -> State:
    """Fold facts in the order of the log, those that were true by the end of a day; the state has been bytes in between."""
    relevant = [fact for fact in facts if fact.recorded and fact.type in chronicle.types]
    if chronicle.corrections == "applied":
        relevant = in_force(relevant)
    state = chronicle.begin(scope)
    for fact in relevant:
        if effective is None or chronicle.held_by is not None or fact.time.date() <= effective:
            chronicle.fold(state, fact)
            state = chronicle.thaw(chronicle.freeze(state))
    if effective is not None and chronicle.held_by is not None:
        return chronicle.held_by(state, datetime.combine(effective, time.max, UTC))
    return state


def whole() -> Paging:
    """Return the paging of somebody who wants no pages."""
    return Paging("list", None, WHOLE_MAX)


def in_force(facts: Sequence[Fact]) -> list[Fact]:
    """Return facts, given in the order of the log, as the corrections among them leave them.

    A correction whose original is not among the facts stands for itself.
    """
    there = {fact.number for fact in facts}
    restated = Restated(fact for fact in facts if fact.corrects in there)
    return [told for fact in facts if (told := restated.apply(fact)) is not None]
