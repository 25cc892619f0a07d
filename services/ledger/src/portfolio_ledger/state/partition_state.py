"""The state of one partition: a fold of its log, current in memory, stored a little later, looked up where memory has it not."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from portfolio_ledger.domain.decider import Fact, Refused
from portfolio_ledger.judging.drafts import Draft
from portfolio_ledger.judging.submissions import Submission
from portfolio_ledger.state import answers, facts, folding
from portfolio_ledger.state.answers import Answer
from portfolio_ledger.state.changes import Changes, Subject, SubjectKey
from portfolio_ledger.state.memory import SUBJECTS_MAX, Memory
from portfolio_ledger.state.standings import NEW_STANDING, Standing
from portfolio_ledger.state.store import AppliedHead, Batch, Found, Position, Stale, Store, Wanted
from portfolio_log.follower import Followed
from portfolio_schemas import receipts
from portfolio_schemas.entries import Entry
from portfolio_schemas.follow import Head, Place, Stop

_DETAIL_LENGTH_MAX = 1000
UNFOLDABLE = "cannot be folded"


class PartitionState:
    """What the ledger knows of one partition. One task judges with it, another may store it meanwhile."""

    def __init__(
        self,
        store: Store,
        partition: int,
        position: Position,
        standings: dict[str, Standing],
        *,
        subjects_max: int = SUBJECTS_MAX,
    ) -> None:
        self.partition = partition
        self.position = position
        self.standings = standings
        self._store = store
        self._memory = Memory(subjects_max=subjects_max)
        self._found = Found()
        self.catching_up: str | None = None
        self._late = {name for name, standing in standings.items() if standing.intake_offset is not None}
        self._stored = position
        self._storing = position
        self._brought = set[int]()
        self._moved = set[str]()

    @classmethod
    async def load(cls, store: Store, partition: int, *, partitions: int = 1) -> "PartitionState":
        """Return the state as it is stored. It remembers its part of what a process may that serves so many partitions."""
        return cls(store, partition, *await store.load(partition), subjects_max=SUBJECTS_MAX // partitions)

    def head(self, portfolio: str) -> Head:
        """Return the last entry of a portfolio."""
        return self.standing(portfolio).place.head

    def waits(self, portfolio: str) -> bool:
        """Tell whether a portfolio's submissions wait: it is stopped, or those that wait since then have to be judged first.

        `catching_up` is the portfolio whose waiting submissions are being judged now.
        """
        standing = self.standings.get(portfolio)
        if standing is None:
            return False
        return standing.place.stop is not None or (standing.intake_offset is not None and portfolio != self.catching_up)

    def resumed(self) -> str | None:
        """Return a portfolio that goes on after a stop and has submissions that wait since then; None when there is none."""
        return next((name for name in self._late if self.standings[name].place.stop is None), None)

    def recordedtime(self, portfolio: str) -> str:
        """Return that of the last entry of a portfolio."""
        return self.standing(portfolio).recordedtime

    def standing(self, portfolio: str) -> Standing:
        """Return where the ledger stands in a portfolio."""
        return self.standings.get(portfolio, NEW_STANDING)

    def subject(self, portfolio: str, key: str) -> Subject | None:
        """Return a subject; None when it has to be looked up."""
        return self._memory.subject(portfolio, key)

    def recorded(self, portfolio: str, source: str, id_: str) -> Answer | None:
        """Return the entry that recorded an event of the batch that was prepared."""
        return self._found.events.get((portfolio, source, id_))

    def answer_to(self, portfolio: str, submission: str, digest: str) -> Answer | None:
        """Return the entry that answers a submission of the batch that was prepared."""
        for answer in self._found.submissions.get((portfolio, submission), ()):
            if answer.digest == digest:
                return answer
        return None

    def entry(self, portfolio: str, entry: int) -> Answer | None:
        """Return an entry that the batch that was prepared corrects."""
        return self._found.entries.get((portfolio, entry))

    async def prepare(self, batch: Sequence[Submission]) -> None:
        """Look up what is needed to judge a batch, as far as it can be known before.

        What memory holds is taken first: it may be stored, and leave memory, while PostgreSQL is asked and cannot see it yet.
        """
        self._memory.trim()
        wanted, held = Wanted(), Found()
        for submission in batch:
            event = submission.event
            key = event.portfolio, event.source, event.id
            recorded = self._memory.recorded(*key)
            if recorded is None:
                wanted.events.add(key)
            else:
                held.events[key] = recorded
            if self._may_be_answered(submission):
                answer = self._memory.answer_to(event.portfolio, submission.name, submission.digest)
                held.submissions.setdefault((event.portfolio, submission.name), []).extend([answer] if answer else [])
                wanted.submissions.add((event.portfolio, submission.name))
            if event.corrects is not None:
                corrected = self._memory.entry(event.portfolio, event.corrects)
                if corrected is None:
                    wanted.entries.add((event.portfolio, event.corrects))
                else:
                    held.entries[event.portfolio, event.corrects] = corrected
            if self._memory.subject(event.portfolio, event.subject) is None:
                wanted.subjects |= _named_at_once(submission)
        self._found = await self._look_up(wanted)
        self._found.add(held)

    async def load_subjects(
        self, batch: Iterable[Submission], missing: Iterable[SubjectKey], subject_of: folding.SubjectOf
    ) -> None:
        """Look up subjects that were found missing, and with them what the rest of a batch will miss."""
        wanted = Wanted(subjects=set(missing))
        for submission in batch:
            if not isinstance(submission.body, Refused):
                fact = facts.of_event(submission.event, submission.body, 0)
                wanted.subjects |= _missing([fact], subject_of)
        await self._look_up(wanted)

    async def hash_of(self, portfolio: str, entry: int) -> str | None:
        """Return the hash of an old entry.

        Raises:
            Stale: when it is not stored any more: what was stored was taken back.

        """
        known = self._memory.entry(portfolio, entry)
        stored = await self._store.hash_of(portfolio, entry) if known is None else known.hash
        if stored is None:
            raise Stale(f"Entry {entry} of {portfolio} was folded, and is not stored any more.")
        return stored

    async def check_stored(self) -> None:
        """Check that what is stored is what this ledger stored: another may have moved it, or the database was restored.

        Raises:
            Stale: when it is not.

        """
        await self._ask(Wanted())

    def confirm(self, draft: Draft, followed: Followed) -> None:
        """Take over a draft that is in the log as it is."""
        self._take_over(draft.changes, followed, draft.judged)

    async def absorb(self, followed: Followed) -> dict[str, Place]:
        """Fold a stretch of the log, whoever wrote it, and return where portfolios stop.

        A portfolio stops at an entry that links and cannot be folded: a newer ledger wrote it, or none did. The others go on.
        """
        changes, folded, stopped = Changes(), list[Entry](), dict[str, Place]()

        def subject_of(portfolio: str, key: str) -> Subject | None:
            return changes.subjects.get((portfolio, key)) or self._memory.subject(portfolio, key)

        stated = [facts.stated(entry) for entry in followed.entries]
        for n, (entry, offset) in enumerate(zip(followed.entries, followed.offsets, strict=True)):
            while entry.portfolio not in stopped:
                try:
                    if fact := facts.of_entry(entry):
                        folding.apply(fact, folding.Sight(fact.portfolio, subject_of), changes.subjects)
                    changes.add(answers.read(entry))
                    folded.append(entry)
                    break
                except folding.NotLoaded as lack:
                    missing = {(entry.portfolio, key) for key in lack.keys}
                except Exception as error:  # noqa: BLE001  whatever a fold raises stops this portfolio only
                    stopped[entry.portfolio] = self._stop_at(entry, offset, error)
                    break
                rest = [fact for fact in stated[n:] if fact is not None]
                await self._look_up(Wanted(subjects=missing | _missing(rest, subject_of)))
        self._memory.trim()
        judged = max(map(self._place_in_intake, folded), default=(-1, -1))
        self._take_over(changes, replace(followed, entries=folded, places=followed.places | stopped), judged)
        return stopped

    def _stop_at(self, entry: Entry, offset: int, error: Exception) -> Place:
        """Return the place before an entry that cannot be folded."""
        detail = f"Entry {entry.entry} with hash {entry.hash} {UNFOLDABLE}: {str(error) or type(error).__name__}"
        place = self.standing(entry.portfolio).place
        stop = Stop(offset, entry.hash, detail[:_DETAIL_LENGTH_MAX].replace("\x00", "\ufffd"))
        return replace(place, head=Head(entry.entry - 1, entry.previous), stop=stop)

    def move_intake(self, offset: int) -> None:
        """Note that every submission before an offset is answered, but for those of portfolios with a position of their own."""
        self.position = replace(self.position, intake_offset=offset)

    def set_own_intake(self, portfolio: str, offset: int | None) -> None:
        """Give a portfolio a position of its own in intake, or take it away."""
        self.standings[portfolio] = replace(self.standing(portfolio), intake_offset=offset)
        (self._late.discard if offset is None else self._late.add)(portfolio)
        self._moved.add(portfolio)

    @property
    def unstored(self) -> int:
        """How many answers are not stored yet."""
        return len(self._memory.current.answers)

    async def store(self, alive: Callable[[], bool]) -> None:
        """Write what changed. While a call is at it, or after one that was cut off, another does nothing.

        Raises:
            NotOwned: when another process may own the partition.
            Stale: when another process moved it.

        """
        if self._memory.writing is not None or (self.position == self._stored and not self._moved):
            return
        position, moved, self._moved = self.position, self._moved, set[str]()
        standings = {portfolio: self.standings[portfolio] for portfolio in moved}
        changes, self._storing = self._memory.begin_writing(), position
        self._brought.add(position.next_offset)
        await self._store.write(Batch(self.partition, self._stored, position, changes, standings), alive)
        self._stored = position
        self._memory.end_writing()

    async def not_held(self, heads: Sequence[AppliedHead]) -> list[AppliedHead]:
        """Return those of the heads that are no entry of the stored state with the same hash.

        Raises:
            Stale: when what is stored is not what this ledger stored, and tells nothing.

        """
        lost = await self._store.not_held(heads)
        if lost:
            await self.check_stored()
        return lost

    def _take_over(self, changes: Changes, followed: Followed, judged: tuple[int, int]) -> None:
        self._memory.take(changes)
        last = {entry.portfolio: entry.recordedtime for entry in followed.entries}
        for portfolio, place in followed.places.items():
            standing = self.standing(portfolio)
            time = last.get(portfolio, standing.recordedtime)
            self.standings[portfolio] = replace(standing, place=place, recordedtime=time)
        self._moved.update(followed.places)
        self.position = replace(self.position, next_offset=followed.next_offset, judged=max(self.position.judged, judged))

    def _place_in_intake(self, entry: Entry) -> tuple[int, int]:
        try:
            name = receipts.Submission.read(entry.submission)
        except ValueError:
            return (-1, -1)
        return (name.offset, name.index) if name.partition == self.partition else (-1, -1)

    def _may_be_answered(self, submission: Submission) -> bool:
        return submission.place is None or submission.place <= self.position.judged

    async def _look_up(self, wanted: Wanted) -> Found:
        # What memory has is newer than, or the same as, what is stored: a look-up must never replace it.
        wanted.subjects = {key for key in wanted.subjects if self._memory.subject(*key) is None}
        if not wanted:
            return Found()
        found = await self._ask(wanted)
        for key, subject in found.subjects.items():
            self._memory.remember(key, subject)
        return found

    async def _ask(self, wanted: Wanted) -> Found:
        """Look up in what this ledger stored, before the question or while it is under way, and in nothing else.

        Memory continues that. What another has stored since holds entries that are not folded here yet.
        """
        self._brought = {self._stored.next_offset, self._storing.next_offset}
        found = await self._store.look_up(self.partition, wanted)
        if found.next_offset not in self._brought:
            raise Stale(f"Partition {self.partition} is at offset {found.next_offset}, where this ledger did not bring it.")
        return found


def _named_at_once(submission: Submission) -> frozenset[tuple[str, str]]:
    event = submission.event
    if isinstance(submission.body, Refused):
        return frozenset({(event.portfolio, event.subject)})
    fact = facts.of_event(event, submission.body, 0)
    return frozenset((event.portfolio, key) for key in folding.named_at_once(fact))


def _missing(stated: Iterable[Fact], subject_of: folding.SubjectOf) -> set[SubjectKey]:
    """Return the subjects that have to be looked up for facts, as far as can be known by now."""
    return {(fact.portfolio, key) for fact in stated for key in folding.missing(fact, subject_of)}
