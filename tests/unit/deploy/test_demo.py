"""The demo portfolio: the same bytes every time, valid throughout, and judged exactly as the story wants it."""

import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, cast

import pytest

from portfolio_deploy.demo import days, loading, story
from portfolio_deploy.demo.days import Days
from portfolio_deploy.demo.strands import STRANDS
from portfolio_deploy.demo.telling import DUPLICATE, RECORDED, Told
from portfolio_schemas import catalogue, codec, envelope
from tests.unit.ledger import desks

END = date(2026, 11, 1)
OTHERS = [(date(2025, 3, 1), 1), (date(2026, 11, 23), 1), (date(2026, 11, 1), 7), (date(2024, 2, 26), 42)]


@pytest.fixture(scope="module")
def told() -> list[Told]:
    """The story as it is told by default."""
    return story.tell(END)


def judge(told: list[Told], end: date) -> list[desks.Judged]:
    """Judge a story as the ledger does, a few hundred events an append."""
    desk = desks.Desk(now=datetime.combine(end, time(), UTC))
    events = [cast("desks.Document", codec.read_json(line, size_max=10**6)) for line in story.lines(told)]
    return [judged for begin in range(0, len(events), 500) for judged in desk.judge(*events[begin : begin + 500])]


def outcome(judged: desks.Judged) -> str:
    """What became of an event, as a story expects it."""
    return judged.code or judged.verdict


@pytest.mark.parametrize(("end", "seed"), [(END, 1), *OTHERS])
def test_every_event_has_the_verdict_that_the_story_expects(end: date, seed: int):
    """Real rules on the whole story: what is refused was meant to be, by that code; all else is recorded, or a duplicate.

    What is recorded becomes as many entries as the story says.
    """
    told = story.tell(end, seed=seed)
    judged = judge(told, end)
    differing = [(one.event["id"], one.expected, outcome(two)) for one, two in zip(told, judged, strict=True)]
    assert [one for one in differing if one[1] != one[2]] == []
    assert [one.entries for one in told if one.expected == RECORDED] == [
        two.answer.last_entry - two.answer.entry + 1 for one, two in zip(told, judged, strict=True) if one.expected == RECORDED
    ]


def test_the_story_has_every_kind_of_ugliness(told: list[Told]):
    """Refusals for many reasons, duplicates, and flags; but most of it is as it should be."""
    expected = Counter(one.expected for one in told)
    refused = set(expected) - {RECORDED, DUPLICATE}
    assert {"CLOSED_ITEM", "NEVER_STARTED", "SELF_APPROVAL", "CURRENCY", "CONFLICTING_ID", "PROGRESS_FELL"} <= refused
    assert {"SCHEMA", "UNKNOWN_TYPE", "ENDED", "NO_CHANGE_REQUEST", "GATE", "GATE_CRITERIA"} <= refused
    assert {"OVER_LIMIT", "OVER_BALANCE", "OVER_ALLOCATED", "PERIOD_CLOSED"} <= refused
    assert expected[DUPLICATE] > 10
    assert 0.98 < expected[RECORDED] / len(told) < 1
    flags = Counter(flag for judged in judge(told, END) for flag in judged.answer.flags)
    assert {"UNKNOWN_STATE", "DATES_DISAGREE", "ITEM_CLOSED", "OUT_OF_SEQUENCE", "SCHEDULE_ONLY", "MEMBER_ENDED"} <= set(flags)
    assert {"DURING_EXCEPTION", "CIRCULAR_WAIT", "UNUSUAL_SCORE"} <= set(flags)
    assert 3000 < len(told) < 12_000


def test_the_story_speaks_most_of_the_language(told: list[Told]):
    """Of all aggregates something is told; of the newest versions of types that publishers state, three quarters."""
    types = {str(one.event["type"]) for one in told}
    assert {name.split(".")[1] for name in types} == {body.event_type.aggregate for body in catalogue.TYPES.values()}
    stated = {name for name, body in catalogue.TYPES.items() if not body.event_type.ledger_only}
    assert len(types & stated) > 0.75 * len(stated)


def test_every_event_is_valid_or_meant_not_to_be(told: list[Told]):
    """The envelope of each can be read; so can its body, where the story does not want it refused for that."""
    for one in told:
        event = envelope.read_event(one.event)
        if one.expected not in ("SCHEMA", "UNKNOWN_TYPE"):
            catalogue.read_data(event.type, event.data)


def test_the_same_story_has_the_same_bytes():
    """Neither the order of sets in a process nor the time of day changes a byte; another seed tells another story."""
    command = (sys.executable, "-m", "portfolio_deploy", "demo", "--end", END.isoformat())
    printed = {
        subprocess.run(command, capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2")
    }
    assert printed == {b"".join(story.lines(story.tell(END)))}
    assert printed != {b"".join(story.lines(story.tell(END, seed=2)))}


def test_a_chapter_changes_no_other(told: list[Told], monkeypatch: pytest.MonkeyPatch):
    """Without one strand the others are told as before, event for event."""
    monkeypatch.delitem(cast("dict[str, Any]", STRANDS), "portal")
    without = [one.event["id"] for one in story.tell(END)]
    assert without == [one.event["id"] for one in told if not str(one.event["id"]).startswith("portal-")]


def test_nobody_works_on_weekends_and_holidays(told: list[Told]):
    """Every fact lies on a working day of the company, within the two years, told in the order of the story."""
    for one in told:
        assert days.is_workday(datetime.fromisoformat(str(one.event["time"])).date()), one.event
    sent = [days.utc(one.sent) for one in told]
    assert sent == sorted(sent)
    assert days.utc(days.moment(Days(END).begin, 0)) <= sent[0]
    assert sent[-1] < days.utc(days.moment(END, 0))


def test_a_correction_names_the_entry_of_what_it_corrects(told: list[Told]):
    """The number in `corrects` is the entry that the corrected event has in the log."""
    entries = {one.event["id"]: judged.answer.entry for one, judged in zip(told, judge(told, END), strict=True)}
    corrections = [one for one in told if one.corrects is not None]
    assert corrections != []
    for one in corrections:
        assert one.corrects is not None
        assert one.event["corrects"] == entries[one.corrects.event["id"]]


def test_the_end_of_the_story_is_the_monday_of_the_week():
    """The same story on every day of a week, and never one that reaches into the future."""
    assert story.default_end(date(2026, 11, 29)) == story.default_end(date(2026, 11, 23)) == date(2026, 11, 23)
    assert story.default_end(date(2026, 11, 30)) == date(2026, 11, 30)


def test_how_far_a_loading_is_outlives_its_process(tmp_path: Path):
    """Nothing was begun, it is loading, it is loaded: read back from the folder by whoever comes next."""
    assert loading.Marker(tmp_path).read() is None
    loading.Marker(tmp_path).write("loading")
    assert loading.Marker(tmp_path).read() == "loading"
    loading.Marker(tmp_path).write("loaded")
    assert loading.Marker(tmp_path).read() == "loaded"
    assert [path.name for path in tmp_path.iterdir()] == ["far"]
