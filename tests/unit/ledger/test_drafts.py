"""Judging, given a log, when events are submitted, then verdicts and entries."""

import gc
import weakref
from datetime import timedelta
from typing import Any, cast

import pytest

from portfolio_ledger import domain
from portfolio_ledger.domain.decider import Accepted, Consequence, Decision, Fact, States
from portfolio_ledger.judging.drafts import Full
from portfolio_ledger.judging.receipt_texts import Told
from portfolio_ledger.state import answers
from portfolio_ledger.state.changes import Changes
from portfolio_ledger.state.folding import NotLoaded
from portfolio_schemas import catalogue, codec, entries
from portfolio_schemas.codec import Document
from tests.histories import History
from tests.unit.ledger.desks import (
    ADDED,
    CONCEIVED,
    DROPPED,
    NOW,
    REPORTED,
    Desk,
    codes,
    event,
    refusal,
    submission,
    verdicts,
)

PRODUCT = event(CONCEIVED, "product/pay", id="2", data={"name": "Pay", "vision": "Paid at once"})
ITEM = event(ADDED, "item/A", id="3", data={"product": "product/pay", "title": "First", "kind": "feature"})
OPEN = [event(), PRODUCT, ITEM]


def report(**attributes: Any) -> Document:  # noqa: ANN401  attributes are as they come
    """What a source reports of an item."""
    return event(REPORTED, "item/A", **{"id": "9", "data": {"status": "open"}, **attributes})


def test_a_recorded_event_is_an_entry_with_all_that_a_receipt_says():
    """The first entry of a portfolio links to nothing, has version 1, and its receipt names it."""
    desk = Desk()
    (judged,) = desk.judge(event())
    (entry,) = desk.entries
    assert (entry.entry, entry.previous, entry.append, entry.version) == (0, "0" * 64, 0, 1)
    assert entry.event == event()
    receipt = judged.told().receipt
    assert receipt["verdict"] == "recorded"
    assert receipt["hash"] == entry.hash
    assert (receipt["entry"], receipt["last_entry"], receipt["version"], receipt["submission"]) == (0, 0, 1, "0-0-0")
    assert receipt["recordedtime"] == "2026-06-01T12:00:00.000000Z"


def test_entries_of_one_append_are_linked_and_name_its_first():
    """Numbers follow each other, each entry links to the one before, and `append` is the first one's number."""
    desk = Desk()
    desk.judge(event())
    assert verdicts(desk.judge(PRODUCT, ITEM)) == ["recorded", "recorded"]
    assert [entry.entry for entry in desk.entries] == [0, 1, 2]
    assert [entry.append for entry in desk.entries] == [0, 1, 1]
    assert [entry.previous for entry in desk.entries[1:]] == [entry.hash for entry in desk.entries[:-1]]


def test_versions_count_the_events_of_a_subject_and_refusals_do_not():
    """Two events of an item make it version 3; what is refused names the current version."""
    desk = Desk()
    judged = desk.judge(*OPEN, report(id="4"), report(id="5"), event(DROPPED, "item/A", id="6"))
    assert [one.answer.version for one in judged] == [1, 1, 1, 2, 3, 3]
    assert codes(judged)[-1] == "NO_REASON"


def test_the_same_event_again_is_a_duplicate_and_no_entry():
    """The first receipt is given again, whether the first is in the log or in the same append."""
    desk = Desk()
    first, second = desk.judge(event(), event())
    (third,) = desk.judge(event())
    assert verdicts([first, second, third]) == ["recorded", "duplicate", "duplicate"]
    assert third.told().receipt == {**first.told().receipt, "verdict": "duplicate"}
    assert len(desk.entries) == 1


def test_expectedversion_is_no_part_of_what_makes_an_event_the_same():
    """A retry that expects another version is still the recorded event: duplicates are found first."""
    desk = Desk()
    judged = desk.judge(event(expectedversion=0), event(), event(expectedversion=7))
    assert verdicts(judged) == ["recorded", "duplicate", "duplicate"]


def test_an_id_that_is_taken_by_other_content_is_refused():
    """Same source and id, other content: CONFLICTING_ID, an entry that names the recorded one."""
    desk = Desk()
    _, judged = desk.judge(event(), event(reason="another"))
    assert (judged.verdict, judged.code) == ("refused", "CONFLICTING_ID")
    assert "entry 0" in str(judged.told().receipt["detail"])


