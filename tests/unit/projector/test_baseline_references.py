"""How a question names a baseline: by version, entry, instant or day."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from portfolio_projector.http.problems import Problem
from portfolio_projector.read_models.initiatives import references
from portfolio_projector.read_models.initiatives.rows import BaselineRow
from tests.unit.projector.test_initiatives import FIRST, SECOND, approve, folded, propose, story, version


def versions() -> list[BaselineRow]:
    """A first baseline, approved on the sixth of January; one that was rejected; one approved on the tenth, at noon in UTC."""
    made = story()
    propose(made, 2, FIRST, 100_00)
    made.add("initiative.baseline-rejected", "initiative/apollo", {"version": 2}, reason="no")
    propose(made, 3, SECOND, 100_00)
    approve(made, 3, "scope_change", time="2026-01-10T23:30:00+01:00")
    made.add("initiative.baseline-superseded", "initiative/apollo", {"version": 1, "by": 3}, source="/ledger")
    state = folded(made)
    return [version(state, number) for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2", 2),
        ("4", None),
        ("@4", 1),
        ("@7", 1),
        ("@8", 3),
        ("@3", None),
        ("2026-01-09", 1),
        ("2026-01-10", 3),
        ("2026-01-04", None),
        ("2026-01-10T22:29:59Z", 1),
        ("2026-01-10T22:30:00Z", 3),
    ],
)
def test_a_baseline_is_the_one_that_was_approved_last_by_then(text: str, found: int | None):
    """Whatever was proposed or rejected since; a version is meant by a bare number, approved or not."""
    row = references.read("from", text).find(versions(), UTC)
    assert found == (None if row is None else row.version)


def test_days_end_where_the_portfolio_is():
    """What is approved late in the evening of Brussels was not there by the end of that day in Auckland, where it is tomorrow."""
    day = references.read("from", "2026-01-10")
    assert [row.version for zone in ("Europe/Brussels", "Pacific/Auckland") if (row := day.find(versions(), ZoneInfo(zone)))] == [
        3,
        1,
    ]


@pytest.mark.parametrize("text", ["", "@", "-1", "two", "2026-13-01", "20260101", "2026-01-01T00:00:00", "@x", "1.0"])
def test_what_names_no_baseline_in_any_way_is_refused(text: str):
    """With a sentence that says the ways there are."""
    with pytest.raises(Problem, match="a version such as `2`") as refused:
        references.read("to", text)
    assert (refused.value.status, refused.value.code) == (422, "BASELINE")


def test_the_last_approval_of_the_log_counts_whatever_time_it_names():
    """As for the initiative itself: an approval that is dated before an earlier one still takes the place of that."""
    made = story()
    propose(made, 2, SECOND, 100_00)
    approve(made, 2, "scope_change", time="2026-01-05T12:00:00Z")
    made.add("initiative.baseline-superseded", "initiative/apollo", {"version": 1, "by": 2}, source="/ledger")
    state = folded(made)
    both = [version(state, number) for number in (1, 2)]
    for text in (f"@{made.head.entry}", "2026-01-06", "2026-01-06T12:00:00Z"):
        found = references.read("from", text).find(both, UTC)
        assert found is not None
        assert (text, found.version) == (text, 2)
    assert [one.version for one in references.between(both[0], both[1], both)] == [2]


def test_what_was_approved_between_two_is_told_whichever_comes_first():
    """Not the earlier one itself, and nothing that was turned down."""
    first, _, third = versions()
    assert references.between(first, third, versions()) == references.between(third, first, versions()) == [third]
    assert references.between(third, third, versions()) == []
