"""What every metric is called and how it is worked out, once: the definition that each figure names with its version.

A version changes with every change of what the figure would be for the same facts.
"""

from dataclasses import dataclass

INDEX_DIGITS = 7
"""Indices have more digits than people read: they are multiplied and compared."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A metric: its name and version, how it is worked out, its unit, its source, and to how many digits it is rounded."""

    name: str
    version: int
    sentence: str
    unit: str
    source: str
    digits: int

    @property
    def label(self) -> str:
        """How figures name it."""
        return f"{self.name}/{self.version}"


DEFINITIONS: dict[str, Definition] = {}
"""All definitions by name."""

EIA_748 = "EIA-748, PMI Practice Standard for Earned Value Management"
LIPKE = "Lipke, Earned Schedule"


def _define(name: str, sentence: str, *, unit: str, source: str, version: int = 1, digits: int = 4) -> Definition:
    if name in DEFINITIONS:
        raise ValueError(f"The metric {name} is defined twice.")
    definition = DEFINITIONS[name] = Definition(name, version, sentence, unit, source, digits)
    return definition


def _money(name: str, sentence: str, source: str = EIA_748) -> Definition:
    return _define(name, sentence, unit="minor units of the currency", source=source)


def _index(name: str, sentence: str, source: str = EIA_748) -> Definition:
    return _define(name, sentence, unit="ratio", source=source, digits=INDEX_DIGITS)


def _hours(name: str, sentence: str, source: str = LIPKE) -> Definition:
    return _define(name, sentence, unit="working hours", source=source)


# Earned value: what was planned, done and spent by a moment. Sums over the work packages of one baseline.
BAC = _money("bac", "The budget at completion: all work packages of the baseline, without its management reserve.")
PV = _money("pv", "Planned value: budgets at start from the planned start on, budgets over time by working hours passed.")
EV = _money("ev", "Earned value: budgets at start of what is begun, budgets over time by the fraction done, by each method.")
AC = _money("ac", "Actual cost: costs and accruals posted, less what was reversed.")
SV = _money("sv", "Schedule variance: EV - PV.")
CV = _money("cv", "Cost variance: EV - AC.")
SPI = _index("spi", "Schedule performance index: EV / PV.")
CPI = _index("cpi", "Cost performance index: EV / AC.")
PERCENT_COMPLETE = _index("percent-complete", "The share of the budget that is earned: EV / BAC.")
PERCENT_SPENT = _index("percent-spent", "The share of the budget that is spent: AC / BAC.")
PERCENT_PLANNED = _index("percent-planned", "The share of the budget that was planned by then: PV / BAC.")
ETC = _money("etc", "Estimate to complete: (BAC - EV) / performance.")
EAC_BUDGET_RATE = _money("eac-budget-rate", "The remaining work costs what was budgeted: AC + (BAC - EV).")
EAC_CPI = _money("eac-cpi", "The remaining work costs what the work so far did: AC + (BAC - EV) / CPI.")
EAC_SPI = _money("eac-spi", "AC + (BAC - EV) / SPI.")
EAC_SPI_T = _money("eac-spi-t", "AC + (BAC - EV) / SPI(t).")
EAC_CPI_SPI = _money("eac-cpi-spi", "AC + (BAC - EV) / (CPI SPI). Far off early: never to be read alone.")
EAC_CPI_SPI_T = _money("eac-cpi-spi-t", "AC + (BAC - EV) / (CPI SPI(t)).")
EAC_MIXED = _money("eac-08cpi-02spi", "AC + (BAC - EV) / (0.8 CPI + 0.2 SPI).")
EAC_MIXED_T = _money("eac-08cpi-02spi-t", "AC + (BAC - EV) / (0.8 CPI + 0.2 SPI(t)).")
EAC_RECENT_CPI = _money("eac-recent-cpi", "AC + (BAC - EV) / (EV earned in the last three periods / AC spent in them).")
EAC_BOTTOM_UP = _money(
    "eac-bottom-up",
    "AC and what those who do the remaining work say that it costs: the newest estimate of all of it, or, where estimates of "
    "work packages are newer, the sum of these and of what of the others' budgets is not earned.",
)
PERFORMANCE = _index("performance", "The performance that an estimate divides the remaining work by.")
VAC = _money("vac", "Variance at completion: BAC - EAC.")
TCPI_BAC = _index("tcpi-bac", "To-complete performance index of the budget: (BAC - EV) / (BAC - AC).")
TCPI_EAC = _index("tcpi-eac", "To-complete performance index of the estimate: (BAC - EV) / (EAC - AC).")

