"""An Agile initiative from the beginning: insurance sold in the shops of partners. One release is out, the next is on its way."""

from datetime import date, timedelta

from portfolio_deploy.demo import days, people
from portfolio_deploy.demo.strands import costs, initiatives, iterations, money, releases, titles
from portfolio_deploy.demo.strands.iterations import Iterations
from portfolio_deploy.demo.telling import Strand

ID = "partner-shop"
LEAD, OWNER, SPONSOR = "p-emre", "p-marek", "p-otto"
_FIRST, _SECOND = "shop-1", "shop-2"
_FIRST_POINTS, _SECOND_POINTS = 96, 170
_FIRST_COUNT = 6


def tell(strand: Strand) -> None:
    """Tell it from the proposal to the iteration in which it is."""
    calendar, member = strand.days, f"initiative/{ID}"
    initiatives.propose(
        strand,
        ID,
        calendar.workday(13, 9),
        LEAD,
        name="Insurance in partners' shops",
        mode="agile",
        objective="Whoever buys a bicycle or a journey can insure it at the till, and we learn what partners need.",
        cost=650_000,
        months=(14, 25),
        sponsor=SPONSOR,
    )
    initiatives.happen(strand, ID, calendar.workday(13, 17), "initiative-approved", people.BOARD)
    purpose = "Two releases: one partner, then any partner."
    money.grant(strand, ID, calendar.workday(13, 11), LEAD, 640_000, purpose, "The second release only if the first one sells.")
    initiatives.happen(strand, ID, calendar.workday(14, 3), "initiative-activated", LEAD)
    team = iterations.Team(
        id="keel", initiative=ID, key="SHP", lead=LEAD, owner=OWNER, people=("p-ubbe", "p-vera", "p-wout"), pace=16
    )
    _deliver(strand, Iterations(strand, team, titles.of_product(_FEATURES, _WORDS)))
    costs.monthly(strand, member, range(14, days.MONTHS), "labour", lambda _month: 39_000, treatment="capex")
    costs.monthly(strand, member, range(15, days.MONTHS), "cloud", lambda month: 900 + 120 * (month - 14))


def _deliver(strand: Strand, sprints: Iterations) -> None:
    day = strand.days.workday(14, 8)
    monday = day + timedelta(days=14 - day.weekday())
    releases.plan(
        strand, ID, _FIRST, day, LEAD, name="One partner", start=monday, count=_FIRST_COUNT, points=_FIRST_POINTS, bac=165
    )
    releases.approve(strand, _FIRST, days.add_workdays(day, 2), SPONSOR)
    sprints.begin_with((), days.add_workdays(day, 3))
    monday, no = _first_release(strand, sprints, monday)
    day = days.next_workday(monday)
    releases.plan(strand, ID, _SECOND, day, LEAD, name="Any partner", start=monday, count=12, points=_SECOND_POINTS, bac=330)
    releases.approve(strand, _SECOND, days.add_workdays(day, 3), SPONSOR)
    _second_release(strand, sprints, monday, no)


def _first_release(strand: Strand, sprints: Iterations, monday: date) -> tuple[date, int]:
    """Tell the first release: an iteration late. Returns the Monday after it, and the number of the next iteration."""
    no = 1
    while sum(sprints.done) < _FIRST_POINTS and monday < strand.days.end:
        monday = sprints.run(monday, range(no, no + 1))
        if no % 3 == 0:
            releases.forecast(strand, _FIRST, monday, LEAD, _FIRST_POINTS, sprints)
        no += 1
    releases.ship(strand, _FIRST, days.add_workdays(days.next_workday(monday), -1), LEAD, "1.0")
    return monday, no


def _second_release(strand: Strand, sprints: Iterations, monday: date, no: int) -> None:
    """Tell the second release: what the first partner asked for comes on top, what nobody asked for goes."""
    begun, points = sum(sprints.done), _SECOND_POINTS
    for number in range(no, no + 40):
        if monday >= strand.days.end:
            return
        if number == no + 2:
            added = [sprints.add(days.next_workday(monday), title, "feature", 8) for title in _ASKED_FOR]
            releases.add_scope(strand, _SECOND, monday, LEAD, added, "The first partner sells twice as much as he said, by hand.")
            points += sum(story.points for story in added)
        monday = sprints.run(monday, range(number, number + 1))
        if (number - no) % 3 == 1 and monday < strand.days.end:
            releases.forecast(strand, _SECOND, monday, LEAD, begun + points, sprints)


_ASKED_FOR = ("Sell at the till without our page", "A month's sales as one invoice", "Returns of what was insured")
_WORDS = (
    "bicycles",
    "journeys",
    "telephones",
    "concert tickets",
    "hearing aids",
    "musical instruments",
    "tools on hire",
    "pets",
    "cameras",
    "skis",
)
_FEATURES = (
    "a quote for * at the till",
    "* insured before the receipt is printed",
    "the partner's name on the policy for *",
    "commission for * day by day",
    "cancel * within two weeks",
    "what a seller may say about *",
    "try * with one shop",
    "* without an account",
    "claims for * go to the product that pays them",
    "prices for * by partner",
)
