"""Why a figure has no value, once: the codes that stand in its place. What is not known is never 0."""

from typing import NamedTuple


class Unknown(NamedTuple):
    """What a formula answers where a number would have no basis."""

    reason: str


REASONS: dict[str, str] = {}
"""What each code means."""


def _reason(name: str, meaning: str) -> Unknown:
    if name in REASONS:
        raise ValueError(f"The reason {name} is defined twice.")
    REASONS[name] = meaning
    return Unknown(name)


# Control: what is planned, expected and compared.
NOT_PLANNED = _reason("NOT_PLANNED", "Nobody planned it.")
NOT_YET = _reason("NOT_YET", "It has not happened yet.")
NO_TARGET = _reason("NO_TARGET", "There is no target to compare with another.")
NOT_COMPARABLE = _reason("NOT_COMPARABLE", "The two are neither dates nor names that differ in their last number only.")
DATES_DISAGREE = _reason("DATES_DISAGREE", "The dates that it lies between are in an impossible order.")

# Agile initiatives.
NO_ITERATION = _reason("NO_ITERATION", "No iteration of it is closed yet.")
NO_POINTS = _reason("NO_POINTS", "No points are in scope, so no share of them is done.")
SHIPPED = _reason("SHIPPED", "The release is shipped: nothing of it is to come.")

# Transitions and dependencies.
NOTHING_WAITS = _reason("NOTHING_WAITS", "The two share something: neither waits for the other.")
CURRENCIES = _reason("CURRENCIES", "The amounts are in several currencies, and have no sum.")

NO_DEPLOYMENTS = _reason("NO_DEPLOYMENTS", "Nothing was deployed into production with success.")
NO_CHANGES = _reason("NO_CHANGES", "No change is known that this could be worked out from.")
NO_INCIDENTS = _reason("NO_INCIDENTS", "No incident that is over could be counted.")
NO_ERROR_BUDGET = _reason("NO_ERROR_BUDGET", "Nothing may go wrong, so there is no budget to be spent.")
NOT_MEASURED = _reason("NOT_MEASURED", "Nobody has measured it yet.")
NOT_PROMISED = _reason("NOT_PROMISED", "Nobody promised it.")
NO_GUARDRAIL = _reason("NO_GUARDRAIL", "No guardrail names it.")
NO_RISKS = _reason("NO_RISKS", "No risk was ever identified.")
NOT_ASSESSED = _reason("NOT_ASSESSED", "Nobody has assessed it.")
NO_TARGET_SET = _reason("NO_TARGET_SET", "Nobody has promised how much of it there will be.")
NO_BENEFIT_BASELINE = _reason("NO_BENEFIT_BASELINE", "Nobody has said how much of it there was before.")
TARGET_ZERO = _reason("TARGET_ZERO", "The target is 0, and so nothing is a share of it.")
NO_DISTANCE = _reason("NO_DISTANCE", "The target is where it began, and so there is no way between them.")
NO_CAPACITY = _reason("NO_CAPACITY", "The team has declared no hours for the period.")
NO_HOURS = _reason("NO_HOURS", "Nobody has logged hours of the period.")
NO_CLOSED_MONTH = _reason("NO_CLOSED_MONTH", "No month of the books is complete yet.")
NO_BURN = _reason("NO_BURN", "Nothing was spent in the last months.")
NO_SPEND = _reason("NO_SPEND", "Nothing was spent that shares could be taken of.")
NO_FUNDING = _reason("NO_FUNDING", "No money was ever released for it.")
NO_FORECAST = _reason("NO_FORECAST", "Nobody has forecast it.")

NO_BASELINE = _reason("NO_BASELINE", "No baseline was current then.")
NEVER_REBASELINED = _reason("NEVER_REBASELINED", "The first baseline is still the current one, or there is none.")
NO_BUDGET = _reason("NO_BUDGET", "The baseline has no budget: it is a plan of time only.")
NO_CALENDAR = _reason("NO_CALENDAR", "No working calendar is known, so time cannot be counted in working hours.")
NO_COST = _reason("NO_COST", "No cost is posted.")
NO_PROGRESS = _reason("NO_PROGRESS", "Nothing is earned yet.")
NO_ESTIMATE = _reason("NO_ESTIMATE", "Nobody has reported what the remaining work costs.")
ENDED = _reason("ENDED", "It has ended: nothing is to come of it any more.")
NO_END = _reason("NO_END", "It has no planned end, and so no share of it is done.")
NOT_PLANNED_YET = _reason("NOT_PLANNED_YET", "Nothing was planned to be done by then.")
NOT_STARTED_YET = _reason("NOT_STARTED_YET", "The planned start is not past, so no time was spent.")
TOO_EARLY = _reason("TOO_EARLY", "Less than three tenths is earned; before that the figure says nothing.")
TOO_FEW_PERIODS = _reason("TOO_FEW_PERIODS", "Fewer periods have passed than the figure looks back on.")
NOT_POSITIVE = _reason("NOT_POSITIVE", "What it divides by is not above 0.")
BUDGET_SPENT = _reason("BUDGET_SPENT", "Work is left and no money for it.")
TIME_SPENT = _reason("TIME_SPENT", "Work is left and the planned time for it is over.")
DONE = _reason("DONE", "No work is left.")
NOT_GIVEN = _reason("NOT_GIVEN", "The source did not say.")

NO_RELEASE = _reason("NO_RELEASE", "No release of it is planned that is not shipped.")
NOT_SIMULATED = _reason("NOT_SIMULATED", "The promise names no items, so nothing can be simulated up to it.")
NEVER_MOVED = _reason("NEVER_MOVED", "The promise is still the first one.")

NO_SAMPLES = _reason("NO_SAMPLES", "No whole period was observed from which others could be drawn.")
NO_THROUGHPUT = _reason("NO_THROUGHPUT", "Nothing was finished in any of the periods.")
BEYOND_HORIZON = _reason("BEYOND_HORIZON", "It takes longer than a simulation looks ahead.")
NOTHING_DONE = _reason("NOTHING_DONE", "Nothing was finished in the window.")
NOTHING_OPEN = _reason("NOTHING_OPEN", "Nothing is open.")
NO_TIME = _reason("NO_TIME", "No time passed between commitment and done.")
NO_OPEN_ITEMS = _reason("NO_OPEN_ITEMS", "No item was open in the period.")
NEVER_STEADY = _reason(
    "NEVER_STEADY", "As much is not in work at the end of the window as at its beginning, so the law says nothing."
)
NO_SIZE = _reason("NO_SIZE", "The size is not above 0.")
