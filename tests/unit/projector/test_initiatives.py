"""The fold of `initiatives`: life, baselines, work packages, cost."""

from typing import Any

import pytest

from portfolio_projector.folding.facts import Impossible
from portfolio_projector.read_models.initiatives import answers, comparison
from portfolio_projector.read_models.initiatives import fold as initiatives
from portfolio_projector.read_models.initiatives.rows import BaselineRow, InitiativeRow, PackageRow
from portfolio_projector.read_models.initiatives.state import Initiatives
from tests.histories import History

PORTFOLIO = "acme"


def eur(minor: int) -> dict[str, Any]:
    """An amount of money."""
    return {"minor": minor, "currency": "EUR"}


def part(name: str, start: str, finish: str, budget: int) -> dict[str, Any]:
    """A planned work package."""
    return {"id": name, "name": f"Work on {name}", "start": start, "finish": finish, "budget_over_time": eur(budget)}


FIRST = [part("design", "2026-01-05", "2026-02-27", 40_00), part("build", "2026-03-02", "2026-06-30", 60_00)]
SECOND = [part("build", "2026-03-02", "2026-07-31", 80_00), part("test", "2026-08-03", "2026-08-31", 20_00)]


def story() -> History:
    """An initiative with a first baseline, approved."""
    made = History(PORTFOLIO)
    made.add(
        "initiative.initiative-proposed",
        "initiative/apollo",
        {"name": "Apollo", "mode": "waterfall", "currency": "EUR", "sponsor": "sue", "rough_cost": eur(90_00)},
        actor="pia",
    )
    made.add("initiative.initiative-approved", "initiative/apollo", {}, actor="bob")
    made.add("initiative.initiative-activated", "initiative/apollo", {})
    propose(made, 1, FIRST, 100_00)
    approve(made, 1, "initial")
    return made


def propose(made: History, version: int, parts: list[dict[str, Any]], bac: int) -> None:
    """Propose a baseline."""
    data: dict[str, Any] = {"version": version, "bac": eur(bac), "work_packages": parts}
    made.add("initiative.baseline-proposed", "initiative/apollo", data, actor="pia")


def approve(made: History, version: int, change_class: str, **attributes: str) -> None:
    """Approve a baseline."""
    data = {"version": version, "effective_date": "2026-01-01", "change_class": change_class}
    made.add("initiative.baseline-approved", "initiative/apollo", data, actor="bob", **attributes)


def cost(made: History, minor: int, **attributes: Any) -> int:  # noqa: ANN401  JSON
    """Post a cost and return its entry."""
    data = {"member": "initiative/apollo", "amount": eur(minor), "period": "2026-02", "category": "labour"}
    return made.add("funding.cost-posted", "funding/apollo", data, **attributes).entry


def folded(made: History) -> Initiatives:
    """The state after a history."""
    state = Initiatives(complete=True)
    for fact in made.facts():
        initiatives.fold(state, fact)
    return state


def apollo(state: Initiatives) -> InitiativeRow:
    """The initiative."""
    row = state.initiatives.get((PORTFOLIO, "apollo"))
    assert row is not None
    return row


def package(state: Initiatives, name: str) -> PackageRow:
    """A work package."""
    row = state.packages.get((PORTFOLIO, name))
    assert row is not None
    return row


def version(state: Initiatives, number: int) -> BaselineRow:
    """A baseline."""
    row = state.baselines.get((PORTFOLIO, "apollo", number))
    assert row is not None
    return row


def test_an_approved_baseline_becomes_the_promise():
    """Budget, start and finish of the initiative are those of its current baseline; its work packages are planned."""
    state = folded(story())
    row = apollo(state)
    assert (row.state, row.baseline, row.bac, row.start, row.finish) == ("Active", 1, 100_00, "2026-01-05", "2026-06-30")
    assert [(package(state, name).state, package(state, name).budget) for name in ("design", "build")] == [
        ("Planned", 40_00),
        ("Planned", 60_00),
    ]


