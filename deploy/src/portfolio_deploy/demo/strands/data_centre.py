"""A small waterfall initiative without a budget of its own: the data centre is left by a date, and it is."""

from portfolio_deploy.demo import days, people
from portfolio_deploy.demo.strands import initiatives, plans
from portfolio_deploy.demo.strands.plans import Package
from portfolio_deploy.demo.telling import Strand

ID = "harbour-exit"
MANAGER = "p-lars"
PACKAGES = tuple(
    Package(id=f"hx-{wbs}", wbs=f"{stage}.{wbs}", name=name, start=start, weeks=weeks, budget=0, late=(late,), waits_for=waits)
    for wbs, stage, name, start, weeks, late, waits in (
        (1, 1, "Inventory of what runs there", 5.2, 4, 0, None),
        (2, 1, "Who moves when", 6.1, 3, 0, "hx-1"),
        (3, 2, "Lines to the new place", 6.5, 8, 0, None),
        (4, 2, "Move of test systems", 7.5, 4, 0, "hx-2"),
        (5, 2, "Move of the file stores", 8.4, 6, 0, "hx-3"),
        (6, 3, "Move of the mainframe's neighbours", 9.8, 6, 42, "hx-5"),
        (7, 3, "Disks wiped and certified", 11.3, 3, 45, "hx-6"),
        (8, 3, "Keys handed over", 12.1, 1, 45, "hx-7"),
    )
)


def tell(strand: Strand) -> None:
    """Tell it from the proposal to the closing of its file, with the winter in which nothing was allowed to move."""
    calendar = strand.days
    initiatives.propose(
        strand,
        ID,
        calendar.workday(4, 3),
        MANAGER,
        name="Leave the data centre at the harbour",
        mode="waterfall",
        objective="The lease ends. Everything that is still there moves or is switched off.",
        cost=350_000,
        months=(5, 13),
        sponsor="p-greet",
    )
    initiatives.happen(strand, ID, calendar.workday(4, 9), "initiative-approved", people.BOARD)
    initiatives.happen(strand, ID, calendar.workday(5, 1), "initiative-activated", MANAGER)
    _plan(strand)
    frozen = "No change to systems while the books of the year are closed."
    initiatives.happen(strand, ID, calendar.workday(8, 14), "initiative-put-on-hold", "p-greet", reason=frozen)
    initiatives.happen(strand, ID, calendar.workday(10, 3), "initiative-resumed", "p-greet")
    completed = [plans.work(strand, package, MANAGER, plan=1) for package in PACKAGES]
    ends = [one.sent.date() for one in completed if one is not None]
    if len(ends) == len(PACKAGES):
        last = days.add_workdays(max(ends), 3)
        initiatives.happen(strand, ID, last, "initiative-completed", MANAGER)
        initiatives.happen(strand, ID, days.add_workdays(last, 30), "initiative-closed", people.OFFICE)


def _plan(strand: Strand) -> None:
    """Tell both plans: a budget of nothing promises dates only, and the ledger says so."""
    first, second = strand.days.workday(5, 3), strand.days.workday(10, 5)
    subject = f"change-request/{ID}-1"
    plans.propose(strand, first, ID, MANAGER, PACKAGES, plan=0, version=1, reserve=0)
    plans.approve(strand, days.add_workdays(first, 2), ID, "p-greet", 1, {"change_class": "initial"})
    request = {
        "initiative": f"initiative/{ID}",
        "title": "Six weeks of standstill",
        "kind": "time",
        "days_delta": 45,
        "affected": [f"work-package/{package.id}" for package in PACKAGES if package.late[0]],
    }
    raised = strand.during(days.add_workdays(second, -1))
    strand.tell(raised, "change-request.change-request-raised.v1", subject, MANAGER, request, source=plans.SOURCE)
    decided = strand.during(second, 8, 10)
    strand.tell(decided, "change-request.change-request-approved.v1", subject, "p-greet", source=plans.SOURCE)
    plans.propose(strand, days.add_workdays(second, 1), ID, MANAGER, PACKAGES, plan=1, version=2, reserve=0)
    approval = {"change_class": "scope_change", "change_request": subject}
    why = "The lease was prolonged until the end of the year."
    plans.approve(strand, days.add_workdays(second, 3), ID, "p-greet", 2, approval, reason=why)