# Earned schedule: the same in working time of the baseline's calendar.
_GRID = "by whole working hours of the named calendar, from the planned start"
AT = _hours("at", f"Actual time: working hours passed since the planned start, {_GRID}.")
PD = _hours("pd", "Planned duration: working hours from the planned start until all of the budget is planned.")
ES = _hours("es", f"Earned schedule: when as much was planned as is earned now, {_GRID}.")
ES_DATE = _define("es-date", "The instant at which the earned schedule lies.", unit="instant", source=LIPKE)
SV_T = _hours("sv-t", "Schedule variance in time: ES - AT.")
SPI_T = _index("spi-t", "Schedule performance index in time: ES / AT.", LIPKE)
TSPI = _index("tspi", "To-complete schedule performance index: (PD - ES) / (PD - AT).", LIPKE)
IEAC_T_PLAN = _hours("ieac-t-plan-rate", "The remaining work takes as long as it was planned to: AT + (PD - ES).")
IEAC_T_SPI_T = _hours("ieac-t-spi-t", "The remaining work takes as long as the work so far did: AT + (PD - ES) / SPI(t).")
_WHOLE = "as ProTrack works it out: ES is cut to whole hours first"
ES_WHOLE = _hours("es-whole-hours", f"Earned schedule, {_WHOLE}.")
SV_T_WHOLE = _hours("sv-t-whole-hours", f"ES - AT, {_WHOLE}.")
SPI_T_WHOLE = _index("spi-t-whole-hours", f"ES / AT, {_WHOLE}.", LIPKE)
ES_DATE_WHOLE = _define("es-date-whole-hours", f"The instant of the earned schedule, {_WHOLE}.", unit="instant", source=LIPKE)
EAC_SPI_T_WHOLE = _money("eac-spi-t-whole-hours", f"AC + (BAC - EV) / SPI(t), {_WHOLE}.")
EAC_CPI_SPI_T_WHOLE = _money("eac-cpi-spi-t-whole-hours", f"AC + (BAC - EV) / (CPI SPI(t)), {_WHOLE}.")
EAC_MIXED_T_WHOLE = _money("eac-08cpi-02spi-t-whole-hours", f"AC + (BAC - EV) / (0.8 CPI + 0.2 SPI(t)), {_WHOLE}.")
FINISH_PLAN_RATE = _define("finish-plan-rate", "The instant at which ieac-t-plan-rate lies.", unit="instant", source=LIPKE)
FINISH_SPI_T = _define("finish-spi-t", "The instant at which ieac-t-spi-t lies.", unit="instant", source=LIPKE)

# Baselines.
REBASELINES = _define("rebaselines", "How many baselines were approved after the first.", unit="count", source="GAO-20-195G")
DAYS_SINCE_REBASELINE = _define(
    "days-since-rebaseline", "Calendar days since the last of them was approved.", unit="days", source="GAO-20-195G"
)


def _days(name: str, sentence: str) -> Definition:
    return _define(name, sentence, unit="calendar days", source="this project")


