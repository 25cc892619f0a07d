"""What was proposed and has not become work: most of what an investment board sees."""

from portfolio_deploy.demo import days, people
from portfolio_deploy.demo.strands import initiatives
from portfolio_deploy.demo.telling import Strand

_IDEAS = (
    (1.4, "travel-chain", "Travel insurance on a blockchain", "agile", 450_000, "Nobody could say what a database would not do."),
    (
        4.6,
        "drone-survey",
        "Storm damage surveyed by drones",
        "agile",
        280_000,
        "The loss adjusters' own firm offers it from spring on.",
    ),
    (8.2, "branch-kiosks", "Kiosks in the branches", "waterfall", 620_000, "Half of the branches close before these would pay."),
    (
        13.1,
        "voice-claims",
        "Claims by voice assistant",
        "agile",
        190_000,
        "The works council objects to recordings; ask again next year.",
    ),
    (
        18.7,
        "telematics",
        "Tariffs by driving style",
        "waterfall",
        1_400_000,
        "The policy system cannot price it before it is replaced.",
    ),
)
_WAITING = (
    (21.3, "pension-letters", "Pension statements that people understand", "agile", 310_000),
    (22.6, "fraud-model", "Fraud found before it is paid", "agile", 540_000),
)


def tell(strand: Strand) -> None:
    """Tell the ideas that were rejected, and those that the board has not decided on yet."""
    for months, initiative, name, mode, cost, why in _IDEAS:
        day = strand.days.at(months)
        _propose(strand, initiative, months, name, mode, cost)
        decided = days.add_workdays(day, 10 + strand.chance.randrange(15))
        initiatives.happen(strand, initiative, decided, "initiative-rejected", people.BOARD, reason=why)
    for months, initiative, name, mode, cost in _WAITING:
        _propose(strand, initiative, months, name, mode, cost)


def _propose(strand: Strand, initiative: str, months: float, name: str, mode: str, cost: int) -> None:
    initiatives.propose(
        strand,
        initiative,
        strand.days.at(months),
        strand.chance.choice(("p-marek", "p-lotte", "p-samira")),
        name=name,
        mode=mode,
        objective=f"{name}: a proposal of two pages is with the office.",
        cost=cost,
        months=(months + 2, months + 10),
    )
