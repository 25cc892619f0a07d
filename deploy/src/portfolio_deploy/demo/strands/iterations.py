"""An Agile team at work: two weeks at a time, with what was committed to, accepted, carried over and changed on the way."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portfolio_deploy.demo import days
from portfolio_deploy.demo.strands.backlog import SOURCE
from portfolio_deploy.demo.telling import Data, Strand, Told

DAYS = 14
_LAST_DAY = timedelta(days=11)
_POINTS = (1, 2, 2, 3, 3, 3, 5, 5, 8)
_WORKDAYS = 10
_LOOKED_BACK = 3
_REFINED_ON, _CHANGED_ON = 3, 5
_CONFIDENCE = 1.2
"""Teams commit to more than they get done."""

_AHEAD = 2.2
"""So many iterations' worth of stories are kept ready."""


@dataclass(frozen=True, kw_only=True)
class Team:
    """A team of an initiative: how its items are called, who leads, accepts and works, and how many points it gets done."""

    id: str
    initiative: str
    key: str
    lead: str
    owner: str
    people: Sequence[str]
    pace: int


@dataclass
class Story:
    """A story: what it is about, its points, and how many working days of one person are left of it."""

    id: str
    title: str
    kind: str
    added: date
    points: int
    left_days: int = 0
    is_started: bool = False
    is_accepted: bool = False

    @property
    def subject(self) -> str:
        """How events call it."""
        return f"item/{self.id}"


