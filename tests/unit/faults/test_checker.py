"""The checker of the fault suite finds each kind of violation in a history that has it, and nothing in one that has none."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.faults import invariants, raw_log, read_models, resuming
from tests.faults.fold import Backlog
from tests.faults.invariants import Violation
from tests.faults.raw_log import NOTHING, RawLog, RawRecord
from tests.faults.records import Answered, Fault, History, Sample, Seen, Sent
from tests.faults.stories import Story

Document = dict[str, Any]
PORTFOLIO = "p"


class Told:
    """A history in which all went well: a story of `count` events, each acknowledged before the next was sent."""

    def __init__(self, count: int = 40) -> None:
        story = Story(PORTFOLIO, "ann", "seed")
        self.events = [*story.beginning(), *story.chapter(count)]
        self.documents = list[Document]()
        self.history = History()
        versions, previous = dict[str, int](), NOTHING
        for number, event in enumerate(self.events):
            versions[event["subject"]] = versions.get(event["subject"], 0) + 1
            self.documents.append(
                {
                    "portfolio": PORTFOLIO,
                    "entry": number,
                    "append": number,
                    "previous": previous,
                    "submission": f"0-{number}-0",
                    "recordedtime": f"2026-01-01T00:00:00.{number:06d}Z",
                    "event": event,
                    "version": versions[event["subject"]],
                }
            )
            previous = hash_of(self.documents[-1])
            self.history.note(sent(event, at=number))
            self.history.note(recorded(event, number, previous, at=number + 0.5))

    @property
    def records(self) -> list[RawRecord]:
        """The topic as it lies there."""
        return [RawRecord(0, offset, PORTFOLIO.encode(), dump(document)) for offset, document in enumerate(self.documents)]

    @property
    def log(self) -> RawLog:
        """The log that the records make."""
        return raw_log.follow(self.records)

    def relink(self, start: int) -> None:
        """Give the entries from one on their numbers and links anew, and let the receipts agree."""
        for number in range(start, len(self.documents)):
            previous = hash_of(self.documents[number - 1]) if number else NOTHING
            self.documents[number] |= {"entry": number, "append": number, "previous": previous}
        self.history.answered.clear()
        at = {sent.id: sent.at + 0.5 for sent in self.history.sent}
        for number, document in enumerate(self.documents):
            event = document["event"]
            self.history.note(recorded(event, number, hash_of(document), at=at[event["id"]]))

    def found(self) -> set[tuple[str, str]]:
        """What the checker finds: invariants and columns."""
        return {(violation.invariant, violation.column) for violation in invariants.check(self.history, self.log)}


def dump(document: Document) -> bytes:
    """A record's bytes."""
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def hash_of(document: Document) -> str:
    """The hash of the entry that has these bytes."""
    return hashlib.sha256(b"\x00" + dump(document)).hexdigest()


def sent(event: Document, *, at: float) -> Sent:
    """A sending."""
    return Sent(
        at=at, door="http", portfolio=PORTFOLIO, source=event["source"], id=event["id"], subject=event["subject"], digest="",
        expected=event.get("expectedversion"),
    )  # fmt: skip


def recorded(event: Document, entry: int, hash_: str, *, at: float, verdict: str = "recorded") -> Answered:
    """A receipt."""
    return Answered(
        at=at, door="http", portfolio=PORTFOLIO, source=event["source"], id=event["id"], verdict=verdict, entry=entry,
        last_entry=entry, hash=hash_,
    )  # fmt: skip


def test_nothing_is_found_where_all_went_well():
    """A sound history violates nothing."""
    assert Told().found() == set()


def lose_the_last(told: Told) -> None:
    """Take the last entry out of the log."""
    told.documents.pop()


def lose_one_in_the_middle(told: Told) -> None:
    """Take an entry out and link the others as if it had never been: a forger's work, with receipts that agree."""
    kept = told.history.answered[10]
    del told.documents[10]
    told.relink(10)
    told.history.note(kept)