# Control: dates against plans, and targets that move.
STAGE_START_VARIANCE = _days(
    "stage-start-variance", "From the planned start of a stage to the day on which it was first entered."
)
STAGE_FINISH_VARIANCE = _days("stage-finish-variance", "From the planned finish of a stage to the day on which it last ended.")
STAGE_OVERDUE = _days("stage-overdue", "Days past the planned finish of a stage that has not ended.")
TARGET_SLIP = _define(
    "target-slip",
    "From one target to a later one: days between dates, releases between names that differ in their last number; 0 between any "
    "two that are the same.",
    version=2,
    unit="as `unit` says",
    source="this project",
)
CHANGE_OPEN_DAYS = _days("change-open-days", "From the day on which a change was asked for to its answer, or until now.")
MILESTONE_SLIP = _days("milestone-slip", "From the date in a baseline to when a milestone was reached, or is expected.")
MILESTONE_OVERDUE = _days("milestone-overdue", "Days past the last expectation of a milestone that is not reached.")
FINISH_FORECAST_VARIANCE = _days("finish-forecast-variance", "From the planned finish to the one that was forecast last.")
EXCEPTION_OPEN_DAYS = _days("exception-open-days", "From the day on which an exception was raised to its plan, or until now.")
COST_FORECAST_VARIANCE = _money(
    "cost-forecast-variance", "All that was spent, and the last estimate of all remaining work, less the budget at completion."
)
COST_CPI_VARIANCE = _money("cost-cpi-variance", "The estimate at completion at CPI less the budget at completion.")
BENEFIT_SHORTFALL = _define(
    "benefit-shortfall",
    "1 - what was gained of the way to its target, of the benefit of which most is missing; those that were measured.",
    unit="ratio",
    source="this project",
)
RESERVE = _money("management-reserve", "The management reserve of the current baseline.", "this project")
RESERVE_DRAWN = _money("reserve-drawn", "What went from the management reserve to work packages.", "this project")
RESERVE_LEFT = _money("reserve-left", "The management reserve of the current baseline less all that was drawn.", "this project")

# Agile earned value: at the end of the last closed iteration of a release.
SULAIMAN = "Sulaiman, Barton, Blackburn, AgileEVM (2006)"
EXPECTED_COMPLETE = _index("agile-expected-complete", "Iterations done / iterations planned.", SULAIMAN)
ACTUAL_COMPLETE = _index("agile-actual-complete", "Points done / points in scope.", SULAIMAN)
AGILE_PV = _money("agile-pv", "Planned value: BAC x expected percent complete.", SULAIMAN)
AGILE_EV = _money("agile-ev", "Earned value: BAC x actual percent complete.", SULAIMAN)
AGILE_AC = _money("agile-ac", "Actual cost: what was spent on the release by the end of the iteration.", SULAIMAN)
AGILE_SV = _money("agile-sv", "Schedule variance: EV - PV.", SULAIMAN)
AGILE_CV = _money("agile-cv", "Cost variance: EV - AC.", SULAIMAN)
AGILE_SPI = _index("agile-spi", "Schedule performance index: EV / PV.", SULAIMAN)
AGILE_CPI = _index("agile-cpi", "Cost performance index: EV / AC.", SULAIMAN)
AGILE_EAC_BUDGET_RATE = _money("agile-eac-budget-rate", "What is left costs what was budgeted: AC + BAC - EV.", SULAIMAN)
AGILE_EAC_CPI = _money("agile-eac-cpi", "What is left costs what was done: BAC / CPI.", SULAIMAN)
AGILE_VAC = _money("agile-vac", "Variance at completion: BAC - EAC.", SULAIMAN)
CARRIED_BAC = _money("carried-bac", "What was earned before the mode changed, and the budget of the release.", "this project")
CARRIED_EV = _money("carried-ev", "What was earned before the mode changed, and the earned value of the release.", "this project")
CARRIED_AC = _money("carried-ac", "What was spent before the mode changed, and on the release.", "this project")
CARRIED_CV = _money("carried-cv", "Cost variance over both modes: EV - AC.", "this project")
CARRIED_CPI = _index("carried-cpi", "Cost performance index over both modes: EV / AC.", "this project")
ITERATIONS_BY_SPI = _define(
    "iterations-by-spi", "Iterations until all is done: planned iterations / SPI.", unit="iterations", source=SULAIMAN, digits=5
)
ITERATIONS_BY_VELOCITY = _define(
    "iterations-by-velocity",
    "Iterations until all is done: points in scope / mean velocity.",
    unit="iterations",
    source=SULAIMAN,
    digits=5,
)
RELEASE_DAY = _define("release-day", "Start + days of an iteration x iterations by velocity.", unit="day", source=SULAIMAN)
RELEASE_BAC = _money("release-bac", "The budget at completion of a release.", SULAIMAN)
RELEASE_FORECAST = _define(
    "release-forecast",
    "The last closed iteration, and as many more as this share of all futures needs that draw iterations from those before.",
    unit="day",
    source="Magennis, Forecasting and Simulating Software Development Projects (2011)",
)
POINTS = _define("points", "Points of the items, as they were estimated last by then.", unit="points", source="Scrum")
POINTS_DONE = _define("points-done", "Points of completed items that somebody accepted.", unit="points", source="Scrum")
SCOPE_POINTS = _define(
    "scope-points", "Points of a release: those planned, those added, less those removed.", unit="points", source="Scrum"
)
REMAINING_POINTS = _define("remaining-points", "Points in scope less points done.", unit="points", source="Scrum")
COMMITMENT_KEPT = _define("commitment-kept", "Points done / points committed to at the start.", unit="ratio", source="Scrum")
VELOCITY = _define("velocity", "Points done in an iteration: the mean of all that are closed.", unit="points", source="Scrum")
RECENT_VELOCITY = _define(
    "recent-velocity", "Points done in an iteration: the mean of the last three.", unit="points", source="Scrum"
)

