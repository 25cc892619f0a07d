"""A walk: what several publishers submit to several portfolios, half of it wrong, drawn by a seed from the published story.

In each portfolio the story goes on, event after event; between its events stand others with something wrong in them: another
reference, amount, day or person, no reason, a wrong version, an id that is taken. What is wrong is wrong for the rules; for what
cannot be read see `mutations`. A new type of event walks along as soon as the story tells it.

PORTFOLIO_TEST_WALK is how many are submitted: a few in every run of the tests, 100,000 by `make walk`.
"""

import copy
import json
import os
import random
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from tests import story

Document = dict[str, Any]

LENGTH = int(os.environ.get("PORTFOLIO_TEST_WALK", "2000"))
SOURCES = ("/planning", "/tracker", "/books", "/robot")
_REFERENCE = re.compile(r"[a-z-]+/[A-Za-z0-9._-]+\Z")
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
_DECIMAL = re.compile(r"-?\d+(\.\d+)?\Z")
_DECIMALS = ("0", "0.1", "0.5", "1", "2", "3", "8", "100", "-1", "1.5", "NaN", "1e3")
_DAYS = ("2024-12-31", "2025-02-03", "2025-05-05", "2025-07-31", "2025-10-01", "2025-12-31", "2027-01-01", "2025-02-30")
_TIMES = ("2024-06-01T09:00:00Z", "2025-03-01T09:00:00Z", "2025-08-01T09:00:00Z", "2026-05-01T09:00:00Z", "2199-01-01T00:00:00Z")
_REMEMBERED = 40
_ENDS = 0.005
"""How likely a portfolio is left for another at each turn once its story is told: what is told last goes wrong as well."""


def _texts(value: Any) -> list[str]:  # noqa: ANN401  JSON
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return _texts(list(cast("dict[str, Any]", value).values()))
    return [text for part in cast("list[Any]", value) for text in _texts(part)] if isinstance(value, list) else []


def _references() -> dict[str, list[str]]:
    found = defaultdict[str, set[str]](set)
    for document in story.DOCUMENTS:
        for text in [document["subject"], *_texts(document["data"])]:
            if _REFERENCE.match(text):
                found[text.partition("/")[0]].add(text)
    return {aggregate: [*sorted(texts), f"{aggregate}/nobody-knows-it"] for aggregate, texts in found.items()}


REFERENCES = _references()
PEOPLE = sorted({document["actor"] for document in story.DOCUMENTS})


@dataclass
class World:
    """One portfolio: how far the story is told in it, and under which entries its events are recorded."""

    name: str
    told: int = 0
    entries: dict[str, int] = field(default_factory=dict[str, int])
    sent: list[Document] = field(default_factory=list[Document])


class Walk:
    """Draws events, and hears what became of them: corrections in the story name entries by what they were."""

    def __init__(self, seed: int, *, prefix: str = "walk", worlds: int = 4) -> None:
        self._chance = random.Random(seed)  # noqa: S311  a seed is what makes a walk repeatable
        self._prefix = prefix
        self._begun = 0
        self._drawn = 0
        self._corrected = _told_entries()
        self._worlds = [self._begin() for _ in range(worlds)]

    def draw(self) -> Document:
        """Draw the next event."""
        place = self._chance.randrange(len(self._worlds))
        if self._worlds[place].told == len(story.DOCUMENTS) and self._chance.random() < _ENDS:
            self._worlds[place] = self._begin()
        world, self._drawn = self._worlds[place], self._drawn + 1
        if world.told == 0 or (world.told < len(story.DOCUMENTS) and self._chance.random() < 0.5):
            document = self._tell(world, world.told)
            world.told += 1
        else:
            near = min(world.told + 5, len(story.DOCUMENTS))
            document = self._spoil(world, self._tell(world, self._chance.randrange(near)))
        world.sent = [*world.sent[-_REMEMBERED:], document]
        return document

    def hear(self, document: Document, entry: int | None) -> None:
        """Hear under which entry an event was recorded, if it was."""
        for world in self._worlds:
            if entry is not None and document["portfolio"] == world.name:
                world.entries[document["id"]] = entry

    def _begin(self) -> World:
        self._begun += 1
        return World(f"{self._prefix}-{self._begun}")

    def _tell(self, world: World, number: int) -> Document:
        """The event of the story, as it is told in a portfolio."""
        told = story.DOCUMENTS[number]
        text = json.dumps(told).replace('"portfolio/acme"', f'"portfolio/{world.name}"').replace("pilot", f"{world.name}-pilot")
        document = cast("Document", json.loads(text))
        if document["portfolio"] == "acme":
            document["portfolio"] = world.name
        if "corrects" in told:
            document["corrects"] = world.entries.get(self._corrected[told["portfolio"], told["corrects"]], told["corrects"])
        return document

    def _spoil(self, world: World, document: Document) -> Document:
        """The same with one or two things otherwise, under an id of its own."""
        document |= {"id": f"w{self._drawn}", "source": self._chance.choice(SOURCES)}
        for _ in range(self._chance.choice((1, 1, 2))):
            self._chance.choice(_CHANGES)(document, world, self._chance)
        return document


