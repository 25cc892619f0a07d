"""Attributes that are said of items and products, and said anew by corrections. Pure.

A row remembers which entry set an attribute last. A correction of that entry sets it anew; a correction of an older one changes
nothing, since what was said later holds. So rows are what a fold of the facts as corrected would make of them.
"""

from typing import Any, TypeVar

from portfolio_projector.folding.facts import Fact
from portfolio_projector.read_models.backlogs.rows import ItemRow, ProductRow

Row = TypeVar("Row", ItemRow, ProductRow)


def said(row: Row, fact: Fact, **values: object) -> Row:
    """Return a row with attributes as a fact says them, as far as it is the fact to say so."""
    set_by, corrects, number = row.set_by, fact.corrects, fact.number
    if corrects is not None:
        values = {name: value for name, value in values.items() if set_by.get(name) == corrects}
    if not values:
        return row
    return row._replace(set_by=set_by | dict.fromkeys(values, number), last_entry=number, **values)


def linked(row: ItemRow, fact: Fact, to: str) -> ItemRow:
    """Return an item that is linked to something; a correction takes the place of the link that it corrects."""
    return row._replace(links=_placed(row.links, fact, to), last_entry=fact.number)


def aimed(row: ItemRow, fact: Fact, gate: str, target: str | None) -> ItemRow:
    """Return an item with the target for a gate, None where there is none any more."""
    facts, targets = _placed(row.target_facts, fact, gate, target), dict[str, str]()
    for _, of, to in in_order(facts):
        targets.pop(of, None)
        if to is not None:
            targets[of] = to
    return row._replace(targets=targets, target_facts=facts, last_entry=fact.number)


def in_order(facts: dict[str, list[Any]]) -> list[list[Any]]:
    """Return what was said, in the order of the log: the entry whose word it is, and what."""
    return [facts[entry] for entry in sorted(facts, key=int)]


def _placed(facts: dict[str, list[Any]], fact: Fact, *words: str | None) -> dict[str, list[Any]]:
    new = [fact.number, *words]
    if fact.corrects is None:
        return {**facts, str(fact.number): new}
    return {entry: new if one[0] == fact.corrects else one for entry, one in facts.items()}
