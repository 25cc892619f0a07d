"""Cycles: who waits for whom in a circle."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from portfolio_projector.metrics.cycles import cycles

NODES = "abcdefg"


def test_a_circle_is_found_and_a_chain_is_none() -> None:
    """Two circles that share nothing are two; one that hangs on another is none of it."""
    assert cycles([("a", "b"), ("b", "c")]) == []
    assert cycles([("b", "a"), ("a", "b"), ("b", "c"), ("d", "e"), ("e", "f"), ("f", "d")]) == [["a", "b"], ["d", "e", "f"]]
    assert cycles([]) == []


def test_a_long_chain_needs_no_deep_stack() -> None:
    """Ten thousand that wait one for the next, and the last for the first, are one circle."""
    names = [f"{number:05}" for number in range(10_000)]
    assert cycles([*pairwise(names), (names[-1], names[0])]) == [names]


@given(st.sets(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES))))
def test_a_circle_holds_those_that_reach_each_other(edges: set[tuple[str, str]]) -> None:
    """As following every edge for as long as something new is reached finds out."""
    reached = {one: {one} for one in NODES}
    for _ in NODES:
        for start, end in edges:
            for known in reached.values():
                if start in known:
                    known.add(end)
    groups = {tuple(sorted(other for other in NODES if other in reached[one] and one in reached[other])) for one in NODES}
    assert cycles(edges) == sorted(list(group) for group in groups if len(group) > 1)