def _told_entries() -> dict[tuple[str, int], str]:
    """Which events of the story are recorded under which numbers, where nothing else is."""
    return {
        (document["portfolio"], sum(one.portfolio == document["portfolio"] for one in moment.before.recorded)): document["id"]
        for document, moment in zip(story.DOCUMENTS, story.moments(), strict=True)
    }


def _value(document: Document, _: World, chance: random.Random) -> None:
    """Another value somewhere in the body."""
    places = list(_places(document["data"]))
    if places:
        parent, key = chance.choice(places)
        parent[key] = _other(parent[key], chance)


def _places(value: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401  JSON
    keys: list[Any] = list(cast("dict[str, Any]", value)) if isinstance(value, dict) else list(range(len(value)))
    found: list[tuple[Any, Any]] = [(value, key) for key in keys]
    return found + [place for key in keys if isinstance(value[key], dict | list) for place in _places(value[key])]


def _other(value: Any, chance: random.Random) -> Any:  # noqa: ANN401  JSON
    others: Sequence[Any] = (None, "x", 0)
    match value:
        case bool():
            others = (not value,)
        case int():
            others = (0, -1, 1, value + 1, value * 2, 10**16)
        case str():
            others = _other_texts(value)
        case {"minor": int(minor), "currency": _}:
            others = [
                {"minor": some, "currency": code} for some in (0, 1, minor * 2, minor // 2) for code in ("EUR", "EUR", "USD")
            ]
        case list():
            items = cast("list[Any]", value)
            others = ([], items[:-1], [*items, *items[:1]], items[::-1])
        case _:
            pass
    return chance.choice(others)


def _other_texts(text: str) -> Sequence[str | None]:
    if _REFERENCE.match(text):
        return REFERENCES.get(text.partition("/")[0], [text])
    if _DAY.match(text):
        return _DAYS
    return _DECIMALS if _DECIMAL.match(text) else ("", "x", f"{text}-2", None, *PEOPLE)


def _field(document: Document, _: World, chance: random.Random) -> None:
    """A field too few, or one too many."""
    data = document["data"]
    if data and chance.random() < 0.6:
        del data[chance.choice(list(data))]
    else:
        data["other"] = 1


def _subject(document: Document, _: World, chance: random.Random) -> None:
    """Of something else of the same kind, or of what nobody knows."""
    document["subject"] = chance.choice(REFERENCES[document["subject"].partition("/")[0]])


def _actor(document: Document, _: World, chance: random.Random) -> None:
    """By somebody else, who may have proposed it."""
    document["actor"] = chance.choice(PEOPLE)


def _reason(document: Document, *_: Any) -> None:  # noqa: ANN401  other changes look at more
    """Without saying why."""
    document.pop("reason", None)


def _time(document: Document, _: World, chance: random.Random) -> None:
    """At another time."""
    document["time"] = chance.choice(_TIMES)


def _corrects(document: Document, _: World, chance: random.Random) -> None:
    """As a correction of something."""
    document["corrects"] = chance.randrange(400)


def _version(document: Document, _: World, chance: random.Random) -> None:
    """At some version."""
    document["expectedversion"] = chance.choice((0, 1, 2, 7))


def _again(document: Document, world: World, chance: random.Random) -> None:
    """The same as before, or something else under its id."""
    before = chance.choice(world.sent)
    if chance.random() < 0.5:
        document.clear()
        document |= copy.deepcopy(before)
    else:
        document |= {"source": before["source"], "id": before["id"]}


def _type(document: Document, _: World, chance: random.Random) -> None:
    """Of a type, or of a version of it, that there is not."""
    document["type"] = document["type"][:-1] + chance.choice(("7", "1x"))


_CHANGES: list[Callable[[Document, World, random.Random], None]] = [
    *[_value] * 6, *[_subject] * 2, *[_actor] * 2, *[_again] * 2,
    _field, _reason, _time, _corrects, _version, _type,
]  # fmt: skip
