"""Look-ups: a batch asks the ledger's tables at most twice, whatever is in it; never for each event."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from portfolio_ledger.domain.decider import Refused
from portfolio_ledger.judging.submissions import Submission
from portfolio_ledger.state import facts, folding, partition_state
from portfolio_ledger.state.changes import Subject, SubjectKey
from tests.bench import events
from tests.unit.ledger.desks import Desk, submission

BATCH = 100


@dataclass
class Tables(Desk):
    """A desk that knows a subject only when it was looked up, or changed, before."""

    looked_up: set[SubjectKey] = field(default_factory=set[SubjectKey])

    def subject(self, portfolio: str, key: str) -> Subject | None:
        """A subject; None when it has to be looked up."""
        known = self.changes.subjects.get((portfolio, key))
        return Subject() if known is None and (portfolio, key) in self.looked_up else known

    def judge_batch(self, batch: Sequence[Submission]) -> int:
        """Judge as a judge does, and return how many look-ups it took."""
        for one in batch:
            if self.subject(one.event.portfolio, one.event.subject) is None:
                self.looked_up |= partition_state._named_at_once(one)
        draft, judged, lookups = self.draft(), 0, 1
        while judged < len(batch):
            try:
                assert draft.judge(batch[judged]).verdict == "recorded"
            except folding.NotLoaded as lack:
                lookups += 1
                self.looked_up |= {(batch[judged].event.portfolio, key) for key in lack.keys}
                rest = [facts.of_event(one.event, body, 0) for one in batch[judged:] if not isinstance(body := one.body, Refused)]
                self.looked_up |= partition_state._missing(rest, draft.subject)
            else:
                judged += 1
        self.append(draft)
        return lookups


def test_a_batch_takes_two_look_ups_at_most():
    """A story with all kinds of events, costs and plans among them: one look-up before, one for what that pointed to."""
    desk = Tables(now=datetime(2026, 6, 1, tzinfo=UTC))
    story = [submission(event, f"0-{number}-0") for number, event in enumerate(events.story("bench", seed=3, length=6 * BATCH))]

    taken = [desk.judge_batch(story[start : start + BATCH]) for start in range(0, len(story), BATCH)]

    assert max(taken) <= 2, taken
