"""Plans: what a baseline says, as a document, and what is read from it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from portfolio_projector.read_models.initiatives.rows import Plan
from portfolio_schemas.events.initiative import BaselineProposed
from portfolio_schemas.values import PlannedTime

_PARTS = {"work_packages", "milestones", "dependencies", "calendar"}
_END_OF_DAY = "T24"


def of(data: BaselineProposed) -> Plan:
    """Return the plan of a proposed baseline."""
    return data.model_dump(mode="json", by_alias=True, exclude_none=True, include=_PARTS)


def work_packages(plan: Plan) -> dict[str, dict[str, Any]]:
    """Return the planned work packages by id."""
    return {part["id"]: part for part in plan["work_packages"]}


def budget(part: Mapping[str, Any]) -> int:
    """Return what a planned work package may cost in all."""
    return sum(part[name]["minor"] for name in ("budget_at_start", "budget_over_time") if name in part)


def start(plan: Plan) -> str:
    """Return the first planned start."""
    return min(part["start"] for part in plan["work_packages"])


def finish(plan: Plan) -> str:
    """Return the last planned finish, of work packages and milestones; a day ends after every instant in it."""
    finishes = [part["finish"] for part in plan["work_packages"]] + [one["date"] for one in plan.get("milestones", ())]
    return max(finishes, key=lambda text: text if "T" in text else text + _END_OF_DAY)


def instant(time: datetime) -> str:
    """Write an instant as plans do."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def text(planned: PlannedTime | None) -> str | None:
    """Write a planned time as plans do; None where there is none."""
    if planned is None:
        return None
    return instant(planned) if isinstance(planned, datetime) else planned.isoformat()
