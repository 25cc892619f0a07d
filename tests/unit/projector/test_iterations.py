"""Iterations, releases and agile earned value of an initiative."""

from datetime import date
from typing import Any

from portfolio_projector.http.moments import UTC_ZONE
from portfolio_projector.read_models.capacity.fold import CAPACITY
from portfolio_projector.read_models.iterations import answers, burn_up, performance, progress
from portfolio_projector.read_models.iterations.burn_up import BurnUp, Today
from portfolio_projector.read_models.iterations.fold import ITERATIONS
from portfolio_projector.read_models.iterations.forecasts import Draws
from portfolio_projector.read_models.iterations.performance import AgilePerformance
from tests.chronicles import state_of, whole
from tests.histories import History

APOLLO = "initiative/apollo"
HEAD = {"portfolio": "acme", "entry": 0, "settled": False, "model": "iterations/1", "initiative": "apollo"}


def eur(minor: int) -> dict[str, Any]:
    """An amount."""
    return {"minor": minor, "currency": "EUR"}


class Team:
    """Plays iterations of two weeks, from the fifth of January 2026 on."""

    def __init__(self) -> None:
        self.history = History("acme")
        data = {"name": "Apollo", "mode": "agile", "currency": "EUR"}
        self.history.add("initiative.initiative-proposed", APOLLO, data)

    def release(self, name: str = "r1", *, start: str = "2026-01-05", points: str = "100", **data: Any) -> None:  # noqa: ANN401  a body's
        """Plan a release of five iterations for 100,000."""
        body = {
            "initiative": APOLLO,
            "name": name,
            "planned_iterations": 5,
            "iteration_days": 14,
            "release_points": points,
            "bac": eur(10_000_000),
            "start": start,
            **data,
        }
        self.history.add("release.release-planned", f"release/{name}", body, time="2026-01-02T12:00:00Z")

    def scope(self, what: str, points: str, *items: str, on: str, release: str = "r1") -> None:
        """Add or remove scope on a day."""
        data = {"items": [f"item/{item}" for item in items], "points": points}
        self.history.add(f"release.scope-{what}", f"release/{release}", data, time=f"{on}T12:00:00Z", reason="Seen.")

    def estimate(self, **points: str) -> None:
        """Estimate items."""
        for item, value in points.items():
            self.history.add("item.item-estimated", f"item/{item}", {"points": value})

    def plan(self, no: int, start: str, finish: str, *items: str, team: str = "core") -> str:
        """Plan an iteration, and return its id."""
        data = {
            "initiative": APOLLO,
            "team": f"team/{team}",
            "no": no,
            "start": start,
            "finish": finish,
            "goal": "Invoices",
            "committed": [f"item/{item}" for item in items],
        }
        self.history.add("iteration.iteration-planned", f"iteration/{team}-{no}", data)
        return f"{team}-{no}"

    def begin(self, iteration: str, on: str) -> None:
        """Start an iteration."""
        self.history.add("iteration.iteration-started", f"iteration/{iteration}", {}, time=f"{on}T08:00:00Z")

    def accept(self, item: str, on: str) -> None:
        """Accept an item."""
        self.history.add("item.item-accepted", f"item/{item}", {"accepted_by": "po"}, time=f"{on}T10:00:00Z")

    def close(self, iteration: str, on: str, points: str, completed: tuple[str, ...] = (), carried: tuple[str, ...] = ()) -> int:
        """Close an iteration."""
        data = {
            "completed": [f"item/{item}" for item in completed],
            "carried_over": [f"item/{item}" for item in carried],
            "points_done": points,
        }
        return self.history.add("iteration.iteration-closed", f"iteration/{iteration}", data, time=f"{on}T16:00:00Z").entry

    def iterations(self) -> dict[str, answers.IterationAnswer]:
        """The iterations as their model reads them."""
        facts = self.history.facts()
        shown = answers.iterations(state_of(ITERATIONS, facts), state_of(CAPACITY, facts), whole())
        return {one["iteration"]: answers.IterationAnswer.model_validate(one) for one in shown}

    def releases(self) -> list[answers.ReleaseAnswer]:
        """The releases as their model reads them."""
        state = state_of(ITERATIONS, self.history.facts())
        return [answers.ReleaseAnswer.model_validate(one) for one in answers.releases(state, UTC_ZONE, whole())]

    def burn_up(self, name: str = "r1", *, today: str = "2026-02-10", draws: Draws | None = None) -> BurnUp:
        """The burn-up of a release."""
        state = state_of(ITERATIONS, self.history.facts())
        steps = progress.steps(state, name, lambda _: 0, UTC_ZONE)
        found = burn_up.burn_up(state, name, steps, Today(date.fromisoformat(today), UTC_ZONE), draws or Draws())
        return BurnUp.model_validate(found)

    def performance(self, name: str = "r1", /, **costs: int) -> AgilePerformance:
        """Agile earned value, with costs by day (`d2026_01_31`)."""
        days = [(date.fromisoformat(day[1:].replace("_", "-")), minor) for day, minor in costs.items()]
        state = state_of(ITERATIONS, self.history.facts())
        steps = progress.steps(state, name, progress.spent_by(days), UTC_ZONE)
        return AgilePerformance.model_validate(performance.performance(state, state.releases[name], steps))