def test_a_refused_id_may_be_submitted_again_and_is_judged_anew():
    """The item is unknown at first; after it is added the very same report is recorded."""
    desk = Desk()
    assert codes(desk.judge(event(), report())) == [None, "UNKNOWN_AGGREGATE"]
    assert verdicts(desk.judge(PRODUCT, ITEM, report())) == ["recorded"] * 3


def test_a_repeated_refusal_is_an_entry_of_its_own():
    """A judge with an old state may be wrong about a refusal, so each one stands in the log."""
    desk = Desk()
    desk.judge(event(), report(), report())
    assert [entry.refusal is not None for entry in desk.entries] == [False, True, True]


def test_a_submission_that_is_in_the_log_is_answered_again_as_it_was():
    """The same name and content: the same receipt, `recorded` or `refused`, and no new entry."""
    desk = Desk()
    recorded, refused = submission(event(), "0-5-0"), submission(report(), "0-6-0")
    draft = desk.draft()
    first = [draft.judge(recorded).told().receipt, draft.judge(refused).told().receipt]
    desk.append(draft)
    again = desk.draft()
    assert [again.judge(recorded).told().receipt, again.judge(refused).told().receipt] == first
    assert again.entries == []


def test_a_name_in_the_log_with_other_content_is_another_submission():
    """Offsets begin anew with a new intake topic: a name alone proves nothing."""
    desk = Desk()
    desk.judge(event())
    draft = desk.draft()
    judged = draft.judge(submission(PRODUCT, "0-0-0"))
    assert (judged.verdict, judged.answer.entry) == ("recorded", 1)


def test_a_forwarded_submission_that_came_twice_is_judged_once():
    """Forwarding is at least once: the second copy is found in the append that is being built."""
    draft = Desk().draft()
    judged = [draft.judge(submission(event(), "3-7-2", forwarded=True)) for _ in range(2)]
    assert verdicts(judged) == ["recorded", "recorded"]
    assert len(draft.entries) == 1


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (event("portfolio.item.item-vanished.v1", "item/A"), "UNKNOWN_TYPE"),
        (event("portfolio.item.item-dropped.v9", "item/A"), "UNKNOWN_TYPE"),
        (event(data={"name": "Acme"}), "SCHEMA"),
        (event(data={"name": "Acme", "currency": "EUR", "colour": "red"}), "SCHEMA"),
        (event(subject="item/A"), "SCHEMA"),
        (event(DROPPED, "item/A"), "NO_REASON"),
        (event(source="/ledger"), "LEDGER_ONLY"),
        (report(), "NOT_OPEN"),
        (event(corrects=0), "CORRECTS_UNKNOWN"),
        (event(expectedversion=1), "CONFLICTING_VERSION"),
        (event(time="2026-06-01T12:05:01Z"), "FUTURE"),
    ],
)
def test_what_every_type_has_in_common_is_refused_with_its_code(document: Document, code: str):
    """On an empty log each is refused, as entry 0, and the refusal does not hold the body."""
    desk = Desk()
    (judged,) = desk.judge(document)
    assert judged.code == code
    said = cast("dict[str, Any]", desk.entries[0].refusal)
    assert "data" not in said
    assert said.keys() == {
        *("source", "id", "type", "subject", "time", "actor"),
        *("version", "code", "detail", "errors", "digest"),
    }


def test_wrong_fields_are_named():
    """A SCHEMA refusal points at each field."""
    (judged,) = Desk().judge(event(data={"name": "", "currency": "eur"}))
    assert {error["pointer"] for error in refusal(judged)["errors"]} == {"/data/name", "/data/currency"}


def test_a_refusal_stays_small_whatever_was_submitted():
    """An event of a hundred wrong fields is refused with twenty bounded errors."""
    desk = Desk()
    desk.judge(event(data={f"field-{n}-{'x' * 100}": "y" * 2000 for n in range(100)}))
    assert len(desk.entries[0].value) < 12_000


def test_corrects_must_name_a_recorded_entry():
    """A refusal, an entry that is yet to come, or one of another type cannot be corrected; one of its own can, once."""
    desk = Desk()
    desk.judge(*OPEN, event("portfolio.item.item-vanished.v1", "item/A", id="x"))
    judged = desk.judge(report(id="4", corrects=3), report(id="5", corrects=99), report(id="6", corrects=2))
    assert codes(judged) == ["CORRECTS_UNKNOWN"] * 3
    judged = desk.judge(report(id="7"), report(id="8", corrects=7), report(id="9", corrects=7), report(id="10", corrects=8))
    assert codes(judged) == [None, None, "CORRECTS_TWICE", None]


