"""How a portfolio looks in the terminal: initiatives and products of all three modes side by side, and what is odd about them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Console

from portfolio_deploy.reading.figures import NOTHING, day, figure, money, share
from portfolio_deploy.reading.tables import Column, facts, show

LATEST = 3
"""How many anomalies and refusals are shown, the newest ones."""

Document = dict[str, Any]

_CODE_WIDTH_MAX = 24


def print_page(console: Console, document: Document) -> None:
    """Print a portfolio with all that is in it."""
    portfolio, overview = document["portfolio"], document["overview"]
    console.print(f"portfolio/{portfolio['portfolio']}  {portfolio['name']}", style="bold")
    totals = overview["totals"]
    facts(
        console,
        [
            ("as of", f"{portfolio['portfolio']}@{portfolio['entry']}"),
            ("currency", portfolio["currency"]),
            ("holds", f"{totals['initiatives']} initiatives, {totals['products']} products"),
            (
                "performance",
                f"SPI {_number(totals['spi'])}, CPI {_number(totals['cpi'])}, of sums over initiatives with a baseline",
            ),
            ("at risk", figure(totals["risk_exposure"])),
        ],
    )
    if overview["members"]:
        console.print("\nAll of it, however it is delivered", style="bold")
        show(console, _members(overview["members"]))
    _print_remarks(console, "Anomalies", document["anomalies"], "anomalies", _still)
    _print_remarks(console, "Refusals", document["refusals"], "refusals", lambda one: one["source"])


def _members(members: Sequence[Document]) -> list[Column]:
    promises = [one["promise"] for one in members]
    return [
        Column(title="member", cells=[one["member"].partition("/")[2] for one in members]),
        Column(title="name", cells=[one["name"] for one in members], goes=9, prose=True),
        Column(title="mode", cells=[one["mode"] for one in members]),
        Column(title="state", cells=[one["state"] for one in members], goes=4),
        Column(title="done", cells=[_share(one["percent_complete"]) for one in members], align="right", goes=2),
        Column(title="spent", cells=[_amount(one["money"]["spent"]) for one in members], align="right", goes=1),
        Column(title="left", cells=[_amount(one["money"]["balance"]) for one in members], align="right", goes=7),
        Column(title="promise", cells=[_text(one["next"]) for one in promises]),
        Column(title="at 85 %", cells=[_text(one["p85"]) for one in promises]),
        Column(title="moved", cells=[_count(one["moves"]) for one in promises], align="right", goes=3),
        Column(title="in 28 d", cells=[_count(one["finished"]) for one in members], align="right", goes=5),
        Column(title="failed", cells=[_share(one["change_failure_rate"]) for one in members], align="right", goes=6),
        Column(title="at risk", cells=[_amount(one["risk_exposure"]) for one in members], align="right", goes=8),
    ]


def _print_remarks(console: Console, title: str, answer: Document, key: str, said: Callable[[Document], str]) -> None:
    """Print how many there are, by code, and the newest."""
    counts = sorted(answer["codes"], key=lambda one: (-one["count"], one["code"]))
    if not counts:
        console.print(f"\n{title}: none", style="bold")
        return
    named = ", ".join(f"{one['count']} {one['code']}" for one in counts)
    console.print(f"\n{title}: {answer['total']}", style="bold")
    facts(console, [("by code", named)])
    latest: Sequence[Document] = answer[key][:LATEST]
    show(
        console,
        [
            Column(title="latest", cells=[one["code"][:_CODE_WIDTH_MAX] for one in latest]),
            Column(title="subject", cells=[one["subject"] for one in latest]),
            Column(title="entry", cells=[str(one["entry"]) for one in latest], align="right"),
            Column(title="since" if key == "anomalies" else "at", cells=[day(one.get("since") or one["time"]) for one in latest]),
            Column(title="" if key == "anomalies" else "source", cells=[said(one) for one in latest], goes=1),
        ],
    )


def _still(anomaly: Mapping[str, Any]) -> str:
    return "" if anomaly["holds"] else "over"


def _number(one: Document) -> str:
    return NOTHING if one["value"] is None else f"{float(one['value']):.2f}"


def _share(one: Document) -> str:
    return NOTHING if one["value"] is None else share(one["value"])


def _count(one: Document) -> str:
    return NOTHING if one["value"] is None else str(one["value"])


def _text(one: Document) -> str:
    return day(one["value"])


def _amount(one: Document) -> str:
    """Return an amount in whole units: a table is compared, not added up."""
    if one["value"] is None:
        return NOTHING
    return money(one["value"]).partition(".")[0]
