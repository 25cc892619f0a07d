"""What is true of the log, found out anew: parsed, linked, numbered and judged here, by nothing that follows the log elsewhere.

A `Branch` is one course of the topic: what lies in a partition from its beginning to now. Where records were lost, or the topic
was filled anew, there is another branch, and the older one remains as what some readers had seen.
"""

import hashlib
import json
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from portfolio_ledger import domain
from portfolio_ledger.domain.decider import Accepted, Fact, Original, Refused, State
from portfolio_ledger.judging.submissions import Submission
from portfolio_ledger.state import facts
from portfolio_log.partitions import partition_of

Document = dict[str, Any]
Key = tuple[str, str]
"""A submission: its name, and the digest of its event. Names alone may be forged."""

EMPTY = "0" * 64
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Broken(AssertionError):
    """An invariant does not hold."""


class Link(NamedTuple):
    """One entry of a portfolio."""

    offset: int
    hash: str
    value: bytes
    document: Document


@dataclass
class Chain:
    """The entries of a portfolio, and what they come to."""

    links: list[Link] = field(default_factory=list[Link])
    offsets: list[int] = field(default_factory=list[int])
    strays: list[tuple[int, str, int]] = field(default_factory=list[tuple[int, str, int]])
    recorded: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    named: dict[Key, int] = field(default_factory=dict["Key", int])
    subjects: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    states: dict[str, State | None] = field(default_factory=dict[str, "State | None"])
    following: list[Document] = field(default_factory=list[Document])

    @property
    def head(self) -> tuple[int, str]:
        """Number and hash of the last entry."""
        return self.head_of(len(self.links) - 1)

    def head_at(self, offset: int) -> tuple[int, str]:
        """Number and hash of the last entry before an offset of the topic."""
        return self.head_of(bisect_left(self.offsets, offset) - 1)

    def head_of(self, number: int) -> tuple[int, str]:
        """Number and hash of an entry; of the last one where there are fewer."""
        number = min(number, len(self.links) - 1)
        return number, self.links[number].hash if number >= 0 else EMPTY

    def version_at(self, subject: str, number: int) -> int:
        """How many events a subject has up to an entry."""
        return bisect_right(self.subjects.get(subject, ()), number)

    def tip_at(self, offset: int) -> str | None:
        """The hash of the last record before an offset that is no entry."""
        at = bisect_left(self.strays, (offset, "", 0))
        return self.strays[at - 1][1] if at else None

    def appends_since(self, offset: int) -> int:
        """How many appends there are from an offset of the topic on."""
        return len({link.document["append"] for link in self.links if link.offset >= offset})

    def last_of(self, number: int) -> int:
        """The number of the last consequence of an entry."""
        while number + 1 < len(self.links) and is_consequence(self.links[number + 1].document):
            number += 1
        return number


def digest_of(event: Document) -> str:
    """What tells whether two submissions are the same event."""
    plain = {name: value for name, value in event.items() if name != "expectedversion"}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def key_of(document: Document) -> Key:
    """The submission that an entry answers."""
    refusal = document.get("refusal")
    return document["submission"], refusal["digest"] if refusal else digest_of(document["event"])


def is_consequence(document: Document) -> bool:
    """Tell whether the ledger itself stated what was recorded."""
    return "event" in document and document["event"]["source"] == "/ledger"