# Transitions: what goes along when an initiative or a product becomes another.
OWN_COST = _money("own-cost", "Costs and accruals posted to it, less what was reversed.", "this project")
INHERITED_COST = _money(
    "inherited-cost", "The lifetime costs of what became it, by the shares that it took over.", "this project"
)
LIFETIME_COST = _money("lifetime-cost", "Its own cost and what it inherited.", "this project")

# Dependencies: days that one promises another.
DEPENDENCY_LATE = _days(
    "dependency-late", "From the promise of the side that waits to the day that it was promised; late above 0."
)
DEPENDENCY_SLIP = _days("dependency-slip", "From the first day that was promised to the last.")
DEPENDENCY_OVERDUE = _days("dependency-overdue", "Days past the promised day of what is not there yet.")

# Delivery: deployments that succeeded in production and finished in a window of days. Medians say their kind.
_DORA = "dora.dev, the five metrics of software delivery; fourkeys; Apache DevLake"


def _share_of_deployments(name: str, sentence: str) -> Definition:
    return _define(name, sentence, unit="ratio", source=_DORA)


def _minutes(name: str, sentence: str, source: str = "Apache DevLake, change_lead_time_calculator") -> Definition:
    return _define(name, sentence, unit="minutes, each rounded up", source=source)


DEPLOYMENT_FREQUENCY = _define(
    "deployment-frequency", "Deployments / days of the window, those without included.", unit="deployments a day", source=_DORA
)
DAYS_PER_WEEK = _define(
    "deployment-days-per-week",
    "The median of the days on which something was deployed, over the weeks from Monday that the window touches.",
    unit="days",
    source=_DORA,
)
DEPLOYMENT_BAND = _define(
    "deployment-band",
    "daily: 3 days of the median week; weekly: 1; monthly: 1 day of the median month; yearly: below that.",
    unit="daily, weekly, monthly, yearly",
    source=_DORA,
)
LEAD_TIME = _minutes("lead-time", "The median cycle of the changes that were deployed in the window.")
LEAD_TIME_MERGED = _minutes(
    "lead-time-merged", "The median cycle of the changes that were merged in the window, deployed or not."
)
LEAD_TIME_COMMIT = _minutes(
    "lead-time-commit",
    "The median time from a change's earliest commit to its deployment in the window; those of 0 or less are left out.",
    "fourkeys, lead time for changes",
)
CODING_TIME = _minutes("coding-time", "Earliest commit to review opened, or to the merge where there was no review. Median.")
PICKUP_TIME = _minutes("pickup-time", "Review opened to the first review by somebody else. Median.")
REVIEW_TIME = _minutes("review-time", "First review to merge. Median.")
DEPLOY_TIME = _minutes("deploy-time", "Merge to the finish of the first deployment that holds it. Median.")
CHANGE_FAILURE_RATE = _share_of_deployments(
    "change-failure-rate", "Deployments of the window that are taken for the cause of an incident, each once / deployments."
)
CHANGE_FAILURE_RATE_ROLLBACKS = _share_of_deployments(
    "change-failure-rate-with-rollbacks", "The same, and those that were rolled back without an incident / deployments."
)
REWORK_RATE = _share_of_deployments("rework-rate", "Deployments that an incident made necessary / deployments.")
RECOVERY_FROM_DEPLOYMENT = _minutes(
    "recovery-from-deployment",
    "Finish of the deployment that caused it to the resolution, of incidents of the window. Median.",
    _DORA,
)
RECOVERY_FROM_INCIDENT = _minutes(
    "recovery-from-incident", "Beginning of the incident to its resolution, of incidents of the window. Median.", _DORA
)
_SRE = "Google, Site Reliability Engineering, error budgets"
ERROR_BUDGET = _define(
    "error-budget", "What may go wrong: 1 - target, as it was promised by then.", version=2, unit="ratio", source=_SRE, digits=6
)
ERROR_BUDGET_SPENT = _define(
    "error-budget-spent", "(1 - measured) / (1 - target), of the last window measured.", version=2, unit="ratio", source=_SRE
)
ERROR_BUDGET_LEFT = _define(
    "error-budget-left", "1 - error-budget-spent; below 0 where it is overspent.", version=2, unit="ratio", source=_SRE
)

