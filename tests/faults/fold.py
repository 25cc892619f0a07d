"""The backlog of a portfolio as its entries say, folded by code that shares nothing with the projector's."""

from dataclasses import dataclass, field
from typing import Any

from tests.faults.raw_log import RawEntry

_CLOSING = {"item-completed": ("Done", "completed"), "item-dropped": ("Dropped", "dropped")}


@dataclass(slots=True)
class Backlog:
    """Items as [product, state, status, last entry], the order of each product's open ones, every move, open items."""

    items: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])
    order: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    moves: list[list[Any]] = field(default_factory=list[list[Any]])
    open_items: dict[str, int] = field(default_factory=dict[str, int])

    def fold(self, entry: RawEntry) -> None:
        """Fold one entry; a refusal changes nothing."""
        if entry.event is None:
            return
        kind = entry.event["type"].split(".")[2]
        id_, data = entry.event["subject"].partition("/")[2], entry.event.get("data", {})
        if kind == "product-conceived":
            self.order[id_], self.open_items[id_] = [], 0
        elif kind == "item-added":
            product = _id(data["product"])
            self.items[id_] = [product, "New", None, entry.number]
            self._enter(entry, id_, data.get("after"), "added")
            self.open_items[product] += 1
        elif kind.startswith("item-"):
            self._change(entry, kind, id_, data)

    def _change(self, entry: RawEntry, kind: str, id_: str, data: dict[str, Any]) -> None:
        item = self.items[id_]
        item[3] = entry.number
        if kind == "item-started":
            item[1] = "Started"
        elif kind == "item-status-reported":
            item[2] = data["status"]
        elif kind == "item-moved":
            self.order[item[0]].remove(id_)
            self._enter(entry, id_, data.get("after"), "moved")
        elif kind == "item-reopened":
            item[1] = "Reopened"
            self._enter(entry, id_, data.get("after"), "reopened")
            self.open_items[item[0]] += 1
        elif kind in _CLOSING:
            item[1], move = _CLOSING[kind]
            self.order[item[0]].remove(id_)
            self.moves.append([entry.number, id_, move, None])
            self.open_items[item[0]] -= 1
        else:
            raise ValueError(f"The load sends no {kind}.")

    def _enter(self, entry: RawEntry, id_: str, after: str | None, move: str) -> None:
        order = self.order[self.items[id_][0]]
        order.insert(0 if after is None else order.index(_id(after)) + 1, id_)
        self.moves.append([entry.number, id_, move, None if after is None else _id(after)])


def _id(reference: str) -> str:
    return reference.partition("/")[2]
