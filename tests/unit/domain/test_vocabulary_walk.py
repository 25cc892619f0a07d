"""Walks over the whole vocabulary: half of what publishers submit is wrong, and each submission gets exactly one verdict."""

import re
from collections import Counter, defaultdict
from itertools import count

import pytest

from portfolio_ledger import domain
from portfolio_ledger.domain.decider import Fact, State
from portfolio_ledger.judging.drafts import Draft, Judged
from portfolio_ledger.state import facts
from portfolio_schemas import catalogue
from tests import walking
from tests.rules import Rules
from tests.unit.domain.invariants import Portfolio
from tests.unit.ledger.desks import Desk, submission

MANY = 50_000
"""From so many submissions on, every type was recorded and refused."""

_CHECK_EVERY = 50
_FOLDED_MAX = 2000
_UNREADABLE = re.compile(r"\bNone\b|frozenset|Decimal\(|object at|Traceback|\{\}")


class Walked:
    """What a walk came to: a log in memory, what the rules remember of each portfolio, and what was said."""

    def __init__(self, seed: int) -> None:
        self.verdicts = Counter[str]()
        self.by_type = defaultdict[str, Counter[str]](Counter)
        self.recorded = defaultdict[str, list[Fact]](list)
        self.states = defaultdict[str, dict[str, State]](dict)
        self._desk = Desk()
        self._walk = walking.Walk(seed)
        self._names = count()

    def go(self) -> str:
        """Submit the next event, check what is said of it, and return its portfolio."""
        document = self._walk.draw()
        draft = self._desk.draft()
        judged = draft.judge(submission(document, f"0-{next(self._names)}-0"))
        self._desk.append(draft)
        self._check(judged, len(draft.entries))
        self._keep(draft)
        self._walk.hear(document, judged.answer.entry if judged.verdict == "recorded" else None)
        self.verdicts[judged.verdict] += 1
        self.by_type[document["type"]][judged.verdict] += 1
        return document["portfolio"]

    def check(self, portfolio: str) -> None:
        """Check one portfolio."""
        Portfolio(self.recorded[portfolio], self.states[portfolio]).check()

    def _check(self, judged: Judged, added: int) -> None:
        """One verdict: recorded with its consequences, refused as one entry and in a sentence, or known already."""
        assert judged.failure is None, (judged.submission.event.document, judged.failure)
        if judged.verdict == "duplicate":
            assert added == 0
            return
        assert added == (1 if judged.verdict == "refused" else 1 + judged.answer.last_entry - judged.answer.entry)
        if judged.verdict == "refused":
            assert judged.answer.refusal is not None
            said = str(judged.answer.refusal["detail"])
            assert said.endswith((".", "?")), said
            assert 2 < len(said.split()) < 80, said
            assert len(said) < 500, said
            assert not _UNREADABLE.search(said), said

    def _keep(self, draft: Draft) -> None:
        for entry in draft.entries:
            fact = facts.of_entry(entry)
            if fact is not None:
                self.recorded[entry.portfolio].append(fact)
        for (portfolio, key), subject in draft.changes.subjects.items():
            if subject.state is not None:
                self.states[portfolio][key] = subject.state


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_is_submitted_gets_one_verdict_and_breaks_nothing(seed: int):
    """Thousands of submissions from several publishers, half of them wrong: the invariants hold on the way and at the end."""
    walked = Walked(seed)
    for n in range(walking.LENGTH):
        portfolio = walked.go()
        if n % _CHECK_EVERY == 0:
            walked.check(portfolio)
    for portfolio in walked.recorded:
        walked.check(portfolio)
    print(dict(walked.verdicts))  # noqa: T201  what a long walk came to, for whoever walks by hand
    assert 0.3 * walking.LENGTH < walked.verdicts["refused"] < 0.7 * walking.LENGTH
    assert walked.verdicts["duplicate"] > 0
    if walking.LENGTH >= MANY:
        mine = {name for name, body in catalogue.TYPES.items() if not body.event_type.ledger_only}
        assert {name for name in mine if not walked.by_type[name]["recorded"]} == set()
        assert {name for name in mine if not walked.by_type[name]["refused"]} == set()


def test_what_a_walk_recorded_folds_to_the_same_states():
    """Without any rule, from nothing; and every state is stored and loaded as it was."""
    walked = Walked(3)
    for _ in range(min(walking.LENGTH, _FOLDED_MAX)):
        walked.go()
    for portfolio, recorded in walked.recorded.items():
        again = Rules()
        for one in recorded:
            again.record(one)
        assert again.states == walked.states[portfolio]
        for key, state in walked.states[portfolio].items():
            assert domain.load(key, domain.dump(state)) == state
