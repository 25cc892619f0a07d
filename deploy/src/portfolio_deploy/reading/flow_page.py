"""How a product's flow looks in the terminal: cumulative flow, throughput and cycle times of some weeks, and what is expected."""

from typing import Any

from rich.console import Console

from portfolio_deploy.reading.curve import sparkline
from portfolio_deploy.reading.figures import NOTHING, figure, share, why
from portfolio_deploy.reading.tables import Column, facts, show

_OLDEST_SHOWN = 3
_WIDTH_MAX = 60


def print_section(console: Console, flow: dict[str, Any], forecast: dict[str, Any]) -> None:
    """Print how items flowed, where there are any, and when what is open will be done."""
    if not flow["cfd"] or not flow["cfd"][-1]["added"]:
        return
    console.print(f"\nFlow, {flow['first_day']} to {flow['last_day']}", style="bold")
    show(console, _cumulative(flow))
    facts(console, _facts(flow))
    console.print("\nForecast", style="bold")
    facts(console, _forecast(forecast))


def _cumulative(flow: dict[str, Any]) -> list[Column]:
    days = flow["cfd"]
    columns = [("added", [day["added"] for day in days])]
    columns += [(name, [day["states"][name] for day in days]) for name in days[-1]["states"]]
    columns.append(("done", [day["done"] for day in days]))
    return [
        Column(title="reached", cells=[name for name, _ in columns]),
        Column(title="items by day", cells=[sparkline(_thinned(counts)) for _, counts in columns], goes=1),
        Column(title="now", cells=[str(counts[-1]) for _, counts in columns], align="right"),
    ]


def _thinned(values: list[int]) -> list[float | None]:
    """Return so few of the values that a line holds them, the last one among them."""
    step = -(-len(values) // _WIDTH_MAX)
    return [float(value) for value in values[::-1][::step][::-1]]


def _facts(flow: dict[str, Any]) -> list[tuple[str, str]]:
    weeks = [week for week in flow["weeks"] if week["whole"]]
    counts = [week["throughput"] for week in weeks]
    rows = [("done by week", f"{sparkline(counts)}  {', '.join(map(str, counts))}" if counts else NOTHING)]
    rows += [
        ("cycle time", _percentiles(flow["cycle_time"]["percentiles"])),
        ("in work", _in_work(flow["in_work"])),
        ("flow efficiency", _percent(flow["flow_efficiency"])),
    ]
    kinds = [f"{kind} {_percent(one)}" for kind, one in flow["distribution"].items() if one["value"] not in (None, "0")]
    if kinds:
        rows.append(("done by kind", ", ".join(kinds)))
    rows += [
        ("over its limit", f"{limit['state']}: {limit['items']} items, {limit['limit']} allowed")
        for limit in flow["wip_limits"]
        if limit["exceeded"]
    ]
    if flow["littles_law"]["warning"] is not None:
        rows.append(("look at it", flow["littles_law"]["warning"]))
    return rows


def _percentiles(found: list[dict[str, Any]]) -> str:
    if found[0]["value"] is None:
        return f"{NOTHING} ({why(found[0])})"
    return ", ".join(f"{share(one['share'])} within {one['value']} d" for one in found)


def _in_work(found: dict[str, Any]) -> str:
    oldest = [f"{one['item']} {one['age_days']} d" + (", blocked" if one["blocked"] else "") for one in found["items"]]
    told = "; ".join(oldest[:_OLDEST_SHOWN])
    return str(found["load"]["value"]) + (f", the oldest {told}" if told else "")


def _forecast(forecast: dict[str, Any]) -> list[tuple[str, str]]:
    when = [f"{share(one['share'])} by {figure(one['day'])}" for one in forecast["when"] if one["day"]["value"] is not None]
    amounts = [f"{share(one['share'])} at least {one['value']}" for one in forecast["how_many"] if one["value"] is not None]
    return [
        (f"{forecast['remaining']} open items", ", ".join(when) or f"{NOTHING} ({why(forecast['when'][0]['day'])})"),
        (f"in {forecast['weeks']} weeks", ", ".join(amounts) or f"{NOTHING} ({why(forecast['how_many'][0])})"),
        ("from", f"{len(forecast['samples'])} weeks, {forecast['runs']:,} futures, seed {forecast['seed']}"),
    ]


def _percent(one: dict[str, Any]) -> str:
    return f"{NOTHING} ({why(one)})" if one["value"] is None else share(one["value"])
