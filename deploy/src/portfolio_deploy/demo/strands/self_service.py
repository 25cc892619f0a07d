"""Claims without paper: begun as a waterfall initiative, led the Agile way since month 9, a product since month 18."""

from datetime import date, timedelta

from portfolio_deploy.demo import days, people
from portfolio_deploy.demo.strands import (
    backlog,
    costs,
    deployments,
    initiatives,
    iterations,
    money,
    plans,
    releases,
    service_levels,
    titles,
)
from portfolio_deploy.demo.strands.backlog import Backlog, Product
from portfolio_deploy.demo.strands.iterations import Iterations, Story
from portfolio_deploy.demo.strands.opening import SOURCE
from portfolio_deploy.demo.strands.plans import Package
from portfolio_deploy.demo.telling import Data, Strand

ID, PRODUCT = "self-service", "claims"
SUBJECT = f"initiative/{ID}"
LEAD, SPONSOR = "p-lotte", "p-greet"
PEOPLE = ("p-pia", "p-quinn", "p-raj", "p-sofie")
CHANGED, BECAME = 8.6, 17.7
"""When it changed its mode, and when it became a product, in months."""

GOES_ALONG = 7
"""So much is open beside items when it becomes a product: risks, issues, dependencies, benefits, its team; told elsewhere."""

_PACKAGES = (
    Package(id="csp-needs", wbs="1.1", name="What small claims need", start=3.6, weeks=6, budget=60),
    Package(id="csp-photos", wbs="1.2", name="Choice of a service for photos", start=3.8, weeks=5, budget=40),
    Package(id="csp-form", wbs="2.1", name="A claim in five minutes", start=5.4, weeks=26, budget=230, waits_for="csp-needs"),
    Package(id="csp-payment", wbs="2.2", name="Payment without a clerk", start=6.4, weeks=26, budget=200, waits_for="csp-needs"),
    Package(id="csp-policies", wbs="2.3", name="Claims meet policies", start=7.9, weeks=22, budget=150),
    Package(id="csp-letters", wbs="3.1", name="Letters and their archive", start=10.5, weeks=8, budget=80),
    Package(id="csp-training", wbs="3.2", name="Training of clerks", start=12.5, weeks=4, budget=40),
)
_BECOME = {
    "csp-form": ("bicycle theft", "storm damage", "photos", "what is missing"),
    "csp-payment": ("below 100 euros", "below 500 euros", "to whoever repairs", "what looks odd"),
    "csp-policies": ("is the customer insured?", "what was claimed before"),
}
_DROPPED = {
    "csp-letters": "Nobody wants a letter about a claim that was paid yesterday.",
    "csp-training": "What needs a training is not finished.",
}


def tell(strand: Strand) -> None:
    """Tell it through all three ways of delivery."""
    team = iterations.Team(id="tide", initiative=ID, key="CLM", lead=LEAD, owner="p-samira", people=PEOPLE, pace=19)
    named = titles.of_product(_FEATURES, _WORDS)
    sprints = Iterations(strand, team, named)
    _propose(strand)
    _plan(strand)
    begun = _change_mode(strand, sprints)
    last = _deliver(strand, sprints, begun)
    _become_product(strand, sprints, last)
    _live(strand, sprints, days.add_workdays(last, 6), named)
    _pay(strand)


def _propose(strand: Strand) -> None:
    calendar = strand.days
    initiatives.propose(
        strand,
        ID,
        calendar.workday(2, 8),
        LEAD,
        name="Claims without paper",
        mode="waterfall",
        objective="Half of all small claims are paid within two days, without a letter and without a clerk.",
        cost=1_100_000,
        months=(3, 18),
        sponsor=SPONSOR,
    )
    conditions = {"conditions": "Bicycle theft first; the board looks again when a hundred claims were paid this way."}
    initiatives.happen(strand, ID, calendar.workday(2, 16), "initiative-approved", people.BOARD, conditions)
    purpose = "Small claims from the telephone of whoever had bad luck."
    money.grant(strand, ID, calendar.workday(2, 10), LEAD, 1_150_000, purpose, "No second request.")
    initiatives.happen(strand, ID, calendar.workday(3, 3), "initiative-activated", LEAD)


