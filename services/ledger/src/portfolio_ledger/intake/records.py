"""Intake records: what stands at one offset of the intake topic, read into submissions. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from portfolio_ledger.intake import elements
from portfolio_ledger.intake.elements import Element, Elements, Unreadable
from portfolio_ledger.intake.seal import Seal
from portfolio_ledger.judging import submissions
from portfolio_ledger.judging.submissions import Submission
from portfolio_log.batches import Unread
from portfolio_schemas import codec
from portfolio_schemas.receipts import Submission as Name

RECORD_SIZE_MAX = 5 * 1024 * 1024
"""Bytes of an intake record, as the topic is set."""

DOOR_HEADER = "ledger-door"
"""Set by the HTTP door on what it puts into intake, so that entries say by which door they came.

It keeps a publisher from passing for HTTP by accident, not by intent: whoever may write to intake can set it. What an entry's
`door` is worth is what the access rules of the intake topic are worth.
"""

SUBMISSION_HEADER = "submission"
"""Set on a submission that was forwarded from another partition: the name that it had first."""

SEAL_HEADER = "ledger-seal"
"""Set beside it: what proves that a ledger forwarded it. Without that the name is not believed."""

_STRUCTURED = "application/cloudevents"
_ATTRIBUTE_PREFIX = "ce_"

Headers = Iterable[tuple[str, bytes | None]]
Read = Callable[[bytes], Elements]
"""Reads a text as `elements.read` does, within the size of an intake record."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A submission that cannot be read: its name, and why."""

    name: str
    why: Unreadable


@dataclass(frozen=True, slots=True)
class Received:
    """An intake record: the submissions in it, in order. `array`: its receipts are given as an array.

    `whole`: all that stands there is in it.
    """

    partition: int
    offset: int
    key: bytes | None
    array: bool
    items: list[Submission | Quarantined]
    whole: bool = True

    def only(self, portfolio: str) -> "Received":
        """Return the record with the submissions of one portfolio alone."""
        items = [item for item in self.items if isinstance(item, Submission) and item.event.portfolio == portfolio]
        return replace(self, items=list[Submission | Quarantined](items), whole=False)


def read(
    partition: int, offset: int, key: bytes | None, value: bytes | None, headers: Headers, *, read_text: Read, seal: Seal
) -> Received:
    """Read an intake record; whatever is wrong with it becomes quarantined submissions."""
    texts, found = _read_whole(partition, value, headers, read_text)
    first_name = _forwarded_name(texts, partition, value or b"", seal)
    door = "http" if texts.get(DOOR_HEADER) == "http" else "kafka"

    def submission(index: int, element: Element) -> Submission | Quarantined:
        name = first_name or f"{partition}-{offset}-{index}"
        if isinstance(element, Unreadable):
            return Quarantined(name, element)
        return submissions.submission(name, element, place=None if first_name else (offset, index), door=door)

    items = [submission(index, element) for index, element in enumerate(found.items)]
    return Received(partition, offset, key, found.array, items)


def stretches(received: Iterable[Received], count: int) -> Iterator[list[Received]]:
    """Put records together until they hold so many submissions; what follows is not read before it is asked for.

    A few records may hold thousands of events. Whoever reads them all at once neither beats nor answers meanwhile, and when its
    locks are gone has to begin with the first one again.
    """
    part, size = list[Received](), 0
    for one in received:
        part.append(one)
        size += len(one.items)
        if size >= count:
            yield part
            part, size = [], 0
    if part:
        yield part


def _read_whole(partition: int, value: bytes | None, headers: Headers, read_text: Read) -> tuple[dict[str, str], Elements]:
    """Read what stands in a record: the headers that mean something, and its elements. Where it fails whole there is one."""
    raw = value or b""
    if isinstance(value, Unread):
        why = Unreadable(value.why.code, _where_kept(partition, value), [], raw)
        return {}, Elements(array=False, items=[why])
    try:
        texts = _texts(headers)
        return texts, _read_body(raw, texts, read_text)
    except codec.Unreadable as error:
        return {}, Elements(array=False, items=[Unreadable(error.code, error.detail, [], raw)])


def _where_kept(partition: int, value: Unread) -> str:
    """Say why a record was not read and where its bytes are: they cannot be told apart from those that share its batch."""
    if value:
        return f"{value.why.detail} What is quarantined is the batch that it came in, as it was sent."
    return f"{value.why.detail} Its batch is quarantined with {Name(partition, value.first, 0)}."


def _read_body(raw: bytes, headers: dict[str, str], read_text: Read) -> Elements:
    content = headers.get("content-type", "").strip().lower()
    attributes = {
        name.removeprefix(_ATTRIBUTE_PREFIX): text for name, text in headers.items() if name.startswith(_ATTRIBUTE_PREFIX)
    }
    if content.startswith(_STRUCTURED) or not attributes:
        return read_text(raw)
    return Elements(array=False, items=[elements.read_binary(attributes, headers.get("content-type") or None, raw)])


def _texts(headers: Headers) -> dict[str, str]:
    """Return the headers that mean something to the ledger as texts; others may be as they like."""
    texts = dict[str, str]()
    for name, value in headers:
        if name not in (DOOR_HEADER, SUBMISSION_HEADER, SEAL_HEADER, "content-type") and not name.startswith(_ATTRIBUTE_PREFIX):
            continue
        if name in texts:
            raise codec.Unreadable("MALFORMED", f"The header {name[:64]!r} stands twice.")
        try:
            texts[name] = (value or b"").decode("utf-8")
        except UnicodeDecodeError:
            raise codec.Unreadable("MALFORMED", f"The header {name[:64]!r} is not UTF-8.") from None
    return texts


def _forwarded_name(headers: dict[str, str], partition: int, value: bytes, seal: Seal) -> str | None:
    """Return the first name of a submission that a ledger forwarded, None of any other, whatever it says.

    A name of this partition is none: nobody forwards to where it was.
    """
    text = headers.get(SUBMISSION_HEADER)
    if text is None or not seal.holds(text, value, headers.get(SEAL_HEADER, "")):
        return None
    try:
        name = Name.read(text)
    except ValueError:
        return None
    return None if name.partition == partition else str(name)
