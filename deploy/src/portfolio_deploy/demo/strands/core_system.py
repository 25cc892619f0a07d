"""A waterfall initiative: the old policy system is replaced. It was planned well, and re-planned four times."""

from dataclasses import replace
from datetime import date
from typing import cast

from portfolio_deploy.demo import days, people
from portfolio_deploy.demo.strands import costs, initiatives, plans
from portfolio_deploy.demo.strands.plans import Package
from portfolio_deploy.demo.telling import RECORDED, Data, Strand, Told, money

SOURCE = plans.SOURCE
ID = "atlas"
SUBJECT = f"initiative/{ID}"
MANAGER, SPONSOR = "p-nadia", "p-otto"

_PACKAGES = (
    Package(id="atlas-req-products", wbs="1.1", name="Requirements: products and tariffs", start=1.7, weeks=10, budget=140),
    Package(id="atlas-req-claims", wbs="1.2", name="Requirements: claims and payments", start=2.0, weeks=10, budget=120),
    Package(id="atlas-survey", wbs="1.3", name="Survey of the data in the old system", start=2.2, weeks=8, budget=90),
    Package(
        id="atlas-architecture",
        wbs="2.1",
        name="Architecture and integration",
        start=4.1,
        weeks=12,
        budget=260,
        waits_for="atlas-req-products",
        method="50/50",
    ),
    Package(id="atlas-model", wbs="2.2", name="Product model", start=4.2, weeks=12, budget=180, waits_for="atlas-req-products"),
    Package(
        id="atlas-migration-design",
        wbs="2.3",
        name="Design of the migration",
        start=4.5,
        weeks=10,
        budget=130,
        waits_for="atlas-survey",
    ),
    Package(
        id="atlas-licence", wbs="3.1", name="Licences of the standard package", start=3.7, weeks=2, budget=480, method="0/100"
    ),
    Package(
        id="atlas-policies",
        wbs="3.2",
        name="Policies and tariffs",
        start=6.8,
        weeks=28,
        budget=620,
        waits_for="atlas-model",
        late=(0, 14, 0),
    ),
    Package(
        id="atlas-claims",
        wbs="3.3",
        name="Claims",
        start=7.6,
        weeks=26,
        budget=410,
        waits_for="atlas-architecture",
        late=(10, 40, 0),
        more=(2, 180),
    ),
    Package(
        id="atlas-interfaces",
        wbs="3.4",
        name="Interfaces: books, printing, portal",
        start=7.4,
        weeks=28,
        budget=390,
        waits_for="atlas-architecture",
        late=(14, 55, 7),
        more=(2, 220),
    ),
    Package(
        id="atlas-letters", wbs="3.5", name="Letters and policy documents", start=10.2, weeks=18, budget=170, late=(14, 50, 0)
    ),
    Package(
        id="atlas-supervisor",
        wbs="3.6",
        name="Reporting to the supervisor",
        start=9.7,
        weeks=20,
        budget=310,
        late=(0, 40, 0),
        since=1,
    ),
    Package(
        id="atlas-tools",
        wbs="4.1",
        name="Migration tools",
        start=9.0,
        weeks=20,
        budget=230,
        waits_for="atlas-migration-design",
        late=(0, 30, 0),
    ),
    Package(
        id="atlas-rehearsal-1",
        wbs="4.2",
        name="First rehearsal of the migration",
        start=14.2,
        weeks=4,
        budget=90,
        waits_for="atlas-tools",
        late=(10, 50, 0),
    ),
    Package(
        id="atlas-rehearsal-2",
        wbs="4.3",
        name="Second rehearsal of the migration",
        start=16.4,
        weeks=4,
        budget=80,
        waits_for="atlas-rehearsal-1",
        late=(14, 60, 14),
    ),
    Package(
        id="atlas-integration",
        wbs="5.1",
        name="Integration test",
        start=14.4,
        weeks=12,
        budget=240,
        waits_for="atlas-policies",
        late=(14, 60, 10),
        more=(2, 140),
    ),
    Package(
        id="atlas-acceptance",
        wbs="5.2",
        name="Acceptance by the business",
        start=16.8,
        weeks=10,
        budget=190,
        waits_for="atlas-integration",
        late=(30, 70, 14),
    ),
    Package(id="atlas-load", wbs="5.3", name="Load and recovery test", start=17.0, weeks=5, budget=90, late=(30, 70, 7)),
    Package(
        id="atlas-training",
        wbs="6.1",
        name="Training of 340 clerks",
        start=17.4,
        weeks=8,
        budget=150,
        method="LOE",
        late=(30, 70, 14),
    ),
    Package(
        id="atlas-pilot",
        wbs="6.2",
        name="Pilot with one branch",
        start=19.0,
        weeks=6,
        budget=120,
        waits_for="atlas-acceptance",
        late=(30, 70, 21),
    ),
    Package(
        id="atlas-rollout",
        wbs="6.3",
        name="Roll-out to all branches",
        start=20.4,
        weeks=6,
        budget=130,
        waits_for="atlas-pilot",
        method="milestone_weights",
        late=(30, 75, 21),
    ),
    Package(
        id="atlas-switch-off",
        wbs="6.4",
        name="Switch the old system off",
        start=21.8,
        weeks=3,
        budget=70,
        waits_for="atlas-rollout",
        late=(30, 75, 21),
    ),
)
PACKAGES = tuple(replace(package, replans=(6.9, 12.0, 17.8)) for package in _PACKAGES)
FIRST, SCOPE, OVER_TARGET, REPLAN = range(4)
"""The plans: the first, with the supervisor's reporting, after the supplier's delay, with the tests in another order."""


