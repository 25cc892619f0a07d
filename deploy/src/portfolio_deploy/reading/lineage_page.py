"""How it looks in the terminal that something became another thing: when, on whose word, and what went along with it."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console

from portfolio_deploy.reading.figures import day, figure, money
from portfolio_deploy.reading.tables import Column, facts, show


def print_section(console: Console, member: str, answer: dict[str, Any]) -> None:
    """Print every change of mode and every transition that a member had a part in, the first one first."""
    for one in answer["transitions"]:
        decided = one["decided"]
        if decided is None:
            continue
        console.print(f"\n{_title(member, one)}", style="bold", highlight=False)
        facts(console, _facts(one, decided))
        if one["dispositions"]:
            show(console, _dispositions(one["dispositions"]))


def _title(member: str, one: dict[str, Any]) -> str:
    if one["to_mode"] is not None:
        return f"Goes on the {one['to_mode']} way since {one['cut_over']}"
    became = ", ".join(to["member"] for to in one["to"])
    return f"Became {became} on {one['cut_over']}" if one["from"] == member else f"Was {one['from']} until {one['cut_over']}"


def _facts(one: dict[str, Any], decided: dict[str, Any]) -> list[tuple[str, str]]:
    rows = [("decided", f"{day(decided['at'])} by {decided['by']}, entry {decided['entry']}; proposed by {one['proposed_by']}")]
    proposed = one["proposed"]
    why = decided["reason"] or (None if proposed is None else proposed["reason"])
    if why:
        rows.append(("why", why))
    frozen, funds = one["frozen"], one["funds"]
    if frozen is not None:
        told = f"{figure(frozen['ev'])} earned and {figure(frozen['ac'])} spent, of {figure(frozen['bac'])}"
        rows.append(("frozen", told))
    if one["items"]:
        rows.append(("items", f"{len(one['items'])} went along, in their order"))
    if one["matters"]:
        rows.append(("went along", ", ".join(matter["subject"] for matter in one["matters"])))
    if funds is not None:
        carried = "".join(f", {money(part['amount'])} to {part['to']}" for part in funds["carried_over"])
        rows.append(("money", f"{money(funds['approved'])} approved: {money(funds['spent'])} spent{carried}"))
    return rows


def _dispositions(dispositions: Sequence[dict[str, Any]]) -> list[Column]:
    return [
        Column(title="work package", cells=[one["work_package"] for one in dispositions]),
        Column(title="became", cells=[one["item"] or one["becomes"] for one in dispositions]),
        Column(title="why", cells=[one["reason"] or "" for one in dispositions], goes=1, prose=True),
    ]
