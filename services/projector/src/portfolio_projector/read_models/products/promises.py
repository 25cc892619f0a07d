"""What is promised of a product: targets of its open items in the words of their sources, and its end. Pure."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, Field

from portfolio_projector.read_models.products.state import Product, Products

_NUMBER = re.compile(r"(\d+)", re.ASCII)


class Promise(BaseModel):
    """Something that is promised: for a gate of some items by a target, or the end of the product by a day."""

    kind: Literal["target", "end"]
    date: dt.date | None = Field(description="null where the target is no day")
    target: str | None = Field(description="a release or a day, in the words of the source")
    gate: str | None
    items: int | None = Field(description="how many open items are promised")


Targets = Mapping[tuple[str, str], int]
"""How many open items are promised by a target for a gate."""


def by_home(state: Products) -> dict[str, Counter[tuple[str, str]]]:
    """Count the open items that are promised, by whose they are, target and gate."""
    found = dict[str, Counter[tuple[str, str]]]()
    for item in state.items.values():
        if item.is_open and item.targets:
            found.setdefault(item.home, Counter()).update((target, gate) for gate, target in item.targets.items())
    return found


def promises(product: Product, targets: Targets) -> list[dict[str, Any]]:
    """Return what is promised of a product, days before names, the earliest and the lowest first."""
    found = [
        {"kind": "target", "date": _day(target), "target": target, "gate": gate, "items": count}
        for (target, gate), count in targets.items()
    ]
    if product.sunset_on is not None and product.phases[-1].state == "Sunsetting":
        found.append({"kind": "end", "date": product.sunset_on, "target": None, "gate": None, "items": None})
    return sorted(found, key=_order)


def _order(promise: Mapping[str, Any]) -> tuple[Any, ...]:
    day: dt.date | None = promise["date"]
    return day is None, day or dt.date.min, _natural(promise["target"] or ""), promise["gate"] or ""


def _natural(text: str) -> list[tuple[int, int, str]]:
    """Let numbers in names count: `v1.9` before `v1.31`."""
    return [(1, int(part), "") if number % 2 else (0, 0, part) for number, part in enumerate(_NUMBER.split(text))]


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
