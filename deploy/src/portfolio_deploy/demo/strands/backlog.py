"""A rolling backlog, day by day: items come, are put in order, started, finished, reopened, split and dropped.

It is told as a tracker would tell it: in its own words, misspelt now and then, some of it late, some of it twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portfolio_deploy.demo import days, people
from portfolio_deploy.demo.telling import Data, Strand

SOURCE = "/demo/tracker"

STATUSES = ("Backlog", "Ready", "In Progress", "In Review", "Done", "Won't do")
_MISSPELT = {
    "In Progress": ("In Progess", "in progress ", "Inprogress"),
    "In Review": ("In Reveiw", "Review?"),
    "Done": ("Dnoe", "DONE!!"),
}
_EFFORT_DAYS = (1, 1, 2, 2, 3, 3, 4, 4, 5, 6, 8, 11, 16)
_KINDS = ("feature",) * 62 + ("defect",) * 22 + ("risk",) * 6 + ("debt",) * 10
_TUESDAY = 1
_STALE = timedelta(days=180)
_FORGOTTEN = timedelta(days=40)
_LARGE_DAYS = 8
_MISTAKES_FROM = 10
"""Refusals begin late: what is corrected by its number stands before the first of them."""
_HELD_DAYS = (1, 1, 2, 2, 3, 4, 6, 9)
_REVIEW_DAYS = (0, 0, 1, 1, 2, 3, 5)
_HELD_AT_ONCE = 3
_SCORES = ("1", "2", "3", "5", "8", "13", "20")


@dataclass(frozen=True, kw_only=True)
class Product:
    """A product with a backlog: its key (`PAY` makes items `PAY-1`, ...), who works on it, and how much comes and goes.

    `comes_per_mille` is how often in a thousand an item comes at each of a day's three occasions; `at_once` how many items the
    team works on. `titles` by kind are what items can be about, each told once.
    """

    id: str
    key: str
    owner: str
    team: Sequence[str]
    comes_per_mille: int
    at_once: int
    titles: dict[str, list[str]]
    stages: Sequence[str] = ()


@dataclass
class Item:
    """An item as the tracker holds it: what is left of its effort, how long it is held up, for which release it is meant."""

    id: str
    title: str
    kind: str
    added: date
    left_days: int
    release: int = 0
    begun: bool = False
    held_days: int = 0
    is_blocked: bool = False
    in_review: bool = False

    @property
    def is_held(self) -> bool:
        """Tell whether it is at work and nobody works on it."""
        return self.is_blocked or self.in_review

    @property
    def subject(self) -> str:
        """How events call it."""
        return f"item/{self.id}"


class Backlog:
    """The items of one product in their order; those at work, and those that were finished last.

    `taken_over` are those that another team has left, in their order; `count` is how many ever had a number.
    `finished` are all that were done, and when.
    """

    def __init__(self, strand: Strand, product: Product, taken_over: Sequence[Item] = (), count: int = 0) -> None:
        self._strand = strand
        self._chance = strand.chance
        self._product = product
        self.finished = list[tuple[datetime, Item]]()
        self._order = list(taken_over)
        self._started = [item for item in taken_over if item.begun]
        self._done = list[tuple[date, Item]]()
        self._count = count
        self._last = days.moment(strand.days.begin, 0)

    def run(self, first: date, last: date) -> None:
        """Tell every working day from one to another. On the first the team writes down what it knows already."""
        for _ in range(self._product.at_once * 4 - len(self._order)):
            self._add(first)
        for day in self._strand.days.all(days.add_workdays(first, 1), last):
            for _ in range(3):
                if self._strand.happens(self._product.comes_per_mille):
                    self._add(day)
            if day.weekday() == _TUESDAY:
                self._put_in_order(day)
            self._work(day)
            if day >= self._strand.days.month(_MISTAKES_FROM):
                self._go_wrong(day)

    def _at(self, day: date, hour: int) -> datetime:
        """Return the next moment of a day, not before an hour: one thing after the other."""
        later = self._last + timedelta(minutes=self._chance.randrange(1, 25), seconds=self._chance.randrange(60))
        self._last = max(later, days.moment(day, hour, self._chance.randrange(60)), key=days.utc)
        return self._last

    def _tell(
        self,
        at: datetime,
        kind: str,
        item: Item,
        actor: str,
        data: Data | None = None,
        *,
        reason: str | None = None,
        told_at: datetime | None = None,
    ) -> None:
        """Tell an event of an item; one in two hundred is told twice, since the tracker missed the answer."""
        told = self._strand.tell(at, f"item.{kind}.v1", item.subject, actor, data, source=SOURCE, reason=reason, sent=told_at)
        if self._strand.happens(5):
            self._strand.tell_again(told, days.moment((told_at or at).date(), 23, 10, self._chance.randrange(60)))

    def _someone(self) -> str:
        return self._chance.choice(self._product.team)

    def _waiting(self) -> list[Item]:
        return [item for item in self._order if item not in self._started]

    def _add(self, day: date) -> None:
        kind, title = self._idea()
        item = self._new(title, kind, day, self._chance.choice(_EFFORT_DAYS))
        place = self._place(kind)
        after = self._order[place - 1].subject if place else None
        data: Data = {"product": f"product/{self._product.id}", "title": title, "kind": kind, "after": after}
        self._tell(self._at(day, 8), "item-added", item, self._someone(), data)
        self._order.insert(place, item)
        if kind == "feature" and self._strand.happens(200):
            self._score(day, item)
        elif kind == "defect" and self._strand.happens(80):
            self._tell(self._at(day, 8), "class-of-service-set", item, self._product.owner, {"service": "expedite"})

    def _score(self, day: date, item: Item) -> None:
        """Tell what the owner thinks of an item; now and then by a scale of another team."""
        weighed = {name: self._chance.choice(_SCORES) for name in ("value", "time_criticality", "risk_reduction", "size")}
        if self._strand.happens(30):
            weighed["value"] = "7"
        self._tell(self._at(day, 8), "item-scored", item, self._product.owner, {"wsjf": weighed, "scorer": self._product.owner})

    def _idea(self) -> tuple[str, str]:
        """Return a kind and a title that was not told yet; a kind about which all is said gives way to another."""
        titles = self._product.titles
        kind = self._chance.choice(_KINDS)
        if not titles[kind]:
            kind = max(titles, key=lambda other: len(titles[other]))
        return kind, titles[kind].pop(self._chance.randrange(len(titles[kind])))

    def _new(self, title: str, kind: str, day: date, left_days: int) -> Item:
        self._count += 1
        return Item(f"{self._product.key}-{self._count}", title, kind, day, left_days)

    def _place(self, kind: str) -> int:
        """Return where a new item goes: what is broken far up, most others far down, a few to the top."""
        if self._strand.happens(60):
            return 0
        upper = self._chance.randrange(len(self._order) // 3 + 1)
        return upper if kind == "defect" else len(self._order) - upper

    def _put_in_order(self, day: date) -> None:
        """Tell a refinement: some items are moved, a large one is split, what has stood still for long is dropped."""
        for _ in range(self._chance.randrange(2, 7)):
            self._move(day)
        large = [item for item in self._waiting() if item.left_days >= _LARGE_DAYS]
        if large and self._strand.happens(300):
            self._split(day, self._chance.choice(large))
        for item in [item for item in self._waiting() if day - item.added > _STALE][:2]:
            self._report(day, item, "Won't do")
            why = self._chance.choice(_DROPPED)
            self._tell(self._at(day, 11), "item-dropped", item, self._product.owner, reason=why)
            self._order.remove(item)

    def _move(self, day: date) -> None:
        waiting = self._waiting()
        if len(waiting) < 2:
            return
        item = self._chance.choice(waiting)
        others = [other for other in self._order if other is not item]
        place = min(self._chance.randrange(len(others) + 1), self._chance.randrange(len(others) + 1))
        after = others[place - 1].subject if place else None
        reason = self._chance.choice(_MOVED) if self._strand.happens(250) else None
        self._tell(self._at(day, 10), "item-moved", item, self._product.owner, {"after": after}, reason=reason)
        others.insert(place, item)
        self._order = others

    def _split(self, day: date, item: Item) -> None:
        parts = [
            self._new(f"{item.title}: {part}", item.kind, day, item.left_days // 2) for part in ("what is needed", "what is nice")
        ]
        into = [{"item": part.subject, "title": part.title} for part in parts]
        self._tell(self._at(day, 11), "item-split", item, self._product.owner, {"into": into})
        place = self._order.index(item)
        self._order[place : place + 1] = parts

    def _work(self, day: date) -> None:
        for item in list(self._started):
            self._work_on(day, item)
        while self._has_hands() and (waiting := self._waiting()):
            further = self._chance.randrange(min(4, len(waiting))) if self._strand.happens(150) else 0
            self._start(day, waiting[further])
        if self._done and self._strand.happens(35):
            self._reopen(day)

    def _work_on(self, day: date, item: Item) -> None:
        """Tell what a day does to an item at work: it gets on, is held up by others, waits for somebody to read it, is done."""
        if item.held_days:
            item.held_days -= 1
            if item.is_blocked and not item.held_days:
                item.is_blocked = False
                self._tell(self._at(day, 9), "item-unblocked", item, self._someone())
            return
        if item.in_review:
            self._complete(day, item)
            return
        item.left_days -= 1
        if item.left_days > 0 and self._strand.happens(35):
            item.is_blocked, item.held_days = True, self._chance.choice(_HELD_DAYS)
            self._tell(self._at(day, 14), "item-blocked", item, self._someone(), reason=self._chance.choice(_BLOCKED))
        elif item.left_days <= 0 and self._strand.happens(650):
            item.in_review, item.held_days = True, self._chance.choice(_REVIEW_DAYS)
            data = {"from": "In Progress", "to": "In Review", "active": False}
            self._tell(self._at(day, 13), "item-state-changed", item, self._someone(), data)
        elif item.left_days <= 0:
            self._complete(day, item)

    def _has_hands(self) -> bool:
        """Tell whether somebody would start something: whoever waits for others does, though not for ever."""
        held = sum(item.is_held for item in self._started)
        at_once = self._product.at_once
        return len(self._started) - held < at_once and len(self._started) < at_once + _HELD_AT_ONCE

    def _start(self, day: date, item: Item) -> None:
        self._tell(self._at(day, 13), "item-started", item, self._someone(), {"state": "In Progress"})
        self._report(day, item, "In Progress")
        if self._product.stages and item.kind == "feature":
            self._promise(day, item)
        self._started.append(item)
        item.begun = True

    def _complete(self, day: date, item: Item) -> None:
        """Tell that it is done; now and then with a time from before it was started, as trackers do that were moved."""
        if self._strand.happens(970):
            self._report(day, item, "Done")
        at = self._at(day, 13)
        earlier = days.moment(item.added, 7, 45) if self._strand.happens(15) else at
        self._tell(earlier, "item-completed", item, self._someone(), told_at=at)
        if item.release and self._strand.happens(100):
            self._report(day, item, "Done")  # once more, by the release: the item is closed by then
        self._started.remove(item)
        self._order.remove(item)
        item.in_review = False
        self.finished.append((at, item))
        self._done = [*self._done[-30:], (day, item)]

    def _reopen(self, day: date) -> None:
        finished, item = self._done.pop(self._chance.randrange(len(self._done)))
        if day - finished > _FORGOTTEN:
            return
        why = self._chance.choice(_REOPENED)
        self._tell(self._at(day, 13), "item-reopened", item, self._product.owner, {"after": None}, reason=why)
        item.left_days = self._chance.choice(_EFFORT_DAYS[:7])
        self._order.insert(0, item)

    def _report(self, day: date, item: Item, status: str) -> None:
        """Tell the tracker's own status; people type it."""
        if status in _MISSPELT and self._strand.happens(15):
            status = self._chance.choice(_MISSPELT[status])
        self._tell(self._at(day, 10), "item-status-reported", item, people.TRACKER, {"status": status})

    def _promise(self, day: date, item: Item) -> None:
        """Tell the stage of a feature that is begun and the release that it is meant for; begun again, it comes later."""
        gate = self._product.stages[-1]
        if item.release:
            item.release += 1
            data = {"gate": gate, "target": f"v{item.release}"}
            self._tell(self._at(day, 13), "item-target-moved", item, people.TRACKER, data)
            return
        item.release = (day - self._strand.days.begin).days // 45 + 2
        data = {"gate": gate, "target": f"v{item.release}"}
        self._tell(self._at(day, 13), "item-target-set", item, people.TRACKER, data)
        self._tell(self._at(day, 13), "item-stage-reported", item, people.TRACKER, {"stage": self._product.stages[0]})

    def _go_wrong(self, day: date) -> None:
        """Tell what is refused: from a screen that was open too long, by a script that knows nothing of states."""
        waiting = self._waiting()
        if not waiting:
            return
        item = self._chance.choice(waiting)
        if self._done and self._strand.happens(25):
            data = {"after": self._done[-1][1].subject}
            self._refused(day, "item-moved", item, self._someone(), data, expected="CLOSED_ITEM")
        if not item.begun and self._strand.happens(12):
            self._refused(day, "item-completed", item, "script-7", expected="NEVER_STARTED")

    def _refused(self, day: date, kind: str, item: Item, actor: str, data: Data | None = None, *, expected: str) -> None:
        self._strand.tell(self._at(day, 16), f"item.{kind}.v1", item.subject, actor, data, source=SOURCE, expected=expected)


_MOVED = (
    "The supervisor asks for it this quarter.",
    "Three complaints in one week.",
    "Sales has promised it to a broker.",
    "It blocks the team of the portal.",
    "Cheaper now than after the next release.",
    "The pilot branch cannot work without it.",
)
_REOPENED = (
    "It fails again with policies from before 2009.",
    "The acceptance test was done on old data.",
    "Customers with two contracts see only one.",
    "The fix of last week undid it.",
)
_BLOCKED = (
    "The test system is down since this morning.",
    "Waits for an answer of the bank.",
    "Nobody knows what the old system does here; Jorge is on holiday until Monday.",
    "The data protection officer has to look at it first.",
    "Needs a change of another team.",
    "The certificate has run out; a new one is ordered.",
)
_DROPPED = (
    "Nobody has asked for it since last year.",
    "Solved by the new policy system.",
    "The law was changed; it is not needed any more.",
    "Too little for too much work.",
)