def two_iterations() -> Team:
    """The published example: 30 points of 100 after two of five iterations."""
    team = Team()
    team.release()
    for no, (start, finish, points) in enumerate((("2026-01-05", "2026-01-18", "12"), ("2026-01-19", "2026-02-01", "18")), 1):
        iteration = team.plan(no, start, finish)
        team.begin(iteration, start)
        team.close(iteration, finish, points)
    return team


def test_an_iteration_tells_what_was_committed_to_and_what_became_of_it() -> None:
    """Points are those of the estimates when it began and when it was closed; what was dropped is neither done nor lost."""
    team = Team()
    team.release()
    team.estimate(A="5", B="3", C="8")
    iteration = team.plan(1, "2026-01-05", "2026-01-18", "A", "B", "C", "D")
    team.begin(iteration, "2026-01-05")
    data = {"added": ["item/E"], "removed": ["item/B"]}
    team.history.add("iteration.iteration-scope-changed", f"iteration/{iteration}", data, reason="The law.")
    team.estimate(D="2")
    team.accept("A", "2026-01-12")
    closed = team.close(iteration, "2026-01-18", "5", ("A",), ("C", "D"))
    one = team.iterations()[iteration]
    assert (one.state, one.release, one.no, one.team, one.goal) == ("closed", "r1", 1, "core", "Invoices")
    assert (one.committed_points.value, one.unestimated) == ("16", ["item/D"])
    assert (one.points_done.value, one.points_carried_over.value, one.commitment_kept.value) == ("5", "10", "0.3125")
    assert one.scope == ["item/A", "item/C", "item/D", "item/E"]
    assert (one.completed, one.carried_over, one.dropped) == (["item/A"], ["item/C", "item/D"], ["item/E"])
    assert one.closed is not None
    assert (one.closed.entry, one.scope_changes[0].changed.reason) == (closed, "The law.")


def test_what_has_not_happened_yet_has_no_points() -> None:
    """A planned iteration has none done, a cancelled one says so."""
    team = Team()
    planned, cancelled = team.plan(1, "2026-01-05", "2026-01-18"), team.plan(2, "2026-01-19", "2026-02-01")
    team.history.add("iteration.iteration-cancelled", f"iteration/{cancelled}", {}, reason="Flu.")
    shown = team.iterations()
    assert (shown[planned].state, shown[planned].points_done.reason, shown[planned].release) == ("planned", "NOT_YET", None)
    assert shown[cancelled].state == "cancelled"


