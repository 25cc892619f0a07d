"""Rows as a fold sees them, from one batch to the next."""

import gc
import tracemalloc
from operator import itemgetter

import pytest

from portfolio_projector.folding.rows import NotLoaded, Rows

Row = tuple[str, int]
Wide = tuple[str, dict[str, str]]


def rows(*, narrow: bool = False) -> Rows[tuple[str], Row]:
    """A table of which nothing is known yet."""
    return Rows[tuple[str], Row]("rows", Row, itemgetter(slice(1)), complete=False, narrow=narrow)


@pytest.mark.parametrize("narrow", [True, False])
def test_a_row_that_was_stored_need_not_be_loaded_again(narrow: bool):  # noqa: FBT001  the two kinds of tables
    """What a fold wrote is what the table holds; what a look-up did not find is not there."""
    table = rows(narrow=narrow)
    table.learn([("a",), ("absent",)], [])
    table.put(("a", 1))
    assert table.changes() == ([("a", 1)], [])
    table.keep()
    assert (table.get(("a",)), table.unknown([("a",)]), table.changes()) == (("a", 1), [], ([], []))
    table.keep()
    assert (table.get(("absent",)), table.all()) == (None, {("a",): ("a", 1)})


def test_rows_that_were_not_asked_for_lately_are_forgotten_first():
    """Of many rows those stay known that each batch asks for; of the others, whether they are there has to be asked again."""
    table = rows()
    table.learn([("hot",), ("absent",)], [("hot", 0)])
    for number in range(100):
        key = (f"cold {number}",)
        table.learn([key], [(*key, number)])
        assert (table.get(("hot",)), table.get(("absent",))) == (("hot", 0), None)
        table.keep()
    table.forget(0.5)
    assert table.unknown([("cold 1",), ("cold 99",), ("hot",), ("absent",)]) == [("cold 1",)]
    with pytest.raises(NotLoaded):
        table.get(("cold 1",))


def test_a_row_that_was_not_asked_for_lately_is_changed_not_added():
    """It is in its table, however long ago somebody looked at it."""
    table = rows()
    table.learn([("a",)], [("a", 1)])
    table.keep()
    table.put(("a", 2))
    assert (table.changes(), table.before(("a",))) == (([], [("a", 2)]), ("a", 1))


@pytest.mark.parametrize("narrow", [True, False])
def test_the_size_is_that_of_what_is_kept(narrow: bool):  # noqa: FBT001  the two kinds of tables
    """A row counts once, however often it changes, and no more when it is forgotten."""
    table = rows(narrow=narrow)
    sizes = list[int]()
    for number in (1, 2):
        table.begin([("a",)])
        table.put(("a", number))
        table.keep()
        sizes.append(table.size)
    table.forget(1)
    assert (sizes[0] == sizes[1] > 0, table.size, table.unknown([("a",)])) == (True, 0, [("a",)])


@pytest.mark.parametrize("texts", [1, 10, 2000])
def test_no_more_memory_is_taken_than_the_size_says(texts: int):
    """Whether a row is small or as large as the largest event."""
    table = Rows[tuple[str], Wide]("rows", Wide, itemgetter(slice(1)), complete=False)
    gc.collect()
    tracemalloc.start()
    try:
        for number in range(max(4000 // texts, 50)):
            key = (f"an item of the year {number}",)
            table.begin([key])
            table.put((*key, {f"field {n}": f"text {n} of row {number}" for n in range(texts)}))
            table.keep()
        gc.collect()
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert table.size / 3 < taken < table.size * 1.1


def test_what_begins_need_not_be_looked_up_unless_something_is_known_of_it():
    """A key that begins has no row; of one that is known already nothing is forgotten, however long ago it was asked for."""
    table = rows()
    table.learn([("a",)], [("a", 1)])
    table.keep()
    table.put(("b", 1))
    table.begin([("a",), ("b",), ("c",)])
    assert (table.get(("a",)), table.get(("b",)), table.get(("c",))) == (("a", 1), ("b", 1), None)
    assert table.changes() == ([("b", 1)], [])
