"""Retelling: the fold of a read model that has tables, as a chronicle, so that its past is told from snapshots too. Pure."""

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

import msgspec

from portfolio_projector.folding.chronicles import Chronicle
from portfolio_projector.folding.folding import Folding, Kept


class Retold(Kept, Protocol):
    """A state that can be written down: `rows` returns all that it knows by table, `learn` takes that in an empty state."""

    def rows(self) -> Mapping[str, list[Any]]:
        """Return every row by table, in the order of keys."""
        ...

    def learn(self, rows: Mapping[str, list[Any]]) -> None:
        """Take rows as `rows` returned them."""
        ...


State = TypeVar("State", bound=Retold)


def retelling(folding: Folding[State], tables: Mapping[str, type[Any]]) -> Chronicle[State]:
    """Return the chronicle of a read model with tables. `tables` names the named tuple of each table's rows."""
    shape = msgspec.defstruct("Tables", [(name, list[row]) for name, row in tables.items()])
    decoder = msgspec.msgpack.Decoder(shape)
    encoder = msgspec.msgpack.Encoder(order="deterministic")

    def freeze(state: State) -> bytes:
        return encoder.encode(state.rows())

    def thaw(data: bytes) -> State:
        state, rows = begin(), decoder.decode(data)
        state.learn({name: getattr(rows, name) for name in tables})
        return state

    def begin(_: str = "") -> State:
        return folding.begin(True)  # noqa: FBT003  the description says what it is

    if folding.types is None:
        raise TypeError("What keeps every entry has no past but itself.")
    return Chronicle(
        name=folding.name,
        version=folding.version,
        types=folding.types,
        begin=begin,
        fold=folding.fold,
        freeze=freeze,
        thaw=thaw,
        corrections="seen",
    )