def test_a_release_adds_its_iterations_up() -> None:
    """Velocity, points done and points in scope; how it ended."""
    team = two_iterations()
    team.scope("added", "20", "X", on="2026-02-03")
    team.history.add("release.release-baseline-approved", "release/r1", {}, actor="board")
    (one,) = team.releases()
    assert (one.state, one.scope_points.value, one.planned_points.value, one.points_done.value) == (
        "approved",
        "120",
        "100",
        "30",
    )
    assert (one.iterations_closed, one.velocity.mean.value, one.velocity.points) == (2, "15", ["12", "18"])
    assert (one.velocity.recent.reason, one.planned_finish) == ("TOO_FEW_PERIODS", date(2026, 3, 15))
    team.history.add("release.release-shipped", "release/r1", {"version": "1.0"})
    assert (team.releases()[0].state, team.releases()[0].version) == ("shipped", "1.0")


def test_agile_earned_value_is_told_with_the_scope_of_then_and_of_now() -> None:
    """The published example, at the end of the last closed iteration, and what points that come later make of it."""
    team = two_iterations()
    costs = {"d2026_01_15": 1_000_000, "d2026_02_01": 1_500_000, "d2026_02_05": 700_000}
    before = team.performance(**costs)
    assert (before.iteration, before.status_date, before.scope_changed_since) == ("core-2", date(2026, 2, 1), False)
    team.scope("added", "20", "X", on="2026-02-03")
    after = team.performance(**costs)
    assert (after.scope_changed_since, after.at_close) == (True, before.at_close)
    old, new = after.at_close, after.with_current_scope
    assert (old.spi.value, old.cpi.value, new.spi.value, new.cpi.value) == ("0.75", "1.2", "0.625", "1")
    amounts = [one.value and one.value.minor for one in (old.pv, old.ev, old.ac, old.sv, old.cv, old.eac_cpi, new.ev)]
    assert amounts == [4_000_000, 3_000_000, 2_500_000, -1_000_000, 500_000, 8_333_333, 2_500_000]
    assert (old.iterations_by_spi.value, old.iterations_by_velocity.value) == ("6.66667", "6.66667")
    assert (old.release_day.value, new.release_day.value) == ("2026-04-09", "2026-04-27")
    assert [(one.iteration, one.at_close.points_done.value) for one in after.history] == [("core-1", "12"), ("core-2", "30")]


def test_within_an_iteration_the_figures_are_those_of_the_last_closed_one() -> None:
    """Before the first is closed there are none, and each says why."""
    team = two_iterations()
    closed = team.performance(d2026_01_15=100)
    team.begin(team.plan(3, "2026-02-02", "2026-02-15"), "2026-02-02")
    assert team.performance(d2026_01_15=100, d2026_02_03=5_000) == closed
    fresh = Team()
    fresh.release()
    nothing = fresh.performance()
    assert (nothing.iteration, nothing.at_close.spi.reason, nothing.at_close.cpi.reason) == (None, "NOT_PLANNED_YET", "NO_COST")


def test_teams_that_work_side_by_side_count_an_iteration_once() -> None:
    """Their points add up."""
    team = two_iterations()
    for no, finish in ((1, "2026-01-18"), (2, "2026-02-01")):
        other = team.plan(no, "2026-01-05" if no == 1 else "2026-01-19", finish, team="edge")
        team.begin(other, "2026-01-05")
        team.close(other, finish, "10")
    (one,) = team.releases()
    assert (one.velocity.points, one.velocity.mean.value, one.points_done.value) == (["22", "28"], "25", "50")
    assert team.performance().with_current_scope.expected_complete.value == "0.4"


def test_costs_and_iterations_belong_to_the_release_that_is_worked_on() -> None:
    """What was spent before a second release began was spent on the first."""
    team = two_iterations()
    team.release("r2", start="2026-02-02", points="40")
    third = team.plan(3, "2026-02-02", "2026-02-15")
    team.begin(third, "2026-02-02")
    team.close(third, "2026-02-15", "10")
    costs = {"d2026_01_15": 2_000_000, "d2026_02_10": 600_000}
    assert team.iterations()[third].release == "r2"
    assert team.performance("r2", **costs).at_close.ac.value == team.performance("r2", d2026_02_10=600_000).at_close.ac.value
    assert [one.points_done.value for one in team.releases()] == ["30", "10"]


