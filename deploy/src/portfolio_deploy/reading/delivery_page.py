"""How a product's delivery looks in the terminal: what was deployed, how soon, how often with harm, and what was kept."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console

from portfolio_deploy.reading.figures import duration, share, why
from portfolio_deploy.reading.tables import facts


def print_section(console: Console, delivery: Mapping[str, Any]) -> None:
    """Print the five metrics of the window, and service levels, where anything is known of them."""
    rows = [*_five(delivery), *_levels(delivery)] if delivery["attempts"] or delivery["incidents"] else list(_levels(delivery))
    if rows:
        console.print(f"\nDelivery, {delivery['from']} to {delivery['to']}", style="bold")
        facts(console, rows)


def _five(delivery: Mapping[str, Any]) -> list[tuple[str, str]]:
    frequency, failures = delivery["deployment_frequency"], delivery["change_failure_rate"]
    band = frequency["bands"][0]["band"]["value"]
    recovery, rework = delivery["recovery_from_incident"], delivery["rework_rate"]
    left = f"; {recovery['unresolved']} not over" if recovery["unresolved"] else ""
    return [
        ("deployments", f"{frequency['numerator']} in {frequency['denominator']} days" + (f", {band}" if band else "")),
        ("lead time", _median(delivery["lead_time"], "change")),
        ("failed", _rate(failures)),
        ("over after", _median(recovery, "incident") + left),
        ("rework", _rate(rework)),
    ]


def _levels(delivery: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(one["service_level"], _level(one)) for one in delivery["service_levels"]]


def _level(one: Mapping[str, Any]) -> str:
    if one["value"] is None:
        return f"{one['target'] or 'no'} promised, not measured"
    left = one["budget_left"]
    budget = f"{share(left['value'])} of the error budget left" if left["value"] is not None else why(left)
    return f"{one['value']} of {one['target']}: {budget}"


def _median(metric: Mapping[str, Any], of: str) -> str:
    if metric["value"] is None:
        return why(metric)
    count = metric["denominator"]
    return f"{duration(metric['value'])}, the median of {count} {of}{'' if count == 1 else 's'}"


def _rate(metric: Mapping[str, Any]) -> str:
    if metric["value"] is None:
        return why(metric)
    return f"{share(metric['value'])}, {metric['numerator']} of {metric['denominator']}"
