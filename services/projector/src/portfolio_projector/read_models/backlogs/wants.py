"""What a batch of facts will ask for, so that it can be loaded beforehand: a fold that asks for more is folded again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from portfolio_projector.folding.facts import Fact
from portfolio_projector.read_models.backlogs.fold import ITEM_TYPES, LEAVING_TYPES, PLACING_TYPES
from portfolio_projector.read_models.backlogs.placing import id_of
from portfolio_projector.read_models.backlogs.state import Key, MoveKey
from portfolio_schemas.events import item as items
from portfolio_schemas.events.event_data import EventData


@dataclass(slots=True)
class Wants:
    """Items, products and moves by key; items whose follower in the order matters, or the one before; products whose top does.

    `tops_of` are items whose product's top does, `born` items that begin: there are no rows of them yet.
    """

    items: set[Key] = field(default_factory=set[Key])
    born: list[Key] = field(default_factory=list[Key])
    products: set[Key] = field(default_factory=set[Key])
    moves: set[MoveKey] = field(default_factory=set[MoveKey])
    followed: set[Key] = field(default_factory=set[Key])
    preceded: set[Key] = field(default_factory=set[Key])
    tops: set[Key] = field(default_factory=set[Key])
    tops_of: set[Key] = field(default_factory=set[Key])


def wants(facts: Sequence[Fact]) -> Wants:
    """Return what facts ask for. A body that cannot be read asks for nothing: its fold will say why."""
    wanted = Wants()
    for fact in facts:
        key, type_ = fact.key, fact.type
        if type_ not in ITEM_TYPES:
            wanted.products.add(key)
            continue
        if fact.begins:
            wanted.born.append(key)
        else:
            wanted.items.add(key)
        if fact.corrects is not None:
            wanted.moves.add((*key, fact.corrects))
        elif type_ in PLACING_TYPES:
            if type_ in LEAVING_TYPES:
                wanted.followed.add(key)
                wanted.preceded.add(key)
            try:
                data = fact.data
            except ValueError:
                continue
            want_place = _PLACES.get(type(data))
            if want_place is not None:
                want_place(wanted, fact, data)
    wanted.items |= wanted.followed
    return wanted


def _want_a_place(wanted: Wants, fact: Fact, data: items.ItemAdded) -> None:
    _want_a_place_in(wanted, fact, data.backlog, data.after)


def _want_another_place(wanted: Wants, fact: Fact, data: items.ItemTransferred) -> None:
    _want_a_place_in(wanted, fact, data.to, data.after)


def _want_a_place_in(wanted: Wants, fact: Fact, backlog: str, after: str | None) -> None:
    product_key = (fact.portfolio, backlog.removeprefix("product/"))
    wanted.products.add(product_key)
    if after is None:
        wanted.tops.add(product_key)
    else:
        wanted.followed.add((fact.portfolio, id_of(after)))


def _want_a_place_here(wanted: Wants, fact: Fact, data: items.ItemMoved | items.ItemReopened) -> None:
    if data.after is None:
        wanted.tops_of.add(fact.key)
    else:
        wanted.followed.add((fact.portfolio, id_of(data.after)))


def _want_places_for_parts(wanted: Wants, fact: Fact, data: items.ItemSplit) -> None:
    wanted.items |= {(fact.portfolio, id_of(new.item)) for new in data.into}


_PLACES: dict[type[EventData], Callable[[Wants, Fact, Any], None]] = {
    items.ItemAdded: _want_a_place,
    items.ItemTransferred: _want_another_place,
    items.ItemMoved: _want_a_place_here,
    items.ItemReopened: _want_a_place_here,
    items.ItemSplit: _want_places_for_parts,
}
"""By class: a `match` would ask one class after the other, and each asks those that it could stand for."""
