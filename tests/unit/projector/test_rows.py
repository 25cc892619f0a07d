"""Rows as a fold sees them, from one batch to the next."""

from operator import itemgetter

import pytest

from portfolio_projector.folding.rows import NotLoaded, Rows

Row = tuple[str, int]


def rows() -> Rows[tuple[str], Row]:
    """A table of which nothing is known yet."""
    return Rows[tuple[str], Row]("rows", itemgetter(slice(1)), complete=False)


def test_a_row_that_was_stored_need_not_be_loaded_again():
    """What a fold wrote is what the table holds."""
    table = rows()
    table.learn([("a",)], [])
    table.put(("a", 1))
    assert table.changes() == ([("a", 1)], [])
    table.keep(10)
    assert (table.get(("a",)), table.unknown([("a",)]), table.changes()) == (("a", 1), [], ([], []))


def test_rows_that_were_not_asked_for_lately_are_forgotten_first():
    """Of many rows those stay known that each batch asks for; of the others, whether they are there has to be asked again."""
    table = rows()
    table.learn([("hot",), ("absent",)], [("hot", 0)])
    for number in range(100):
        key = (f"cold {number}",)
        table.learn([key], [(*key, number)])
        assert (table.get(("hot",)), table.get(("absent",))) == (("hot", 0), None)
        table.keep(10)
    assert table.unknown([("cold 1",), ("cold 99",), ("hot",), ("absent",)]) == [("cold 1",)]
    with pytest.raises(NotLoaded):
        table.get(("cold 1",))


def test_a_row_that_was_not_asked_for_lately_is_changed_not_added():
    """It is in its table, however long ago somebody looked at it."""
    table = rows()
    table.learn([("a",)], [("a", 1)])
    table.keep(0)
    table.put(("a", 2))
    assert (table.changes(), table.before(("a",))) == (([], [("a", 2)]), ("a", 1))


def test_with_room_for_none_a_row_is_known_for_one_more_batch_at_most():
    """What nobody asks for goes with the second batch."""
    table = rows()
    table.learn([("a",)], [("a", 1)])
    table.keep(0)
    table.learn([("b",)], [("b", 1)])
    table.keep(0)
    assert table.unknown([("a",), ("b",)]) == [("a",)]


def test_what_begins_need_not_be_looked_up_unless_something_is_known_of_it():
    """A key that begins has no row; of one that is known already nothing is forgotten, however long ago it was asked for."""
    table = rows()
    table.learn([("a",)], [("a", 1)])
    table.keep(0)
    table.put(("b", 1))
    table.begin([("a",), ("b",), ("c",)])
    assert (table.get(("a",)), table.get(("b",)), table.get(("c",))) == (("a", 1), ("b", 1), None)
    assert table.changes() == ([("b", 1)], [])
