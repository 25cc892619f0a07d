"""The files of the page, as they are served: bytes, type, validator. They are read once."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
_FRONT = "index.html"
_PLACE = b"{files}"


@dataclass(frozen=True, slots=True)
class File:
    """What is sent for a path."""

    body: bytes
    media_type: str
    tag: str


@dataclass(frozen=True, slots=True)
class Page:
    """The front page, and the files that it names below an address that changes whenever any of them does."""

    front: File
    files: Mapping[str, File]
    edition: str


@cache
def page() -> Page:
    """Return the page that is installed."""
    bodies = dict(_bodies(resources.files("portfolio_projector.page") / "static", ""))
    front = bodies.pop(_FRONT)
    sums = (name.encode() + hashlib.sha256(body).digest() for name, body in sorted(bodies.items()))
    edition = hashlib.sha256(b"".join(sums)).hexdigest()[:16]
    named = front.replace(_PLACE, f"/page/{edition}".encode())
    return Page(_file(_FRONT, named), {name: _file(name, body) for name, body in bodies.items()}, edition)


def _bodies(folder: Traversable, place: str) -> Iterator[tuple[str, bytes]]:
    for one in folder.iterdir():
        if one.is_dir():
            yield from _bodies(one, f"{place}{one.name}/")
        else:
            yield place + one.name, one.read_bytes()


def _file(name: str, body: bytes) -> File:
    return File(body, _TYPES[name[name.rindex(".") :]], f'"{hashlib.sha256(body).hexdigest()[:32]}"')