class Branch:
    """One partition as it is, record by record. `submitted` holds every submission that there ever was."""

    def __init__(self, partition: int, partitions: int, submitted: dict[Key, Submission]) -> None:
        self.partition = partition
        self.chains = dict[str, Chain]()
        self.end = 0
        self._partitions = partitions
        self._submitted = submitted
        self._judged = [(-1, (-1, -1))]

    def chain(self, portfolio: str) -> Chain:
        """Return a portfolio."""
        return self.chains.setdefault(portfolio, Chain())

    def observe(self, key: str, value: bytes) -> None:
        """Take the next record."""
        offset, self.end = self.end, self.end + 1
        try:
            document: Document = json.loads(value)
            portfolio, number, previous = document["portfolio"], document["entry"], document["previous"]
        except (ValueError, KeyError, TypeError):
            return
        if portfolio != key or partition_of(portfolio, self._partitions) != self.partition:
            return
        chain, hash_ = self.chain(portfolio), hashlib.sha256(b"\x00" + value).hexdigest()
        head = chain.head
        if (number, previous) != (head[0] + 1, head[1]):
            chain.strays.append((offset, hash_, number))
            return
        _Verdict(chain, document, self._submitted, self.partition).check()
        chain.links.append(Link(offset, hash_, value, document))
        chain.offsets.append(offset)
        there, *place = place_of(document["submission"])
        if there == self.partition:
            self._judged.append((offset, max(self._judged[-1][1], (place[0], place[1]))))

    def judged_at(self, offset: int) -> tuple[int, int]:
        """The highest submission of the partition's own intake that an entry before an offset bears."""
        return self._judged[bisect_left(self._judged, (offset, (-1, -1))) - 1][1]

    def receipt_for(self, key: Key) -> Document | None:
        """Return the only right receipt for a submission by now; None while there is none."""
        submission = self._submitted[key]
        chain = self.chain(submission.event.portfolio)
        number = chain.named.get(key)
        verdict = None
        if number is None:
            number = chain.recorded.get((submission.event.source, submission.event.id))
            verdict = "duplicate"
            if number is None or digest_of(chain.links[number].document["event"]) != digest_of(submission.event.document):
                return None
        return _receipt(chain, number, verdict)