def tell(strand: Strand) -> None:
    """Tell it from the proposal to the acceptance test."""
    _begin(strand)
    _plan(strand)
    _work(strand)
    _pay(strand)


def _begin(strand: Strand) -> None:
    initiatives.propose(
        strand,
        ID,
        strand.days.workday(0, 5),
        MANAGER,
        name="Replace the policy system",
        mode="waterfall",
        objective="One system for all policies: a new tariff takes weeks and not a year, and the last mainframe goes.",
        cost=4_000_000,
        months=(1, 21),
        sponsor=SPONSOR,
    )
    conditions = {"conditions": "The board sees the result of the data survey before anything is built."}
    initiatives.happen(strand, ID, strand.days.workday(0, 12), "initiative-approved", people.BOARD, conditions)
    initiatives.happen(strand, ID, strand.days.workday(1, 2), "initiative-activated", MANAGER)


def _plan(strand: Strand) -> None:
    day = strand.days.workday(1, 8)
    _propose(strand, day, plan=FIRST, version=1, reserve=240)
    _approve(strand, days.add_workdays(day, 1), 1, MANAGER, {"change_class": "initial"}, expected="SELF_APPROVAL")
    _approve(strand, days.add_workdays(day, 4), 1, SPONSOR, {"change_class": "initial"})

    reporting = "The supervisor wants quarterly reports on claims from next year on; the old system cannot give them."
    _request(strand, 6.2, "CR-101", "Reports to the supervisor", "scope", 310, 35, reporting)
    day = strand.days.at(6.9)
    _propose(strand, day, plan=SCOPE, version=2, reserve=240)
    approval: Data = {"change_class": "scope_change", "change_request": "CR-101"}
    _approve(strand, days.add_workdays(day, 5), 2, SPONSOR, approval, reason="The law leaves no choice.")

    brokers = "Brokers would like the new screens on their telephones."
    refused = "Brokers are served by the portal; two ways for one thing will not be paid."
    _request(strand, 9.4, "CR-102", "Screens for brokers", "scope", 190, 40, brokers, rejected=refused)

    delay = "The supplier delivers claims and interfaces ten weeks late, and two people of his have left."
    _request(strand, 11.6, "CR-103", "Delay of the supplier", "time", 540, 75, delay)
    day = strand.days.at(12.0)
    _propose(strand, day, plan=OVER_TARGET, version=3, reserve=0)
    _reject(strand, days.add_workdays(day, 3), 3, "Without a reserve there will be a fourth plan before summer.")
    _propose(strand, days.add_workdays(day, 7), plan=OVER_TARGET, version=4, reserve=180)
    approval = {
        "change_class": "over_target",
        "change_request": "CR-103",
        "variances_kept": False,
        "estimate_to_complete": money(3_350_000),
    }
    why = "The old plan cannot be reached any more; the remaining work was estimated anew with the supplier."
    _approve(strand, days.add_workdays(day, 12), 4, SPONSOR, approval, reason=why)

    order = "The second rehearsal needs the load test's machines: tests and training change places."
    _request(strand, 17.4, "CR-104", "Order of the tests", "time", 0, 21, order)
    day = strand.days.at(17.8)
    _propose(strand, day, plan=REPLAN, version=5, reserve=180)
    approval = {"change_class": "internal_replan", "change_request": "CR-104"}
    _approve(
        strand, days.add_workdays(day, 3), 5, SPONSOR, {**approval, "change_request": "CR-102"}, expected="NO_CHANGE_REQUEST"
    )
    _approve(
        strand, days.add_workdays(day, 4), 5, SPONSOR, approval, reason="The same work for the same money, in another order."
    )


def _propose(strand: Strand, day: date, *, plan: int, version: int, reserve: int) -> None:
    plans.propose(strand, day, ID, MANAGER, PACKAGES, plan=plan, version=version, reserve=reserve)


def _approve(
    strand: Strand,
    day: date,
    version: int,
    actor: str,
    data: Data,
    *,
    reason: str | None = None,
    expected: str = RECORDED,
) -> None:
    if "change_request" in data:
        data = {**data, "change_request": f"change-request/{data['change_request']}"}
    plans.approve(strand, day, ID, actor, version, data, reason=reason, expected=expected)


