"""The past of a product's backlog: the fold of `backlogs` over what concerns one product. Pure."""

from collections import defaultdict

import msgspec

from portfolio_projector.folding.chronicles import Chronicle
from portfolio_projector.read_models.backlogs.fold import FOLDING, fold
from portfolio_projector.read_models.backlogs.rows import ItemRow, ProductRow
from portfolio_projector.read_models.backlogs.state import Backlogs, Key


class _Kept(msgspec.Struct, array_like=True):
    """What is kept of a state: orders are what the ranks of items say."""

    scope: str
    products: list[ProductRow]
    items: list[ItemRow]


_DECODER = msgspec.msgpack.Decoder(_Kept)
_ENCODER = msgspec.msgpack.Encoder(order="deterministic")


def begin(scope: str) -> Backlogs:
    """Return the state of a product of which nothing is known yet."""
    return Backlogs(complete=True, scope=scope)


def freeze(state: Backlogs) -> bytes:
    """Return a state as bytes."""
    return _ENCODER.encode(_Kept(state.scope or "", state.products.sorted(), state.items.sorted()))


def thaw(data: bytes) -> Backlogs:
    """Return the state that was frozen."""
    kept = _DECODER.decode(data)
    state, ranked = begin(kept.scope), defaultdict[Key, list[tuple[str, str]]](list)
    state.products.learn((), kept.products)
    state.items.learn((), kept.items)
    for row in kept.items:
        if row.rank is not None:
            ranked[row.portfolio, row.product].append((row.rank, row.item))
    for key, places in ranked.items():
        state.order(*key).replace(sorted(places))
    return state


CHRONICLE = Chronicle(
    name=FOLDING.name,
    version=FOLDING.version,
    types=FOLDING.types or frozenset(),
    begin=begin,
    fold=fold,
    freeze=freeze,
    thaw=thaw,
    corrections="seen",
)
