"""Histories for tests: the entries of a portfolio, linked as a judge would have linked them, one event after another."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from portfolio_log import appender, follower, log
from portfolio_log.partitions import partition_of
from portfolio_projector.folding.facts import Fact
from portfolio_schemas import entries
from portfolio_schemas.entries import Entry
from portfolio_schemas.follow import EMPTY_HEAD, Head
from tests.rules import Rules

BEGINNING = datetime(2026, 1, 1, 12, tzinfo=UTC)


class History:
    """A portfolio's entries. Each is recorded a minute after the one before, and was true a day after that."""

    def __init__(self, portfolio: str, *, head: Head = EMPTY_HEAD) -> None:
        self.portfolio = portfolio
        self.head = head
        self.entries = list[Entry]()

    def add(
        self,
        type_: str,
        subject: str,
        data: dict[str, Any] | None = None,
        flags: Sequence[str] = (),
        /,
        **attributes: Any,  # noqa: ANN401  JSON
    ) -> Entry:
        """Record an event; `type_` is what differs in the type's name, such as `item.item-added` or `item.item-added.v2`."""
        number = self.head.entry + 1
        name = type_ if type_.count(".") > 1 else f"{type_}.v1"
        event = {
            "specversion": "1.0",
            "id": f"e{number}",
            "source": "/tests",
            "type": f"portfolio.{name}",
            "subject": subject,
            "time": (BEGINNING + timedelta(days=number)).isoformat(),
            "portfolio": self.portfolio,
            "actor": "tester",
            **attributes,
        }
        if data is not None:
            event["data"] = data
        return self._append({"event": event, "version": 1, "flags": list(flags)})

    def tell(self, event: dict[str, Any]) -> Entry:
        """Record an event as its publisher writes it."""
        return self._append({"event": event, "version": 1, "flags": []})

    def refuse(self, subject: str, code: str) -> Entry:
        """Record a refusal."""
        refusal: dict[str, Any] = {
            "source": "/tests",
            "id": f"r{self.head.entry + 1}",
            "type": "portfolio.item.item-moved.v1",
            "subject": subject,
            "time": BEGINNING.isoformat(),
            "actor": "tester",
            "code": code,
            "detail": "It was refused.",
            "errors": [],
            "version": 0,
            "digest": "0" * 64,
        }
        return self._append({"refusal": refusal})

    def facts(self, *, since: int = 0) -> list[Fact]:
        """Return the entries as folds look at them; offsets are entry numbers."""
        return [Fact(entry, entry.entry) for entry in self.entries[since:]]

    def take(self) -> list[Entry]:
        """Return the entries so far and forget them: the next begin where they end."""
        taken, self.entries = self.entries, []
        return taken

    def _append(self, body: dict[str, Any]) -> Entry:
        number = self.head.entry + 1
        document = {
            "entry": number,
            "previous": self.head.hash,
            "append": number,
            "recordedtime": entries.format_time(BEGINNING + timedelta(minutes=number)),
            "salt": f"{number:032x}",
            "submission": f"0-{number}-0",
            "door": "http",
            "portfolio": self.portfolio,
            **body,
        }
        entry = entries.build(document)
        self.head = Head(entry.entry, entry.hash)
        self.entries.append(entry)
        return entry


def history_of(rules: Rules) -> History:
    """Return what the rules recorded, consequences included, as entries with the numbers that corrections name."""
    history = History(rules.recorded[0].portfolio)
    for one in rules.recorded:
        data = one.data.model_dump(mode="json", by_alias=True)
        name = one.data.event_type.name.removeprefix("portfolio.")
        corrects: dict[str, Any] = {} if one.corrects is None else {"corrects": one.corrects}
        reason: dict[str, Any] = {} if one.reason is None else {"reason": one.reason}
        history.add(name, one.subject, data, time=one.time.isoformat(), actor=one.actor, **reason, **corrects)
    return history


async def no_old_hash(portfolio: str, entry: int) -> str | None:  # noqa: ARG001  a follower that saw everything asks for nothing
    """Answer for a follower that begins at the beginning."""
    return None


class Writer:
    """Appends histories to a ledger topic the way a judge does."""

    def __init__(self, ledger: log.Log, *, partitions: int) -> None:
        self._log = ledger
        self._partitions = partitions
        self._appenders = dict[int, appender.Appender]()

    async def write(self, history: History, *, batch: int = 1000) -> None:
        """Append what a history holds and take it from it."""
        partition = partition_of(history.portfolio, self._partitions)
        if partition not in self._appenders:
            reader = follower.Follower(
                self._log, partition=partition, partitions=self._partitions, next_offset=0, places={}, old_hash=no_old_hash
            )
            await reader.read_to_end()
            self._appenders[partition] = appender.Appender(self._log, reader)
        waiting = history.take()
        for start in range(0, len(waiting), batch):
            part = waiting[start : start + batch]
            followed = await self._appenders[partition].append(part)
            assert [entry.hash for entry in followed.entries] == [entry.hash for entry in part]
