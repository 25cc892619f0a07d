"""The order of one product's backlog in memory: which item stands at which rank, and which comes next.

A projector holds a part of an order: the items that a batch names, and for each of them the one that follows it, and the one
before it where the item leaves its place. That is enough, and stays enough while items come, move and go: what stands beside a
named item is always another named one, or one that was loaded as its neighbour. `NotLoaded` says which neighbour is missing.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from itertools import islice

from portfolio_projector.folding.rows import NotLoaded

TOP = ""
"""Stands for the place before the first item: no rank is empty."""

WHOLE = "*"
"""In `NotLoaded`: every open item of the backlog is needed."""

FOLLOWERS = "followers"
"""In `NotLoaded`: what the key names is (portfolio, product, rank), and the item after that rank is needed."""


PREDECESSORS = "predecessors"
"""In `NotLoaded`: the key is the same, and the item before that rank is needed."""

_SIZE_OF_PLACE = 400
"""Bytes, about: rank and item, and that their neighbours are known."""


class Order:
    """Ranks in order and the item at each. Positions cost a binary search and a shift of pointers in memory."""

    __slots__ = ("_followed", "_item_at", "_key", "_preceded", "_ranks", "whole")

    def __init__(self, portfolio: str, product: str, *, whole: bool) -> None:
        self.whole = whole
        self._key = (portfolio, product)
        self._ranks = list[str]()
        self._item_at = dict[str, str]()
        self._followed = set[str]()
        self._preceded = set[str]()

    def __len__(self) -> int:
        return len(self._ranks)

    @property
    def size(self) -> int:
        """How many bytes it takes, about."""
        return len(self._ranks) * _SIZE_OF_PLACE

    def __iter__(self) -> Iterator[str]:
        """Return the items in order."""
        return (self._item_at[rank] for rank in self._ranks)

    def page(self, after: str, limit: int) -> tuple[int, list[str]]:
        """Return how many items stand at or before a rank, and at most `limit` items that follow it."""
        at = bisect_right(self._ranks, after)
        return at, [self._item_at[rank] for rank in islice(self._ranks, at, at + limit)]

    def places(self) -> list[tuple[str, str]]:
        """Return ranks and items, in order."""
        return [(rank, self._item_at[rank]) for rank in self._ranks]

    def position(self, rank: str) -> int:
        """Return how many items stand at or before a rank."""
        return bisect_right(self._ranks, rank)

    def next_rank(self, rank: str) -> str | None:
        """Return the rank after this one, None at the bottom; `TOP` asks for the first.

        Raises:
            NotLoaded: when a part of the order does not tell.

        """
        if not self.tells(rank):
            raise NotLoaded(FOLLOWERS, (*self._key, rank))
        at = bisect_right(self._ranks, rank)
        return self._ranks[at] if at < len(self._ranks) else None

    def previous(self, rank: str) -> str | None:
        """Return the item before this rank, None at the top.

        Raises:
            NotLoaded: when a part of the order does not tell.

        """
        if not self.tells_before(rank):
            raise NotLoaded(PREDECESSORS, (*self._key, rank))
        at = bisect_left(self._ranks, rank)
        return self._item_at[self._ranks[at - 1]] if at else None

    def last_rank(self) -> str | None:
        """Return the rank of the last item, None when there is none; a part of an order never tells."""
        self.need_whole()
        return self._ranks[-1] if self._ranks else None

    def need_whole(self) -> None:
        """Insist on every open item.

        Raises:
            NotLoaded: when this is a part of the order.

        """
        if not self.whole:
            raise NotLoaded(FOLLOWERS, (*self._key, WHOLE))

    def insert(self, rank: str, item: str) -> None:
        """Place an item at a rank where none is, after one whose follower was known: so are its own neighbours."""
        at = bisect_left(self._ranks, rank)
        self._ranks.insert(at, rank)
        self._item_at[rank] = item
        self._followed.add(rank)
        self._preceded.add(rank)
        if at + 1 < len(self._ranks):
            self._preceded.add(self._ranks[at + 1])

    def remove(self, rank: str) -> str | None:
        """Take the item at a rank out of the order, and return the one that stood before it.

        Raises:
            NotLoaded: when a part of the order does not tell its neighbours: they would be left without each other.

        """
        follower, before = self.next_rank(rank), self.previous(rank)
        del self._ranks[bisect_left(self._ranks, rank)]
        del self._item_at[rank]
        self._followed.discard(rank)
        self._preceded.discard(rank)
        if follower is not None:
            self._preceded.add(follower)
        return before

    def replace(self, ranked: Sequence[tuple[str, str]]) -> None:
        """Rank the whole order anew: (rank, item), in order. Of a whole one nobody asks which neighbours are known."""
        self.need_whole()
        self._ranks = [rank for rank, _ in ranked]
        self._item_at = dict(ranked)

    def tells(self, rank: str) -> bool:
        """Tell whether it is known which rank follows this one."""
        return self.whole or rank in self._followed

    def tells_before(self, rank: str) -> bool:
        """Tell whether it is known which rank this one follows."""
        return self.whole or rank in self._preceded

    def learn(self, rank: str, item: str) -> None:
        """Take an item that was found at a rank."""
        if rank not in self._item_at:
            insort(self._ranks, rank)
            self._item_at[rank] = item

    def learn_follower(self, rank: str) -> None:
        """Take that the item after this rank was found, or that there is none."""
        self._followed.add(rank)

    def learn_predecessor(self, rank: str) -> None:
        """Take that the item before this rank was found, or that there is none."""
        self._preceded.add(rank)
