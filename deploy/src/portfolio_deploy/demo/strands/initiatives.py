"""The life of an initiative as the portfolio office writes it down."""

from datetime import date

from portfolio_deploy.demo.strands.opening import SOURCE
from portfolio_deploy.demo.telling import RECORDED, Data, Strand, Told, money


def happen(
    strand: Strand,
    initiative: str,
    day: date,
    name: str,
    actor: str,
    data: Data | None = None,
    *,
    reason: str | None = None,
    expected: str = RECORDED,
) -> Told:
    """Tell an event of an initiative's life, `initiative-approved` and the like."""
    at = strand.during(day)
    return strand.tell(
        at, f"initiative.{name}.v1", f"initiative/{initiative}", actor, data, source=SOURCE, reason=reason, expected=expected
    )


def propose(
    strand: Strand,
    initiative: str,
    day: date,
    actor: str,
    *,
    name: str,
    mode: str,
    objective: str,
    cost: int,
    months: tuple[float, float],
    sponsor: str | None = None,
) -> Told:
    """Propose an initiative: its name, what it is for, and a first idea of money (in units) and time (in months)."""
    start, finish = (strand.days.at(month) for month in months)
    data: Data = {
        "name": name,
        "mode": mode,
        "currency": "EUR",
        "objective": objective,
        "rough_cost": money(cost),
        "rough_dates": {"start": start.isoformat(), "finish": finish.isoformat()},
    }
    if sponsor is not None:
        data["sponsor"] = sponsor
    return happen(strand, initiative, day, "initiative-proposed", actor, data)
