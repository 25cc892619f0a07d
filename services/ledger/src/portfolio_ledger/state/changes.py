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
    """New answers in the order of the log, with what finds them, and subjects as they are after it.

    What finds answers knows of their consequences; `answers` are as they came.
    """

    answers: list[Answer] = field(default_factory=list[Answer])
    subjects: dict[SubjectKey, Subject] = field(default_factory=dict[SubjectKey, Subject])
    by_event: dict[tuple[str, str, str], Answer] = field(default_factory=dict[tuple[str, str, str], Answer])
    by_submission: dict[tuple[str, str, str], Answer] = field(default_factory=dict[tuple[str, str, str], Answer])
    by_entry: dict[tuple[str, int], Answer] = field(default_factory=dict[tuple[str, int], Answer])
    follows_older: list[Answer] = field(default_factory=list[Answer])

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is in it."""
        return not self.answers and not self.subjects

    def add(self, answer: Answer) -> None:
        """Add the answer of the next entry; a consequence moves the last entry of what it follows."""
        self.answers.append(answer)
        if answer.is_consequence:
            self.by_entry[answer.portfolio, answer.entry] = answer
            self.by_event[answer.portfolio, answer.source, answer.id] = answer
            self._extend_cause(answer)
        else:
            self._find_by_all(answer)

    def recorded(self, portfolio: str, source: str, id_: str) -> Answer | None:
        """Return the entry that recorded an event, where it is in this stretch."""
        return self.by_event.get((portfolio, source, id_))

    def answer_to(self, portfolio: str, submission: str, digest: str) -> Answer | None:
        """Return the entry that answers a submission, where it is in this stretch."""
        return self.by_submission.get((portfolio, submission, digest))

    def entry(self, portfolio: str, entry: int) -> Answer | None:
        """Return an entry by its number, where it is in this stretch."""
        return self.by_entry.get((portfolio, entry))

    def lay_over(self, later: "Changes") -> None:
        """Take over what a later stretch changes."""
        self.answers += later.answers
        self.subjects.update(later.subjects)
        self.by_event.update(later.by_event)
        self.by_submission.update(later.by_submission)
        self.by_entry.update(later.by_entry)
        for consequence in later.follows_older:
            self._extend_cause(consequence)

    def _extend_cause(self, consequence: Answer) -> None:
        cause = self.by_entry.get((consequence.portfolio, int(consequence.id.partition(".")[0])))
        if cause is None:
            self.follows_older.append(consequence)
        elif cause.last_entry < consequence.entry:
            self._find_by_all(cause.reaching_to(consequence.entry))

    def _find_by_all(self, answer: Answer) -> None:
        self.by_entry[answer.portfolio, answer.entry] = answer
        self.by_submission[answer.portfolio, answer.submission, answer.digest] = answer
        if answer.recorded:
            self.by_event[answer.portfolio, answer.source, answer.id] = answer
