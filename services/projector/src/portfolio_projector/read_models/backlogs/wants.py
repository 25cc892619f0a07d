"""What a batch of facts will ask for, so that it can be loaded beforehand: a fold that asks for more is folded again."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from portfolio_projector.folding.facts import Fact
from portfolio_projector.read_models.backlogs.fold import ITEM_TYPES, LEAVING_TYPES, PLACING_TYPES
from portfolio_projector.read_models.backlogs.state import Key, MoveKey
from portfolio_schemas.events import item as items


@dataclass(slots=True)
class Wants:
    """Items, products and moves by key; items whose follower in the order matters, or the one before; products whose top does.

    `tops_of` are items whose product's top does.
    """

    items: set[Key] = field(default_factory=set[Key])
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
        key = (fact.portfolio, fact.id)
        if fact.type not in ITEM_TYPES:
            wanted.products.add(key)
            continue
        wanted.items.add(key)
        if fact.corrects is not None:
            wanted.moves.add((*key, fact.corrects))
        elif fact.type in PLACING_TYPES:
            wanted.followed.add(key)
            if fact.type in LEAVING_TYPES:
                wanted.preceded.add(key)
            try:
                _want_places(wanted, fact)
            except ValueError:
                continue
    wanted.items |= wanted.followed
    return wanted


def _want_places(wanted: Wants, fact: Fact) -> None:
    match fact.data:
        case items.ItemAdded(backlog=backlog, after=after) | items.ItemTransferred(to=backlog, after=after):
            product_key = (fact.portfolio, backlog.removeprefix("product/"))
            wanted.products.add(product_key)
            if after is None:
                wanted.tops.add(product_key)
            else:
                wanted.followed.add((fact.portfolio, _id(after)))
        case items.ItemMoved(after=after) | items.ItemReopened(after=after):
            if after is None:
                wanted.tops_of.add((fact.portfolio, fact.id))
            else:
                wanted.followed.add((fact.portfolio, _id(after)))
        case items.ItemSplit(into=into):
            wanted.items |= {(fact.portfolio, _id(new.item)) for new in into}
        case _:
            pass


def _id(reference: str) -> str:
    return reference.partition("/")[2]