def alter_one(told: Told) -> None:
    """Change an entry where it lies."""
    told.documents[10]["event"]["actor"] = "mallory"


def record_twice(told: Told) -> None:
    """Record an event once more at the end."""
    again = json.loads(json.dumps(told.documents[20])) | {"submission": "0-99-0", "recordedtime": "2026-01-02T00:00:00.000000Z"}
    again["version"] = 1 + max(one["version"] for one in told.documents if one["event"]["subject"] == again["event"]["subject"])
    told.documents.append(again)
    told.relink(len(told.documents) - 1)


def judge_twice(told: Told) -> None:
    """Record a submission once more."""
    record_twice(told)
    told.documents[-1]["submission"] = told.documents[20]["submission"]
    told.relink(len(told.documents) - 1)


def reorder(told: Told) -> None:
    """Put an event before the one that was acknowledged before it was sent, on one subject."""
    subjects = [document["event"]["subject"] for document in told.documents]
    late = next(n for n, subject in enumerate(subjects) if n > 2 and subject in subjects[:n])
    early = subjects.index(subjects[late])
    first, second = told.documents[early]["event"], told.documents[late]["event"]
    told.documents[early]["event"], told.documents[late]["event"] = second, first
    told.relink(0)


def say_refused(told: Told) -> None:
    """Tell a client that an event was refused, which the log has as recorded."""
    kept = told.history.answered[5]
    told.history.answered.append(recorded(told.events[5], 5, kept.hash or "", at=99, verdict="refused"))


def tell_two_receipts(told: Told) -> None:
    """Tell a client of another entry when it asks again."""
    told.history.note(recorded(told.events[5], 6, told.history.answered[6].hash or "", at=99, verdict="duplicate"))


def leave_unanswered(told: Told) -> None:
    """Never tell anything of an event."""
    told.history.note(sent(told.events[0] | {"id": "silence"}, at=99))


def refuse_what_is_recorded(told: Told) -> None:
    """Refuse an event that was recorded before, as if it were another."""
    document, event = told.documents[-1], told.documents[20]["event"]
    del document["event"], document["version"]
    document["refusal"] = {"source": event["source"], "id": event["id"], "subject": event["subject"], "code": "ALREADY_EXISTS"}
    told.history.sent.pop()
    told.history.answered.pop()


def skip_a_version(told: Told) -> None:
    """Let a subject's versions have a hole."""
    told.documents[-1]["version"] += 1
    told.relink(len(told.documents) - 1)


def break_an_expectation(told: Told) -> None:
    """Record an event whose expected version did not hold."""
    told.history.sent[10] = sent(told.events[10] | {"expectedversion": 7}, at=10)


def turn_the_clock_back(told: Told) -> None:
    """Let an entry be recorded before the one it follows."""
    told.documents[-1]["recordedtime"] = "2025-01-01T00:00:00.000000Z"
    told.relink(len(told.documents) - 1)


def tear_consequences(told: Told) -> None:
    """Say that an event became two entries, of which the second is another append."""
    last = told.history.answered[5]
    told.history.answered[5] = Answered(
        at=5.5, door="http", portfolio=PORTFOLIO, source=last.source, id=last.id, verdict="recorded", entry=5, last_entry=6,
        hash=last.hash,
    )  # fmt: skip


def read_less_than_asked(told: Told) -> None:
    """Answer a read with less than its min_entry."""
    told.history.note(Seen(at=99, observer="reader", portfolio=PORTFOLIO, entry=3, min_entry=4))


def go_back(told: Told) -> None:
    """Show an observer an older state."""
    for entry in (5, 4):
        told.history.note(Seen(at=99, observer="reader", portfolio=PORTFOLIO, entry=entry))


def skip_in_a_stream(told: Told) -> None:
    """Leave an entry out of a stream."""
    for entry in (5, 7):
        told.history.note(Seen(at=99, observer="stream", portfolio=PORTFOLIO, entry=entry, stream=True))