# Funding by tranches. Months are those of the books.
_LEAN = "SAFe, Lean Budgets and guardrails; Beyond Budgeting"
RELEASED = _money("released", "Money that came to be spent so far, less what went back or to others.", _LEAN)
BALANCE = _money("balance", "Money released less money spent.", _LEAN)
BURN = _money("burn", "The mean of what was spent in the last three closed months.", _LEAN)
RUNWAY = _define("runway", "Balance / burn.", unit="months", source=_LEAN)
SPENDING_SHARE = _define(
    "spending-share",
    "What was spent on one key / on all keys; the horizon is the one that a member was admitted for when it was spent.",
    version=2,
    unit="ratio",
    source=_LEAN,
)
GUARDRAIL_DEVIATION = _define("guardrail-deviation", "Actual share - target share.", version=2, unit="ratio", source=_LEAN)
RUN_RATE_FORECAST = _define(
    "run-rate-forecast",
    "What was spent in closed months, and for each other month of the period the run rate, or what was spent where that is more; "
    "towards a limit of all members, the burn for months without a rate.",
    version=2,
    unit="minor units of the currency",
    source=_LEAN,
)
FORECAST_DEVIATION = _money("forecast-deviation", "Forecast - limit.", _LEAN)

# Risks: what is open may still happen.
RISK_EXPOSURE = _money(
    "risk-exposure",
    "Probability times impact in money, by the last assessment; added up over open risks.",
    "PMI, risk management",
)
RISK_EXPOSURE_DAYS = _define(
    "risk-exposure-days",
    "Probability times impact in calendar days, by the last assessment; added up over open risks.",
    unit="calendar days",
    source="PMI, risk management",
)

# Outcomes: the last measurement by its own day, against the last target.
BENEFIT_REALISED = _define(
    "benefit-realised",
    "Value / target; where less is better than the baseline, (baseline - value) / (baseline - target).",
    unit="ratio",
    source="Bradley, Benefit Realisation Management",
)
BENEFIT_GAINED = _define(
    "benefit-gained",
    "(value - baseline) / (target - baseline), up or down.",
    unit="ratio",
    source="Bradley, Benefit Realisation Management",
)
KEY_RESULT_SCORE = _define(
    "key-result-score",
    "(value - start) / (target - start), not below 0 and not above 1.",
    unit="ratio",
    source="Doerr, Measure What Matters",
)
OBJECTIVE_SCORE = _define(
    "objective-score",
    "The mean of the scores of its key results, those that nobody measured left out.",
    unit="ratio",
    source="Doerr, Measure What Matters",
)

# Capacity: shares are means over the calendar days of a period.
_TEAM = "PMI, resource management; SAFe, capacity allocation"
RESERVED_HOURS = _define(
    "reserved-hours", "Declared hours times the share kept for what nobody planned.", unit="hours", source=_TEAM
)
ASSIGNED_HOURS = _define(
    "assigned-hours", "Declared hours times the share of the team that is assigned.", unit="hours", source=_TEAM
)
UTILISATION = _define("utilisation", "Assigned hours / declared hours.", unit="ratio", source=_TEAM)
HEADROOM = _define(
    "headroom", "1 - the share kept for what nobody planned - the share that is assigned.", unit="ratio", source=_TEAM
)
WORKED_HOURS = _define("worked-hours", "Hours that people logged on days of the period.", unit="hours", source=_TEAM)
UNPLANNED_HOURS = _define("unplanned-hours", "Those of them that were for incidents and issues.", unit="hours", source=_TEAM)
UNPLANNED_SHARE = _define("unplanned-share", "Unplanned hours / worked hours.", unit="ratio", source=_TEAM)

