"""The fold of what is heard of a member: by source, and what was finished. Pure."""

from typing import cast

import msgspec

from portfolio_projector.folding.chronicles import chronicle
from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.read_models.overview.state import Heard, Word
from portfolio_schemas import catalogue
from portfolio_schemas.events import initiative as initiatives
from portfolio_schemas.events import product as products
from portfolio_schemas.events.item import ItemCompleted
from portfolio_schemas.events.portfolio import GuardrailSet
from portfolio_schemas.events.work_package import WorkPackageCompleted

_OF_EVERYONE = ("portfolio", "funding")
_OF_ALL = types_of(GuardrailSet)
_FINISHING = types_of(ItemCompleted, WorkPackageCompleted)
_BEGINNING = types_of(initiatives.InitiativeProposed, products.ProductConceived, products.ProductOpenedFrom)
_ENDING = types_of(
    initiatives.InitiativeRejected,
    initiatives.InitiativeCancelled,
    initiatives.InitiativeCompleted,
    initiatives.InitiativeTransitioned,
    products.ProductRetired,
    products.ProductsMerged,
    products.ProductSplit,
)


class _Event(msgspec.Struct):
    source: str


class _Entry(msgspec.Struct):
    event: _Event


_ENTRY = msgspec.json.Decoder(_Entry)


def fold(state: Heard, fact: Fact) -> None:
    """Note one fact; what is said of all members is a word about none of them."""
    if fact.type in _OF_ALL and cast("GuardrailSet", fact.data).member is None:
        return
    source = _ENTRY.decode(fact.entry.value).event.source
    before = state.sources.get(source)
    state.sources[source] = Word(fact.number, fact.time if before is None else max(before.time, fact.time))
    if fact.type in _FINISHING:
        state.finish(fact.time)
    elif fact.type in _ENDING and fact.subject == state.scope:
        state.ended = fact.number
    elif fact.type in _BEGINNING and fact.subject == state.scope:
        state.is_there = True


_TYPES = frozenset(
    name for name, body in catalogue.TYPES.items() if body.event_type.aggregate not in _OF_EVERYONE or body.event_type.member
)

HEARD = chronicle("heard", 4, types=_TYPES, state=Heard, fold=fold)
