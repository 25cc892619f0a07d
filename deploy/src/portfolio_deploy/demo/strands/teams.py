"""Who works: teams that stay, teams that were made for one thing, what they can do in a quarter, and what is asked of them."""

from dataclasses import dataclass
from datetime import date

from portfolio_deploy.demo import days, people
from portfolio_deploy.demo.telling import RECORDED, Data, Strand

SOURCE = "/demo/people"
_HOURS_A_QUARTER = 13 * 38 * 84 // 100
"""Of one person, without holidays and illness."""


@dataclass(frozen=True, kw_only=True)
class Team:
    """A team: since which month, who is in it, for whom it works since when; whether it stays after that has ended."""

    id: str
    name: str
    formed: float
    works_for: str
    assigned: float
    people: tuple[tuple[str, int], ...]
    stays: bool
    reserve: int = 0


_TEAMS = (
    Team(
        id="anchor",
        name="Anchor: payments",
        formed=0.1,
        works_for="product/payments",
        assigned=0.3,
        people=(("p-finn", 100), ("p-grace", 80), ("p-hugo", 100), ("p-irem", 100)),
        stays=True,
        reserve=20,
    ),
    Team(
        id="mast",
        name="Mast: the policy system",
        formed=1.1,
        works_for="initiative/atlas",
        assigned=1.4,
        people=(("p-hanna", 100), ("p-jorge", 100), ("p-lien", 100), ("p-sven", 80), ("p-nadia", 50)),
        stays=False,
    ),
    Team(
        id="beacon",
        name="Beacon: the portal",
        formed=2.6,
        works_for="product/portal",
        assigned=3.5,
        people=(("p-leo", 100), ("p-mila", 100), ("p-noor", 60)),
        stays=True,
        reserve=25,
    ),
    Team(
        id="tide",
        name="Tide: claims",
        formed=2.9,
        works_for="initiative/self-service",
        assigned=3.6,
        people=(("p-pia", 100), ("p-quinn", 100), ("p-raj", 80), ("p-sofie", 100)),
        stays=False,
        reserve=10,
    ),
    Team(
        id="crane",
        name="Crane: out of the data centre",
        formed=4.8,
        works_for="initiative/harbour-exit",
        assigned=5.4,
        people=(("p-lars", 50), ("p-timo", 100)),
        stays=False,
    ),
    Team(
        id="keel",
        name="Keel: the partners' shop",
        formed=14.1,
        works_for="initiative/partner-shop",
        assigned=14.6,
        people=(("p-ubbe", 100), ("p-vera", 100), ("p-wout", 100)),
        stays=False,
        reserve=10,
    ),
)
_DISSOLVED = 15.4
_LOGGED = 21
"""Those of Keel are paid by the hour, and write it down since this month."""


def tell(strand: Strand) -> None:
    """Tell of all teams, quarter by quarter."""
    for team in _TEAMS:
        _form(strand, team)
        _declare(strand, team)
    _change(strand)
    _promise_too_much(strand)
    _log(strand)


def _tell(
    strand: Strand,
    day: date,
    team: str,
    kind: str,
    data: Data | None = None,
    *,
    actor: str = people.OFFICE,
    reason: str | None = None,
    expected: str = RECORDED,
    hour: int = 9,
) -> None:
    at = days.moment(day, hour, strand.chance.randrange(10))
    strand.tell(at, f"team.{kind}.v1", f"team/{team}", actor, data, source=SOURCE, reason=reason, expected=expected)


def _form(strand: Strand, team: Team) -> None:
    formed = strand.days.at(team.formed)
    kind = "persistent" if team.stays else "temporary"
    _tell(strand, formed, team.id, "team-formed", {"name": team.name, "kind": kind}, hour=7)
    for person, percent in team.people:
        _tell(strand, formed, team.id, "person-joined", {"person": person, "fte": _share(percent)})
    if team.reserve:
        _tell(strand, formed, team.id, "unplanned-reserve-set", {"share": _share(team.reserve)})
    assigned = strand.days.at(team.assigned)
    data: Data = {"to": team.works_for, "share": "1", "start": assigned.isoformat()}
    _tell(strand, assigned, team.id, "team-assigned", data, hour=17)


def _declare(strand: Strand, team: Team) -> None:
    """Tell what a team can do in each quarter of the calendar, from the one in which it was formed."""
    hours = sum(percent for _, percent in team.people) * _HOURS_A_QUARTER // 100
    told = set[str]()
    last = _DISSOLVED if team.id == "crane" else days.MONTHS + 1
    for month in range(int(team.formed), int(last)):
        first = strand.days.month(month)
        quarter = f"{first.year}-Q{(first.month + 2) // 3}"
        if quarter in told:
            continue
        told.add(quarter)
        day = max(strand.days.at(team.formed), days.next_workday(first))
        _tell(
            strand,
            day,
            team.id,
            "capacity-declared",
            {"period": quarter, "hours": str(hours - hours * len(told) % 3 * 8)},
            hour=10,
        )


def _change(strand: Strand) -> None:
    """Tell who came and went, and how one team changed what it calls done; one team is dissolved when its work is."""
    at = strand.days.at
    _tell(strand, at(5.2), "anchor", "person-joined", {"person": "p-yara", "fte": "0.5"})
    _tell(strand, at(14.3), "anchor", "person-left", {"person": "p-yara"})
    _tell(strand, at(12.1), "mast", "person-joined", {"person": "p-zoran", "fte": "1"}, actor="p-nadia")
    criteria = ["Somebody else has read it.", "A clerk has paid a claim with it.", "It is in production, behind a switch."]
    _tell(strand, at(11.2), "tide", "definition-of-done-changed", {"criteria": criteria}, actor="p-lotte")
    _tell(strand, at(_DISSOLVED), "crane", "team-dissolved", expected="STILL_ASSIGNED")
    freed = days.add_workdays(at(_DISSOLVED), 1)
    _tell(strand, freed, "crane", "team-freed", {"member": "initiative/harbour-exit"})
    _tell(strand, freed, "crane", "team-dissolved", hour=11)


def _promise_too_much(strand: Strand) -> None:
    """Tell how a fifth of the portal's team is promised to the partners' shop too: refused, then taken on by somebody who may."""
    day, until = strand.days.at(16.2), days.next_workday(strand.days.month(27))
    data: Data = {"to": "initiative/partner-shop", "share": "0.2", "start": day.isoformat(), "until": until.isoformat()}
    _tell(strand, day, "beacon", "team-assigned", data, actor="p-emre", expected="OVER_ALLOCATED")
    taken_on = days.add_workdays(day, 4)
    accepted: Data = {"up_to": "1.2", "until": until.isoformat(), "proposed_by": "p-emre"}
    why = "Partners log in the way customers do; nobody else knows how. The portal's debt waits until then."
    _tell(strand, taken_on, "beacon", "over-allocation-accepted", accepted, actor=people.BOARD, reason=why)
    data = {**data, "start": taken_on.isoformat()}
    _tell(strand, taken_on, "beacon", "team-assigned", data, hour=11)


def _log(strand: Strand) -> None:
    for day in strand.days.all(strand.days.month(_LOGGED), strand.days.end):
        for person in ("p-ubbe", "p-vera", "p-wout"):
            if strand.happens(80):
                continue
            data: Data = {
                "person": person,
                "hours": strand.chance.choice(("6", "7", "7.5", "7.5", "8", "8", "8.5")),
                "on": day.isoformat(),
                "target": "initiative/partner-shop",
            }
            _tell(strand, day, "keel", "time-logged", data, actor=person, hour=17)


def _share(percent: int) -> str:
    return f"{percent / 100:g}"
