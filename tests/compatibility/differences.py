"""Where a shape takes less than another one did, and in what: the sentences that a maintainer reads."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.compatibility.inclusion import takes_all
from tests.compatibility.shapes import Shape

_PARTS = frozenset({"properties", "required", "items"})


@dataclass(frozen=True)
class Narrowed:
    """A field, by a pointer into the event, that takes less than it did."""

    pointer: str
    detail: str


def narrowed(old: Shape, new: Shape, pointer: str = "/data") -> list[Narrowed]:
    """Return the fields in which the new shape takes less than the old one: as deep in it as they can be told."""
    if takes_all(new, old):
        return []
    return [*_of_fields(old, new, pointer), *_of_items(old, new, pointer)] or [Narrowed(pointer, _change(old, new))]


def _of_fields(old: Shape, new: Shape, pointer: str) -> Iterator[Narrowed]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for name in sorted(before.keys() - after.keys()):
        yield Narrowed(f"{pointer}/{name}", "the field is gone")
    for name in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
        yield Narrowed(f"{pointer}/{name}", "the field is required now" if name in before else "the field is new and required")
    for name in sorted(before.keys() & after.keys()):
        yield from narrowed(before[name], after[name], f"{pointer}/{name}")


def _of_items(old: Shape, new: Shape, pointer: str) -> Iterator[Narrowed]:
    if "items" in old and "items" in new:
        yield from narrowed(old["items"], new["items"], f"{pointer}/*")


def _change(old: Shape, new: Shape) -> str:
    changed = [key for key in sorted({*old, *new} - _PARTS) if old.get(key) != new.get(key)]
    return "; ".join(f"{key} was {old.get(key, 'free')}, and is {new.get(key, 'free')}" for key in changed) or "it takes less"