VIOLATIONS: list[tuple[Callable[[Told], None], set[tuple[str, str]]]] = [
    (lose_the_last, {("I1", "lost")}),
    (lose_one_in_the_middle, {("I1", "lost"), ("I4", "broken log")}),
    (alter_one, {("I1", "lost"), ("I4", "broken log")}),
    (record_twice, {("I1", "twice"), ("I6", "two receipts")}),
    (judge_twice, {("I1", "twice"), ("I2", "twice"), ("I6", "two receipts")}),
    (reorder, {("I5", "out of order")}),
    (say_refused, {("I2", "refused and recorded")}),
    (tell_two_receipts, {("I1", "lost"), ("I6", "two receipts")}),
    (leave_unanswered, {("I3", "unanswered")}),
    (refuse_what_is_recorded, {("I6", "not known again")}),
    (skip_a_version, {("I4", "broken log")}),
    (break_an_expectation, {("I5", "out of order")}),
    (turn_the_clock_back, {("I4", "broken log")}),
    (tear_consequences, {("I3", "torn")}),
    (read_less_than_asked, {("I8", "undercut")}),
    (go_back, {("I9", "went back")}),
    (skip_in_a_stream, {("I9", "went back")}),
]


@pytest.mark.parametrize(("violate", "found"), VIOLATIONS, ids=[violate.__name__ for violate, _ in VIOLATIONS])
def test_each_violation_is_found(violate: Callable[[Told], None], found: set[tuple[str, str]]):
    """A history with one violation in it is told from a sound one, by the right invariant."""
    told = Told()
    violate(told)
    assert told.found() == found


def test_an_append_that_lost_its_race_is_no_violation():
    """Records that start at an old entry with the right link, and what follows them, are superseded; a later one links on."""
    told = Told()
    records, base = told.records, told.documents[10]
    loser = base | {"submission": "0-90-0", "event": told.events[10] | {"id": "loser"}}
    rest = loser | {"entry": 11, "append": 10, "previous": hash_of(loser), "submission": "0-91-0"}
    late = [RawRecord(0, len(records) + n, PORTFOLIO.encode(), dump(one)) for n, one in enumerate((loser, rest))]
    log = raw_log.follow([*records, *late])
    assert (log.superseded, log.orphans, len(log.entries[PORTFOLIO])) == (2, [], len(records))


def test_what_links_to_nothing_known_is_an_orphan():
    """A record whose link is wrong is named, unless a repair sets it aside and names the right head."""
    told = Told()
    orphan = told.documents[-1] | {"entry": len(told.documents), "previous": "1" * 64}
    orphan["append"] = orphan["entry"]
    repair: Document = {
        "portfolio": PORTFOLIO,
        "repair": {
            "orphans": [hash_of(orphan)],
            "head": {"entry": len(told.documents) - 1, "hash": hash_of(told.documents[-1])},
        },
    }
    late = [RawRecord(0, 100 + n, PORTFOLIO.encode(), dump(one)) for n, one in enumerate((orphan, repair))]
    assert len(raw_log.follow([*told.records, late[0]]).orphans) == 1
    log = raw_log.follow([*told.records, *late])
    assert (log.orphans, log.problems) == ([], [])
    repair["repair"]["head"]["entry"] -= 1
    wrong = raw_log.follow([*told.records, late[0], RawRecord(0, 101, PORTFOLIO.encode(), dump(repair))])
    assert len(wrong.problems) == 1


def test_a_restored_log_is_compared_byte_by_byte():
    """A log that has lost or altered what it had is named; one that has more is not."""
    before = Told(20)
    assert invariants.restored(before.log, Told(40).log) == []
    assert [one.invariant for one in invariants.restored(Told(40).log, before.log)] == ["I10"]
    altered = Told(20)
    alter_one(altered)
    assert [one.invariant for one in invariants.restored(before.log, altered.log)] == ["I10"]


