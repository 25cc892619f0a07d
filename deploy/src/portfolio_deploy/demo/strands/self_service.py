"""An Agile-led initiative: claims without paper. It has an end and a budget; what is in it floats, in a backlog of its own."""

from portfolio_deploy.demo import days, people
from portfolio_deploy.demo.strands import costs, initiatives, products, titles
from portfolio_deploy.demo.strands.backlog import Backlog, Product
from portfolio_deploy.demo.telling import Strand

ID = "self-service"
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


def tell(strand: Strand) -> None:
    """Tell it: proposed in the third month, at work since the fourth, with a backlog that outlives it."""
    calendar, member = strand.days, f"initiative/{ID}"
    initiatives.propose(
        strand,
        ID,
        calendar.workday(2, 8),
        "p-lotte",
        name="Claims without paper",
        mode="agile",
        objective="Half of all small claims are paid within two days, without a letter and without a clerk.",
        cost=1_150_000,
        months=(3, 26),
        sponsor="p-greet",
    )
    conditions = {"conditions": "Bicycle theft first; the board looks again when a hundred claims were paid this way."}
    initiatives.happen(strand, ID, calendar.workday(2, 16), "initiative-approved", people.BOARD, conditions)
    initiatives.happen(strand, ID, calendar.workday(3, 3), "initiative-activated", "p-lotte")
    product = Product(
        id="claims",
        key="CLM",
        owner="p-lotte",
        team=("p-pia", "p-quinn", "p-raj", "p-sofie"),
        comes_per_mille=220,
        at_once=3,
        titles={
            "feature": titles.combine(_FEATURES, _WORDS),
            "defect": titles.combine(titles.DEFECTS, _WORDS),
            "debt": titles.combine(titles.DEBT, _WORDS),
            "risk": titles.combine(titles.RISKS, _WORDS),
        },
    )
    first = calendar.workday(3, 4)
    vision = "Whoever has had bad luck has no paperwork on top of it."
    products.begin(strand, product, first, days.add_workdays(first, 1), name="Claims self-service", vision=vision, quarter=20_000)
    Backlog(strand, product).run(days.add_workdays(first, 2), calendar.end)
    stopped, again = calendar.workday(9, 3), calendar.workday(9, 12)
    why = "The provider of the photo service was attacked; nothing is uploaded until he has explained himself."
    initiatives.happen(strand, ID, stopped, "initiative-put-on-hold", "p-greet", reason=why)
    initiatives.happen(strand, ID, again, "initiative-resumed", "p-greet")
    costs.monthly(strand, member, range(3, days.MONTHS), "labour", lambda _month: 39_000, treatment="capex")
    costs.monthly(strand, member, range(3, days.MONTHS), "cloud", lambda month: 1_800 + 240 * month)
    costs.post(strand, member, 9, "vendor", 12_500)
