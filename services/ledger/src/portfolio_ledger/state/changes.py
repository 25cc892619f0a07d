"""Changes: what a stretch of the log changes in the ledger's state. Stretches are laid over each other until they are stored."""

from dataclasses import dataclass, field
from typing import NamedTuple

from portfolio_ledger.domain.decider import State
from portfolio_ledger.state.answers import Answer

SubjectKey = tuple[str, str]
"""Portfolio, and subject or index within it."""


class Subject(NamedTuple):
    """A subject, or an index beside subjects: how many events it has, and what the rules know of it."""

    version: int = 0
    state: State | None = None


UNKNOWN = Subject()


@dataclass(slots=True)
class Changes:
    """New answers in the order of the log, with what finds them, and subjects as they are after it."""

    answers: list[Answer] = field(default_factory=list[Answer])
    subjects: dict[SubjectKey, Subject] = field(default_factory=dict[SubjectKey, Subject])
    _by_event: dict[tuple[str, str, str], int] = field(default_factory=dict[tuple[str, str, str], int])
    _by_submission: dict[tuple[str, str], list[int]] = field(default_factory=dict[tuple[str, str], list[int]])
    _by_entry: dict[tuple[str, int], int] = field(default_factory=dict[tuple[str, int], int])

    def add(self, answer: Answer) -> None:
        """Add the answer of the next entry; a consequence moves the last entry of what it follows."""
        place = len(self.answers)
        self.answers.append(answer)
        self._by_entry[answer.portfolio, answer.entry] = place
        if answer.recorded:
            self._by_event[answer.portfolio, answer.source, answer.id] = place
        if not answer.is_consequence:
            self._by_submission.setdefault((answer.portfolio, answer.submission), []).append(place)
        else:
            cause = self._by_entry.get((answer.portfolio, int(answer.id.partition(".")[0])))
            if cause is not None:
                self.answers[cause] = self.answers[cause]._replace(last_entry=answer.entry)

    def recorded(self, portfolio: str, source: str, id_: str) -> Answer | None:
        """Return the entry that recorded an event, where it is in this stretch."""
        place = self._by_event.get((portfolio, source, id_))
        return None if place is None else self.answers[place]

    def answer_to(self, portfolio: str, submission: str, digest: str) -> Answer | None:
        """Return the entry that answers a submission, where it is in this stretch."""
        for place in self._by_submission.get((portfolio, submission), ()):
            if self.answers[place].digest == digest:
                return self.answers[place]
        return None

    def entry(self, portfolio: str, entry: int) -> Answer | None:
        """Return an entry by its number, where it is in this stretch."""
        place = self._by_entry.get((portfolio, entry))
        return None if place is None else self.answers[place]

    def lay_over(self, later: "Changes") -> None:
        """Take over what a later stretch changes."""
        for answer in later.answers:
            self.add(answer)
        self.subjects.update(later.subjects)