def _reject(strand: Strand, day: date, version: int, reason: str) -> None:
    initiatives.happen(strand, ID, day, "baseline-rejected", SPONSOR, {"version": version}, reason=reason)


def _request(
    strand: Strand,
    months: float,
    number: str,
    title: str,
    kind: str,
    thousands: int,
    late: int,
    scope: str,
    *,
    rejected: str | None = None,
) -> None:
    subject, day = f"change-request/{number}", strand.days.at(months)
    data: Data = {
        "initiative": SUBJECT,
        "title": title,
        "kind": kind,
        "cost_delta": money(1000 * thousands),
        "days_delta": late,
        "scope_delta": scope,
    }
    strand.tell(strand.during(day), "change-request.change-request-raised.v1", subject, MANAGER, data, source=SOURCE)
    decided = strand.during(days.add_workdays(day, 6))
    if rejected is None:
        strand.tell(decided, "change-request.change-request-approved.v1", subject, SPONSOR, source=SOURCE)
    else:
        strand.tell(decided, "change-request.change-request-rejected.v1", subject, SPONSOR, source=SOURCE, reason=rejected)


def _work(strand: Strand) -> None:
    leads = {"1": "p-hanna", "2": "p-jorge", "3": "p-jorge", "4": "p-lien", "5": "p-sven", "6": "p-hanna"}
    for package in PACKAGES:
        completed = plans.work(strand, package, leads[package.wbs[0]], plan=REPLAN)
        if completed is None:
            continue
        day = completed.sent.date()
        match package.id:
            case "atlas-architecture":
                _reopen(strand, package, day)
            case "atlas-letters":  # the report came when everybody had forgotten it
                strand.tell_again(completed, strand.during(days.add_workdays(day, 20)))
            case _:
                pass
    _correct(strand)


def _reopen(strand: Strand, package: Package, day: date) -> None:
    subject, hours = f"work-package/{package.id}", 80
    reopened = strand.during(days.add_workdays(day, 9))
    why = "The auditors ask how an interface that failed is started again; that was left open."
    strand.tell(reopened, "work-package.work-package-reopened.v1", subject, "p-jorge", source=SOURCE, reason=why)
    plans.report(strand, package.id, days.add_workdays(day, 14), "p-jorge", 90, hours)
    again = strand.during(days.add_workdays(day, 18))
    strand.tell(again, "work-package.work-package-completed.v1", subject, "p-jorge", source=SOURCE)


def _correct(strand: Strand) -> None:
    """Tell how the integration test was less far than it had said: a smaller fraction is refused, a correction is not."""
    package = next(package for package in PACKAGES if package.id == "atlas-integration")
    start, finish = package.dates(strand, REPLAN)
    day = days.next_workday(start + (finish - start) * 6 // 10)
    if day >= strand.days.end:
        return
    lower = plans.report(strand, package.id, day, "p-sven", 31, 400, hour=9)
    strand.told[-1] = _expecting(lower, "PROGRESS_FELL")
    data: Data = {"fraction": "0.31", "remaining_hours": "315"}
    why = "Tests that were only written had been counted as passed."
    subject = f"work-package/{package.id}"
    corrected = days.moment(day, 11, 20)
    strand.tell(corrected, "work-package.progress-corrected.v1", subject, "p-sven", data, source=SOURCE, reason=why)


def _expecting(told: Told, code: str) -> Told:
    return Told(sent=told.sent, event=told.event, expected=code)


def _pay(strand: Strand) -> None:
    wrong = costs.post(strand, SUBJECT, 0, "vendor", 186_000, day=strand.days.workday(1, 3))
    costs.monthly(strand, SUBJECT, range(1, days.MONTHS), "labour", _labour, treatment="capex")
    costs.monthly(strand, SUBJECT, range(4, days.MONTHS), "vendor", _vendor, treatment="capex")
    costs.monthly(strand, SUBJECT, range(7, days.MONTHS), "cloud", lambda month: 3_000 + 700 * (month - 7))
    costs.post(strand, SUBJECT, 3, "licence", 486_400, treatment="capex")
    costs.post(strand, SUBJECT, 3, "vendor", 18_600, day=strand.days.workday(4, 9), corrects=wrong)
    costs.post(strand, SUBJECT, 8, "licence", 21_900, currency="USD", day=strand.days.workday(9, 6), expected="CURRENCY")
    paid = costs.post(strand, SUBJECT, 8, "licence", 20_150, day=strand.days.workday(9, 8))
    body = {**cast("Data", paid.event["data"]), "amount": money(21_050)}
    strand.tell_otherwise(paid, strand.during(strand.days.workday(9, 9)), data=body)  # changed in the books after it was sent


def _labour(month: int) -> float:
    return {1: 38_000, 2: 61_000, 3: 74_000}.get(month, 92_000 if month < 20 else 81_000)


def _vendor(month: int) -> float:
    return 96_000 if 7 <= month < 19 else 41_000
