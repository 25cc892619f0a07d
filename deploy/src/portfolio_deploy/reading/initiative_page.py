"""How an initiative looks in the terminal: what it promises now, how that came about, and how far it is."""

from typing import Any

from rich.console import Console

from portfolio_deploy.reading.figures import NOTHING, day, days, figure, money, share
from portfolio_deploy.reading.tables import Column, facts, show

_UNDECIDED: dict[str, Any] = {"by": "", "reason": ""}


def print_page(console: Console, initiative: dict[str, Any], baselines: list[dict[str, Any]]) -> None:
    """Print an initiative and all versions of its plan."""
    console.print(f"initiative/{initiative['initiative']}  {initiative['name']}", style="bold")
    facts(console, _facts(initiative))
    if baselines:
        console.print("\nBaselines", style="bold")
        show(console, _baselines(baselines))
    packages = initiative["work_packages"]
    if packages:
        done = sum(package["state"] == "Completed" for package in packages)
        console.print(f"\nWork packages, {done} of {len(packages)} completed", style="bold")
        show(console, _packages(packages))


def _facts(initiative: dict[str, Any]) -> list[tuple[str, str]]:
    funds = initiative["money"]
    approved = initiative["baselines_approved"]
    promise = figure(initiative["next_promise"])
    if initiative["promised_by"] is not None:
        promise += f", by {initiative['promised_by']}"
        if initiative["promised_by"].startswith("baseline"):
            promise += f" of {day(initiative['baseline_effective'])}"
            promise += f"; {approved} were approved so far" if approved > 1 else ""
    by_baselines = initiative["mode"] != "agile" or initiative["baseline"] is not None
    rows = [
        ("as of", f"{initiative['portfolio']}@{initiative['entry']}"),
        ("mode", initiative["mode"]),
        ("state", f"{initiative['state']} since {day(initiative['state_since'])}"),
        *([("stage", initiative["stage"]["value"])] if initiative["stage"]["value"] is not None else []),
        ("sponsor", initiative["sponsor"] or NOTHING),
        ("promise", promise),
        *([("budget", figure(funds["budget_at_completion"]) + _reserve(funds["management_reserve"]))] if by_baselines else []),
        ("cost", figure(funds["cost"]) + _share(funds)),
        ("first idea", _first_idea(initiative)),
    ]
    if initiative["objective"]:
        rows.append(("objective", initiative["objective"]))
    return rows


def _reserve(reserve: dict[str, Any]) -> str:
    return "" if reserve["value"] is None else f", and {money(reserve['value'])} in reserve"


def _share(funds: dict[str, Any]) -> str:
    cost, budget = funds["cost"]["value"], funds["budget_at_completion"]["value"]
    return "" if cost is None or budget is None else f", {cost['minor'] / budget['minor']:.0%} of the budget".replace("%", " %")


def _first_idea(initiative: dict[str, Any]) -> str:
    idea = figure(initiative["money"]["rough_cost"])
    if initiative["rough_finish"] is not None:
        idea += f", done by {day(initiative['rough_finish'])}"
    return idea


def _baselines(baselines: list[dict[str, Any]]) -> list[Column]:
    moved = [_days(one["moved"]) for one in baselines]
    decided: list[dict[str, Any]] = [one["decided"] or _UNDECIDED for one in baselines]
    return [
        Column(title="no", cells=[str(one["version"]) for one in baselines], align="right"),
        Column(title="state", cells=[one["state"] for one in baselines]),
        Column(title="finish", cells=[day(one["finish"]) for one in baselines]),
        Column(title="moved", cells=moved, align="right", goes=2),
        Column(title="budget", cells=[money(one["bac"]) for one in baselines], align="right", goes=1),
        Column(title="effective", cells=[day(one["effective_date"]) for one in baselines], goes=4),
        Column(title="class", cells=[one["change_class"] or "" for one in baselines], goes=5),
        Column(title="by", cells=[one["by"] for one in decided], goes=6),
        Column(title="why", cells=[one["reason"] or "" for one in decided], goes=3, prose=True),
    ]


def _days(moved: dict[str, Any] | None) -> str:
    return "" if moved is None else days(moved["finish_days"])


def _packages(packages: list[dict[str, Any]]) -> list[Column]:
    ordered = sorted(packages, key=lambda package: (package["planned_start"], package["wbs"] or "", package["work_package"]))
    return [
        Column(title="work package", cells=[package["work_package"] for package in ordered]),
        Column(title="name", cells=[package["name"] for package in ordered], goes=4, prose=True),
        Column(title="state", cells=[package["state"] for package in ordered], goes=2),
        Column(title="done", cells=[share(package["fraction"]) for package in ordered], align="right"),
        Column(title="start", cells=[day(package["planned_start"]) for package in ordered], goes=3),
        Column(title="finish", cells=[day(package["planned_finish"]) for package in ordered]),
        Column(title="budget", cells=[money(package["budget"]) for package in ordered], align="right", goes=1),
        Column(title="earns by", cells=[package["ev_method"] for package in ordered], goes=5),
    ]
