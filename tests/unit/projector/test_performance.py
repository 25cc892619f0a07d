"""Performance of an initiative, told from histories: by period, against three baselines, and frozen at the end."""

from datetime import UTC, date
from typing import Any

from portfolio_projector.read_models.money.fold import MONEY
from portfolio_projector.read_models.money.state import Money
from portfolio_projector.read_models.performance import telling
from portfolio_projector.read_models.performance.answers import PerformanceAnswer
from portfolio_projector.read_models.performance.fold import PERFORMANCE
from portfolio_projector.read_models.performance.state import Performance
from tests.chronicles import in_force
from tests.histories import History

APOLLO = "initiative/apollo"
OFFICE: dict[str, Any] = {
    "name": "office",
    "working_hours": ["08:00-12:00", "13:00-17:00"],
    "working_days": ["mon", "tue", "wed", "thu", "fri"],
    "zone": "Europe/Brussels",
}


def eur(minor: int) -> dict[str, Any]:
    """An amount of money."""
    return {"minor": minor, "currency": "EUR"}


def part(name: str, start: str, finish: str, over_time: int, at_start: int = 0, **more: Any) -> dict[str, Any]:  # noqa: ANN401  JSON
    """A planned work package."""
    budgets = {"budget_over_time": eur(over_time), "budget_at_start": eur(at_start)}
    return {"id": name, "name": f"Work on {name}", "start": start, "finish": finish, **budgets, **more}


DESIGN = part("design", "2026-03-02", "2026-03-13", 800, 200)
BUILD = part("build", "2026-03-16", "2026-04-10", 2000)


class Told:
    """The history of one initiative, with words for what happens to it."""

    def __init__(self, *, calendar: dict[str, Any] | None = OFFICE) -> None:
        self.history = History("acme")
        data = {"name": "Apollo", "mode": "waterfall", "currency": "EUR"} | ({"calendar": calendar} if calendar else {})
        self.add("initiative.initiative-proposed", APOLLO, "2026-02-01", data)

    def add(self, type_: str, subject: str, time: str, data: dict[str, Any], **more: Any) -> int:  # noqa: ANN401  an envelope
        """Record an event; noon in Brussels, where only a day is given."""
        return self.history.add(type_, subject, data, time=time if "T" in time else f"{time}T11:00:00Z", **more).entry

    def plan(self, version: int, day: str, *parts: dict[str, Any], change: str = "initial", **more: Any) -> int:  # noqa: ANN401  JSON
        """Propose a baseline and approve it."""
        bac = sum(one[name]["minor"] for one in parts for name in ("budget_at_start", "budget_over_time"))
        proposed = {"version": version, "bac": eur(bac), "work_packages": list(parts), **more}
        self.add("initiative.baseline-proposed", APOLLO, day, proposed)
        approved = {"version": version, "effective_date": day, "change_class": change}
        return self.add("initiative.baseline-approved", APOLLO, day, approved, actor="bob")

    def start(self, name: str, day: str, **data: Any) -> int:  # noqa: ANN401  JSON
        """Begin work."""
        return self.add("work-package.work-package-started", f"work-package/{name}", day, data)

    def report(self, name: str, day: str, fraction: str, **more: Any) -> int:  # noqa: ANN401  an envelope
        """Report progress."""
        return self.add("work-package.progress-reported", f"work-package/{name}", day, {"fraction": fraction}, **more)

    def complete(self, name: str, day: str) -> int:
        """End work."""
        return self.add("work-package.work-package-completed", f"work-package/{name}", day, {})

    def post(self, minor: int, day: str, **more: Any) -> int:  # noqa: ANN401  an envelope
        """Post a cost."""
        data = {"member": APOLLO, "amount": eur(minor), "period": day[:7], "category": "labour", "treatment": "opex"}
        return self.add("funding.cost-posted.v2", "funding/apollo", day, data, **more)

    def close(self, name: str, day: str, time: str = "2026-12-01") -> int:
        """Close a period of reporting; it is said long after its last day, where no time is given."""
        return self.add("initiative.reporting-period-closed", APOLLO, time, {"period": name, "status_date": day})

    def estimate(self, minor: int, day: str, package: str | None = None) -> int:
        """Say what the rest costs."""
        data = {"etc": eur(minor)} | ({"work_package": f"work-package/{package}"} if package else {})
        return self.add("initiative.estimate-to-complete-reported", APOLLO, day, data)

    def told(self, today: str = "2026-12-31") -> dict[str, Any]:
        """The answer, checked against its own description."""
        known, money = Performance(scope=APOLLO), Money(scope=APOLLO)
        facts = self.history.facts()
        for fact in in_force([fact for fact in facts if fact.type in PERFORMANCE.types]):
            PERFORMANCE.fold(known, fact)
        for fact in facts:
            if fact.type in MONEY.types:
                MONEY.fold(money, fact)
        known = PERFORMANCE.thaw(PERFORMANCE.freeze(known))
        found = telling.tell(known, money.of(APOLLO), date.fromisoformat(today), UTC)
        assert found["today"]["current"] == telling.current(known, money.of(APOLLO), date.fromisoformat(today), UTC)
        head: dict[str, Any] = {
            "portfolio": "acme",
            "entry": 1,
            "settled": False,
            "model": "performance/2",
            "initiative": "apollo",
            "agile": [],
            "next_cursor": None,
        }
        PerformanceAnswer.model_validate({**head, **found})
        return found

    def on(self, day: str) -> dict[str, Any]:
        """The figures at the end of a day."""
        return self.told(day)["today"]


