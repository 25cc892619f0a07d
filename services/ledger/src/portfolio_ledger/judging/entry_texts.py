"""The texts of entries as a judge writes them: canonical JSON, put together around what is canonical already."""

import msgspec
from msgspec import UNSET, Raw, UnsetType

from portfolio_schemas.entries import Door, Entry


class EntryText(msgspec.Struct, frozen=True, gc=False):
    """An entry that is about to be written, its members sorted by name as the canonical form has them.

    Either `event`, `flags` and `version` are set or `refusal` is; the event and the refusal are canonical texts. What comes of it
    is what `entries.build` makes of the same document.
    """

    append: int
    door: Door
    entry: int
    event: Raw | UnsetType
    flags: list[str] | UnsetType
    portfolio: str
    previous: str
    recordedtime: str
    refusal: Raw | UnsetType
    salt: str
    submission: str
    version: int | UnsetType

    def written(self) -> Entry:
        """Return the entry as it will lie in the log."""
        return Entry(
            portfolio=self.portfolio,
            entry=self.entry,
            previous=self.previous,
            append=self.append,
            recordedtime=self.recordedtime,
            submission=self.submission,
            recorded=self.refusal is UNSET,
            value=_encode(self),
        )


_encode = msgspec.json.Encoder().encode