def _plan(strand: Strand) -> None:
    day = strand.days.workday(3, 4)
    plans.propose(strand, day, ID, LEAD, _PACKAGES, plan=0, version=1, reserve=60)
    plans.approve(strand, days.add_workdays(day, 2), ID, SPONSOR, 1, {"change_class": "initial"})
    stopped, again = strand.days.workday(7, 3), strand.days.workday(7, 12)
    why = "The provider of the photo service was attacked; nothing is uploaded until he has explained himself."
    initiatives.happen(strand, ID, stopped, "initiative-put-on-hold", SPONSOR, reason=why)
    initiatives.happen(strand, ID, again, "initiative-resumed", SPONSOR)
    for package in _PACKAGES:
        plans.work(strand, package, "p-samira", plan=0, until=strand.days.at(CHANGED))


def _change_mode(strand: Strand, sprints: Iterations) -> date:
    """Tell how the plan is given up for iterations: each open work package has its disposition. Returns the first Monday."""
    day = strand.days.at(CHANGED)
    monday = _monday(day)
    items = [Story(f"CLM-{number}", _name(package), "feature", day, 13) for number, package in enumerate(_BECOME, start=1)]
    dispositions: list[Data] = [
        {"work_package": f"work-package/{package}", "becomes": "item", "item": story.subject}
        for package, story in zip(_BECOME, items, strict=True)
    ]
    dispositions += [
        {"work_package": f"work-package/{package}", "becomes": "dropped", "reason": why} for package, why in _DROPPED.items()
    ]
    data: Data = {
        "to": "agile",
        "release": "release/claims-1",
        "planned_iterations": 18,
        "iteration_days": iterations.DAYS,
        "release_points": "320",
        "start": monday.isoformat(),
        "dispositions": dispositions,
        "proposed_by": LEAD,
    }
    strand.tell(
        strand.during(day, 9, 12),
        "initiative.delivery-mode-changed.v1",
        SUBJECT,
        people.BOARD,
        data,
        source=SOURCE,
        reason="After five months the first claim is further away than at the beginning; what is wanted changes each month.",
        entries=3 + 2 * len(_BECOME) + len(_DROPPED),
    )
    releases.approve(strand, "claims-1", days.add_workdays(day, 1), SPONSOR)
    sprints.order += items
    sprints.count = len(items)
    for story, (package, parts) in zip(items, _BECOME.items(), strict=True):
        del package
        sprints.split(days.add_workdays(day, 1), story, [(part, 5) for part in parts])
    sprints.begin_with((), days.add_workdays(day, 2))
    return monday


def _deliver(strand: Strand, sprints: Iterations, monday: date) -> date:
    """Tell iterations until it becomes a product; what the release takes in, and what it is expected to take."""
    no, glass = 1, list[Story]()
    while monday + timedelta(days=iterations.DAYS) < strand.days.at(BECAME):
        if no == 7:
            glass = [sprints.add(days.next_workday(monday), f"Glass damage: {part}", "feature", 8) for part in _GLASS]
            releases.add_scope(strand, "claims-1", monday, LEAD, glass, "Glass is half of all small claims in winter.")
        if no == 12:
            why = "The tax office wants its letter on paper, from now on and for ever."
            open_ = [story for story in glass if not story.is_accepted]
            if open_:
                releases.remove_scope(strand, "claims-1", monday, LEAD, open_[-1:], why)
        monday = sprints.run(monday, range(no, no + 1))
        if no % 4 == 0:
            releases.forecast(strand, "claims-1", monday, LEAD, 320 + 8 * len(_GLASS), sprints)
        no += 1
    return monday


