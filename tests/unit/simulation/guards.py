"""The guards of the protocol: conditions in the real code, each with what it looks like when it is gone.

A guard is switched off by compiling its function anew with one text in place of another. A function that was changed so that the
text is not in it any more fails its test: the list stays in step with the code.
"""

import inspect
import textwrap
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest


@dataclass(frozen=True)
class Guard:
    """One guard: where it is, the text that holds it, what stands there without it, and a climate in which that shows."""

    name: str
    function: str
    text: str
    without: str
    climate: str

    def switch_off(self, patch: pytest.MonkeyPatch) -> None:
        """Let the program run without it."""
        module_name, _, path = self.function.partition(":")
        module = import_module(module_name)
        *owners, name = path.split(".")
        owner: Any = module
        for part in owners:
            owner = getattr(owner, part)
        source = textwrap.dedent(inspect.getsource(inspect.unwrap(getattr(owner, name))))
        assert source.count(self.text) == 1, f"{self.function} holds {source.count(self.text)} times: {self.text}"
        found = dict[str, Any]()
        exec(compile(source.replace(self.text, self.without), module.__file__ or "", "exec"), vars(module), found)  # noqa: S102  our own code
        patch.setattr(owner, name, found[name])


_FOLLOW = "portfolio_schemas.follow:"
_FOLLOWER = "portfolio_log.follower:"
_APPENDER = "portfolio_log.appender:Appender.append"
_JUDGE = "portfolio_ledger.judging.judge:Judge."
_DRAFT = "portfolio_ledger.judging.drafts:Draft."
_STATE = "portfolio_ledger.state.partition_state:PartitionState."
_TAKING = "portfolio_ledger.judging.taking:Taking."
_SERVING = "portfolio_ledger.judging.serving:Partitions."
_BATCH = "portfolio_projector.projecting.batches:Batch."
_PROJECTING = "portfolio_projector.projecting.partitions:"