class Iterations:
    """The backlog of a team in its order, and iteration after iteration."""

    def __init__(self, strand: Strand, team: Team, titles: dict[str, list[str]]) -> None:
        self._strand = strand
        self._chance = strand.chance
        self._team = team
        self._titles = titles
        self._last = days.moment(strand.days.begin, 0)
        self.order = list[Story]()
        self.count = 0
        self.done = list[int]()
        """The points of each closed iteration."""

    def begin_with(self, stories: Sequence[Story], day: date) -> None:
        """Take over what there is already, and write down what the first iterations need."""
        self.order += stories
        self.count = max(self.count, len(stories))
        self._refine(day)

    def run(self, first: date, numbers: range) -> date:
        """Tell iterations from a Monday on, as far as the story goes. Returns the Monday after the last one."""
        for no in numbers:
            self._iterate(first, no)
            first += timedelta(days=DAYS)
        return first

    def add(self, day: date, title: str, kind: str, points: int, *, first: bool = False) -> Story:
        """Add a story, at the end or as the first one, and say how large it is."""
        self.count += 1
        story = Story(f"{self._team.key}-{self.count}", title, kind, day, points)
        place = 0 if first else len(self.order)
        after = self.order[place - 1].subject if place else None
        data: Data = {"backlog": f"initiative/{self._team.initiative}", "title": title, "kind": kind, "after": after}
        self._tell(self._at(day, 9), "item-added", story, self._team.owner, data, version=2)
        self.estimate(day, story)
        self.order.insert(place, story)
        return story

    def estimate(self, day: date, story: Story) -> None:
        """Tell how many points a story has."""
        self._tell(self._at(day, 10), "item-estimated", story, self._team.lead, {"points": str(story.points)})

    def split(self, day: date, story: Story, parts: Sequence[tuple[str, int]]) -> None:
        """Tell how something too large becomes several stories in its place."""
        made = list[Story]()
        for title, points in parts:
            self.count += 1
            made.append(Story(f"{self._team.key}-{self.count}", f"{story.title}: {title}", story.kind, day, points))
        into = [{"item": one.subject, "title": one.title} for one in made]
        self._tell(self._at(day, 9), "item-split", story, self._team.lead, {"into": into})
        place = self.order.index(story)
        self.order[place : place + 1] = made
        for one in made:
            self.estimate(day, one)

    def velocity(self) -> float:
        """Return the points of an iteration, as the last ones were."""
        last = self.done[-_LOOKED_BACK:]
        return sum(last) / len(last) if last else float(self._team.pace)

    def _at(self, day: date, hour: int) -> datetime:
        """Return the next moment of a day, not before an hour: one thing after the other."""
        later = self._last + timedelta(minutes=self._chance.randrange(1, 12), seconds=self._chance.randrange(60))
        self._last = max(later, days.moment(day, hour, self._chance.randrange(30)), key=days.utc)
        return self._last

    def _tell(
        self,
        at: datetime,
        kind: str,
        story: Story,
        actor: str,
        data: Data | None = None,
        *,
        reason: str | None = None,
        version: int = 1,
    ) -> Told:
        return self._strand.tell(at, f"item.{kind}.v{version}", story.subject, actor, data, source=SOURCE, reason=reason)

    def _of_iteration(self, at: datetime, no: int, kind: str, data: Data | None = None, reason: str | None = None) -> None:
        subject = f"iteration/{self._team.id}-{no}"
        self._strand.tell(at, f"iteration.{kind}.v1", subject, self._team.lead, data, source=SOURCE, reason=reason)

    def _iterate(self, first: date, no: int) -> None:
        workdays = self._strand.days.all(first, first + _LAST_DAY)
        if not workdays:
            return
        scope = self._commit(workdays[0], first, no)
        for number, day in enumerate(workdays):
            if number == _REFINED_ON:
                self._refine(day)
            if number == _CHANGED_ON and self._strand.happens(350):
                self._change(day, no, scope)
            self._work(day, scope)
        if first + _LAST_DAY < self._strand.days.end:
            self._close(workdays[-1], no, scope)

    def _commit(self, day: date, first: date, no: int) -> list[Story]:
        scope, room = list[Story](), self._team.pace * _CONFIDENCE
        for story in sorted(self.order, key=lambda one: not one.is_started):
            if scope and room < story.points:
                break
            scope.append(story)
            room -= story.points
        data: Data = {
            "initiative": f"initiative/{self._team.initiative}",
            "team": f"team/{self._team.id}",
            "no": no,
            "start": first.isoformat(),
            "finish": (first + _LAST_DAY).isoformat(),
            "goal": f"{scope[0].title}, and what belongs to it.",
            "committed": [story.subject for story in scope],
        }
        self._of_iteration(self._at(day, 9), no, "iteration-planned", data)
        self._of_iteration(self._at(day, 9), no, "iteration-started")
        return scope

    def _refine(self, day: date) -> None:
        """Tell what is written down so that the team does not run out of work."""
        while sum(story.points for story in self.order) < self._team.pace * _AHEAD:
            kind = "defect" if self._strand.happens(180) else "debt" if self._strand.happens(100) else "feature"
            titles = self._titles[kind]
            self.add(day, titles.pop(self._chance.randrange(len(titles))), kind, self._chance.choice(_POINTS))

    def _change(self, day: date, no: int, scope: list[Story]) -> None:
        """Tell how something urgent comes in, and something that nobody has begun goes out."""
        titles = self._titles["defect"]
        urgent = self.add(day, titles.pop(self._chance.randrange(len(titles))), "defect", 2, first=True)
        waiting = [story for story in scope if not story.is_started]
        removed = waiting[-1:]
        data: Data = {"added": [urgent.subject], "removed": [story.subject for story in removed]}
        why = self._chance.choice(_CHANGED)
        self._of_iteration(self._at(day, 11), no, "iteration-scope-changed", data, why)
        for story in removed:
            scope.remove(story)
        scope.append(urgent)

    def _work(self, day: date, scope: list[Story]) -> None:
        started = [story for story in scope if story.is_started and not story.is_accepted]
        for story in started:
            story.left_days -= 1
            if story.left_days <= 0:
                self._finish(day, story)
        at_work = sum(story.is_started and not story.is_accepted for story in scope)
        for story in scope:
            if at_work >= len(self._team.people):
                break
            if not story.is_started:
                self._start(day, story)
                at_work += 1

    def _start(self, day: date, story: Story) -> None:
        if self._strand.happens(60):
            larger = _POINTS[min(_POINTS.index(story.points) + 3, len(_POINTS) - 1)]
            data = {"old": str(story.points), "new": str(larger)}
            self._tell(self._at(day, 9), "item-reestimated", story, self._team.lead, data)
            story.points = larger
        self._tell(self._at(day, 9), "item-started", story, self._chance.choice(self._team.people))
        hurry = self._chance.choice((0.5, 0.6, 0.7, 0.8, 0.9, 1.3))
        story.left_days = max(math.ceil(story.points * _WORKDAYS * len(self._team.people) * hurry / self._team.pace), 1)
        story.is_started = True

    def _finish(self, day: date, story: Story) -> None:
        """Tell that it is done and accepted; now and then the owner sees it and sends it back."""
        self._tell(self._at(day, 14), "item-completed", story, self._chance.choice(self._team.people))
        if self._strand.happens(50):
            place = self.order.index(story)
            after = self.order[place - 1].subject if place else None
            why = "It does what was asked for, not what was needed."
            self._tell(self._at(day, 15), "item-reopened", story, self._team.owner, {"after": after}, reason=why)
            self._tell(self._at(day, 15), "item-started", story, self._chance.choice(self._team.people))
            story.left_days = 2
            return
        self._tell(self._at(day, 15), "item-accepted", story, self._team.owner, {"accepted_by": self._team.owner})
        story.is_accepted = True
        self.order.remove(story)

    def _close(self, day: date, no: int, scope: list[Story]) -> None:
        done = [story for story in scope if story.is_accepted]
        points = sum(story.points for story in done)
        data: Data = {
            "completed": [story.subject for story in done],
            "carried_over": [story.subject for story in scope if not story.is_accepted],
            "points_done": str(points),
        }
        self._of_iteration(self._at(day, 16), no, "iteration-closed", data)
        self.done.append(points)


_CHANGED = (
    "The supervisor has written; it has to be mended this week.",
    "A broker with four hundred customers cannot go on without it.",
    "The photo service changes its interface on Monday.",
    "Found in the review; the rest makes no sense before.",
)
