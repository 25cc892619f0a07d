"""How replicas share partitions out among them."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_ledger.judging import shares as of_ledgers
from portfolio_projector.projecting import shares as of_projectors

Share = Callable[[int, set[int], int], int]

both = pytest.mark.parametrize("share", [of_ledgers.share, of_projectors.share], ids=["ledger", "projector"])


@both
@given(st.sets(st.integers(0, 1000), min_size=1, max_size=20), st.integers(1, 50))
def test_the_shares_of_all_members_add_up_and_differ_by_one_at_most(share: Share, members: set[int], partitions: int):
    """Nobody is asked for more than a fair share, and no partition is left over."""
    shares = [share(member, members, partitions) for member in members]
    assert sum(shares) == partitions
    assert max(shares) - min(shares) <= 1


@both
def test_a_member_that_does_not_see_itself_counts_all_the_same(share: Share):
    """The list of members may be a moment old."""
    assert share(7, {3}, 4) == 2
