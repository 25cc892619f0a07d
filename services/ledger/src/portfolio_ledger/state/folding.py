"""Folding: what a recorded event does to subjects. The same for an event that was just decided and for one read from the log."""

from collections.abc import Callable, Iterable

from portfolio_ledger import domain
from portfolio_ledger.domain.decider import Fact, State
from portfolio_ledger.state.changes import UNKNOWN, Changes, Subject

SubjectOf = Callable[[str, str], Subject | None]
"""Returns a subject of a portfolio as it is now; None when it has to be looked up first."""


_NOTHING: dict[str, State | None] = {}


class NotLoaded(Exception):
    """Subjects that have to be looked up before it can go on: `keys`, of one portfolio."""

    def __init__(self, keys: Iterable[str]) -> None:
        super().__init__(", ".join(keys))
        self.keys = frozenset(keys)


def first_reads(fact: Fact) -> frozenset[str]:
    """Name the subjects that the rules look at for a fact before anything is known."""
    return domain.reads(fact, _NOTHING) | {fact.subject}


def states_for(fact: Fact, subject_of: SubjectOf) -> dict[str, State | None]:
    """Return the states that the rules look at for a fact.

    Raises:
        NotLoaded: when some of them have to be looked up first.

    """
    states, missing, portfolio = dict[str, State | None](), list[str](), fact.portfolio
    wanted: Iterable[str] = first_reads(fact)
    while wanted:
        for key in wanted:
            subject = subject_of(portfolio, key)
            if subject is None:
                missing.append(key)
            else:
                states[key] = subject.state
        if missing:
            raise NotLoaded(missing)
        wanted = domain.reads(fact, states) - states.keys()
    return states


def apply(fact: Fact, states: dict[str, State | None], changes: Changes, subject_of: SubjectOf) -> int:
    """Fold a recorded fact into changes and return the version of its subject.

    Raises:
        NotLoaded: when it changes a subject that it did not name among those it looks at.

    """
    for key, state in domain.evolve(fact, states).items():
        before = UNKNOWN if domain.makes(fact, key) else _known(fact.portfolio, key, subject_of)
        changes.subjects[fact.portfolio, key] = before._replace(state=state)
    own = _known(fact.portfolio, fact.subject, subject_of)
    own = changes.subjects[fact.portfolio, fact.subject] = own._replace(version=own.version + 1)
    return own.version


def _known(portfolio: str, key: str, subject_of: SubjectOf) -> Subject:
    subject = subject_of(portfolio, key)
    if subject is None:
        raise NotLoaded([key])
    return subject
