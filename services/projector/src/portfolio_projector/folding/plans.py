"""Plans: what a proposed baseline or a planned release promises as a whole. Pure."""

from datetime import UTC, date, datetime, timedelta

from portfolio_schemas.events.initiative import BaselineProposed
from portfolio_schemas.events.release import ReleasePlanned


def day_of(planned: date | datetime) -> date:
    """Return the day of a planned time; that of an instant is the one in UTC."""
    return planned.astimezone(UTC).date() if isinstance(planned, datetime) else planned


def finish_of(data: BaselineProposed) -> date:
    """Return the last day of a plan, of its work packages and milestones."""
    return max(*(day_of(part.finish) for part in data.work_packages), *(one.date for one in data.milestones), date.min)


def last_day_of(start: date, planned_iterations: int, iteration_days: int) -> date:
    """Return the last day of so many iterations, or the last day that there is."""
    days = planned_iterations * iteration_days - 1
    return start + timedelta(days=min(days, (date.max - start).days))


def release_finish_of(data: ReleasePlanned) -> date:
    """Return the last day of a release's planned iterations."""
    return last_day_of(data.start, data.planned_iterations, data.iteration_days)
