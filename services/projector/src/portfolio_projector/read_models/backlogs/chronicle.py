"""The past of a product's backlog: the fold of `backlogs` over what concerns one product. Pure.

Most items of an old backlog are closed, and most questions are about the first of the open ones: items stay packed until somebody
looks at them.
"""

from collections.abc import Mapping
from operator import itemgetter

import msgspec

from portfolio_projector.folding.chronicles import Chronicle
from portfolio_projector.folding.facts import Fact, Impossible
from portfolio_projector.folding.rows import Rows
from portfolio_projector.read_models.backlogs.fold import FOLDING, fold
from portfolio_projector.read_models.backlogs.rows import ItemRow, ProductRow
from portfolio_projector.read_models.backlogs.state import Backlogs, Key

_ENCODER = msgspec.msgpack.Encoder(order="deterministic")
_ITEM = msgspec.msgpack.Decoder(ItemRow)
_OF_SCORE = _ENCODER.encode("time_criticality")
"""Part of every item that was scored, packed; of others only where somebody writes the like."""


class _Kept(msgspec.Struct, array_like=True):
    """What is kept of a state: products, items by portfolio and id, and the places in its order."""

    scope: str
    products: list[ProductRow]
    items: dict[str, dict[str, msgspec.Raw]]
    places: list[tuple[str, str, list[tuple[str, str]]]]


_DECODER = msgspec.msgpack.Decoder(_Kept)


class _PackedItems(Rows[Key, ItemRow]):
    """All items there are, some of them packed."""

    __slots__ = ("_frozen",)

    def __init__(self, frozen: Mapping[str, dict[str, msgspec.Raw]]) -> None:
        super().__init__("items", ItemRow, itemgetter(0, 1), complete=True)
        self._frozen = frozen

    def get(self, key: Key) -> ItemRow | None:
        """Return a row, None when there is none."""
        row = super().get(key)
        if row is None and (frozen := self._frozen.get(key[0], {}).get(key[1])) is not None:
            row = _ITEM.decode(frozen)
            self.learn((), [row])
        return row

    def may_be_scored(self, key: Key) -> bool:
        """Tell whether an item has to be looked at by who looks for scored ones: most need not be unpacked for that."""
        if super().get(key) is not None:
            return True
        frozen = self._frozen.get(key[0], {}).get(key[1])
        return frozen is not None and _OF_SCORE in bytes(frozen)

    def packed(self) -> dict[str, dict[str, msgspec.Raw]]:
        """Return every item by portfolio and id, packed."""
        found = {portfolio: dict(items) for portfolio, items in self._frozen.items()}
        for (portfolio, item), row in self.all().items():
            found.setdefault(portfolio, {})[item] = msgspec.Raw(_ENCODER.encode(row))
        return found


def begin(scope: str) -> Backlogs:
    """Return the state of a product of which nothing is known yet."""
    return Backlogs(complete=True, scope=scope, items=_PackedItems({}))


def fold_own(state: Backlogs, fact: Fact) -> None:
    """Fold a fact of what concerns one product. What another became, or came from, is that one's life.

    Raises:
        Impossible: when the event cannot follow those before it.

    """
    if fact.aggregate != "product" or fact.subject == state.scope:
        fold(state, fact)


def forgive(state: Backlogs, fact: Fact) -> None:
    """Fold a fact on a day on which what it rests on was not there yet: what should stand after that stands at the bottom."""
    state.forgiving = True
    try:
        fold_own(state, fact)
    except Impossible:
        return
    finally:
        state.forgiving = False


def scored(state: Backlogs, portfolio: str, product: str) -> list[tuple[int, ItemRow]]:
    """Return the open items of a backlog that were scored, each with its position."""
    found, items = list[tuple[int, ItemRow]](), state.items
    for place, item in enumerate(state.order(portfolio, product), start=1):
        key = (portfolio, item)
        if not isinstance(items, _PackedItems) or items.may_be_scored(key):
            row = items.get(key)
            if row is not None and row.score is not None:
                found.append((place, row))
    return found


def freeze(state: Backlogs) -> bytes:
    """Return a state as bytes."""
    if not isinstance(state.items, _PackedItems):
        raise TypeError("What is kept of a state is the past of one product.")
    places = [(portfolio, product, order.places()) for (portfolio, product), order in sorted(state.orders.items())]
    return _ENCODER.encode(_Kept(state.scope or "", state.products.sorted(), state.items.packed(), places))


def thaw(data: bytes) -> Backlogs:
    """Return the state that was frozen."""
    kept = _DECODER.decode(data)
    state = Backlogs(complete=True, scope=kept.scope, items=_PackedItems(kept.items))
    state.products.learn((), kept.products)
    for portfolio, product, places in kept.places:
        state.order(portfolio, product).replace(places)
    return state


CHRONICLE = Chronicle(
    name=FOLDING.name,
    version=FOLDING.version,
    types=FOLDING.types or frozenset(),
    begin=begin,
    fold=fold_own,
    freeze=freeze,
    thaw=thaw,
    corrections="seen",
    forgive=forgive,
)
