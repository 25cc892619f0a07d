"""Planning a repair: what the log lacks of a portfolio, who has it, what stands in its way. Nothing is written here."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from portfolio_log import survey
from portfolio_log.log import Log
from portfolio_log.survey import Orphans, Survey
from portfolio_schemas.entries import Entry
from portfolio_schemas.follow import Head

Kept = Callable[[str, int], AsyncIterator[Entry]]
"""Yields the entries of a portfolio that are kept after a number, in order."""


class Refused(Exception):
    """A portfolio cannot be repaired so: `args[0]` says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be appended for one portfolio: kept entries, then entries that lie in the log as orphans, then the record.

    `head` is where everybody stands in the log now, `target` where they will. `kept` counts the entries that are put back from
    those that the projector keeps, from `begin` on, the first of an append; `loose` are those that are taken from the orphans.
    Readers `ahead` hold what is given up.
    """

    portfolio: str
    head: Head
    target: Head
    begin: int
    kept: int
    loose: Sequence[Entry]
    orphans: Sequence[str]
    ahead: Sequence[tuple[str, Head]] = field(default=())

    @property
    def is_needed(self) -> bool:
        """Tell whether the log lacks anything, or anything stands in its way."""
        return bool(self.kept or self.loose or self.orphans)

    def lines(self) -> list[str]:
        """Say what will be done, for whoever decides about it."""
        said = [f"{self.portfolio}: everybody who reads the log holds {_up_to(self.head)}"]
        if self.kept:
            said.append(f"  puts back {_counted(self.head.entry + 1, self.kept)}, kept by the projector")
        if self.loose:
            said.append(f"  puts back {_counted(self.loose[0].entry, len(self.loose))}, which the log has behind what is missing")
        if self.orphans:
            records = "a record that follows" if len(self.orphans) == 1 else f"{len(self.orphans)} records that follow"
            said.append(f"  sets aside {records} nothing: {', '.join(self.orphans[:5])}")
        said += [f"  gives up what {reader} holds up to entry {head.entry}: it will be made anew" for reader, head in self.ahead]
        return [*said, f"  then everybody holds {_up_to(self.target)}, hash {self.target.hash}"]


class Planner:
    """Makes plans for the portfolios of one partition, from a survey of it."""

    def __init__(self, log: Log, partition: int, found: Survey, kept: Kept, holders: Mapping[str, Mapping[str, Head]]) -> None:
        self._log = log
        self._partition = partition
        self._found = found
        self._kept = kept
        self._holders = holders

    @property
    def portfolios(self) -> list[str]:
        """The portfolios that the log or any reader knows."""
        return sorted({*self._found.places, *self._holders})

    async def repair(self, portfolio: str) -> Plan:
        """Plan to put everything back that anybody holds.

        Raises:
            Refused: when somebody holds what nobody can put back.

        """
        plan, hashes = await self._plan(portfolio, None)
        for reader, head in self._ahead(portfolio, hashes):
            lost = f"{reader} holds entry {head.entry} of {portfolio} with hash {head.hash}, and nobody has it to put it back."
            after = f"What the log and the projector have ends with entry {plan.target.entry}: to give up the rest, "
            raise Refused(f"{lost} {after}portfolio abandon {portfolio} --after {plan.target.entry}")
        return plan

    async def abandon(self, portfolio: str, after: int) -> Plan:
        """Plan to put back what there is up to an entry, and to give up what follows.

        Raises:
            Refused: when the log holds more, when nobody has so much, or when there is nothing to give up.

        """
        plan, hashes = await self._plan(portfolio, after)
        if plan.head.entry > after:
            raise Refused(f"The log itself holds {_up_to(plan.head)} of {portfolio}: nothing can be taken out of a log.")
        if plan.target.entry < after:
            raise Refused(f"Nobody has entry {after} of {portfolio}: what there is ends with entry {plan.target.entry}.")
        ahead = self._ahead(portfolio, hashes)
        if not plan.is_needed and {head for _, head in ahead} <= self._found.given_up.get(portfolio, set()):
            raise Refused(f"That is in the log already. To let the readers take note of it: portfolio resume {portfolio}")
        if not plan.is_needed and not ahead:
            raise Refused(f"There is nothing to give up: the log and all readers of {portfolio} agree up to entry {after}.")
        return replace(plan, ahead=ahead)

    async def _plan(self, portfolio: str, last: int | None) -> tuple[Plan, dict[int, str]]:
        """Return the plan, and the hashes of what it puts back by number."""
        behind = await survey.find_orphans(self._log, self._partition, self._found, portfolio)
        head = target = behind.place.head
        hashes = dict[int, str]()
        kept, end, begin = 0, head, head.entry + 1
        async for entry in self._kept(portfolio, head.entry):
            if (entry.entry, entry.previous) != (end.entry + 1, end.hash) or (last is not None and entry.entry > last):
                break
            end = Head(entry.entry, entry.hash)
            begin = entry.append if kept == 0 else begin
            hashes[entry.entry] = entry.hash
            kept, target = kept + 1, end
        loose = list(_chain(behind, target, last))
        for entry in loose:
            hashes[entry.entry] = entry.hash
            target = Head(entry.entry, entry.hash)
        return Plan(portfolio, head, target, begin, kept, loose, list(behind.found)), hashes

    def _ahead(self, portfolio: str, hashes: Mapping[int, str]) -> list[tuple[str, Head]]:
        """Return the readers that hold what will not be in the log."""
        return [
            (reader, head)
            for reader, head in sorted(self._holders.get(portfolio, {}).items())
            if (hashes.get(head.entry) or self._found.hashes.get(portfolio, head.entry)) != head.hash
        ]


def _chain(behind: Orphans, head: Head, last: int | None) -> list[Entry]:
    """Return the orphans that follow a head, one after another."""
    following = {(one.entry, one.previous): one for one in behind.found.values() if isinstance(one, Entry)}
    found = list[Entry]()
    while (one := following.get((head.entry + 1, head.hash))) is not None and (last is None or one.entry <= last):
        found.append(one)
        head = Head(one.entry, one.hash)
    return found


def _up_to(head: Head) -> str:
    return "no entry" if head.entry < 0 else f"entries up to {head.entry}"


def _counted(first: int, count: int) -> str:
    return f"entry {first}" if count == 1 else f"entries {first} to {first + count - 1} ({count:,})"
