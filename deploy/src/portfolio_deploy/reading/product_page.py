"""How a product looks in the terminal: whose it is, and the top of its rolling backlog in order."""

from collections import Counter
from typing import Any

from rich.console import Console

from portfolio_deploy.reading.figures import NOTHING, day, figure, share
from portfolio_deploy.reading.tables import Column, facts, show


def print_page(console: Console, product: dict[str, Any], items: list[dict[str, Any]], *, items_max: int) -> None:
    """Print a product and the first items of its backlog."""
    console.print(f"product/{product['product']}  {product['name']}", style="bold")
    facts(console, _facts(product, items))
    shown = items[:items_max]
    if shown:
        console.print("\nBacklog", style="bold")
        show(console, _backlog(shown))
    if len(items) > len(shown):
        console.print(f"and {len(items) - len(shown)} more; --items {len(items)} shows them")


def _facts(product: dict[str, Any], items: list[dict[str, Any]]) -> list[tuple[str, str]]:
    kinds = Counter(item["kind"] for item in items)
    states = Counter(item["state"] for item in items)
    told = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    rows = [
        ("as of", f"{product['portfolio']}@{product['entry']}"),
        ("state", f"{product['state']} since {day(product['since'])}"),
        ("owner", product["owner"] or NOTHING),
        *_given(
            ("team", _teams(product)), ("came from", _members(product["opened_from"])), ("became", _members(product["became"]))
        ),
        ("money", _money(product["funding"])),
        *_given(("promise", _promise(product["promise"])), ("incidents", _incidents(product["open_incidents"]))),
        ("open items", f"{product['open_items']}" + (f": {told}" if told else "")),
        ("in work", str(states["Started"])),
    ]
    if product["vision"]:
        rows.append(("vision", product["vision"]))
    return rows


def _given(*rows: tuple[str, str]) -> list[tuple[str, str]]:
    return [row for row in rows if row[1]]


def _teams(product: dict[str, Any]) -> str:
    return ", ".join(f"{one['team']} {share(one['share'])}" if one["share"] else one["team"] for one in product["teams"])


def _members(lineage: list[dict[str, Any]]) -> str:
    return ", ".join(one["member"] if one["share"] == "1" else f"{one['member']} ({share(one['share'])})" for one in lineage)


def _money(funding: dict[str, Any]) -> str:
    """Return what is left, and for how long where the books say which months are complete."""
    if funding["balance"]["value"] is None:
        return figure(funding["balance"])
    left = f"{figure(funding['balance'])} left of {figure(funding['released'])}"
    months, burn = funding["runway"]["value"], funding["burn"]
    if months is None or burn["closed_by"] != "books":
        return left
    return f"{left}, for {float(months):.1f} months at {figure(burn)} a month"


def _promise(promise: dict[str, Any] | None) -> str:
    if promise is None:
        return ""
    if promise["kind"] == "end":
        return f"ends on {promise['date']}"
    count = promise["items"]
    return f"{promise['target']} for {promise['gate']} of {count} item{'' if count == 1 else 's'}"


def _incidents(incidents: dict[str, Any]) -> str:
    return f"{incidents['count']} open, the worst of severity {incidents['worst_severity']}" if incidents["count"] else ""


def _backlog(items: list[dict[str, Any]]) -> list[Column]:
    return [
        Column(title="", cells=[str(item["position"]) for item in items], align="right"),
        Column(title="item", cells=[item["item"] for item in items]),
        Column(title="title", cells=[item["title"] for item in items], prose=True),
        Column(title="kind", cells=[item["kind"] for item in items], goes=2),
        Column(title="state", cells=[_state(item) for item in items], goes=1),
        Column(title="horizon", cells=[item["horizon"] for item in items], goes=4),
        Column(title="age", cells=[f"{item['age_days']} d" for item in items], align="right", goes=3),
        Column(title="its source says", cells=[item["status"] or "" for item in items], goes=5),
        Column(title="targets", cells=[_targets(item) for item in items], goes=6),
    ]


def _state(item: dict[str, Any]) -> str:
    return f"{item['state']}, blocked" if item["blocked"] else str(item["state"])


def _targets(item: dict[str, Any]) -> str:
    return ", ".join(f"{gate} {target}" for gate, target in item["targets"].items())
