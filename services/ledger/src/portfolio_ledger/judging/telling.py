"""Telling: what is said of one intake record, as its submissions are judged: receipts, what is quarantined, what is sent on."""

from portfolio_ledger import metrics
from portfolio_ledger.intake.records import DOOR_HEADER, SEAL_HEADER, SUBMISSION_HEADER, Quarantined, Received
from portfolio_ledger.intake.seal import Seal
from portfolio_ledger.intake.sender import Message
from portfolio_ledger.judging.receipt_texts import Told
from portfolio_ledger.judging.submissions import Submission
from portfolio_log.partitions import partition_of
from portfolio_log.topics import Topics
from portfolio_schemas import codec, receipts
from portfolio_schemas.codec import Json

RECEIPTS_SIZE_MAX = 4 * 1024 * 1024
"""Bytes of receipts that are put into one record; an array's receipts beyond it go into further ones."""

QUARANTINED_SIZE_MAX = 7 * 1024 * 1024
"""Bytes of a quarantined submission that are kept, so that they fit into one record with the reason."""

KEY_SIZE_MAX = 1024
"""Bytes of a key that goes along with what is told: a portfolio's has 64, and nothing is read from any."""


class Telling:
    """One intake record and what is told of each submission in it."""

    def __init__(self, received: Received, topics: Topics) -> None:
        self.received = received
        self._topics = topics
        self._key = None if len(received.key or b"") > KEY_SIZE_MAX else received.key
        self._told: list[Told | None] = [None] * len(received.items)
        self._open = len(received.items)
        self._messages = list[Message]()

    @property
    def complete(self) -> bool:
        """Tell whether everything is said."""
        return self._open == 0

    def answer(self, index: int, told: Told) -> None:
        """Say the verdict on a submission."""
        self._told[index] = told
        self._open -= 1

    def leave(self) -> None:
        """Say nothing now: the submission waits."""
        self._open -= 1

    def forward(self, submission: Submission, partitions: int, seal: Seal) -> None:
        """Send a submission on to the partition of its portfolio, sealed, under its first name; it is answered from there."""
        metrics.FORWARDED.inc()
        portfolio = submission.event.portfolio
        value = codec.canonical(submission.event.document)
        headers = [
            ("content-type", b"application/cloudevents+json"),
            (SUBMISSION_HEADER, submission.name.encode()),
            (SEAL_HEADER, seal.of(submission.name, value).encode()),
            (DOOR_HEADER, submission.door.encode()),
        ]
        place = partition_of(portfolio, partitions)
        self._messages.append(Message(self._topics.intake.name, place, portfolio.encode(), value, headers))
        self._open -= 1

    def quarantine(self, index: int, item: Quarantined) -> None:
        """Put what cannot be read aside, bytes verbatim, and say why."""
        metrics.VERDICTS.labels("quarantined").inc()
        why = item.why
        raw, detail = why.raw, why.detail
        if len(raw) > QUARANTINED_SIZE_MAX:
            raw, detail = raw[:QUARANTINED_SIZE_MAX], f"{detail} Its first {QUARANTINED_SIZE_MAX} bytes are kept."
        headers = [
            (SUBMISSION_HEADER, item.name.encode()),
            ("code", why.code.encode()),
            ("detail", detail.encode()),
            ("errors", codec.canonical(why.errors)),
        ]
        self._messages.append(Message(self._topics.quarantine.name, self.received.partition, self._key, raw, headers))
        receipt = receipts.quarantined(item.name, code=why.code, detail=detail, errors=list[Json](why.errors))
        self.answer(index, Told.of(receipt))

    @property
    def told(self) -> list[Told]:
        """The receipts that there are, in order."""
        return [told for told in self._told if told is not None]

    def messages(self) -> list[Message]:
        """Return the records to send.

        An array is answered by an array. Where that would be too large, or where submissions in between are answered elsewhere
        or later, there are several: each holds the receipts of submissions that follow each other, from the one in its header on.
        """
        answered = [(item.name, told) for item, told in zip(self.received.items, self._told, strict=True) if told is not None]
        if not answered:
            return self._messages
        if not self.received.array:
            return [*self._messages, self._message(answered, answered[0][1].text)]
        parts, size = [answered[:1]], len(answered[0][1].text)
        index = _index(answered[0][0])
        for name, told in answered[1:]:
            size, before, index = size + len(told.text) + 1, index, _index(name)
            if size > RECEIPTS_SIZE_MAX or index != before + 1:
                parts.append([])
                size = len(told.text)
            parts[-1].append((name, told))
        return self._messages + [self._message(part, b"[" + b",".join(told.text for _, told in part) + b"]") for part in parts]

    def _message(self, part: list[tuple[str, Told]], value: bytes) -> Message:
        headers = [(SUBMISSION_HEADER, part[0][0].encode())]
        sources = {told.source for _, told in part}
        if len(sources) == 1 and (source := sources.pop()) is not None:
            headers.append(("source", source.encode()))
        if len(part) == 1 and (id_ := part[0][1].id) is not None:
            headers.append(("id", id_.encode()))
        return Message(self._topics.receipts.name, self.received.partition, self._key, value, headers)


def _index(submission: str) -> int:
    """Return where a submission stands in its intake record, from its name."""
    return int(submission.rpartition("-")[2])