def test_one_of_two_that_expect_the_same_version_wins():
    """The second expects what the first has changed; its refusal names the version."""
    desk = Desk()
    desk.judge(*OPEN)
    judged = desk.judge(report(id="4", expectedversion=1), report(id="5", expectedversion=1))
    assert codes(judged) == [None, "CONFLICTING_VERSION"]
    assert judged[1].answer.version == 2


def test_recorded_times_never_go_back():
    """A clock that was set back does not show in the log."""
    desk = Desk()
    desk.judge(event())
    desk.now = NOW - timedelta(hours=1)
    desk.judge(PRODUCT)
    assert desk.entries[1].recordedtime == desk.entries[0].recordedtime


def test_portfolios_in_one_append_have_sequences_of_their_own():
    """Each begins at 0 and links to itself only."""
    desk = Desk()
    judged = desk.judge(event(), event(portfolio="beta", subject="portfolio/beta"), PRODUCT)
    assert verdicts(judged) == ["recorded"] * 3
    assert [(entry.portfolio, entry.entry, entry.append) for entry in desk.entries] == [
        ("acme", 0, 0),
        ("beta", 0, 0),
        ("acme", 1, 0),
    ]


def test_a_rule_that_raises_refuses_that_submission_alone(monkeypatch: pytest.MonkeyPatch):
    """INTERNAL for the one, with what was raised for the operator; its neighbours are judged."""
    decide = domain.decide

    def fail(fact: Fact, states: States, now: Any) -> Decision:  # noqa: ANN401  handed on
        if fact.subject == "product/pay":
            raise ZeroDivisionError
        return decide(fact, states, now)

    monkeypatch.setattr(domain, "decide", fail)
    judged = Desk().judge(event(), PRODUCT, event(id="7", portfolio="beta", subject="portfolio/beta"))
    assert codes(judged) == [None, "INTERNAL", None]
    assert isinstance(judged[1].failure, ZeroDivisionError)


def test_consequences_enter_the_log_with_their_cause(monkeypatch: pytest.MonkeyPatch):
    """They are the ledger's events, numbered under their cause, at its time and by its actor; the receipt names the last."""
    follow_up = catalogue.read_data(REPORTED, {"status": "conceived"})

    def accept(fact: Fact, states: States, now: Any) -> Decision:  # noqa: ANN401  not looked at
        del states, now
        return Accepted(consequences=(Consequence("item/A", follow_up),) * 2 if fact.subject == "product/pay" else ())

    monkeypatch.setattr(domain, "decide", accept)
    desk = Desk()
    _, judged, again = desk.judge(event(), PRODUCT, PRODUCT)
    first, second = (cast("dict[str, Any]", entry.event) for entry in desk.entries[2:])
    assert [first["id"], second["id"]] == ["1.1", "1.2"]
    assert [first[name] for name in ("source", "time", "actor", "causationid")] == ["/ledger", PRODUCT["time"], "ann", 1]
    assert [entry.submission for entry in desk.entries[1:]] == [judged.submission.name] * 3
    assert [entry.version for entry in desk.entries] == [1, 1, 1, 2]
    assert (judged.told().receipt["entry"], judged.told().receipt["last_entry"]) == (1, 3)
    assert again.told().receipt == {**judged.told().receipt, "verdict": "duplicate"}


def test_entries_are_in_canonical_form_and_say_what_their_answers_say(monkeypatch: pytest.MonkeyPatch):
    """Texts are put together from parts, and answers are not read from them: both are as if the whole had been."""
    follow_up = catalogue.read_data(REPORTED, {"status": "\u20ac"})

    def accept(fact: Fact, states: States, now: Any) -> Decision:  # noqa: ANN401  not looked at
        del states, now
        return Accepted(consequences=(Consequence("item/A", follow_up, "why"),) if fact.subject == "product/pay" else ())

    monkeypatch.setattr(domain, "decide", accept)
    desk = Desk()
    desk.judge(event(zulu="z", expectedversion=0), {**PRODUCT, "reason": 'a "quoted" \\ \u20ac'}, report(expectedversion=7))
    assert [entry.recorded for entry in desk.entries] == [True, True, True, False]
    assert [entries.build(entry.document).value for entry in desk.entries] == [entry.value for entry in desk.entries]
    said = [desk.changes.entry("acme", entry.entry) for entry in desk.entries]
    assert said == [answers.of(desk.entries[0]), answers.of(desk.entries[1]).reaching_to(2), *map(answers.of, desk.entries[2:])]


