"""Ranks: texts whose order is the order of a backlog."""

from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio_projector.read_models.backlogs import ranks


def insert(order: list[str], at: int) -> str:
    """Insert a new rank into an order before the element at an index, and return it."""
    rank = ranks.between(order[at - 1] if at else None, order[at] if at < len(order) else None)
    order.insert(at, rank)
    return rank


@given(st.lists(st.integers(min_value=0, max_value=10_000), max_size=200))
@settings(max_examples=200)
def test_a_rank_lies_strictly_between_its_neighbours(places: list[int]):
    """Wherever items are inserted, the byte order of their ranks is the order of their places."""
    order = list[str]()
    for place in places:
        insert(order, place % (len(order) + 1))
    encoded = [rank.encode("ascii") for rank in order]
    assert encoded == sorted(set(encoded))


def test_adding_at_one_end_or_after_one_item_lengthens_ranks_with_the_logarithm_only():
    """Twenty thousand items at the bottom, at the top, or each right after the first: ranks stay a few characters long."""
    for place in (20_000, 0, 1):
        order = list[str]()
        for count in range(20_000):
            insert(order, min(place, count))
        assert max(map(len, order)) <= 8


def test_a_place_that_is_asked_for_in_turn_makes_a_rank_long_in_the_end():
    """Inserting between the last two, again and again, is what ranking anew is for."""
    low, high = ranks.first(2)
    for turn in range(2 * ranks.RANK_LENGTH_MAX):
        middle = ranks.between(low, high)
        assert low < middle < high
        if ranks.is_long(middle):
            break
        low, high = (middle, high) if turn % 2 else (low, middle)
    else:
        raise AssertionError("no rank became long")


def test_first_ranks_are_in_order_and_short():
    """Ranking anew gives each item a rank of a few characters."""
    given = list(ranks.first(50_000))
    assert given == sorted(set(given))
    assert max(map(len, given)) <= 4