GUARDS = (
    # The follow rule.
    Guard(
        "rule 1: the link to the head",
        _FOLLOW + "judge",
        "entry.entry == head.entry + 1 and entry.previous == head.hash",
        "entry.entry == head.entry + 1",
        "races",
    ),
    Guard(
        "rule 2: the hash of the old entry",
        _FOLLOW + "judge",
        "if entry.previous == known else Judgement.ORPHAN",
        "",
        "orphaned",
    ),
    Guard(
        "rule 2: only the start of an append",
        _FOLLOW + "judge",
        "entry.append == entry.entry and entry.entry <= head.entry",
        "entry.entry <= head.entry",
        "races",
    ),
    Guard("rule 3: the tip", _FOLLOW + "advance", "return replace(place, tip=entry.hash)", "return place", "races"),
    Guard(
        "rule 3: the link to the tip",
        _FOLLOW + "judge",
        "entry.append < entry.entry and entry.previous == place.tip",
        "entry.append < entry.entry",
        "orphaned",
    ),
    Guard(
        "rule 3: only the rest of an append",
        _FOLLOW + "judge",
        "entry.append < entry.entry and entry.previous == place.tip",
        "entry.previous == place.tip",
        "orphaned",
    ),
    Guard(
        "rule 4: an orphan stops its portfolio",
        _FOLLOW + "advance",
        "return replace(place, stop=Stop(offset, entry.hash, _orphan_detail(place.head, entry)))",
        "return place",
        "orphaned",
    ),
    Guard(
        "a repair names the head that a reader holds",
        _FOLLOW + "holds",
        "place.head == Head(repair.head_entry, repair.head_hash)",
        "True",
        "orphaned",
    ),
    Guard(
        "a repair sets its orphans aside",
        _FOLLOWER + "Follower._judge_entry",
        "or entry.hash not in aside",
        "or True",
        "orphaned",
    ),
    Guard(
        "a stopped portfolio stays stopped",
        _FOLLOWER + "Follower._judge_entry",
        "if place.stop is not None:",
        "if False:",
        "orphaned",
    ),
    Guard(
        "a repair of what is stopped elsewhere",
        _FOLLOWER + "Follower._judge_repair",
        "if place.stop is not None:\n        return",
        "",
        "orphaned",
    ),
    # Following.
    Guard(
        "portfolios of other partitions are foreign",
        _FOLLOWER + "Follower._judge",
        "partition_of(item.portfolio, self._partitions) != self.partition",
        "False",
        "two partitions",
    ),
    Guard("the link within a stretch", _FOLLOWER + "_Sitting.extends_the_last", "or entry.previous != last.hash", "", "orphaned"),
    Guard(
        "old hashes of what was just read",
        _FOLLOWER + "Follower._judge",
        "self._hashes.remember(sitting.followed.entries)",
        "pass",
        "races",
    ),
    Guard(
        "old hashes within a stretch",
        _FOLLOWER + "Follower._judge_entry",
        "self._hashes.remember(sitting.followed.entries)",
        "pass",
        "races",
    ),
    Guard(
        "what stands before the position, after doubt",
        _FOLLOWER + "Follower.read_to_end",
        "await self.recognise()",
        "pass",
        "cut in doubt",
    ),
    Guard(
        "what stands before the position, at start of a judge",
        _JUDGE + "follow",
        "await self._follower.recognise()",
        "pass",
        "replaced",
    ),
    Guard(
        "what stands before the position, at start of a projector",
        _PROJECTING + "_Run.work",
        "await follower.recognise()",
        "pass",
        "replaced",
    ),
    Guard(
        "heads of readers are compared",
        "portfolio_ledger.judging.heads:compare",
        "await state.not_held(heads) if heads else []",
        "[]",
        "older copy",
    ),
    # Appending.
    Guard("the acknowledged offset is compared", _APPENDER, "if base == expected:", "if base is not None:", "races"),
    Guard("doubt is resolved by reading", _APPENDER, "base = None", "base = expected", "races"),
    Guard(
        "only a draft that is in the log whole counts",
        _JUDGE + "_append",
        "len(followed.entries) == len(draft.entries) and all(map(operator.is_, followed.entries, draft.entries))",
        "True",
        "races",
    ),
    Guard("an append asks for the lock", _JUDGE + "_append", "if not self._alive():", "if False:", "weather"),
    Guard(
        "an append is named by its first entry",
        _DRAFT + "new_entry",
        "append=opened.append",
        "append=head.entry + 1",
        "races",
    ),
    Guard(
        "one batch in flight",
        _JUDGE + "_append",
        "followed = await self._appender.append(draft.entries)",
        "__import__('asyncio').ensure_future(self._appender.append(draft.entries))\n"
        "        followed = self._follower.accept(draft.entries)",
        "weather",
    ),
    # Verdicts.
    Guard("a submission that is answered is not judged", _DRAFT + "judge", "if known is not None:", "if False:", "weather"),
    Guard(
        "names of submissions may be forged: the digest, in the draft",
        "portfolio_ledger.state.changes:Changes.answer_to",
        "return self.by_submission.get((portfolio, submission, digest))",
        "return next((one for (_, name, _), one in self.by_submission.items() if name == submission), None)",
        "forged",
    ),
    Guard(
        "names of submissions may be forged: the digest, in the state",
        _STATE + "answer_to",
        "if answer.digest == digest",
        "if True",
        "forged",
    ),
    Guard("a recorded event is recorded once", _DRAFT + "judge", "if same is not None:", "if False:", "weather"),
    Guard(
        "the same id with other content is no duplicate",
        _DRAFT + "judge",
        "if same.digest == submission.digest:",
        "if True:",
        "weather",
    ),
    Guard("expectedversion", _DRAFT + "_check", "if event.expectedversion != version:", "if False:", "weather"),
    Guard(
        "recordedtime never goes back",
        _DRAFT + "opened",
        "max(self._recordedtime, self._view.recordedtime(portfolio))",
        "self._recordedtime",
        "weather",
    ),
    Guard(
        "what the draft holds comes first",
        _DRAFT + "judge",
        "changes.recorded(portfolio, source, id_) or view.recorded(portfolio, source, id_)",
        "view.recorded(portfolio, source, id_)",
        "weather",
    ),
    Guard(
        "subjects as the draft leaves them",
        "portfolio_ledger.judging.drafts:_subject_of",
        "changes.subjects.get((portfolio, key)) or view.subject(portfolio, key)",
        "view.subject(portfolio, key)",
        "weather",
    ),
    # The state behind the log.
    Guard(
        "the highest position judged follows the log",
        _STATE + "_take_over",
        "judged=max(self.position.judged, judged)",
        "judged=self.position.judged",
        "weather",
    ),
    Guard(
        "the highest position judged never falls",
        _STATE + "_take_over",
        "judged=max(self.position.judged, judged)",
        "judged=judged",
        "weather",
    ),
    Guard(
        "only positions above the highest judged skip the look-up",
        _STATE + "_may_be_answered",
        "submission.place <= self.position.judged",
        "False",
        "weather",
    ),
    Guard(
        "the position of an array's element",
        _STATE + "_may_be_answered",
        "submission.place <= self.position.judged",
        "submission.place[0] < self.position.judged[0]",
        "weather",
    ),
    Guard(
        "what was forwarded is always looked up",
        _STATE + "_may_be_answered",
        "submission.place is None or ",
        "submission.place is not None and ",
        "two partitions",
    ),
    Guard(
        "what another ledger has stored is not looked up",
        _STATE + "_ask",
        "if found.next_offset not in self._brought:",
        "if False:",
        "races",
    ),
    Guard("what is being stored may be found", _STATE + "store", "self._brought.add(position.next_offset)", "pass", "fair"),
    Guard("memory is asked before the store", _STATE + "prepare", "if recorded is None:", "if True:", "weather"),
    Guard("answers in memory are found", _STATE + "prepare", "[answer] if answer else []", "[]", "weather"),
    Guard("an entry that is not stored any more is no orphan", _STATE + "hash_of", "if stored is None:", "if False:", "restored"),
    Guard(
        "a restored database is noticed by an idle ledger",
        _TAKING + "_take",
        "await self._state.check_stored()",
        "pass",
        "restored",
    ),
    Guard(
        "heads are not compared with a restored database", _STATE + "not_held", "await self.check_stored()", "pass", "restored"
    ),
    Guard("one write at a time", _STATE + "store", "self._memory.writing is not None or ", "", "weather"),
    Guard(
        "the compare-and-swap of the ledger's state",
        "tests.unit.simulation.ledger_store:MemoryLedgerStore.write",
        "position is None or (position.next_offset, position.fold) != (batch.old.next_offset, batch.old.fold)",
        "False",
        "races",
    ),
    Guard(
        "the tip is stored with the ledger's state",
        "tests.unit.simulation.ledger_store:MemoryLedgerStore.load",
        "name: standing for",
        "name: replace(standing, place=replace(standing.place, tip=None)) for",
        "races",
    ),
    Guard("places that moved are stored", _STATE + "_take_over", "self._moved.update(followed.places)", "pass", "weather"),
    Guard(
        "recordedtime is folded",
        _STATE + "_take_over",
        "last.get(portfolio, standing.recordedtime)",
        "standing.recordedtime",
        "weather",
    ),
    # Intake and receipts.
    Guard(
        "no receipt before the fate of its batch",
        _JUDGE + "judge",
        "or await self._append(draft)",
        "or __import__('asyncio').ensure_future(self._append(draft))",
        "weather",
    ),
    Guard(
        "intake passes only what is told",
        _TAKING + "_take",
        "await self._outbox.put([], functools.partial(self._passed, position))",
        "self._passed(position)",
        "weather",
    ),
    Guard(
        "told is what was acknowledged",
        "portfolio_ledger.judging.outbox:Outbox.run",
        "await self._send(messages)",
        "__import__('asyncio').ensure_future(self._send(messages))",
        "weather",
    ),
    Guard("submissions of a stopped portfolio wait", _STATE + "waits", "standing.place.stop is not None or ", "", "orphaned"),
    Guard(
        "what waits is judged before what is new",
        _STATE + "waits",
        "standing.place.stop is not None or (standing.intake_offset is not None and portfolio != self.catching_up)",
        "standing.place.stop is not None",
        "orphaned",
    ),
    Guard(
        "a stopped portfolio has a position of its own",
        _TAKING + "_judge_first",
        "self._state.set_own_intake(submission.event.portfolio, telling.received.offset)",
        "pass",
        "orphaned",
    ),
    Guard(
        "the first that waits is where it begins",
        _TAKING + "_judge_first",
        "if self._state.standing(submission.event.portfolio).intake_offset is None:",
        "if True:",
        "orphaned",
    ),
    Guard("an own position is stored", _STATE + "set_own_intake", "self._moved.add(portfolio)", "pass", "orphaned"),
    Guard("an own position ends when all is told", _TAKING + "_catch_up", "await self._outbox.sent()", "pass", "orphaned"),
    Guard("an idle judge follows the log", _TAKING + "_take", "await self._judge.follow()", "pass", "orphaned"),
    Guard(
        "what belongs elsewhere is sent on",
        _TAKING + "_answer",
        "partition_of(item.event.portfolio, self._shared.partitions) != self._state.partition",
        "False",
        "two partitions",
    ),
    Guard(
        "what other rules folded is made anew",
        _SERVING + "_work",
        "if not state.position.is_current:",
        "if False:",
        "upgraded",
    ),
    Guard(
        "what another has made anew is not forgotten",
        "tests.unit.simulation.ledger_store:MemoryLedgerStore.forget",
        "(position.next_offset, position.fold) != (old.next_offset, old.fold)",
        "False",
        "upgraded",
    ),
    # The projector.
    Guard("a batch asks for the lock", _PROJECTING + "_Run._write", "if not self._alive():", "if False:", "weather"),
    Guard(
        "the compare-and-swap of checkpoints",
        "tests.unit.simulation.projector_store:MemorySession.write",
        "any(tables.positions.get((name, step.partition)) != offset for name, offset in step.old.items())",
        "False",
        "two partitions",
    ),
    Guard(
        "the tip is stored with checkpoints",
        "tests.unit.simulation.projector_store:MemoryProjectorStore.load",
        "[portfolio] = standing",
        "[portfolio] = replace(standing, place=replace(standing.place, tip=None))",
        "races",
    ),
    Guard(
        "what a read model has had is not folded again",
        _BATCH + "_due",
        "facts = [fact for fact in facts if fact.number > heads[fact.portfolio]]",
        "pass",
        "restored",
    ),
    Guard(
        "only read models that are behind are written",
        _BATCH + "__init__",
        "if again or known[model.name].next_offset < followed.next_offset",
        "",
        "restored",
    ),
    Guard(
        "checkpoints are taken as stored",
        _BATCH + "settle",
        "checkpoint.next_offset = self._followed.next_offset",
        "pass",
        "fair",
    ),
    Guard(
        "a restored database is noticed by an idle projector",
        _PROJECTING + "_Run.work",
        "if self._taken_back:",
        "if False:",
        "restored",
    ),
    Guard(
        "a projector begins at its lowest checkpoint",
        "portfolio_projector.projecting.checkpoints:lowest",
        "min(",
        "max(",
        "restored",
    ),
)
