"""A waterfall initiative: the old policy system is replaced. It was planned well, and re-planned four times."""

from datetime import date
from typing import cast

from portfolio_deploy.demo import days, people
from portfolio_deploy.demo.strands import costs, initiatives, money, plans, steering
from portfolio_deploy.demo.strands.core_packages import FIRST, OVER_TARGET, PACKAGES, REPLAN, SCOPE
from portfolio_deploy.demo.strands.plans import Package
from portfolio_deploy.demo.telling import RECORDED, Data, Strand, Told
from portfolio_deploy.demo.telling import money as amount

SOURCE = plans.SOURCE
ID = steering.ID
SUBJECT = f"initiative/{ID}"
MANAGER, SPONSOR = steering.MANAGER, steering.SPONSOR


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
    purpose = "All of it but for the mainframe's last year; the reserve is in it."
    money.grant(strand, ID, strand.days.workday(0, 15), MANAGER, 4_620_000, purpose, "The board sees the survey first.")
    initiatives.happen(strand, ID, strand.days.workday(1, 2), "initiative-activated", MANAGER)


def _plan(strand: Strand) -> None:
    day = strand.days.workday(1, 8)
    _propose(strand, day, plan=FIRST, version=1, reserve=240)
    reviewed = {"version": 1, "reviewers": ["p-ines", "p-jorge"], "findings": ["Nothing is planned for the letters of brokers."]}
    initiatives.happen(strand, ID, days.add_workdays(day, 2), "baseline-reviewed", "p-ines", reviewed)
    _approve(strand, days.add_workdays(day, 4), 1, SPONSOR, {"change_class": "initial"})

    reporting = "The supervisor wants quarterly reports on claims from next year on; the old system cannot give them."
    found = "A package of its own; the interfaces and letters wait two weeks for it."
    _request(strand, 6.2, "CR-101", "Reports to the supervisor", "scope", 310, 35, reporting, found)
    day = strand.days.at(6.9)
    _propose(strand, day, plan=SCOPE, version=2, reserve=240)
    approval: Data = {"change_class": "scope_change", "change_request": "CR-101"}
    _approve(strand, days.add_workdays(day, 5), 2, SPONSOR, approval, reason="The law leaves no choice.")
    _implement(strand, days.add_workdays(day, 5), "CR-101", 2, 310)

    brokers = "Brokers would like the new screens on their telephones."
    refused = "Brokers are served by the portal; two ways for one thing will not be paid."
    found = "Twelve screens, and tests of each on four kinds of telephone."
    _request(strand, 9.4, "CR-102", "Screens for brokers", "scope", 190, 40, brokers, found, rejected=refused)

    delay = "The supplier delivers claims and interfaces ten weeks late, and two people of his have left."
    found = "Claims 180, interfaces 220, tests 140 thousand; the end moves by eleven weeks, whatever is done in parallel."
    _request(strand, 11.6, "CR-103", "Delay of the supplier", "time", 540, 75, delay, found)
    day = strand.days.at(12.0)
    _propose(strand, day, plan=OVER_TARGET, version=3, reserve=0)
    _reject(strand, days.add_workdays(day, 3), 3, "Without a reserve there will be a fourth plan before summer.")
    _propose(strand, days.add_workdays(day, 7), plan=OVER_TARGET, version=4, reserve=180)
    approval = {
        "change_class": "over_target",
        "change_request": "CR-103",
        "variances_kept": False,
        "estimate_to_complete": amount(3_350_000),
    }
    why = "The old plan cannot be reached any more; the remaining work was estimated anew with the supplier."
    _approve(strand, days.add_workdays(day, 12), 4, SPONSOR, approval, reason=why)
    _implement(strand, days.add_workdays(day, 14), "CR-103", 3, 480)

    order = "The second rehearsal needs the load test's machines: tests and training change places."
    found = "Nothing costs more; training ends three weeks later."
    _request(strand, 17.4, "CR-104", "Order of the tests", "time", 0, 21, order, found)
    day = strand.days.at(17.8)
    _propose(strand, day, plan=REPLAN, version=5, reserve=180)
    approval = {"change_class": "internal_replan", "change_request": "CR-104"}
    _approve(strand, days.add_workdays(day, 2), 5, MANAGER, approval, expected="SELF_APPROVAL")
    _approve(
        strand, days.add_workdays(day, 3), 5, SPONSOR, {**approval, "change_request": "CR-102"}, expected="NO_CHANGE_REQUEST"
    )
    _approve(
        strand, days.add_workdays(day, 4), 5, SPONSOR, approval, reason="The same work for the same money, in another order."
    )
    _implement(strand, days.add_workdays(day, 4), "CR-104")
    printer = "Each branch gets a printer of its own, so that no policy lies in another's tray."
    found = "Forty printers and a day for each; nothing moves if they are ordered this month."
    _request(strand, 22.9, "CR-105", "A printer for each branch", "cost", 95, 0, printer, found, is_open=True)


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
    findings: str,
    *,
    rejected: str | None = None,
    is_open: bool = False,
) -> None:
    subject, day = f"change-request/{number}", strand.days.at(months)
    data: Data = {
        "initiative": SUBJECT,
        "title": title,
        "kind": kind,
        "cost_delta": amount(1000 * thousands),
        "days_delta": late,
        "scope_delta": scope,
    }
    strand.tell(strand.during(day), "change-request.change-request-raised.v1", subject, MANAGER, data, source=SOURCE)
    assessed: Data = {"cost_delta": data["cost_delta"], "days_delta": late, "findings": findings}
    at = strand.during(days.add_workdays(day, 3))
    strand.tell(at, "change-request.change-request-assessed.v1", subject, "p-jorge", assessed, source=SOURCE)
    decided = strand.during(days.add_workdays(day, 6))
    if is_open:
        return
    if rejected is None:
        strand.tell(decided, "change-request.change-request-approved.v1", subject, SPONSOR, source=SOURCE)
    else:
        strand.tell(decided, "change-request.change-request-rejected.v1", subject, SPONSOR, source=SOURCE, reason=rejected)


