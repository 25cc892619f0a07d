"""The burn-up of a release: scope line and done line, day by day."""

from datetime import date

from tests.unit.projector.test_iterations import Team, two_iterations


def test_the_burn_up_has_a_line_for_the_scope_and_one_for_what_was_accepted() -> None:
    """Day by day; what was accepted and turned out not to be done takes its points back."""
    team = Team()
    team.release(points="10")
    team.estimate(A="3", B="2.5")
    team.scope("added", "5", "A", "B", on="2026-01-06")
    team.accept("A", "2026-01-07")
    team.accept("B", "2026-01-07")
    team.history.add("item.item-reopened", "item/B", {"after": None}, time="2026-01-08T10:00:00Z", reason="It failed.")
    team.scope("removed", "2", "B", on="2026-01-09")
    found = team.burn_up(today="2026-01-09")
    assert [(one.date.day, one.scope, one.done) for one in found.days] == [
        (2, "10", "0"),
        (3, "10", "0"),
        (4, "10", "0"),
        (5, "10", "0"),
        (6, "15", "0"),
        (7, "15", "5.5"),
        (8, "15", "3"),
        (9, "13", "3"),
    ]
    assert [(one.points, one.scope, one.items) for one in found.scope_changes] == [
        ("5", "15", ["item/A", "item/B"]),
        ("-2", "13", ["item/B"]),
    ]


def test_the_lines_end_when_the_release_is_shipped() -> None:
    """Or with the plan, where nothing happens after it; never later than the day of the answer."""
    team = two_iterations()
    assert team.burn_up(today="2026-12-31").days[-1].date == date(2026, 3, 15)
    team.history.add("release.release-shipped", "release/r1", {"version": "1"}, time="2026-02-20T12:00:00Z")
    shipped = team.burn_up(today="2026-12-31")
    assert shipped.days[-1].date == date(2026, 2, 20)
    assert shipped.forecasts.simulated.p50.reason == "SHIPPED"