def test_forecasts_begin_at_the_last_closed_iteration() -> None:
    """By all futures where they are few, by draws with a seed where somebody gives one; the same question, the same answer."""
    team = two_iterations()
    found = team.burn_up().forecasts
    assert (found.planned_finish, found.release_day.value) == (date(2026, 3, 15), "2026-04-09")
    exact = found.simulated
    assert (exact.method, exact.samples, exact.p50.value, exact.p95.value) == ("exact", ["12", "18"], "2026-04-12", "2026-04-26")
    drawn = team.burn_up(draws=Draws(seed=7, runs=500)).forecasts.simulated
    assert (drawn.method, drawn.seed, drawn.runs) == ("monte_carlo", 7, 500)
    assert drawn == team.burn_up(draws=Draws(seed=7, runs=500)).forecasts.simulated
    assert drawn.p95.value == "2026-04-26"


def test_without_a_closed_iteration_nothing_is_forecast_but_what_people_publish() -> None:
    """Their forecasts are told as they were published."""
    team = Team()
    team.release()
    data = {"method": "judgement", "p50": "2026-04-01", "p85": "2026-05-01"}
    team.history.add("release.forecast-published", "release/r1", data, actor="pm")
    found = team.burn_up().forecasts
    assert (found.simulated.p50.reason, found.release_day.reason) == ("NO_SAMPLES", "NO_ITERATION")
    assert [(one.method, one.p85, one.published.by) for one in found.published] == [("judgement", date(2026, 5, 1), "pm")]


def test_a_release_shows_what_others_expect_of_it() -> None:
    """Every forecast that was published, in the order of the log."""
    team = Team()
    team.release()
    assert team.releases()[0].published_forecasts == []
    for p85 in ("2026-05-01", "2026-04-20"):
        data = {"method": "judgement", "p50": "2026-04-01", "p85": p85}
        team.history.add("release.forecast-published", "release/r1", data, actor="pm")
    assert [one.p85.isoformat() for one in team.releases()[0].published_forecasts] == ["2026-05-01", "2026-04-20"]


def test_an_iteration_is_done_by_what_its_team_called_done_then() -> None:
    """What it says later is for what comes later; an open one goes by what holds now; a team may never have said anything."""
    team = Team()
    team.release()
    first = team.plan(1, "2026-01-05", "2026-01-18")
    team.begin(first, "2026-01-05")
    assert team.iterations()[first].definition_of_done is None
    team.history.add("team.team-formed", "team/core", {"name": "Core", "kind": "persistent"}, time="2026-01-01T09:00:00Z")
    assert team.iterations()[first].definition_of_done is None
    for day, criteria in (("2026-01-02", ["tested"]), ("2026-01-20", ["tested", "documented"])):
        data = {"criteria": criteria}
        team.history.add("team.definition-of-done-changed", "team/core", data, time=f"{day}T09:00:00Z", actor="po")
    open_ = team.iterations()[first].definition_of_done
    assert open_ is not None
    assert (open_.criteria, open_.changed.by) == (["tested", "documented"], "po")
    team.close(first, "2026-01-18", "0")
    closed = team.iterations()[first].definition_of_done
    assert closed is not None
    assert closed.criteria == ["tested"]