# Flow: how items go from a backlog through the states of a workflow until they are done. Days are days of the portfolio's zone.
_VACANTI, _KERSTEN = "Vacanti, Actionable Agile Metrics", "Kersten, Project to Product"


def _flow(name: str, sentence: str, *, unit: str, source: str = _VACANTI, digits: int = 4) -> Definition:
    return _define(name, sentence, unit=unit, source=source, digits=digits)


CFD = _flow("cfd", "Items that had reached a state or a later one by the end of the day.", unit="items")
WIP = _flow("wip", "Items that were committed and not done: CFD(committed) - CFD(done).", unit="items")
THROUGHPUT = _flow("throughput", "Items done in a week from Monday to Sunday; weeks without any are 0.", unit="items")
CYCLE_TIME = _flow("cycle-time", "Days that elapsed from commitment to the last completion, waiting included.", unit="days")
CYCLE_TIME_INCLUSIVE = _flow("cycle-time-inclusive", "The same, and the day of commitment counts as one.", unit="days")
AGE = _flow("age", "Days that elapsed since an item that is in work was committed.", unit="days")
FLOW_LOAD = _flow("flow-load", "Items that are committed and not done now.", unit="items", source=_KERSTEN)
FLOW_EFFICIENCY = _flow(
    "flow-efficiency", "Of the time from commitment to done, the share in which somebody worked.", unit="ratio", source=_KERSTEN
)
FLOW_SHARE = _flow("flow-share", "The share of a kind in the items that were done.", unit="ratio", source=_KERSTEN)
AVERAGE_WIP = _flow("average-wip", "The mean of work in progress at the ends of the days.", unit="items")
IMPLIED_WIP = _flow("implied-wip", "Throughput per day x mean cycle time: what average-wip should be.", unit="items")
LITTLES_LAW = _flow(
    "littles-law", "average-wip / implied-wip, where as much is in work at both ends of the window.", unit="ratio"
)
CHURN = _flow(
    "backlog-churn", "Moves, additions and drops for each item open on the average day.", unit="ratio", source="the ledger"
)
WSJF = _flow("wsjf", "(value + time criticality + risk reduction) / size.", unit="score", source="SAFe", digits=5)
FORECAST_WHEN = _flow("forecast-when", "Weeks until what remains is done, in that share of simulated futures.", unit="weeks")
FORECAST_DAY = _flow("forecast-day", "The day on which those weeks end.", unit="day")
FORECAST_HOW_MANY = _flow("forecast-how-many", "Items done at least, in that share of simulated futures.", unit="items")


# Across: what initiatives and products have in common.
NEXT_PROMISE = _define(
    "next-promise",
    "The next day or target that is promised: the planned finish of the current baseline; of an agile initiative, the end of its "
    "next release; of a product, the next target of its open items or its announced end; of the last two also the next day that "
    "was promised to those who wait for it. What has ended promises nothing.",
    version=3,
    unit="day, instant or the source's own word",
    source="this project",
)
PROMISE_MOVES = _define(
    "promise-moves",
    "How many approved baselines have another finish than the one before; of products and agile initiatives, how often a day "
    "that was promised to others became another; of products also how often a target of an item did.",
    version=2,
    unit="count",
    source="this project",
)
DAYS_SINCE_MOVE = _days("days-since-promise-moved", "From the day of the last of these moves.")
PROMISE_P85 = _define(
    "promise-p85",
    "The day by which the next promise is kept in 85 of 100 cases: as it was published, where nothing was closed since; else as "
    "the burn-up of the release, or the forecast of the product up to the last promised item, simulates it.",
    unit="day",
    source="this project",
)
FINISHED = _define(
    "finished-28-days",
    "Work packages and items that were completed in the 28 days up to and with the day of the answer.",
    unit="count",
    source="this project",
)
SILENT_DAYS = _days("days-since-heard", "From the latest day on which anything was true of it.")
SHARE_MET = _define(
    "benefits-met",
    "Benefits that are realised, or measured at their target or beyond, / benefits with a target.",
    version=2,
    unit="ratio",
    source="this project",
)
