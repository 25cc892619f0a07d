"""The moves of a backlog: between which places, and what their corrections say."""

from tests.unit.projector.test_backlogs import added, folded, happened, history, moves, order


def test_who_and_why_of_a_move_are_its_last_correction_s_and_what_was_said_before_is_kept():
    """The row of the move is there twice: until the correction, and since."""
    made = history()
    added(made, "A")
    first = made.add("item.item-dropped", "item/A", {}, reason="duplicate").entry
    second = made.add("item.item-dropped", "item/A", {}, reason="too dear", corrects=first, actor="ann").entry
    third = made.add("item.item-dropped", "item/A", {}, reason="not wanted", corrects=second).entry
    found = [(row.said_by, row.until_entry, row.reason) for row in moves(folded(made.facts())) if row.move == "dropped"]
    assert found == [(first, second, "duplicate"), (second, third, "too dear"), (third, None, "not wanted")]
    assert order(folded(made.facts())) == []


def test_a_move_says_after_which_item_it_was_and_is():
    """From the bottom to the top, and out of the order; what is added, reopened or made by a split was nowhere."""
    made = history()
    for name, after in (("A", None), ("B", "A"), ("C", "B")):
        added(made, name, after=after)
    happened(made, "moved", "C", {"after": None})
    happened(made, "started", "A")
    happened(made, "completed", "A")
    happened(made, "reopened", "A", {"after": "item/B"}, reason="broken")
    found = [(row.item, row.move, row.was_after, row.after) for row in moves(folded(made.facts()))]
    assert found == [
        ("A", "added", None, None),
        ("B", "added", None, "A"),
        ("C", "added", None, "B"),
        ("C", "moved", "B", None),
        ("A", "completed", "C", None),
        ("A", "reopened", None, "B"),
    ]
