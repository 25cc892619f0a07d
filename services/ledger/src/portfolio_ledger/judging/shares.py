"""How replicas share partitions out among them, each by itself: a pure rule over who is there."""

from collections.abc import Collection


def share(member: int, members: Collection[int], partitions: int) -> int:
    """Return how many partitions a member should own.

    All members count the same list, so the shares add up to all partitions. What does not divide goes to the lowest numbers.
    """
    ranked = sorted({*members, member})
    each, rest = divmod(partitions, len(ranked))
    return each + (1 if ranked.index(member) < rest else 0)
