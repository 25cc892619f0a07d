"""How a portfolio looks in the terminal: its initiatives and its products, side by side."""

from typing import Any

from rich.console import Console

from portfolio_deploy.reading.figures import NOTHING, day, money
from portfolio_deploy.reading.tables import Column, facts, show


def print_page(
    console: Console, portfolio: dict[str, Any], initiatives: list[dict[str, Any]], products: list[dict[str, Any]]
) -> None:
    """Print a portfolio with all that is in it."""
    console.print(f"portfolio/{portfolio['portfolio']}  {portfolio['name']}", style="bold")
    facts(console, [("as of", f"{portfolio['portfolio']}@{portfolio['entry']}"), ("currency", portfolio["currency"])])
    if initiatives:
        console.print("\nInitiatives, which have an end", style="bold")
        show(console, _initiatives(initiatives))
    if products:
        console.print("\nProducts, which have none", style="bold")
        show(console, _products(products))


def _initiatives(initiatives: list[dict[str, Any]]) -> list[Column]:
    funds = [one["money"] for one in initiatives]
    return [
        Column(title="initiative", cells=[one["initiative"] for one in initiatives]),
        Column(title="name", cells=[one["name"] for one in initiatives], goes=4, prose=True),
        Column(title="mode", cells=[one["mode"] for one in initiatives], goes=5),
        Column(title="state", cells=[one["state"] for one in initiatives]),
        Column(title="promise", cells=[day(one["next_promise"]["value"]) for one in initiatives]),
        Column(title="plans", cells=[str(one["baselines_approved"]) for one in initiatives], align="right", goes=3),
        Column(title="budget", cells=[_amount(one["budget_at_completion"]) for one in funds], align="right", goes=1),
        Column(title="cost", cells=[_amount(one["cost"]) for one in funds], align="right", goes=2),
    ]


def _products(products: list[dict[str, Any]]) -> list[Column]:
    return [
        Column(title="product", cells=[one["product"] for one in products]),
        Column(title="name", cells=[one["name"] for one in products], goes=2, prose=True),
        Column(title="state", cells=[one["state"] for one in products]),
        Column(title="owner", cells=[one["owner"] or NOTHING for one in products], goes=1),
        Column(title="open items", cells=[str(one["open_items"]) for one in products], align="right"),
    ]


def _amount(one: dict[str, Any]) -> str:
    return NOTHING if one["value"] is None else money(one["value"])