def minor(figures: dict[str, Any], *names: str) -> list[int | str | None]:
    """Amounts of figures by their names; the reason of one that has no value."""
    found = [figures[name] for name in names]
    return [one["reason"] if one["value"] is None else one["value"]["minor"] for one in found]


def value(figure: dict[str, Any]) -> str | None:
    """The value of a figure, or its reason."""
    return figure["value"] or figure["reason"]


def running() -> Told:
    """Design is done and paid, build is half done, when a third of it was planned."""
    told = Told()
    told.plan(1, "2026-02-20", DESIGN, BUILD)
    told.start("design", "2026-03-02")
    told.report("design", "2026-03-06", "0.5")
    told.post(700, "2026-03-06")
    told.complete("design", "2026-03-12")
    told.post(500, "2026-03-13")
    told.start("build", "2026-03-13")
    told.report("build", "2026-03-20", "0.5")
    told.post(900, "2026-03-20")
    return told


def test_figures_are_those_of_the_end_of_a_day():
    """Planned, earned and spent by then, and what follows from them."""
    told = running()
    first, later = told.on("2026-03-06")["current"], told.on("2026-03-20")["current"]
    assert minor(first, "bac", "pv", "ev", "ac", "sv", "cv") == [3000, 600, 600, 700, 0, -100]
    assert minor(later, "pv", "ev", "ac", "sv", "cv") == [1500, 2000, 2100, 500, -100]
    assert (value(later["spi"]), value(later["cpi"]), value(later["percent_complete"])) == ("1.3333333", "0.952381", "0.6666667")
    assert minor(later["eac_range"], "by_budget_rate", "by_cpi") == [3100, 3150]
    assert minor(told.on("2026-03-01")["current"], "pv", "ev") == [0, 0]
    assert value(told.on("2026-03-01")["current"]["spi"]) == "NOT_PLANNED_YET"


def test_figures_are_rounded_once():
    """Ratios, estimates and times come from exact amounts; what is shown of each is rounded. A day of work costs a cent here."""
    told = Told()
    told.plan(1, "2026-03-02", part("design", "2026-03-02", "2026-03-06", 5))
    told.start("design", "2026-03-02")
    told.report("design", "2026-03-03", "0.31")
    told.post(2, "2026-03-03")
    current = told.told("2026-03-04")["today"]["current"]
    assert minor(current, "pv", "ev", "sv") == [3, 2, -1]
    assert (value(current["spi"]), value(current["cpi"])) == ("0.5166667", "0.775"), "an EV of 2 would be 0.6666667 and 1"
    assert minor(current["eac_range"], "by_budget_rate", "by_cpi") == [5, 6]
    assert value(current["time"]["es"]) == "12.4", "an EV of 2 would be 16"


