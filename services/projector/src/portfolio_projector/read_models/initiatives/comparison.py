"""What moved between two versions of a plan, and by how much. Pure; days are days of the calendar, money is in minor units."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from portfolio_projector.read_models.initiatives import plans
from portfolio_projector.read_models.initiatives.rows import BaselineRow

_TIMES = ("start", "finish")
_TEXTS = ("name", "wbs", "working_hours", "ev_method")


def compare(before: BaselineRow, after: BaselineRow) -> dict[str, Any]:
    """Return what the second plan has otherwise than the first."""
    old, new = plans.work_packages(before.plan), plans.work_packages(after.plan)
    return {
        "bac": amounts(before.bac, after.bac),
        "management_reserve": amounts(before.management_reserve, after.management_reserve),
        "start": times(before.start, after.start),
        "finish": times(before.finish, after.finish),
        "work_packages": {
            "added": [_package(new[name]) for name in new if name not in old],
            "removed": [_package(old[name]) for name in old if name not in new],
            "changed": [change for name in new if name in old and (change := _changed(old[name], new[name]))],
        },
        "milestones": _milestones(before.plan.get("milestones", ()), after.plan.get("milestones", ())),
        "dependencies": _dependencies(before.plan.get("dependencies", ()), after.plan.get("dependencies", ())),
        "calendar_changed": before.plan.get("calendar") != after.plan.get("calendar"),
    }


def amounts(before: int | None, after: int | None) -> dict[str, int | None]:
    """Compare amounts; a difference needs both."""
    return {"from": before, "to": after, "difference": None if before is None or after is None else after - before}


def times(before: str, after: str) -> dict[str, str | int]:
    """Compare planned times, by the days that they lie on."""
    return {"from": before, "to": after, "days": days(before, after)}


def days(before: str, after: str) -> int:
    """Return how many days a planned time moved; later is positive."""
    return (_date(after) - _date(before)).days


def _package(part: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": part["id"],
        "name": part["name"],
        "start": part["start"],
        "finish": part["finish"],
        "budget": plans.budget(part),
    }


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any] | None:
    changes: dict[str, Any] = {name: times(old[name], new[name]) for name in _TIMES if old[name] != new[name]}
    changes |= {name: {"from": old.get(name), "to": new.get(name)} for name in _TEXTS if old.get(name) != new.get(name)}
    for name in ("budget_at_start", "budget_over_time"):
        was, is_ = (part.get(name, {}).get("minor", 0) for part in (old, new))
        if was != is_:
            changes[name] = amounts(was, is_)
    return {"id": new["id"], "name": new["name"], "changes": changes} if changes else None


def _milestones(old: Iterable[Mapping[str, Any]], new: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    before, after = ({one["id"]: one for one in milestones} for milestones in (old, new))
    return {
        "added": [dict(one) for name, one in after.items() if name not in before],
        "removed": [dict(one) for name, one in before.items() if name not in after],
        "moved": [
            {"id": name, "name": one["name"], **times(before[name]["date"], one["date"])}
            for name, one in after.items()
            if name in before and before[name]["date"] != one["date"]
        ],
    }


def _dependencies(old: Iterable[Mapping[str, Any]], new: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    before, after = list(old), list(new)
    return {
        "added": [dict(one) for one in after if one not in before],
        "removed": [dict(one) for one in before if one not in after],
    }


def _date(planned: str) -> date:
    return date.fromisoformat(planned[:10])
