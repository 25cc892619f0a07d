"""Pages of lists that are worked out whole: every row once, while others come, go and move; and no cursor of another list."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_projector.http import cursors
from portfolio_projector.http.paging import Paging
from portfolio_projector.http.problems import Problem

ROWS = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(-3, 3), max_size=30)


def pages(lists: list[dict[str, dict[str, int]]], limit: int) -> list[dict[str, list[str]]]:
    """The names on each page; what the lists hold when a page is asked for is the next of `lists`, and then stays."""
    found, cursor, turn = list[dict[str, list[str]]](), None, 0
    while True:
        here = lists[min(turn, len(lists) - 1)]
        paging = Paging("list", cursor, limit)
        found.append(
            {
                name: [row for row, _ in paging.take(name, rows.items(), lambda one: (one[1], one[0]))]
                for name, rows in here.items()
            }
        )
        cursor, turn = paging.next_cursor, turn + 1
        if cursor is None:
            return found


@given(ROWS, ROWS, st.integers(1, 7))
def test_all_pages_together_are_the_list(first: dict[str, int], second: dict[str, int], limit: int):
    """Each of two lists in its order, as many at a time as asked for; there is a next page while one of them goes on."""
    found = pages([{"first": first, "second": second}], limit)
    for name, rows in (("first", first), ("second", second)):
        assert [row for page in found for row in page[name]] == sorted(rows, key=lambda row: (rows[row], row))
        assert all(len(page[name]) <= limit for page in found)
    assert len(found) == max(1, -(-len(first) // limit), -(-len(second) // limit))


@given(ROWS, st.lists(ROWS, max_size=4), st.integers(1, 5))
def test_what_stays_as_it_is_is_shown_once_whatever_else_changes(
    stays: dict[str, int], changes: list[dict[str, int]], limit: int
):
    """Others are there on one page and gone or elsewhere on the next."""
    moments = [{"rows": {**{f"{name}x": key for name, key in others.items()}, **stays}} for others in [*changes, {}]]
    shown = [row for page in pages(moments, limit) for row in page["rows"] if row in stays]
    assert shown == sorted(stays, key=lambda row: (stays[row], row))


@pytest.mark.parametrize(
    "said",
    ["", "[]", "null", "[" * 500, '{"rows":1}', '{"rows":[true]}', '{"rows":[1.5]}', '{"rows":[["a"]]}', '{"rows":["a",1]}'],
)
def test_what_was_never_given_out_is_refused(said: str):
    """Whatever stands in it, it is a 422 and never an error."""

    def ask() -> None:
        Paging("list", cursors.encode("list", said), 5).take("rows", {"a": 1}.items(), lambda one: (one[1], one[0]))

    with pytest.raises(Problem) as refused:
        ask()
    assert (refused.value.status, refused.value.code) == (422, "CURSOR")


def test_a_cursor_is_good_for_its_own_list_only():
    """One of another list is refused."""
    cursor: Any = cursors.encode("other", json.dumps({"rows": [1, "a"]}))
    with pytest.raises(Problem):
        Paging("list", cursor, 5)