def test_what_has_no_basis_is_null_with_a_reason():
    """No cost posted, no baseline, a schedule without a budget: never 0."""
    made = History(PORTFOLIO)
    made.add("initiative.initiative-proposed", "initiative/apollo", {"name": "Apollo", "mode": "agile", "currency": "EUR"})
    shown = answers.initiative(apollo(folded(made)))
    assert shown["money"]["budget_at_completion"] == {"value": None, "reason": "NO_BASELINE", "definition": "bac/1"}
    assert shown["money"]["cost"] == {"value": None, "reason": "NO_COST", "definition": "ac/1"}
    assert shown["next_promise"] == {"value": None, "reason": "NO_RELEASE"}
    propose(made, 1, [part("design", "2026-01-05", "2026-02-27", 0)], 0)
    approve(made, 1, "initial")
    shown = answers.initiative(apollo(folded(made)))
    assert shown["money"]["budget_at_completion"] == {"value": None, "reason": "NO_BUDGET", "definition": "bac/1"}
    assert (shown["next_promise"], shown["promised_by"]) == ({"value": "2026-02-27", "reason": None}, "baseline 1")


def test_an_initiative_is_in_the_stage_that_it_entered_until_that_ends():
    """A correction of the entering moves it, one of an earlier stage does not; between stages, and in another mode, is none."""
    made = story()
    assert answers.initiative(apollo(folded(made)))["stage"] == {"value": None, "reason": "NO_STAGE"}
    wrong = made.add("initiative.stage-entered", "initiative/apollo", {"stage": "desing"}).entry
    better = made.add("initiative.stage-entered", "initiative/apollo", {"stage": "design"}, corrects=wrong).entry
    assert answers.initiative(apollo(folded(made)))["stage"] == {"value": "design", "reason": None}
    made.add("initiative.stage-ended", "initiative/apollo", {"stage": "design"})
    assert apollo(folded(made)).stage is None
    made.add("initiative.stage-entered", "initiative/apollo", {"stage": "build"})
    made.add("initiative.stage-entered", "initiative/apollo", {"stage": "drafting"}, corrects=better)
    assert apollo(folded(made)).stage == "build"
    changed = {"to": "agile", "release": "release/r", "planned_iterations": 1, "iteration_days": 14, "release_points": "5"}
    changed |= {"start": "2026-06-01", "proposed_by": "ann"}
    made.add("initiative.delivery-mode-changed", "initiative/apollo", changed)
    assert apollo(folded(made)).stage is None


def test_an_agile_initiative_promises_the_next_release_that_is_not_out():
    """By its start; a corrected plan moves it, and what was shipped stays shipped. Once all are out nothing is promised."""
    made = History(PORTFOLIO)
    made.add("initiative.initiative-proposed", "initiative/apollo", {"name": "Apollo", "mode": "agile", "currency": "EUR"})

    def plan(name: str, start: str, iterations: int, **attributes: int) -> int:
        data = {"initiative": "initiative/apollo", "name": name, "planned_iterations": iterations, "iteration_days": 14}
        data |= {"release_points": "20", "bac": {"minor": 100, "currency": "EUR"}, "start": start}
        return made.add("release.release-planned", f"release/{name}", data, **attributes).entry

    def promised() -> tuple[str | None, str | None]:
        state = folded(made)
        shown = answers.initiative(apollo(state), list(state.releases.all().values()))
        return shown["next_promise"]["value"], shown["promised_by"]

    plan("second", "2026-03-01", 2)
    first = plan("first", "2026-01-05", 2)
    assert promised() == ("2026-02-01", "release/first")
    plan("first", "2026-01-05", 3, corrects=first)
    assert promised() == ("2026-02-15", "release/first")
    made.add("release.release-shipped", "release/first", {"version": "1.0"})
    assert promised() == ("2026-03-28", "release/second")
    plan("first", "2026-01-05", 4, corrects=first)
    assert promised() == ("2026-03-28", "release/second")
    made.add("release.release-shipped", "release/second", {"version": "2.0"})
    assert promised() == (None, None)


def test_what_has_ended_promises_nothing_more():
    """Whatever its baseline said."""
    made = story()
    made.add("initiative.initiative-cancelled", "initiative/apollo", {}, reason="No use")
    assert answers.initiative(apollo(folded(made)))["next_promise"] == {"value": None, "reason": "ENDED"}


def test_progress_survives_a_new_baseline_and_what_it_leaves_out_is_removed():
    """A replaced plan keeps how far work is; a work package that is planned again comes back as far as it was."""
    made = story()
    made.add("work-package.work-package-started", "work-package/design", {})
    made.add("work-package.progress-reported", "work-package/design", {"fraction": "0.5", "remaining_hours": "20"})
    made.add("work-package.work-package-started", "work-package/build", {"actual_start": "2026-03-01"})
    propose(made, 2, SECOND, 100_00)
    approve(made, 2, "scope_change", reason="the market moved")
    made.add("initiative.baseline-superseded", "initiative/apollo", {"version": 1, "by": 2}, source="/ledger")
    state = folded(made)
    assert [(name, package(state, name).state) for name in ("design", "build", "test")] == [
        ("design", "Removed"),
        ("build", "Started"),
        ("test", "Planned"),
    ]
    assert (package(state, "build").budget, package(state, "build").finish) == (80_00, "2026-07-31")
    assert (version(state, 1).state, version(state, 1).superseded_by) == ("Superseded", 2)
    assert (version(state, 2).decided_by, version(state, 2).reason) == ("bob", "the market moved")
    propose(made, 3, [*FIRST, SECOND[1]], 120_00)
    approve(made, 3, "scope_change")
    back = package(folded(made), "design")
    assert (back.state, back.fraction, back.remaining_hours) == ("Started", "0.5", "20")


