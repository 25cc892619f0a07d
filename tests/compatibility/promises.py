"""What was promised of each type: a line of `schemas/published.jsonl`, which changes only in ways that keep the promise."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from portfolio_schemas import catalogue, json_schemas
from portfolio_schemas.events.event_data import EventData
from tests.compatibility import shapes
from tests.compatibility.differences import Narrowed, narrowed
from tests.compatibility.shapes import Shape

FILE = Path("schemas") / "published.jsonl"
WHAT_TO_DO = (
    "Events of this type that were right would be refused. Take the change back, or make a new version of the type beside this "
    "one, with `upcast`: CONTRIBUTING.md, Add an event type. A type of which nobody can have recorded an event yet may still "
    f"change: take its line out of {FILE}, then `make generate`."
)


@dataclass(frozen=True)
class Promise:
    """What was promised of a type: what its body takes, whether a reason is needed, and whether publishers may state it."""

    type: str
    needs_reason: bool
    ledger_only: bool
    shape: Shape


@dataclass(frozen=True)
class Broken:
    """A promise that the types do not keep any more."""

    type: str
    where: Narrowed

    def __str__(self) -> str:
        """Say what is broken, and where."""
        return f"{self.type} {self.where.pointer}: {self.where.detail}"


def current() -> dict[str, Promise]:
    """Return what the types are now."""
    return {name: of(body) for name, body in catalogue.TYPES.items()}


def of(body: type[EventData]) -> Promise:
    """Return what a type is now."""
    stated = body.event_type
    return Promise(stated.name, stated.needs_reason, stated.ledger_only, shapes.of(json_schemas.of_data(body)))


def broken(promised: Mapping[str, Promise], now: Mapping[str, Promise]) -> list[Broken]:
    """Return where promises are not kept, by type and field."""
    return [Broken(name, where) for name, before in sorted(promised.items()) for where in _broken(before, now.get(name))]


def read(file: Path) -> dict[str, Promise]:
    """Return the promises in a file; there are none where there is no file."""
    lines = file.read_text("utf-8").splitlines() if file.is_file() else []
    return {one.type: one for one in (Promise(**json.loads(line)) for line in lines)}


def text(promises: Mapping[str, Promise]) -> str:
    """Return promises as they stand in a file, a type a line, so that two who add types do not stand in each other's way."""
    return "".join(json.dumps(asdict(promises[name]), ensure_ascii=False, sort_keys=True) + "\n" for name in sorted(promises))


def _broken(before: Promise, now: Promise | None) -> Iterator[Narrowed]:
    if now is None:
        yield Narrowed("", "the type is gone; what is recorded is read for ever")
        return
    if now.needs_reason and not before.needs_reason:
        yield Narrowed("/reason", "it is required now")
    if now.ledger_only and not before.ledger_only:
        yield Narrowed("/source", "publishers may not state it any more")
    if now.shape != before.shape:
        yield from narrowed(before.shape, now.shape)
