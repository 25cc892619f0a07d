"""What is said of an intake record: receipts, quarantine, forwarding, and the headers of each."""

import json

from portfolio_ledger.intake.elements import Unreadable
from portfolio_ledger.intake.records import Quarantined, Received
from portfolio_ledger.intake.seal import Seal
from portfolio_ledger.judging.receipt_texts import Told
from portfolio_ledger.judging.submissions import Submission
from portfolio_ledger.judging.telling import KEY_SIZE_MAX, QUARANTINED_SIZE_MAX, RECEIPTS_SIZE_MAX, Telling
from portfolio_log.partitions import partition_of
from portfolio_log.topics import Topics
from portfolio_schemas import receipts
from tests.unit.ledger.desks import event, submission

TOPICS = Topics()


def telling(*items: Submission | Quarantined, array: bool = True) -> Telling:
    """A record at offset 7 of partition 2."""
    return Telling(Received(2, 7, b"key", array, list(items)), TOPICS)


def test_an_array_is_answered_by_an_array_in_its_order():
    """Whatever order the verdicts come in; nothing is complete before all are there."""
    told = telling(submission(event(), "2-7-0"), submission(event(id="2"), "2-7-1"))
    told.answer(1, Told.of(receipts.receipt(verdict="recorded", submission="2-7-1", source="/test", id="2")))
    assert not told.complete
    told.answer(0, Told.of(receipts.receipt(verdict="recorded", submission="2-7-0", source="/test", id="1")))
    assert told.complete
    (message,) = told.messages()
    assert (message.topic, message.partition, message.key) == ("portfolio.receipts", 2, b"key")
    assert [receipt["id"] for receipt in json.loads(message.value)] == ["1", "2"]
    assert dict(message.headers) == {"submission": b"2-7-0", "source": b"/test"}


def test_headers_name_the_source_only_where_all_share_it():
    """A consumer that filters by source misses none of its own."""
    told = telling(submission(event(), "2-7-0"), submission(event(source="/other"), "2-7-1"))
    told.answer(0, Told.of(receipts.receipt(verdict="recorded", submission="2-7-0", source="/test", id="1")))
    told.answer(1, Told.of(receipts.receipt(verdict="recorded", submission="2-7-1", source="/other", id="1")))
    (message,) = told.messages()
    assert dict(message.headers) == {"submission": b"2-7-0"}


def test_receipts_that_would_be_too_large_together_are_split():
    """Each part is named after its first submission, so that who waits can put them together."""
    told = telling(*(submission(event(id=str(n)), f"2-7-{n}") for n in range(5)))
    for n in range(5):
        told.answer(
            n, Told.of(receipts.receipt(verdict="refused", submission=f"2-7-{n}", detail="x" * (RECEIPTS_SIZE_MAX // 2 - 1000)))
        )
    messages = told.messages()
    assert [dict(message.headers)["submission"] for message in messages] == [b"2-7-0", b"2-7-2", b"2-7-4"]
    assert [len(json.loads(message.value)) for message in messages] == [2, 2, 1]
    assert all(len(message.value) <= RECEIPTS_SIZE_MAX for message in messages)


def test_what_cannot_be_read_is_kept_verbatim_with_its_reason():
    """A record for quarantine and a receipt that carries the submission only."""
    told = telling(Quarantined("2-7-0", Unreadable("MALFORMED", "No event.", [], b"\xff")), array=False)
    told.quarantine(0, Quarantined("2-7-0", Unreadable("MALFORMED", "No event.", [], b"\xff")))
    kept, receipt = told.messages()
    assert (kept.topic, kept.value, dict(kept.headers)["code"]) == ("portfolio.quarantine", b"\xff", b"MALFORMED")
    assert receipt.topic == "portfolio.receipts"
    assert {name for name, value in json.loads(receipt.value).items() if value} == {"verdict", "submission", "code", "detail"}


def test_what_is_forwarded_is_not_answered_here():
    """It goes to the partition of its portfolio, with its name under a seal, its door and nothing else of the record."""
    item = submission(event(), "2-7-0")
    told = telling(item, array=False)
    seal = Seal(b"k" * 32)
    told.forward(item, 12, seal)
    (message,) = told.messages()
    assert (message.topic, message.partition, message.key) == ("portfolio.intake", partition_of("acme", 12), b"acme")
    assert json.loads(message.value) == event()
    assert dict(message.headers) == {
        "content-type": b"application/cloudevents+json",
        "submission": b"2-7-0",
        "ledger-seal": seal.of("2-7-0", message.value).encode(),
        "ledger-door": b"kafka",
    }


def test_a_gap_begins_another_record():
    """Who reads an array counts on from its header: what was forwarded, or waits, in between must not shift the others."""
    told = telling(*(submission(event(id=str(n)), f"2-7-{n}") for n in range(4)))
    for n in (0, 1, 3):
        told.answer(n, Told.of(receipts.receipt(verdict="duplicate", submission="0-0-0", source="/test", id=str(n))))
    told.leave()
    messages = told.messages()
    assert [dict(message.headers)["submission"] for message in messages] == [b"2-7-0", b"2-7-3"]
    assert [[receipt["id"] for receipt in json.loads(message.value)] for message in messages] == [["0", "1"], ["3"]]


def test_what_waits_is_not_answered_now():
    """A stopped portfolio's submission leaves a gap; its neighbours are answered."""
    told = telling(submission(event(), "2-7-0"), submission(event(id="2"), "2-7-1"))
    told.leave()
    told.answer(1, Told.of(receipts.receipt(verdict="recorded", submission="2-7-1", source="/test", id="2")))
    assert told.complete
    (message,) = told.messages()
    assert dict(message.headers)["submission"] == b"2-7-1"


def test_what_is_too_large_for_a_record_is_kept_as_far_as_it_fits():
    """And says so, in quarantine as in its receipt."""
    item = Quarantined("2-7-0", Unreadable("TOO_LARGE", "Too large.", [], b"x" * (QUARANTINED_SIZE_MAX + 1)))
    told = telling(item, array=False)
    told.quarantine(0, item)
    kept, receipt = told.messages()
    assert kept.value == b"x" * QUARANTINED_SIZE_MAX
    detail = f"Too large. Its first {QUARANTINED_SIZE_MAX} bytes are kept."
    assert (dict(kept.headers)["detail"].decode(), json.loads(receipt.value)["detail"]) == (detail, detail)


def test_a_key_goes_along_unless_it_is_no_portfolio():
    """Megabytes of it beside megabytes of receipts would fit into no record."""
    for size, kept in ((KEY_SIZE_MAX, True), (KEY_SIZE_MAX + 1, False)):
        item = Quarantined("2-7-0", Unreadable("MALFORMED", "No event.", [], b"1"))
        told = Telling(Received(2, 7, b"k" * size, False, [item]), TOPICS)  # noqa: FBT003  the array of the record
        told.quarantine(0, item)
        assert {message.key for message in told.messages()} == {b"k" * size if kept else None}
