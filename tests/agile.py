"""The published example of agile earned value: 30 of 100 points after two of five iterations, for 25,000 of 100,000."""

from typing import Any

from tests.judged import Judged

GEMINI = "initiative/gemini"


def eur(minor: int) -> dict[str, Any]:
    """An amount."""
    return {"minor": minor, "currency": "EUR"}


def tell(portfolio: str) -> Judged:
    """Tell the example by the rules: items are estimated, completed and accepted before their points are done."""
    judged = Judged(portfolio)
    say(judged, "portfolio-opened", f"portfolio/{portfolio}", {"name": portfolio, "currency": "EUR"}, "2026-01-01")
    proposal = {"name": "Gemini", "mode": "agile", "currency": "EUR", "sponsor": "carla"}
    say(judged, "initiative-proposed", GEMINI, proposal, "2026-01-02")
    say(judged, "initiative-approved", GEMINI, {}, "2026-01-02", by="ines")
    say(judged, "initiative-activated", GEMINI, {}, "2026-01-02")
    money = {"member": GEMINI, "tranche_no": 1, "amount": eur(10_000_000), "valid_from": "2026-01-01", "valid_to": "2026-12-31"}
    say(judged, "tranche-released", "funding/gemini", {**money, "proposed_by": "dan"}, "2026-01-02", by="books")
    say(judged, "team-formed", "team/core", {"name": "Core", "kind": "temporary"}, "2026-01-02")
    plan = {"planned_iterations": 5, "iteration_days": 14, "release_points": "100", "bac": eur(10_000_000), "start": "2026-01-05"}
    say(judged, "release-planned", "release/r1", {"initiative": GEMINI, "name": "First", **plan}, "2026-01-02")
    say(judged, "release-baseline-approved", "release/r1", {}, "2026-01-02", by="ines")
    iterate(judged, 1, "2026-01-05", "2026-01-18", {"A": "12", "B": "3"}, done="A", cost=1_000_000)
    iterate(judged, 2, "2026-01-19", "2026-02-01", {"C": "18"}, done="C", cost=1_500_000)
    return judged


def say(
    judged: Judged, type_: str, subject: str, data: dict[str, Any], day: str, *, by: str = "dan", why: str | None = None
) -> int:
    """State a fact of a day."""
    reason = {} if why is None else {"reason": why}
    return judged.say(type_, subject, data, time=f"{day}T16:00:00Z", actor=by, **reason)


def iterate(judged: Judged, no: int, start: str, finish: str, items: dict[str, str], *, done: str, cost: int) -> None:
    """Work through an iteration: one item is done and accepted, the others are carried over."""
    for item, points in items.items():
        added = {"backlog": GEMINI, "title": item, "kind": "feature"}
        say(judged, "item-added.v2", f"item/{item}", added, start)
        say(judged, "item-estimated", f"item/{item}", {"points": points}, start)
    committed = [f"item/{item}" for item in items]
    iteration = {"initiative": GEMINI, "team": "team/core", "no": no, "start": start, "finish": finish, "committed": committed}
    say(judged, "iteration-planned", f"iteration/core-{no}", iteration, start)
    say(judged, "iteration-started", f"iteration/core-{no}", {}, start)
    say(judged, "item-started", f"item/{done}", {}, start)
    say(judged, "item-completed", f"item/{done}", {}, finish)
    say(judged, "item-accepted", f"item/{done}", {"accepted_by": "po"}, finish)
    posted = {"member": GEMINI, "amount": eur(cost), "period": finish[:7], "category": "labour", "treatment": "opex"}
    say(judged, "cost-posted.v2", "funding/gemini", posted, finish, by="books")
    carried = [item for item in committed if item != f"item/{done}"]
    ended = {"completed": [f"item/{done}"], "carried_over": carried, "points_done": items[done]}
    say(judged, "iteration-closed", f"iteration/core-{no}", ended, finish)


def grow(judged: Judged) -> int:
    """Let 20 points enter the scope after the second iteration."""
    say(judged, "item-added.v2", "item/X", {"backlog": GEMINI, "title": "X", "kind": "feature"}, "2026-02-02")
    data = {"items": ["item/X"], "points": "20"}
    return say(judged, "scope-added", "release/r1", data, "2026-02-03", why="The law.")
