"""What a judge has in memory of one partition: changes that are not stored yet, and subjects that were looked at lately.

Changes lie in two layers: `current` grows, `writing` is on its way into PostgreSQL. Whoever looks something up looks here first,
so that what is stored may lag behind the log. Subjects are in the cache as they are after all of it; one that has to leave it is
still found in its layer until it is stored.
"""

from collections import OrderedDict

from portfolio_ledger.state.answers import Answer
from portfolio_ledger.state.changes import Changes, Subject, SubjectKey

SUBJECTS_MAX = 24_000
"""Subjects that a process remembers of all partitions together."""


class Memory:
    """The unstored part of a partition's state, in front of a bounded cache of subjects. One task owns it."""

    def __init__(self, *, subjects_max: int) -> None:
        self.current = Changes()
        self.writing: Changes | None = None
        self._cache = OrderedDict[SubjectKey, Subject]()
        self._subjects_max = subjects_max

    def subject(self, portfolio: str, key: str) -> Subject | None:
        """Return a subject as it is after everything folded; None when it has to be looked up."""
        place = portfolio, key
        subject = self._cache.get(place)
        if subject is not None:
            self._cache.move_to_end(place)
            return subject
        subject = self.current.subjects.get(place)
        return self.writing.subjects.get(place) if subject is None and self.writing is not None else subject

    def recorded(self, portfolio: str, source: str, id_: str) -> Answer | None:
        """Return the entry that recorded an event, if it is not stored yet."""
        found = self.current.recorded(portfolio, source, id_)
        return self.writing.recorded(portfolio, source, id_) if found is None and self.writing is not None else found

    def answer_to(self, portfolio: str, submission: str, digest: str) -> Answer | None:
        """Return the entry that answers a submission, if it is not stored yet."""
        found = self.current.answer_to(portfolio, submission, digest)
        return self.writing.answer_to(portfolio, submission, digest) if found is None and self.writing is not None else found

    def entry(self, portfolio: str, entry: int) -> Answer | None:
        """Return an entry by its number, if it is not stored yet."""
        found = self.current.entry(portfolio, entry)
        return self.writing.entry(portfolio, entry) if found is None and self.writing is not None else found

    def take(self, changes: Changes) -> None:
        """Take over what a stretch of the log changes; nobody else changes it from now on."""
        if self.current.is_empty:
            self.current = changes
        else:
            self.current.lay_over(changes)
        for key, subject in changes.subjects.items():
            self.remember(key, subject)

    def remember(self, key: SubjectKey, subject: Subject) -> None:
        """Keep a subject as it is now."""
        self._cache[key] = subject
        self._cache.move_to_end(key)

    def trim(self) -> None:
        """Forget the subjects that nobody looked at for long. Call between batches: a batch keeps what it loaded."""
        while len(self._cache) > self._subjects_max:
            self._cache.popitem(last=False)

    def begin_writing(self) -> Changes:
        """Set aside everything not stored yet, to be written now."""
        if self.writing is not None:
            raise RuntimeError("Changes are being written already.")
        self.writing, self.current = self.current, Changes()
        return self.writing

    def end_writing(self) -> None:
        """Forget what has been stored; its subjects stay in the cache."""
        self.writing = None