class _Verdict:
    """The verdict that an entry states, judged again by the rules on what came before it."""

    def __init__(self, chain: Chain, document: Document, submitted: dict[Key, Submission], partition: int) -> None:
        self._chain = chain
        self._document = document
        self._number: int = document["entry"]
        self._submitted = submitted
        self._partition = partition

    def check(self) -> None:
        """Check an entry, and take what it says over."""
        chain, document = self._chain, self._document
        before = chain.links[-1].document if chain.links else None
        if before is not None and document["recordedtime"] < before["recordedtime"]:
            raise Broken(f"{self._where}: its recordedtime goes back")
        if before is None or document["append"] != before["append"]:
            self._expect(document["append"] == self._number, "an append does not begin at its first entry")
            self._expect(not chain.following, "consequences are missing")
        if chain.following:
            self._check_consequence(chain.following.pop(0))
            return
        self._expect(not is_consequence(document), "a consequence of nothing")
        key = key_of(document)
        self._expect(key in self._submitted, f"nobody submitted {key}")
        self._expect(key not in chain.named, f"{key} has two verdicts")
        self._check_order(key[0])
        chain.named[key] = self._number
        self._check_verdict(self._submitted[key])

    @property
    def _where(self) -> str:
        return f"entry {self._number} of {self._document['portfolio']}"

    def _expect(self, holds: bool, otherwise: str) -> None:  # noqa: FBT001  it reads as an assertion
        if not holds:
            raise Broken(f"{self._where}: {otherwise}")

    def _check_order(self, name: str) -> None:
        """What stood first in one partition of intake is judged first."""
        here = place_of(name)
        for link in reversed(self._chain.links):
            there = place_of(link.document["submission"])
            if here[0] == there[0] == self._partition and not is_consequence(link.document):
                self._expect(there < here, f"{name} is judged after {link.document['submission']}")
                return

    def _check_verdict(self, submission: Submission) -> None:
        chain, event, document = self._chain, submission.event, self._document
        body = document.get("event") or document["refusal"]
        self._expect((body["source"], body["id"], body["subject"]) == (event.source, event.id, event.subject), "is another event")
        version = len(chain.subjects.get(event.subject, ()))
        expected = self._judge(submission, version)
        if isinstance(expected, str):
            self._expect("refusal" in document, f"is recorded, but {expected}")
            self._expect(body["code"] == expected, f"is refused for {body['code']}, not {expected}")
            self._expect(body["version"] == version, f"says version {body['version']}, not {version}")
            self._expect(body["digest"] == digest_of(event.document), "has another digest")
            return
        self._expect("event" in document, f"is refused for {body.get('code')} without a reason")
        self._expect(body == event.document, "is not what its publisher set")
        self._expect(document["flags"] == [flag.name for flag in expected.flags], "has other flags")
        self._record(self._fact(submission), body)
        chain.following = [
            {"id": f"{self._number}.{n}", "subject": consequence.subject, "data": consequence.data}
            for n, consequence in enumerate(expected.consequences, start=1)
        ]

    def _judge(self, submission: Submission, version: int) -> Accepted | str:
        chain, event = self._chain, submission.event
        same = chain.recorded.get((event.source, event.id))
        if same is not None:
            is_same = digest_of(chain.links[same].document["event"]) == digest_of(event.document)
            self._expect(not is_same, f"{event.id} of {event.source} is recorded already")
            return "CONFLICTING_ID"
        if isinstance(submission.body, Refused):
            return submission.body.code.name
        if event.expectedversion is not None and event.expectedversion != version:
            return "CONFLICTING_VERSION"
        fact = self._fact(submission)
        decision = domain.decide(fact, self._states(fact), NOW)
        return decision.code.name if isinstance(decision, Refused) else decision

    def _fact(self, submission: Submission) -> Fact:
        if isinstance(submission.body, Refused):
            raise Broken(f"{self._where}: what is refused states no fact")
        return facts.of_event(submission.event, submission.body, self._number, original=self._original(submission.event.corrects))

    def _original(self, corrects: int | None) -> Original | None:
        links = self._chain.links
        if corrects is None or corrects >= len(links) or "event" not in links[corrects].document:
            return None
        event = links[corrects].document["event"]
        return Original(event["subject"], event["type"].rpartition(".")[0])

    def _check_consequence(self, expected: Document) -> None:
        event: Document = self._document.get("event", {})
        self._expect((event.get("source"), event.get("id")) == ("/ledger", expected["id"]), "is not the consequence that follows")
        cause = self._chain.links[int(expected["id"].partition(".")[0])].document
        self._expect(self._document["submission"] == cause["submission"], "bears another submission than its cause")
        self._expect(event["data"] == expected["data"].model_dump(mode="json", exclude_defaults=True), "says something else")
        fact = Fact(event["portfolio"], expected["subject"], NOW, event["actor"], None, None, self._number, expected["data"])
        self._record(fact, event)

    def _record(self, fact: Fact, event: Document) -> None:
        chain = self._chain
        events = chain.subjects.setdefault(fact.subject, [])
        events.append(self._number)
        self._expect(self._document["version"] == len(events), f"makes version {self._document['version']}, not {len(events)}")
        chain.recorded[event["source"], event["id"]] = self._number
        chain.states.update(domain.evolve(fact, self._states(fact)))

    def _states(self, fact: Fact) -> dict[str, State | None]:
        known = dict[str, State | None]()
        while wanted := domain.reads(fact, known) - known.keys():
            known |= {key: self._chain.states.get(key) for key in wanted}
        return known


def place_of(name: str) -> tuple[int, int, int]:
    """The parts of a submission's name."""
    partition, offset, index = map(int, name.split("-"))
    return partition, offset, index


def _receipt(chain: Chain, number: int, verdict: str | None) -> Document:
    link = chain.links[number]
    document = link.document
    body = document.get("event") or document["refusal"]
    refusal = document.get("refusal", {})
    return {
        "verdict": verdict or ("refused" if refusal else "recorded"),
        "submission": document["submission"],
        "portfolio": document["portfolio"],
        "source": body["source"],
        "id": body["id"],
        "subject": body["subject"],
        "entry": number,
        "last_entry": chain.last_of(number),
        "version": refusal["version"] if refusal else document["version"],
        "hash": link.hash,
        "recordedtime": document["recordedtime"],
        "flags": document.get("flags", []),
        "code": refusal.get("code"),
        "detail": refusal.get("detail"),
        "errors": refusal.get("errors", []),
    }
