"""The invariants, recomputed from the outside: the raw log against the clients' history. Pure; each returns what is violated.

I1  every acknowledged event is in the log, once            I7  read models equal the fold of the log (see read_models.py)
I2  a submission that was refused is never also recorded    I8  min_entry is never undercut
I3  an unknown outcome is all or nothing, and answered      I9  no observer ever goes back
I4  entries, links and versions are contiguous              I10 a restored log equals the original
I5  what was sent after an acknowledgement comes after      I11 the system resumes within a limit (see resuming.py)
I6  the same event gets the same receipt
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from tests.faults.raw_log import RawEntry, RawLog
from tests.faults.records import FINAL, Answered, Event, History

_LEDGER = "/ledger"


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong: the invariant, the column of the table that it counts in, and a sentence that names the case."""

    invariant: str
    column: str
    detail: str

    def __str__(self) -> str:
        return f"{self.invariant} {self.column}: {self.detail}"


def check(history: History, log: RawLog) -> list[Violation]:
    """Check everything that the log and the clients' history tell."""
    recorded = _recorded(log)
    return [
        *_acknowledged_once(history, log, recorded),
        *_one_verdict_each(log),
        *_all_answered(history),
        *_consequences_together(history, log),
        *_contiguous(log),
        *_in_order(history, recorded),
        *_expected_versions(history, recorded),
        *_same_receipts(history),
        *_known_again(log),
        *_never_back(history),
    ]


def restored(before: RawLog, after: RawLog) -> list[Violation]:
    """Compare a log with what it was: nothing is missing or other, more may have come (I10)."""
    return [
        Violation("I10", "lost", f"{portfolio} had {len(entries)} entries, and now others from entry {first} on")
        for portfolio, entries in before.entries.items()
        if (first := _first_difference(entries, after.entries.get(portfolio, []))) is not None
    ]


def _first_difference(before: list[RawEntry], after: list[RawEntry]) -> int | None:
    for number, entry in enumerate(before):
        if number >= len(after) or after[number].value != entry.value:
            return number
    return None


def _recorded(log: RawLog) -> dict[Event, list[RawEntry]]:
    found = defaultdict[Event, list[RawEntry]](list)
    for portfolio, entries in log.entries.items():
        for entry in entries:
            if entry.event is not None and entry.event["source"] != _LEDGER:
                found[portfolio, entry.event["source"], entry.event["id"]].append(entry)
    return found


def _acknowledged_once(history: History, log: RawLog, recorded: dict[Event, list[RawEntry]]) -> Iterator[Violation]:
    for event, entries in recorded.items():
        if len(entries) > 1:
            yield Violation("I1", "twice", f"{event} is recorded as entries {[entry.number for entry in entries]}")
    for told in _once_each(history.answered):
        entry = _entry_of(log, told)
        if told.verdict not in FINAL or told.verdict == "quarantined":
            continue
        if entry is None or entry.hash != told.hash or (told.source, told.id) != (entry.body["source"], entry.body["id"]):
            yield Violation(
                "I1", "lost", f"{told.event} was told {told.verdict}, entry {told.entry}, which the log does not hold"
            )
        elif (entry.event is not None) != told.acknowledged:
            yield Violation("I2", "refused and recorded", f"{told.event} was told {told.verdict}, entry {told.entry} is not that")


def _once_each(answered: list[Answered]) -> Iterator[Answered]:
    """Yield answers that say the same only once."""
    seen = set[tuple[object, ...]]()
    for told in answered:
        what = (told.event, told.verdict, told.entry, told.hash)
        if what not in seen:
            seen.add(what)
            yield told


def _entry_of(log: RawLog, told: Answered) -> RawEntry | None:
    entries = log.entries.get(told.portfolio, [])
    return entries[told.entry] if told.entry is not None and told.entry < len(entries) else None


def _one_verdict_each(log: RawLog) -> Iterator[Violation]:
    for portfolio, entries in log.entries.items():
        first = dict[tuple[str, str, str], RawEntry]()
        for entry in entries:
            key = (entry.document["submission"], entry.body["source"], entry.body["id"])
            if key in first:
                yield Violation(
                    "I2",
                    "twice",
                    f"submission {key[0]} of {portfolio} is judged by entries {first[key].number} and {entry.number}",
                )
            first[key] = entry


def _all_answered(history: History) -> Iterator[Violation]:
    final = {told.event for told in history.answered if told.verdict in FINAL}
    for event in sorted({sent.event for sent in history.sent} - final):
        yield Violation("I3", "unanswered", f"{event} has no verdict after everything was healed and asked again")