def _become_product(strand: Strand, sprints: Iterations, monday: date) -> None:
    """Tell how it becomes a product: what is open goes along, in its order, and its figures are frozen."""
    proposed, approved = days.next_workday(monday), days.add_workdays(monday, 3)
    items = [story.subject for story in sprints.order]
    data: Data = {
        "product": f"product/{PRODUCT}",
        "opened": {
            "name": "Claims self-service",
            "vision": "Whoever has had bad luck has no paperwork on top of it.",
            "owner": LEAD,
        },
        "cut_over": approved.isoformat(),
        "items": items,
        "benefit_owner": LEAD,
    }
    why = "Half of the small claims come this way; it will never be finished, and the team that knows it should stay."
    at = strand.during(proposed, 9, 12)
    strand.tell(at, "initiative.transition-proposed.v1", SUBJECT, LEAD, data, source=SOURCE, reason=why)
    conditions: Data = {"conditions": "The benefits are measured for two more years, by whoever answers for the product."}
    strand.tell(
        strand.during(approved, 9, 12),
        "initiative.transition-approved.v1",
        SUBJECT,
        people.BOARD,
        conditions,
        source=SOURCE,
        entries=4 + len(items) + GOES_ALONG,
    )


def _live(strand: Strand, sprints: Iterations, first: date, named: dict[str, list[str]]) -> None:
    """Tell of the product that it became: a rolling backlog, deployments, money by quarters."""
    product = Product(id=PRODUCT, key="CLM", owner=LEAD, team=PEOPLE, comes_per_mille=200, at_once=3, titles=named)
    left = [
        backlog.Item(story.id, story.title, story.kind, story.added, max(story.points, 1), begun=story.is_started)
        for story in sprints.order
    ]
    rolling = Backlog(strand, product, left, sprints.count)
    rolling.run(first, strand.days.end)
    money.release_quarterly(strand, PRODUCT, first, 105_000, proposed_by=LEAD)
    deployments.tell(strand, product, first, rolling.finished, repo="harbour/claims", every=5, mishaps=140)
    service_levels.tell(
        strand,
        "claims-within-a-minute",
        f"product/{PRODUCT}",
        18,
        sli="Photos that are looked at within a minute",
        target=98_000,
        owner=LEAD,
        bad={21: 97_100},
    )


def _pay(strand: Strand) -> None:
    own, product = range(3, int(BECAME)), range(int(BECAME), days.MONTHS)
    costs.monthly(strand, SUBJECT, own, "labour", lambda month: 62_000 if month < CHANGED else 46_000, treatment="capex")
    costs.monthly(strand, SUBJECT, own, "cloud", lambda month: 1_800 + 240 * month)
    costs.post(strand, SUBJECT, 9, "vendor", 12_500)
    late = strand.days.workday(18, 8)
    costs.post(strand, SUBJECT, 17, "vendor", 8_900, day=late, expected="ENDED")
    costs.post(strand, f"product/{PRODUCT}", 17, "vendor", 8_900, day=days.add_workdays(late, 1))
    costs.by_kind(strand, f"product/{PRODUCT}", product, lambda _month: 51_000)
    costs.monthly(strand, f"product/{PRODUCT}", product, "cloud", lambda month: 2_000 + 260 * month)


def _name(package: str) -> str:
    return next(one.name for one in _PACKAGES if one.id == package)


def _monday(day: date) -> date:
    """Return the first Monday after a day, not sooner than three working days."""
    later = days.add_workdays(day, 3)
    return later + timedelta(days=(7 - later.weekday()) % 7)


_GLASS = ("who repairs it", "photo and price", "paid on the spot", "for letters to the tax office")
_WORDS = (
    "storm damage",
    "water damage",
    "car claims",
    "bicycle theft",
    "travel claims",
    "photos of the damage",
    "repair shops",
    "expert's report",
    "glass damage",
    "claims of neighbours",
    "lost luggage",
    "legal aid",
    "claims abroad",
    "broken appliances",
)
_FEATURES = (
    "report * in five minutes",
    "follow * day by day",
    "ask back about * by message",
    "pay for * at once below 500 euros",
    "hand * over to a clerk",
    "guess the amount for *",
    "* in the evening and on Sundays",
    "pictures instead of words for *",
    "a second opinion about *",
    "* for whoever has no computer",
    "one question less about *",
    "a rule that finds odd cases of *",
)