def test_time_is_told_in_working_hours_of_the_named_calendar():
    """A hundred hours' worth is earned after a hundred and twenty: two and a half days ahead of the plan."""
    time = running().on("2026-03-20")["current"]["time"]
    assert (value(time["at"]), value(time["es"]), value(time["pd"]), time["grid"]) == ("120", "160", "240", "hour")
    assert (value(time["sv_t"]), value(time["spi_t"]), value(time["tspi"])) == ("40", "1.3333333", "0.6666667")
    assert value(time["es_date"]) == "2026-03-27T16:00:00Z"
    assert (value(time["ieac_t_by_plan_rate"]), value(time["ieac_t_by_spi_t"])) == ("200", "180")
    assert value(time["finish_by_plan_rate"]) == "2026-04-03T15:00:00Z"


def test_without_a_calendar_there_is_no_earned_schedule():
    """Its figures say so, and planned value goes by every hour of every day."""
    told = Told(calendar=None)
    told.plan(1, "2026-02-20", DESIGN, BUILD)
    figures = told.on("2026-03-08")["current"]
    assert minor(figures, "pv") == [200 + 800 * 7 // 12 + 1]
    assert {value(figures["time"][name]) for name in ("at", "es", "spi_t", "es_date")} == {"NO_CALENDAR"}
    assert value(figures["estimates"][3]["eac"]) == "NO_CALENDAR"


def test_a_calendar_is_the_baselines_or_the_initiatives_or_the_portfolios():
    """The nearest that there is."""
    told = Told(calendar=None)
    told.add("portfolio.portfolio-opened", "portfolio/acme", "2026-01-01", {"name": "A", "currency": "EUR", "calendar": OFFICE})
    told.plan(1, "2026-02-20", DESIGN)
    told.plan(2, "2026-02-21", DESIGN, change="scope_change", calendar=OFFICE | {"name": "site", "zone": "UTC"})
    assert [(one["calendar"], one["zone"]) for one in told.told()["baselines"]] == [
        ("office", "Europe/Brussels"),
        ("site", "UTC"),
    ]


def test_periods_are_those_that_were_closed():
    """In the order of their days; a period is over at the end of its last day, or when it was closed on that day."""
    told = running()
    told.close("second", "2026-03-20")
    told.close("first", "2026-03-06", time="2026-03-06T09:00:00Z")
    answer = told.told()
    assert answer["periods_by"] == "reporting"
    assert [(one["period"], one["at"]) for one in answer["periods"]] == [
        ("first", "2026-03-06T09:00:00Z"),
        ("second", "2026-03-20T23:00:00Z"),
    ]
    assert [minor(one["current"], "pv", "ev", "ac") for one in answer["periods"]] == [[540, 0, 0], [1500, 2000, 2100]]


def test_months_stand_where_no_period_was_closed():
    """From that of the planned start until today, or until nothing happens any more."""
    answer = running().told("2026-12-31")
    assert answer["periods_by"] == "month"
    assert [one["period"] for one in answer["periods"]] == ["2026-03", "2026-04"]
    assert [one["period"] for one in running().told("2026-04-29")["periods"]] == ["2026-03"]


def test_a_source_that_reports_a_start_late_earns_from_that_start():
    """50/50 counts half from the actual start, before the day on which it was said."""
    told = Told()
    told.plan(1, "2026-02-20", part("design", "2026-03-02", "2026-03-13", 1000, ev_method="50/50"))
    told.start("design", "2026-03-20", actual_start="2026-03-04")
    assert [minor(told.on(day)["current"], "ev") for day in ("2026-03-03", "2026-03-04")] == [[0], [500]]


def test_what_is_told_late_lands_where_it_belongs():
    """Reports and costs count from their own times, whatever came into the log before them."""
    told = running()
    told.report("design", "2026-03-04", "0.25")
    told.post(50, "2026-03-04")
    assert minor(told.on("2026-03-05")["current"], "ev", "ac") == [400, 50]
    assert minor(told.on("2026-03-20")["current"], "ev", "ac") == [2000, 2150]


def test_corrected_progress_was_always_so():
    """At the time of the report; what came after it stays as it is."""
    told = running()
    told.history.add(
        "work-package.progress-corrected",
        "work-package/design",
        {"fraction": "0.25"},
        time="2026-04-01T11:00:00Z",
        corrects=4,
        reason="Counted twice",
    )
    assert minor(told.on("2026-03-06")["current"], "ev") == [400]
    assert minor(told.on("2026-03-12")["current"], "ev") == [1000]


def test_what_is_reopened_has_earned_nothing_again():
    """Until somebody says how much of it is done."""
    told = running()
    told.add("work-package.work-package-reopened", "work-package/design", "2026-03-23", {}, reason="Wrong")
    told.report("design", "2026-03-25", "0.5")
    assert [minor(told.on(day)["current"], "ev") for day in ("2026-03-22", "2026-03-23", "2026-03-25")] == [
        [2000],
        [1000],
        [1600],
    ]


def replanned() -> Told:
    """Build costs more and takes longer, and after that design is left out."""
    told = running()
    longer = part("build", "2026-03-16", "2026-04-24", 3000)
    told.plan(2, "2026-03-23", DESIGN, longer, change="scope_change")
    told.plan(3, "2026-03-30", longer, change="scope_change")
    return told


def test_variances_against_three_baselines_stand_side_by_side():
    """The one that was current then, the one before, the first of all; what was left out stays earned in those that plan it."""
    told = replanned()
    today = told.on("2026-04-01")
    assert [today[role]["baseline"] for role in ("current", "previous", "original")] == [3, 2, 1]
    assert minor(today["current"], "bac", "pv", "ev", "sv") == [3000, 1300, 1500, 200]
    assert minor(today["previous"], "bac", "pv", "ev", "sv") == [4000, 2300, 2500, 200]
    assert minor(today["original"], "bac", "pv", "ev", "sv") == [3000, 2300, 2000, -300]
    before = told.on("2026-03-20")
    assert (before["current"]["baseline"], before["previous"], before["original"]["baseline"]) == (1, None, 1)
    answer = told.told("2026-04-01")
    assert (answer["rebaselines"]["value"], answer["days_since_rebaseline"]["value"]) == (2, 2)
    assert [(one["baseline"], one["by"], one["change_class"]) for one in answer["baselines"]][1:] == [
        (2, "bob", "scope_change"),
        (3, "bob", "scope_change"),
    ]


def test_before_anything_was_approved_the_first_plan_counts():
    """It reaches back to its planned start; without any baseline there are no figures but what was spent."""
    told = Told()
    told.post(30, "2026-03-03")
    bare = told.on("2026-03-04")
    assert (bare["current"], bare["original"], minor(bare, "ac")) == (None, None, [30])
    assert (told.told()["s_curve"], told.told()["periods"], told.told()["days_since_rebaseline"]["reason"]) == (
        [],
        [],
        "NEVER_REBASELINED",
    )
    told.plan(1, "2026-03-09", DESIGN)
    assert minor(told.on("2026-03-04")["current"], "pv") == [440]


def test_a_plan_without_budget_has_times_only():
    """Everything about money says so, but what was spent."""
    told = Told()
    told.plan(1, "2026-02-20", part("design", "2026-03-02", "2026-03-13", 0))
    told.post(30, "2026-03-03")
    figures = told.on("2026-03-04")["current"]
    money = minor(figures, "bac", "pv", "ev", "ac", "sv", "cv")
    assert money == ["NO_BUDGET", "NO_BUDGET", "NO_BUDGET", 30, "NO_BUDGET", "NO_BUDGET"]
    assert {value(figures[name]) for name in ("spi", "cpi", "percent_complete", "tcpi")} == {"NO_BUDGET"}
    assert {value(one["eac"]) for one in figures["estimates"]} == {"NO_BUDGET"}
    assert (value(figures["time"]["at"]), value(figures["time"]["pd"]), value(figures["time"]["es"])) == ("24", "80", "NO_BUDGET")


def test_ugly_costs_are_flagged():
    """Work is done and nothing was posted; or less is spent than a period ago."""
    told = running()
    told.close("first", "2026-03-04")
    told.report("design", "2026-03-03", "0.1")
    told.close("second", "2026-03-06")
    told.history.add(
        "funding.cost-reversed",
        "funding/apollo",
        {"member": APOLLO, "amount": eur(100), "period": "2026-03"},
        time="2026-03-09T11:00:00Z",
        corrects=5,
        reason="Another's",
    )
    told.close("third", "2026-03-10")
    periods = told.told()["periods"]
    assert [one["flags"] for one in periods] == [["COST_MISSING"], [], ["COST_FELL"]]
    assert [minor(one, "ac") for one in periods] == [[0], [700], [600]]
    assert value(periods[0]["current"]["cpi"]) == "NO_COST"


def eac(figures: dict[str, Any], method: str) -> int | str | None:
    """An estimate at completion, or why there is none."""
    (found,) = [one for one in figures["estimates"] if one["method"] == method]
    return minor(found, "eac")[0]


def test_those_who_do_the_work_say_what_the_rest_costs():
    """The newest word on all of it; or newer ones on packages, with the budgets of those of which nobody spoke."""
    told = running()
    assert eac(told.on("2026-03-20")["current"], "bottom_up") == "NO_ESTIMATE"
    told.estimate(1500, "2026-03-16")
    told.estimate(99, "2026-03-18", "design")
    assert eac(told.on("2026-03-16")["current"], "bottom_up") == 1200 + 1500
    assert eac(told.on("2026-03-20")["current"], "bottom_up") == 2100 + 1000
    told.estimate(1300, "2026-03-19", "build")
    assert eac(told.on("2026-03-20")["current"], "bottom_up") == 2100 + 1300


def test_recent_performance_is_that_of_three_periods():
    """From the third period on; today counts as one."""
    told = running()
    for number, day in enumerate(("2026-03-04", "2026-03-06", "2026-03-13", "2026-03-20"), start=1):
        told.close(f"P{number}", day)
    answer = told.told("2026-03-20")
    assert [eac(one["current"], "recent_cpi") for one in answer["periods"]] == [
        "TOO_FEW_PERIODS",
        "TOO_FEW_PERIODS",
        1200 + 2000 * 1200 // 1000,
        2100 + 1000 * 2100 // 2000,
    ]
    assert eac(answer["today"]["current"], "recent_cpi") == 2100 + 1000 * (2100 - 700) // (2000 - 600)


def test_the_curve_reaches_from_nothing_to_the_whole_budget():
    """Planned to the end, earned and spent until today."""
    answer = replanned().told("2026-03-25")
    curve = answer["s_curve"]
    assert (curve[0]["day"], curve[0]["original_pv"], curve[0]["ev"], curve[0]["ac"]) == ("2026-03-01", 0, 0, 0)
    assert (curve[-1]["day"], curve[-1]["current_pv"], curve[-1]["original_pv"]) == ("2026-04-24", 3000, 3000)
    assert (curve[-1]["ev"], curve[-1]["ac"]) == (None, None)
    (today,) = [one for one in curve if one["day"] == "2026-03-25"]
    assert (today["ev"], today["ac"]) == (1500, 2100)
    assert len(curve) <= 62
