"""The fold of `capacity`. Pure: the order is the log's; what has no premise is passed over."""

from datetime import date
from decimal import Decimal
from typing import assert_never, cast, get_args

from portfolio_projector.folding.acts import act_of, by_time
from portfolio_projector.folding.chronicles import chronicle
from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.read_models.capacity import assignments
from portfolio_projector.read_models.capacity.assignments import DAY, Assignment
from portfolio_projector.read_models.capacity.state import Acceptance, Capacity, Declared, Definition, Intended, Reserve, Team
from portfolio_schemas.events import team as teams
from portfolio_schemas.events.portfolio import CapacityAllocated, PortfolioOpened

_Assigned = teams.TeamAssigned | teams.TeamFreed | teams.TeamRetained | teams.TeamDissolved | teams.OverAllocationAccepted
_Hours = teams.CapacityDeclared | teams.UnplannedReserveSet | teams.TimeLogged | teams.TimeCorrected
_People = teams.PersonJoined | teams.PersonLeft
Known = PortfolioOpened | CapacityAllocated | teams.TeamFormed | _Assigned | _Hours | _People | teams.DefinitionOfDoneChanged

UNPLANNED = ("incident", "issue")


def fold(state: Capacity, fact: Fact) -> None:
    """Change the state by one fact."""
    data = cast("Known", fact.data)
    if isinstance(data, PortfolioOpened):
        state.zone = None if data.calendar is None else data.calendar.zone
        return
    if isinstance(data, CapacityAllocated):
        intended = Intended(data.member, Decimal(data.share), data.start, data.finish, act_of(fact))
        state.intended.setdefault(data.team.partition("/")[2], []).append(intended)
        return
    if isinstance(data, teams.TeamFormed):
        state.teams[fact.id] = Team(data.name, data.kind, act_of(fact))
        return
    team = state.teams.get(fact.id)
    if team is None:
        return
    if isinstance(data, _Assigned):
        _assign(team, fact, data, assignments.day_of(fact.time, state.zone))
    elif isinstance(data, _Hours):
        _count(team, fact, data)
    elif isinstance(data, teams.DefinitionOfDoneChanged):
        team.definitions.append(Definition(list(data.criteria), act_of(fact)))
    else:
        _staff(team, data)


def _staff(team: Team, data: _People) -> None:
    match data:
        case teams.PersonJoined(person=person, fte=fte):
            team.people[person] = Decimal(fte)
        case teams.PersonLeft(person=person):
            team.people.pop(person, None)
        case _:
            assert_never(data)


def _count(team: Team, fact: Fact, data: _Hours) -> None:
    match data:
        case teams.CapacityDeclared(period=period, hours=hours):
            known = team.declared.get(period)
            new = Declared(Decimal(hours), act_of(fact))
            team.declared[period] = new if known is None or by_time(known) <= by_time(new) else known
        case teams.UnplannedReserveSet(share=share):
            team.reserves.append(Reserve(Decimal(share), act_of(fact)))
        case teams.TimeLogged(hours=hours, on=day, target=target) | teams.TimeCorrected(hours=hours, on=day, target=target):
            month = f"{day:%Y-%m}"
            team.worked[month] = team.worked.get(month, Decimal(0)) + Decimal(hours)
            if target.partition("/")[0] in UNPLANNED:
                team.unplanned[month] = team.unplanned.get(month, Decimal(0)) + Decimal(hours)
        case _:
            assert_never(data)


def _assign(team: Team, fact: Fact, data: _Assigned, day: date) -> None:
    act = act_of(fact)
    match data:
        case teams.TeamAssigned(to=member, share=share, start=start, until=until):
            new = Assignment(Decimal(share), start, until, act)
            team.works_for[member] = assignments.assigned(team.works_for.get(member, []), new)
        case teams.TeamFreed(member=member):
            team.works_for[member] = assignments.ended(team.works_for.get(member, []), day)
        case teams.TeamRetained(member=member, to=to):
            known = team.works_for.get(member, [])
            team.works_for[to] = [*team.works_for.get(to, []), *assignments.moved(known, day, act)]
            team.works_for[member] = assignments.ended(known, day - DAY)
            team.kind = "persistent"
        case teams.TeamDissolved():
            team.works_for = {member: assignments.ended(known, day) for member, known in team.works_for.items()}
            team.dissolved = act
        case teams.OverAllocationAccepted(up_to=up_to, until=until, proposed_by=who):
            team.accepted.append(Acceptance(None if up_to is None else Decimal(up_to), until, who, act))
        case _:
            assert_never(data)


CAPACITY = chronicle("capacity", 3, types=types_of(*get_args(Known)), state=Capacity, fold=fold, of_portfolio=True)