def _consequences_together(history: History, log: RawLog) -> Iterator[Violation]:
    for told in _once_each(history.answered):
        entry = _entry_of(log, told)
        if told.last_entry is None or entry is None or not told.acknowledged:
            continue
        part = log.entries[told.portfolio][entry.number : told.last_entry + 1]
        if len(part) != told.last_entry - entry.number + 1 or {one.document["append"] for one in part} != {
            entry.document["append"]
        }:
            yield Violation(
                "I3", "torn", f"{told.event} became entries {entry.number} to {told.last_entry}, not all in one append"
            )


def _contiguous(log: RawLog) -> Iterator[Violation]:
    for what in (*log.orphans, *log.problems):
        yield Violation("I4", "broken log", what)
    for what in log.foreign:
        yield Violation("I4", "broken log", f"foreign: {what}")
    for portfolio, entries in log.entries.items():
        versions, time = defaultdict[str, int](int), ""
        for entry in entries:
            if entry.document["recordedtime"] < time:
                yield Violation("I4", "broken log", f"{portfolio}, entry {entry.number}: recordedtime goes back")
            time = entry.document["recordedtime"]
            if entry.event is None:
                continue
            versions[entry.event["subject"]] += 1
            if entry.document["version"] != versions[entry.event["subject"]]:
                subject, version = entry.event["subject"], entry.document["version"]
                yield Violation(
                    "I4", "broken log", f"{portfolio}, entry {entry.number}: version {version} of {subject} is not next"
                )


def _in_order(history: History, recorded: dict[Event, list[RawEntry]]) -> Iterator[Violation]:
    """Find events that stand before one which was acknowledged before they were first sent."""
    first_sent, acknowledged = dict[Event, float](), dict[Event, float]()
    for sent in history.sent:
        first_sent[sent.event] = min(sent.at, first_sent.get(sent.event, math.inf))
    for told in history.answered:
        if told.acknowledged:
            acknowledged[told.event] = min(told.at, acknowledged.get(told.event, math.inf))
    subjects = defaultdict[tuple[str, str], list[tuple[int, Event]]](list)
    for event, entries in recorded.items():
        subjects[event[0], entries[0].body["subject"]].append((entries[0].number, event))
    for (portfolio, subject), events in subjects.items():
        earliest, which = math.inf, None
        for number, event in sorted(events, reverse=True):
            if earliest < first_sent.get(event, -math.inf):
                yield Violation(
                    "I5", "out of order", f"{portfolio}, {subject}: entry {number} was sent after {which} was acknowledged"
                )
            if acknowledged.get(event, math.inf) < earliest:
                earliest, which = acknowledged[event], f"entry {number}"


def _expected_versions(history: History, recorded: dict[Event, list[RawEntry]]) -> Iterator[Violation]:
    expected = {sent.event: sent.expected for sent in history.sent if sent.expected is not None}
    for event, version in expected.items():
        for entry in recorded.get(event, ()):
            if entry.document["version"] != version + 1:
                got = entry.document["version"]
                yield Violation("I5", "out of order", f"{event} expected version {version} and made version {got}")


def _same_receipts(history: History) -> Iterator[Violation]:
    told_of = defaultdict[Event, set[tuple[int | None, str | None]]](set)
    for told in history.answered:
        if told.acknowledged:
            told_of[told.event].add((told.entry, told.hash))
    for event, receipts in told_of.items():
        if len(receipts) > 1:
            yield Violation("I6", "two receipts", f"{event} was told {sorted(receipts, key=str)}")


def _known_again(log: RawLog) -> Iterator[Violation]:
    """Find refusals of what was recorded before: the same content is a duplicate, other content a conflict, and nothing else."""
    for portfolio, entries in log.entries.items():
        recorded = dict[tuple[str, str], int]()
        for entry in entries:
            key = (entry.body["source"], entry.body["id"])
            if entry.event is not None:
                recorded[key] = entry.number
            elif key in recorded and entry.body["code"] != "CONFLICTING_ID":
                first, code = recorded[key], entry.body["code"]
                detail = f"{portfolio}, {key}: entry {first}, then refused {code}, entry {entry.number}"
                yield Violation("I6", "not known again", detail)


def _never_back(history: History) -> Iterator[Violation]:
    last = dict[tuple[str, str], int]()
    for seen in history.seen:
        if seen.entry < seen.min_entry:
            yield Violation("I8", "undercut", f"{seen.observer} asked for entry {seen.min_entry} and saw {seen.entry}")
        before = last.get((seen.observer, seen.portfolio))
        if before is not None and (seen.entry < before or (seen.stream and seen.entry != before + 1)):
            yield Violation("I9", "went back", f"{seen.observer} of {seen.portfolio} saw entry {before}, then {seen.entry}")
        last[seen.observer, seen.portfolio] = seen.entry