def test_a_work_package_is_completed_and_reopened():
    """Completed means all of it; reopened means none of it counts as done."""
    made = story()
    made.add("work-package.work-package-started", "work-package/design", {})
    made.add("work-package.work-package-completed", "work-package/design", {})
    done = package(folded(made), "design")
    assert (done.state, done.fraction, done.completed_at is not None) == ("Completed", "1", True)
    made.add("work-package.work-package-reopened", "work-package/design", {}, reason="it broke")
    again = package(folded(made), "design")
    assert (again.state, again.fraction, again.completed_at) == ("Started", "0", None)


def test_costs_add_up_and_a_correction_replaces_what_it_corrects():
    """Both versions of the type count; a correction of a correction replaces the last one."""
    made = story()
    cost(made, 10_00)
    wrong = cost(made, 55_00)
    data = {"member": "initiative/apollo", "amount": eur(1_00), "period": "2026-02", "category": "cloud", "treatment": "opex"}
    made.add("funding.cost-posted.v2", "funding/apollo", data)
    assert (apollo(folded(made)).cost, apollo(folded(made)).costs) == (66_00, 3)
    cost(made, 5_00, corrects=wrong)
    assert (apollo(folded(made)).cost, apollo(folded(made)).costs) == (16_00, 3)
    cost(made, 6_00, corrects=wrong)
    assert (apollo(folded(made)).cost, apollo(folded(made)).costs) == (17_00, 3)


def test_a_cost_of_a_product_changes_no_initiative():
    """It belongs to another read model."""
    made = story()
    data = {"member": "product/pay", "amount": eur(1_00), "period": "2026-02", "category": "cloud"}
    made.add("funding.cost-posted", "funding/pay", data)
    assert apollo(folded(made)).costs == 0


def test_a_comparison_says_what_moved_and_by_how_much():
    """Added, removed and changed work packages, budget and finish with their differences."""
    made = story()
    propose(made, 2, SECOND, 100_00)
    state = folded(made)
    moved = comparison.compare(version(state, 1), version(state, 2))
    assert moved["bac"] == {"from": 100_00, "to": 100_00, "difference": 0}
    assert moved["finish"] == {"from": "2026-06-30", "to": "2026-08-31", "days": 62}
    assert [one["id"] for one in moved["work_packages"]["added"]] == ["test"]
    assert [one["id"] for one in moved["work_packages"]["removed"]] == ["design"]
    assert moved["work_packages"]["changed"] == [
        {
            "id": "build",
            "name": "Work on build",
            "changes": {
                "finish": {"from": "2026-06-30", "to": "2026-07-31", "days": 31},
                "budget_over_time": {"from": 60_00, "to": 80_00, "difference": 20_00},
            },
        }
    ]


def test_a_baseline_is_shown_with_what_it_moves_against_the_one_it_replaces():
    """A rejected version in between does not count."""
    made = story()
    propose(made, 2, FIRST, 100_00)
    made.add("initiative.baseline-rejected", "initiative/apollo", {"version": 2}, reason="no")
    propose(made, 3, SECOND, 110_00)
    state = folded(made)
    versions = [version(state, number) for number in (1, 2, 3)]
    previous = answers.previous_of(versions[2], versions)
    assert answers.baseline(versions[2], previous, "EUR")["moved"] == {"previous": 1, "bac": 10_00, "finish_days": 62}
    assert answers.previous_of(versions[0], versions) is None


def test_an_event_that_cannot_have_happened_is_not_folded():
    """Nothing is made up for an initiative that was never proposed, a baseline that was never put forward."""
    made = History(PORTFOLIO)
    made.add("initiative.initiative-activated", "initiative/apollo", {})
    with pytest.raises(Impossible):
        folded(made)
    made = story()
    approve(made, 7, "scope_change")
    with pytest.raises(Impossible):
        folded(made)