def _implement(strand: Strand, approved: date, number: str, tranche: int | None = None, thousands: int = 0) -> None:
    """Tell that an approved change gets its money, where it costs any, and is a part of the plan."""
    subject = f"change-request/{number}"
    if tranche is not None:
        money.grant(
            strand,
            ID,
            days.add_workdays(approved, 1),
            MANAGER,
            1000 * thousands,
            f"What {number} costs beyond the reserve.",
            "As the plan has it.",
            number=tranche,
            decided_after=1,
            change_request=subject,
        )
    at = strand.during(days.add_workdays(approved, 4))
    strand.tell(at, "change-request.change-request-implemented.v1", subject, MANAGER, source=SOURCE)


def _work(strand: Strand) -> None:
    leads = {"1": "p-hanna", "2": "p-jorge", "3": "p-jorge", "4": "p-lien", "5": "p-sven", "6": "p-hanna"}
    completions = dict[str, list[date | None]]()
    for package in PACKAGES:
        completed = plans.work(strand, package, leads[package.wbs[0]], plan=REPLAN)
        completions.setdefault(package.wbs[0], []).append(completed and completed.sent.date())
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
    for stage, ends in completions.items():
        reached = [day for day in ends if day is not None]
        if len(reached) == len(ends):
            steering.reach(strand, stage, max(reached))
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
    body = {**cast("Data", paid.event["data"]), "amount": amount(21_050)}
    strand.tell_otherwise(paid, strand.during(strand.days.workday(9, 9)), data=body)  # changed in the books after it was sent


def _labour(month: int) -> float:
    return {1: 48_000, 2: 81_000, 3: 104_000}.get(month, 131_000 if month < 20 else 108_000)


def _vendor(month: int) -> float:
    return 122_000 if 7 <= month < 19 else 52_000
