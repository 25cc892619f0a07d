"""Plans of work packages: how a baseline is written, and how work goes on under it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portfolio_deploy.demo import days
from portfolio_deploy.demo.strands.opening import calendar
from portfolio_deploy.demo.telling import RECORDED, Data, Strand, Told, money

SOURCE = "/demo/planning-tool"
_HOURS_A_WEEK = 38
_FRIDAY = 4
_DECIDED_WITHIN = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Package:
    """A work package: when it was planned to start (months after the beginning), for how many weeks, for how many thousands.

    `late` is how many days later each re-planning after the first plan puts it; `replans` says in which months these were.
    `more` is how many thousands it costs more from one of them on; `since` is the first plan that has it.
    """

    id: str
    wbs: str
    name: str
    start: float
    weeks: int
    budget: int
    waits_for: str | None = None
    method: str = "percent"
    late: tuple[int, ...] = ()
    replans: tuple[float, ...] = ()
    more: tuple[int, int] = (0, 0)
    since: int = 0

    def dates(self, strand: Strand, plan: int) -> tuple[date, date]:
        """Return start and finish as a plan has them, by its number from 0. What is at work by then takes longer instead."""
        start, longer = strand.days.at(self.start), timedelta()
        for late, month in zip(self.late[:plan], self.replans, strict=False):
            if start > strand.days.at(month) + _DECIDED_WITHIN:
                start += timedelta(days=late)
            else:
                longer += timedelta(days=late)
        start = days.next_workday(start)
        return start, days.next_workday(days.add_workdays(start, self.weeks * 5 - 1) + longer)

    def thousands(self, plan: int) -> int:
        """Return its budget as a plan has it."""
        since, amount = self.more
        return self.budget + (amount if since and plan >= since else 0)


def propose(
    strand: Strand, at: date, initiative: str, actor: str, packages: Sequence[Package], *, plan: int, version: int, reserve: int
) -> Told:
    """Propose a baseline: the packages as a plan has them, one milestone at the end of each stage."""
    chosen = [package for package in packages if package.since <= plan]
    data: Data = {
        "version": version,
        "bac": money(1000 * sum(package.thousands(plan) for package in chosen)),
        "work_packages": [_planned(strand, package, plan) for package in chosen],
        "milestones": _milestones(strand, initiative, chosen, plan),
        "dependencies": [
            {"from": package.waits_for, "to": package.id, "type": "FS"} for package in chosen if package.waits_for is not None
        ],
        "calendar": calendar(strand),
    }
    if reserve:
        data["management_reserve"] = money(1000 * reserve)
    if version > 1:
        data["previous"] = version - 1
    return strand.tell(
        strand.during(at), "initiative.baseline-proposed.v1", f"initiative/{initiative}", actor, data, source=SOURCE
    )


def approve(
    strand: Strand,
    day: date,
    initiative: str,
    actor: str,
    version: int,
    data: Data,
    *,
    reason: str | None = None,
    expected: str = RECORDED,
) -> None:
    """Approve a baseline from the day on; the one before it, if there is one, is superseded by an entry of its own."""
    supersedes = expected == RECORDED and data["change_class"] != "initial"
    strand.tell(
        strand.during(day),
        "initiative.baseline-approved.v1",
        f"initiative/{initiative}",
        actor,
        {"version": version, "effective_date": day.isoformat(), **data},
        source=SOURCE,
        reason=reason,
        expected=expected,
        entries=2 if supersedes else 1,
    )


def _planned(strand: Strand, package: Package, plan: int) -> Data:
    start, finish = package.dates(strand, plan)
    planned: Data = {
        "id": package.id,
        "wbs": package.wbs,
        "name": package.name,
        "start": start.isoformat(),
        "finish": finish.isoformat(),
        "working_hours": str(package.weeks * _HOURS_A_WEEK),
        "ev_method": package.method,
    }
    if package.thousands(plan):
        planned["budget_over_time"] = money(1000 * package.thousands(plan))
    return planned


def _milestones(strand: Strand, initiative: str, packages: Sequence[Package], plan: int) -> list[Data]:
    stages = sorted({package.wbs.partition(".")[0] for package in packages})
    ends = {
        stage: max(package.dates(strand, plan)[1] for package in packages if package.wbs.startswith(f"{stage}."))
        for stage in stages
    }
    return [
        {"id": f"{initiative}-m{stage}", "name": f"End of stage {stage}", "date": ends[stage].isoformat()} for stage in stages
    ]


def work(strand: Strand, package: Package, actor: str, *, plan: int, until: date | None = None) -> Told | None:
    """Tell how a package was done: roughly as the last plan has it. Returns its completion, if the story has got so far.

    The story goes on to its end, or to the day on which the initiative goes on in another way.

    Progress is reported on every second Friday, as those who do the work see it: quick at first, slower towards the end.
    """
    end = until or strand.days.end
    start, finish = package.dates(strand, plan)
    begun = days.add_workdays(start, strand.chance.randrange(-1, 7))
    done = max(days.add_workdays(finish, strand.chance.randrange(-4, 9)), days.add_workdays(begun, 1))
    subject = f"work-package/{package.id}"
    started = strand.during(begun)
    if begun >= end:
        return None
    data: Data = {"actual_start": begun.isoformat()} if strand.happens(300) else {}
    strand.tell(started, "work-package.work-package-started.v1", subject, actor, data, source=SOURCE)
    fridays = [day for day in strand.days.all(begun, min(done, end - timedelta(days=1))) if day.weekday() == _FRIDAY][1:-1:2]
    hours = package.weeks * _HOURS_A_WEEK
    for friday in fridays:
        elapsed = (friday - begun).days / max((done - begun).days, 1)
        percent = min(int(100 * (1 - (1 - elapsed) ** 1.3)) + strand.chance.randrange(3), 95)
        report(strand, package.id, friday, actor, percent, hours)
    if done >= end:
        return None
    completed = strand.during(done, 14, 17)
    if package.method in ("0/100", "milestone_weights"):
        report(strand, package.id, done, actor, 100, hours, hour=13)
    return strand.tell(completed, "work-package.work-package-completed.v1", subject, actor, source=SOURCE)


def report(strand: Strand, package: str, day: date, actor: str, percent: int, hours: int, *, hour: int = 15) -> Told:
    """Report how far a package is."""
    data: Data = {"fraction": f"{percent / 100:.2f}", "remaining_hours": str(hours * (100 - percent) // 100)}
    at = days.moment(day, hour, strand.chance.randrange(60))
    return strand.tell(at, "work-package.progress-reported.v1", f"work-package/{package}", actor, data, source=SOURCE)
