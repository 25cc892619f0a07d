"""Uploads that were interrupted: how far each file had come, so that the next attempt goes on from there.

It is a convenience, never a promise: whatever is sent again is a duplicate. So a note that does not fit (another beginning of
the file, another ledger at the address) is not used, and one that cannot be written is not missed.
"""

import contextlib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from portfolio_deploy.publishing.events import Place


@dataclass(frozen=True, kw_only=True)
class Note:
    """How far an upload came: everything up to the place has its verdict.

    `witness` is an event before it that was recorded (portfolio, source, id) and the hash of its entry: a ledger that does not
    know it is another one.
    """

    place: Place
    counts: dict[str, int]
    witness: tuple[str, str, str]
    hash: str
    what: str = field(default="an interrupted portfolio publish")


class Notes:
    """Notes on interrupted uploads to one address, in a folder; a file is known by its path."""

    def __init__(self, folder: Path, address: str) -> None:
        self._folder = folder
        self._address = address

    def read(self, file: Path) -> Note | None:
        """Return the note on a file, None where there is none that can be read."""
        try:
            document = json.loads(self._path(file).read_text(encoding="utf-8"))
            portfolio, source, identity = document["witness"]
            place = Place(**document["place"])
            return Note(place=place, counts=document["counts"], witness=(portfolio, source, identity), hash=document["hash"])
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write(self, file: Path, note: Note) -> None:
        """Write or replace the note on a file."""
        path = self._path(file)
        with contextlib.suppress(OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            partial = path.with_suffix(".partial")
            partial.write_text(json.dumps(asdict(note)), encoding="utf-8")
            partial.replace(path)

    def forget(self, file: Path) -> None:
        """Remove the note on a file, of an upload that came to its end."""
        with contextlib.suppress(OSError):
            self._path(file).unlink(missing_ok=True)

    def _path(self, file: Path) -> Path:
        name = f"{self._address}\n{file.absolute()}"
        return self._folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"


def folder(environment: Mapping[str, str]) -> Path:
    """Return the folder of the notes: in the user's state directory, as the XDG specification has it."""
    state = environment.get("XDG_STATE_HOME") or Path(environment.get("HOME") or "~").expanduser() / ".local" / "state"
    return Path(state) / "portfolio-ledger" / "unfinished"