def test_receipts_are_in_canonical_form_and_say_what_their_answers_say():
    """Their texts are put together at once, and are as if the receipt had been made before."""
    desk = Desk()
    wrong = report(id="10", data={"status": 7, '\\ "': None})
    judged = desk.judge(*OPEN, PRODUCT, report(), report(reason="another \u20ac"), wrong)
    assert verdicts(judged) == [*["recorded"] * 3, "duplicate", "recorded", "refused", "refused"]
    told = [one.told() for one in judged]
    assert [one.text for one in told] == [codec.canonical(one.answer.receipt(one.verdict)) for one in judged]
    assert told == [Told.of(one.receipt) for one in told]


def test_a_consequence_that_was_read_apart_from_its_cause_moves_the_last_entry_of_it():
    """The log is read in stretches of so many records, wherever these end."""
    made = History("acme")
    made.add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"})
    made.add("initiative.baseline-superseded", "initiative/a", {}, source="/ledger", id="0.1")
    made.add("initiative.baseline-superseded", "initiative/b", {}, source="/ledger", id="0.2")
    stretches = [Changes() for _ in made.entries]
    for stretch, entry in zip(stretches, made.entries, strict=True):
        stretch.add(answers.of(entry))
    stretches[1].lay_over(stretches[2])
    stretches[0].lay_over(stretches[1])
    cause = stretches[0].entry("acme", 0)
    assert cause is not None
    assert cause.last_entry == 2
    assert stretches[0].recorded("acme", cause.source, cause.id) == cause
    assert stretches[0].answer_to("acme", cause.submission, cause.digest) == cause


def test_a_draft_goes_when_its_append_is_over():
    """Nothing in it holds it: thousands of entries do not wait for a garbage collection."""
    draft = Desk().draft()
    assert draft.judge(submission(event())).verdict == "recorded"
    gone = weakref.ref(draft)
    gc.disable()
    try:
        del draft
        assert gone() is None
    finally:
        gc.enable()


def test_what_does_not_fit_any_more_waits_for_the_next_append():
    """A full append is closed; the submission fits into the next one."""
    desk = Desk(size_max=900)
    draft = desk.draft()
    draft.judge(submission(event(), "0-0-0"))
    with pytest.raises(Full):
        draft.judge(submission(PRODUCT, "0-1-0"))
    desk.append(draft)
    assert desk.draft().judge(submission(PRODUCT, "0-1-0")).verdict == "recorded"


def test_a_set_that_can_never_fit_is_refused(monkeypatch: pytest.MonkeyPatch):
    """SET_TOO_LARGE instead of an append that the broker would not take."""
    follow_up = catalogue.read_data(REPORTED, {"status": "conceived"})

    def accept(*_: object) -> Decision:
        return Accepted(consequences=(Consequence("item/A", follow_up),) * 20)

    monkeypatch.setattr(domain, "decide", accept)
    desk = Desk(size_max=3000)
    assert codes(desk.judge(event())) == ["SET_TOO_LARGE"]
    assert len(desk.entries) == 1


def test_subjects_that_are_not_loaded_are_asked_for():
    """Judging says which subjects it needs, and leaves the draft as it was."""

    class Empty(Desk):
        def subject(self, portfolio: str, key: str) -> None:
            assert (portfolio, key) == ("acme", "portfolio/acme")

    draft = Empty().draft()
    with pytest.raises(NotLoaded) as lack:
        draft.judge(submission(event()))
    assert lack.value.keys == {"portfolio/acme"}
    assert draft.entries == []


@pytest.mark.parametrize(
    "document", [report(expectedversion=1), report(type="portfolio.item.item-imagined.v1")], ids=["expects", "unknown"]
)
def test_a_version_that_is_not_known_is_looked_up_first(document: Document):
    """Whatever it is for, a comparison or a refusal: never taken for none, and never for a rule that failed."""

    class Forgetful(Desk):
        def subject(self, portfolio: str, key: str) -> None:
            """Nothing was looked up yet."""
            assert portfolio == "acme"
            assert key

    desk = Forgetful()
    with pytest.raises(NotLoaded) as lack:
        desk.draft().judge(submission(document))
    assert list(lack.value.keys) == ["item/A"]
