"""How far a file is done, when batches are answered in another order than they were read."""

from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence

from portfolio_deploy.publishing.events import Place


class Watermark:
    """The last place up to which everything has its outcome, and the counts of these. Places end in any order."""

    def __init__(self, done: Place | None, counts: Mapping[str, int]) -> None:
        self.done = done
        self.counts = Counter(counts)
        self._open = OrderedDict[int, tuple[Place, Sequence[str]]]()

    def begin(self, place: Place) -> None:
        """Say that the next place is under way."""
        self._open[place.number] = (place, ())

    def end(self, place: Place, outcome: Sequence[str]) -> None:
        """Say what became of a place."""
        self._open[place.number] = (place, outcome)
        while self._open:
            number, (first, ended) = next(iter(self._open.items()))
            if not ended:
                return
            del self._open[number]
            self.done = first
            self.counts.update(ended)