def sample(log: RawLog, upto: int, **other: Any) -> Sample:  # noqa: ANN401  fields are as they are
    """What PostgreSQL holds when everything up to an offset was projected."""
    backlog, digest = Backlog(), hashlib.sha256()
    for entry in log.entries[PORTFOLIO][:upto]:
        backlog.fold(entry)
        digest.update(entry.hash.encode())
    head = (upto - 1, log.entries[PORTFOLIO][upto - 1].hash)
    held: dict[str, Any] = {
        "at": 1.0,
        "portfolio": PORTFOLIO,
        "positions": {"entries": upto, "backlogs": upto},
        "heads": {"entries": head, "backlogs": head},
        "entries": upto,
        "hashes": digest.hexdigest(),
        "items": {item: list(row) for item, row in backlog.items.items()},
        "order": {product: list(items) for product, items in backlog.order.items()},
        "moves": backlog.moves,
        "open_items": dict(backlog.open_items),
    }
    return Sample(**{**held, **other})


def swap_two(held: Sample) -> dict[str, Any]:
    """Put two items of an order the wrong way round."""
    return {"order": {product: items[::-1] for product, items in held.order.items()}}


def age_one(held: Sample) -> dict[str, Any]:
    """Leave a change of an item out."""
    item, row = next(iter(held.items.items()))
    return {"items": {**held.items, item: [*row[:3], row[3] - 1]}}


DIVERGED: dict[str, Callable[[Sample], dict[str, Any]]] = {
    "an item's row": age_one,
    "the order": swap_two,
    "a move twice": lambda held: {"moves": [*held.moves, held.moves[-1]]},
    "a count": lambda held: {"open_items": {product: count + 1 for product, count in held.open_items.items()}},
    "a row too few": lambda held: {"entries": held.entries - 1},
    "other bytes": lambda _: {"hashes": "0" * 64},
    "a checkpoint ahead of its rows": lambda held: {"positions": {model: at + 1 for model, at in held.positions.items()}},
}


@pytest.mark.parametrize("what", DIVERGED)
def test_each_divergence_of_a_read_model_is_found(what: str):
    """A snapshot that differs from the fold at its checkpoint in one thing is named; the sound one beside it is not."""
    log = Told().log
    sound = sample(log, 30)
    assert read_models.check([sample(log, 20), sound], log) == []
    found = read_models.check([sample(log, 20), sample(log, 30, **DIVERGED[what](sound))], log)
    assert {violation.column for violation in found} == {"diverged"}


def test_resuming_is_counted_from_the_beginning_of_a_fault_until_every_portfolio_was_written_to():
    """What was sent before the fault does not count, however late it was acknowledged; nor does half of the portfolios."""
    history = History()
    for name, moments in {"a": [(0.0, 0.5), (1.0, 9.0), (5.0, 6.0)], "b": [(5.0, 8.0)]}.items():
        for number, (began, ended) in enumerate(moments):
            id_ = str(number)
            history.note(Sent(at=began, door="http", portfolio=name, source="/s", id=id_, subject="item/x", digest=""))
            history.note(Answered(at=ended, door="http", portfolio=name, source="/s", id=id_, verdict="recorded", entry=number))
    history.note(Fault(kind="kill", began=2.0, ended=3.0))
    [resumed] = resuming.times(history, ["a", "b"])
    assert (resumed.kind, resumed.count, resumed.max_s, resumed.late_s) == ("kill", 1, 6.0, 5.0)
    assert resuming.check([resumed], limit_s=5.0) == []
    assert [one.invariant for one in resuming.check([resumed], limit_s=4.9)] == ["I11"]
    assert [one.invariant for one in resuming.check(resuming.times(history, ["a", "b", "never"]), limit_s=60)] == ["I11"]


def test_a_violation_says_which_invariant_and_what():
    """Its text begins with the invariant."""
    assert str(Violation("I1", "lost", "x is gone")) == "I1 lost: x is gone"
