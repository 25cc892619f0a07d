"""Folding: what a recorded event does to subjects. The same for an event that was just decided and for one read from the log."""

from collections.abc import Callable, Iterable

from portfolio_ledger import domain
from portfolio_ledger.domain.decider import Fact, State
from portfolio_ledger.state.changes import UNKNOWN, Subject, SubjectKey

SubjectOf = Callable[[str, str], Subject | None]
"""Returns a subject of a portfolio as it is now; None when it has to be looked up first."""

_NOTHING: dict[str, State | None] = {}


class NotLoaded(Exception):
    """Subjects that have to be looked up before it can go on: `keys`, of one portfolio."""

    def __init__(self, keys: Iterable[str]) -> None:
        super().__init__(", ".join(keys))
        self.keys = frozenset(keys)


class Sight:
    """The subjects of one portfolio as rules see them: each is asked for when a rule first looks at it, and then kept."""

    __slots__ = ("_portfolio", "_seen", "_subject_of")

    def __init__(self, portfolio: str, subject_of: SubjectOf) -> None:
        self._portfolio = portfolio
        self._subject_of = subject_of
        self._seen: dict[str, Subject] = {}

    def get(self, key: str, /) -> State | None:
        """Return a state; None where there is none.

        Raises:
            NotLoaded: when it has to be looked up first.

        """
        return (self._seen.get(key) or self.subject(key)).state

    def subject(self, key: str) -> Subject:
        """Return a subject.

        Raises:
            NotLoaded: when it has to be looked up first.

        """
        subject = self._seen.get(key)
        if subject is None:
            subject = self._seen[key] = known(self._portfolio, key, self._subject_of)
        return subject

    def change(self, key: str, subject: Subject) -> None:
        """Show a subject as it is from now on."""
        self._seen[key] = subject


def named_at_once(fact: Fact) -> frozenset[str]:
    """Name the subjects that the rules look at for a fact, as far as they can be told before anything is known."""
    return domain.reads(fact, _NOTHING) | {fact.subject}


def missing(fact: Fact, subject_of: SubjectOf) -> set[str]:
    """Name the subjects that have to be looked up for a fact, as far as can be told by now."""
    states: dict[str, State | None] = {}
    absent: set[str] = set()
    wanted: Iterable[str] = named_at_once(fact)
    while wanted and not absent:
        for key in wanted:
            subject = subject_of(fact.portfolio, key)
            if subject is None:
                absent.add(key)
            else:
                states[key] = subject.state
        wanted = domain.reads(fact, states) - states.keys()
    return absent


def apply(fact: Fact, sight: Sight, changed: dict[SubjectKey, Subject]) -> int:
    """Fold a recorded fact, note the subjects as they are after it, and return the version of its own.

    Raises:
        NotLoaded: when it looks at, or changes, a subject that has to be looked up first.

    """
    portfolio = fact.portfolio
    own = sight.subject(fact.subject)
    state, version = own.state, own.version + 1
    for key, evolved in domain.evolve(fact, sight).items():
        if key == fact.subject:
            state = evolved
        else:
            before = UNKNOWN if domain.makes(fact, key) else sight.subject(key)
            changed[portfolio, key] = Subject(before.version, evolved)
    changed[portfolio, fact.subject] = Subject(version, state)
    return version


def known(portfolio: str, key: str, subject_of: SubjectOf) -> Subject:
    """Return a subject.

    Raises:
        NotLoaded: when it has to be looked up first.

    """
    subject = subject_of(portfolio, key)
    if subject is None:
        raise NotLoaded([key])
    return subject