def test_what_was_earned_in_another_mode_is_carried_as_money() -> None:
    """The baseline is frozen; the release has the rest of the budget, and its costs begin where the baseline's end."""
    team = Team()
    change = {
        "to": "agile",
        "release": "release/r1",
        "planned_iterations": 5,
        "iteration_days": 14,
        "release_points": "100",
        "start": "2026-01-05",
        "proposed_by": "pm",
    }
    team.history.add("initiative.delivery-mode-changed", APOLLO, change, time="2026-01-05T08:00:00Z")
    frozen = {
        "version": 2,
        "status_date": "2026-01-05",
        "bac": eur(16_000_000),
        "pv": eur(7_000_000),
        "ev": eur(6_000_000),
        "ac": eur(7_500_000),
        "eac": eur(20_000_000),
        "earned_schedule_days": "41.5",
        "why": "mode_change",
    }
    team.history.add("initiative.baseline-frozen", APOLLO, frozen)
    team.release(earned=eur(6_000_000))
    iteration = team.plan(1, "2026-01-05", "2026-01-18")
    team.begin(iteration, "2026-01-05")
    team.close(iteration, "2026-01-18", "20")
    state = state_of(ITERATIONS, team.history.facts())
    told = answers.FrozenAnswer.model_validate(answers.frozen(state))
    assert (told.version, told.ev.value and told.ev.value.minor) == (2, 6_000_000)
    head = answers.head(state)
    assert (head["mode"], head["mode_changed"]["at"].day) == ("agile", 5)
    found = team.performance(d2026_01_04=7_500_000, d2026_01_10=1_600_000)
    assert found.at_close.ac.value is not None
    assert (found.at_close.ac.value.minor, found.at_close.cpi.value) == (1_600_000, "1.25")
    assert found.with_carried is not None
    sums = [one.value and one.value.minor for one in (found.with_carried.bac, found.with_carried.ev, found.with_carried.ac)]
    assert (sums, found.with_carried.cpi.value) == ([16_000_000, 8_000_000, 9_100_000], "0.8791209")


def test_a_corrected_closing_moves_what_was_done() -> None:
    """The correction says how many points there were, in the place of the first."""
    team = two_iterations()
    wrong = team.history.entries[-1].entry
    data: dict[str, Any] = {"completed": [], "carried_over": [], "points_done": "8"}
    team.history.add("iteration.iteration-closed", "iteration/core-2", data, corrects=wrong)
    assert team.releases()[0].points_done.value == "20"
    assert team.iterations()["core-2"].closed is not None


def test_what_is_not_known_is_passed_over() -> None:
    """A release or an iteration whose plan lies after the day that is asked about has no answer then."""
    team = Team()
    team.begin("core-9", "2026-01-05")
    team.scope("added", "5", "A", on="2026-01-06")
    state = state_of(ITERATIONS, team.history.facts())
    assert (state.iterations, state.releases, answers.frozen(state)) == ({}, {}, None)
    told: dict[str, object] = {"frozen": None, "releases": [], "iterations": [], "next_cursor": None}
    answers.IterationsAnswer.model_validate({**HEAD, **answers.head(state), **told})


def test_an_iteration_that_is_closed_late_stands_for_the_day_of_its_closing() -> None:
    """Another team closes its first iteration after the second of the first team: what is done adds up day after day."""
    team = two_iterations()
    other = team.plan(1, "2026-01-05", "2026-01-18", team="edge")
    team.begin(other, "2026-01-05")
    team.close(other, "2026-02-20", "7")
    told = team.performance()
    assert (told.iteration, str(told.status_date), told.at_close.points_done.value) == ("edge-1", "2026-02-20", "37")
    assert [step.at_close.points_done.value for step in told.history] == ["12", "30", "37"]


def test_forecasts_are_told_in_the_order_in_which_they_were_published() -> None:
    """One of January that is entered after that of March stands before it."""
    team = Team()
    team.release()
    for month in ("03", "01"):
        data = {"method": "judgement", "p50": f"2026-{month}-20", "p85": f"2026-{month}-25"}
        team.history.add("release.forecast-published", "release/r1", data, time=f"2026-{month}-10T12:00:00Z")
    (release,) = team.releases()
    assert [str(one.p50) for one in release.published_forecasts] == ["2026-01-20", "2026-03-20"]
