"""Chronicles that could not be told: what a process that answers reads has met since it began, and has not told since.

Nothing of it is stored: a program that folds what another could not knows of no failure.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import structlog

from portfolio_projector.telling.past import Unfoldable

_FAILURES_MAX = 1000

_logger = structlog.get_logger()


class Failure(NamedTuple):
    """A chronicle of a scope of a portfolio that cannot be told from an entry on, and what its fold said."""

    chronicle: str
    portfolio: str
    scope: str
    entry: int
    detail: str


class Failures:
    """The failures that stand, one of each chronicle and scope; the first thousand of them."""

    def __init__(self) -> None:
        self._known = dict[tuple[str, str, str], Failure]()

    def note(self, portfolio: str, error: Unfoldable) -> None:
        """Keep a failure, and say so where it is news."""
        key, cause = (error.chronicle, portfolio, error.scope), error.__cause__
        known = self._known.get(key)
        if (known is not None and known.entry <= error.entry) or (known is None and len(self._known) >= _FAILURES_MAX):
            return
        detail = f"Entry {error.entry} cannot be folded: {type(cause).__name__}: {cause}"
        self._known[key] = Failure(*key, error.entry, detail)
        _logger.error(
            "chronicle-stopped",
            chronicle=error.chronicle,
            portfolio=portfolio,
            scope=error.scope,
            entry=error.entry,
            exc_info=cause,
        )

    def told(self, chronicle: str, portfolio: str, scopes: Iterable[str], entry: int) -> None:
        """Forget the failures at entries that were told after all."""
        if self._known:
            for scope in scopes:
                known = self._known.get((chronicle, portfolio, scope))
                if known is not None and known.entry <= entry:
                    del self._known[known[:3]]

    def standing(self) -> Sequence[Failure]:
        """Return them in the order of portfolios."""
        return sorted(self._known.values(), key=lambda one: (one.portfolio, one.chronicle, one.scope))
