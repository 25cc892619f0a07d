"""Every code that the system answers with, once: what it means, what to do, and its HTTP status.

A refusal is a verdict and stands in the log. A flag stands beside a recorded event that is ugly but true. A door's code answers
what was not taken at all.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["refusal", "flag", "door"]


@dataclass(frozen=True, slots=True)
class Code:
    """One code. `status` is the HTTP status of a single event that gets it; flags have none."""

    name: str
    kind: Kind
    status: int | None
    meaning: str


CODES: dict[str, Code] = {}
"""All codes by their names."""


def _refusal(name: str, meaning: str, *, status: int = 422) -> Code:
    return _keep(Code(name, "refusal", status, meaning))


def _flag(name: str, meaning: str) -> Code:
    return _keep(Code(name, "flag", None, meaning))


def _door(name: str, status: int, meaning: str) -> Code:
    return _keep(Code(name, "door", status, meaning))


def _keep(code: Code) -> Code:
    if code.name in CODES:
        raise ValueError(f"{code.name} is defined twice")
    CODES[code.name] = code
    return code


MALFORMED = _door(
    "MALFORMED", 400, "It cannot be read as a CloudEvent for a portfolio. Mend the fields that are named and send it again."
)
TOO_LARGE = _door("TOO_LARGE", 413, "An event has at most 256 KiB, a batch at most 1,000 events and 4 MiB. Send less at once.")
UNSUPPORTED_MEDIA_TYPE = _door("UNSUPPORTED_MEDIA_TYPE", 415, "Send a CloudEvent as JSON, without a content encoding.")
TOO_MANY_WAITING = _door("TOO_MANY_WAITING", 429, "Too much waits to be judged. Wait as Retry-After says and send it again.")
REFUSED_TOO_OFTEN = _door("REFUSED_TOO_OFTEN", 429, "This source is refused too often. Mend what it sends, then try again.")
PORTFOLIO_STOPPED = _door("PORTFOLIO_STOPPED", 503, "This portfolio is stopped until an operator resumes it. Try again later.")
LOG_LOST = _door(
    "LOG_LOST", 503, "The log has lost records of this portfolio's partition. An operator puts them back. Try again later."
)
INTAKE_LOST = _door(
    "INTAKE_LOST",
    503,
    "Submissions of this portfolio's partition expired before they were judged. An operator decides. Try again later.",
)
BEHIND = _door("BEHIND", 503, "Submissions wait for more than a day to be judged. Try again later.")
NO_BROKER = _door("NO_BROKER", 503, "Kafka does not answer. Try again with the same id: nothing is ever recorded twice.")

UNKNOWN_TYPE = _refusal(
    "UNKNOWN_TYPE", "There is no such type of event, or no such version of it. The catalogue lists those that there are."
)
SCHEMA = _refusal("SCHEMA", "The body does not match the type's schema. Mend the fields that are named.")
LEDGER_ONLY = _refusal("LEDGER_ONLY", "Only the ledger itself states this, as the consequence of something else.")
NO_REASON = _refusal("NO_REASON", "This type needs a `reason` in the envelope.")
CONFLICTING_ID = _refusal(
    "CONFLICTING_ID", "This source and id are recorded with other content. Give a new fact a new id.", status=409
)
CONFLICTING_VERSION = _refusal(
    "CONFLICTING_VERSION", "The subject is not at the expected version. Read it again and decide anew.", status=409
)
CORRECTS_UNKNOWN = _refusal(
    "CORRECTS_UNKNOWN", "`corrects` names no recorded entry of the same subject that an event of this type can correct."
)
CORRECTS_TWICE = _refusal("CORRECTS_TWICE", "The entry that `corrects` names was corrected already. Correct the correction.")
CORRECTION_FIXED = _refusal(
    "CORRECTION_FIXED", "A correction keeps what its subject rests on, such as its currency. State a new subject instead."
)
SET_TOO_LARGE = _refusal("SET_TOO_LARGE", "The event and its consequences do not fit into one append. Do it in smaller steps.")
INTERNAL = _refusal(
    "INTERNAL", "A rule failed on this event. The operator is told; the event may be sent again later.", status=500
)
NOT_OPEN = _refusal("NOT_OPEN", "The portfolio is not open: its PortfolioOpened comes first.")
FUTURE = _refusal("FUTURE", "A fact cannot lie ahead: `time` is more than five minutes after now.")
ALREADY_EXISTS = _refusal("ALREADY_EXISTS", "A subject of this id exists already. Choose another id.")
UNKNOWN_AGGREGATE = _refusal("UNKNOWN_AGGREGATE", "There is no such subject yet. State its first event before.")
ENDED = _refusal("ENDED", "The subject has ended; nothing happens to it any more.")
WRONG_STATE = _refusal("WRONG_STATE", "The subject is in a state in which this cannot happen.")
MODE = _refusal("MODE", "This belongs to another mode of delivery.")
CURRENCY = _refusal("CURRENCY", "An amount is in another currency than that of its initiative, product or portfolio.")
UNKNOWN_ZONE = _refusal("UNKNOWN_ZONE", "The calendar's time zone is none of the IANA database. Write it as that does.")
PERIOD_CLOSED = _refusal("PERIOD_CLOSED", "The accounting period is closed. Post into an open one, as a correction.")
SELF_APPROVAL = _refusal("SELF_APPROVAL", "Who approves must be somebody else than who proposed.")
PLAN_ORDER = _refusal("PLAN_ORDER", "A planned finish lies before its start.")
BASELINE_SUM = _refusal("BASELINE_SUM", "The work packages' budgets do not add up to the budget at completion.")
BASELINE_VERSION = _refusal("BASELINE_VERSION", "The version does not follow the baselines that there are.")
WORK_PACKAGE_TWICE = _refusal("WORK_PACKAGE_TWICE", "A work package stands twice in the baseline, or in another initiative.")
DEPENDENCY_CYCLE = _refusal("DEPENDENCY_CYCLE", "The work packages wait for each other in a circle.")
UNKNOWN_WORK_PACKAGE = _refusal("UNKNOWN_WORK_PACKAGE", "The work package is not in the current baseline.")
NO_CHANGE_REQUEST = _refusal(
    "NO_CHANGE_REQUEST", "Every baseline but the first needs an approved change request of its initiative."
)
CHANGE_CLASS = _refusal("CHANGE_CLASS", "The class of change does not fit what the baseline changes.")
LATER_BASELINE = _refusal("LATER_BASELINE", "A baseline with a later effective date is approved already.")
PROGRESS_FELL = _refusal("PROGRESS_FELL", "Progress does not fall. Where a report was wrong, state ProgressCorrected.")
NOT_COMPLETE = _refusal("NOT_COMPLETE", "By its method of earning value it is complete at a fraction of 1 only.")
NO_OWNER = _refusal("NO_OWNER", "A product needs an owner before it is activated.")
SELF_DEPENDENCY = _refusal("SELF_DEPENDENCY", "Nothing depends on itself. Name two different members.")
OVER_ALLOCATED = _refusal("OVER_ALLOCATED", "The shares would be more than the whole team. State OverAllocationAccepted before.")
NO_DISTANCE = _refusal("NO_DISTANCE", "A key result goes from its start to another target.")
OTHER_UNIT = _refusal("OTHER_UNIT", "A key result keeps its unit. Set one of another id instead.")
UNKNOWN_KEY_RESULT = _refusal("UNKNOWN_KEY_RESULT", "The objective has no such key result. State KeyResultSet before.")
UNKNOWN_ENTRY = _refusal("UNKNOWN_ENTRY", "The portfolio has no entry of this number yet.")
SEALED_TWICE = _refusal("SEALED_TWICE", "The same bytes are sealed for the decision already.")
NO_PROMISE = _refusal("NO_PROMISE", "A promise is a day or a release. Name exactly one of them.")
PERSON_TWICE = _refusal("PERSON_TWICE", "The person is in the team already. State PersonLeft before they join again.")
NOT_IN_TEAM = _refusal("NOT_IN_TEAM", "The person is not in the team.")
STILL_ASSIGNED = _refusal("STILL_ASSIGNED", "The team works for somebody. Free it before it is dissolved.")
NOT_ASSIGNED = _refusal("NOT_ASSIGNED", "The team is not assigned to this member.")
OVER_BALANCE = _refusal("OVER_BALANCE", "The amount is more than what is left. Ask for more funding, or for a smaller amount.")
OVER_APPROVED = _refusal("OVER_APPROVED", "More would be released than is approved for the member. Have it approved before.")
OVER_LIMIT = _refusal("OVER_LIMIT", "More would be released than the portfolio's funding limit of that period allows.")
OVER_ORIGINAL = _refusal("OVER_ORIGINAL", "More would be reversed than was posted.")
TRANCHE_TWICE = _refusal("TRANCHE_TWICE", "A tranche of this number was released to the member already.")
ORDER_TWICE = _refusal("ORDER_TWICE", "Something is reserved for this order already. Cancel that reservation before.")
UNKNOWN_ORDER = _refusal("UNKNOWN_ORDER", "Nothing is reserved for this order.")
SAME_ACCOUNT = _refusal("SAME_ACCOUNT", "Money moves between two different members.")
GUARDRAIL = _refusal("GUARDRAIL", "The limits do not fit the kind of guardrail, or their shares add up to more than 1.")
ALREADY_MEMBER = _refusal("ALREADY_MEMBER", "It is admitted to the portfolio already.")
NOT_MEMBER = _refusal("NOT_MEMBER", "It is not admitted to the portfolio. State MemberAdmitted before.")
STILL_MEMBERS = _refusal("STILL_MEMBERS", "The portfolio has members. Release them before it is closed.")
SCORE_INPUTS = _refusal("SCORE_INPUTS", "Give exactly the inputs of the method that is named.")
SCORE_SIZE = _refusal("SCORE_SIZE", "The size of a job is above 0: it is what the cost of delay is divided by.")
UNACCOUNTED_SCOPE = _refusal(
    "UNACCOUNTED_SCOPE", "Something open would be left behind, or what is named is not open. Name everything that is open, once."
)
OPEN_CHANGE_REQUEST = _refusal("OPEN_CHANGE_REQUEST", "A change request of the initiative waits for its answer. Give it before.")
NO_TRANSITION = _refusal("NO_TRANSITION", "No transition of the initiative is proposed.")
UNFINISHED = _refusal("UNFINISHED", "A work package that was to be finished before the transition is not completed.")
TARGET_ENDED = _refusal("TARGET_ENDED", "The product that it should become has ended.")
UNKNOWN_PRODUCT = _refusal("UNKNOWN_PRODUCT", "There is no such product. Describe it in `opened`, or name one that exists.")
CARRIED_SUM = _refusal("CARRIED_SUM", "The money that goes along is what was approved, less what was spent and returned.")
ALLOCATION_SUM = _refusal("ALLOCATION_SUM", "The shares of a split add up to exactly 1.")
NO_POINTS = _refusal("NO_POINTS", "A release has points above 0.")
OPEN_RESERVATIONS = _refusal("OPEN_RESERVATIONS", "Money is reserved for orders. Cancel the reservations, or spend them, before.")
NO_FUNDING = _refusal("NO_FUNDING", "A product needs money before it is activated. Release a tranche to it.")
NO_SPONSOR = _refusal("NO_SPONSOR", "A business case needs a sponsor. Correct the proposal before.")
GATE = _refusal("GATE", "The next stage begins after a gate was passed.")
GATE_CRITERIA = _refusal("GATE_CRITERIA", "A criterion that must be met is not, or a conditional go names no conditions.")
EXCEPTION_OPEN = _refusal("EXCEPTION_OPEN", "The initiative is in an exception until a plan for it is approved.")
NO_EXCEPTION = _refusal("NO_EXCEPTION", "The initiative is in no exception.")
OVER_RESERVE = _refusal("OVER_RESERVE", "More would be drawn than is left of the current baseline's management reserve.")
FORECAST_PAST = _refusal("FORECAST_PAST", "What is still open cannot be finished in the past.")
PERIOD_ORDER = _refusal("PERIOD_ORDER", "Reporting periods end one after the other.")
NO_ESTIMATE = _refusal("NO_ESTIMATE", "A baseline over target says what the remaining work is estimated at.")
RETROACTIVE = _refusal("RETROACTIVE", "A new baseline does not plan anew what lay before its effective date.")
DONE = _refusal("DONE", "The item is closed: a new estimate would rewrite what was earned.")
UNKNOWN_WORKFLOW_STATE = _refusal("UNKNOWN_WORKFLOW_STATE", "The product's workflow has no such state. Define it before.")
OPEN_DEPENDENCY = _refusal("OPEN_DEPENDENCY", "Something waits for the product, or it waits. Fulfil or repoint that before.")
SCOPE_TWICE = _refusal("SCOPE_TWICE", "The item is in the scope already, or is named twice.")
NOT_IN_SCOPE = _refusal("NOT_IN_SCOPE", "The item is not in the scope. Add it before.")
SCOPE_LOST = _refusal(
    "SCOPE_LOST", "An item of the iteration is open and is not carried over. Carry it over, complete it, or drop it before."
)
OVERLAP = _refusal("OVERLAP", "A team has one iteration at a time. Choose other days, or close the one that runs.")
UNACCEPTED_POINTS = _refusal(
    "UNACCEPTED_POINTS", "Only points of completed items that somebody accepted are done. State ItemAccepted before."
)
NOTHING_CHANGED = _refusal("NOTHING_CHANGED", "The event names nothing that it changes.")
PERCENTILES = _refusal("PERCENTILES", "A later percentile of a forecast lies before an earlier one.")
NOT_REPEATABLE = _refusal(
    "NOT_REPEATABLE", "A simulated forecast names its seed and the number of its runs: others come to the same."
)
UNKNOWN_ITEM = _refusal("UNKNOWN_ITEM", "The item named in `after` is not in the backlog.")
CLOSED_ITEM = _refusal("CLOSED_ITEM", "The item is completed, dropped or split, and has no place in the order.")
AFTER_ITSELF = _refusal("AFTER_ITSELF", "Nothing can follow itself.")
OTHER_PRODUCT = _refusal("OTHER_PRODUCT", "The item named in `after` belongs to another product.")
OTHER_MEMBER = _refusal("OTHER_MEMBER", "What is named belongs to another initiative or product.")
NO_COMMIT = _refusal("NO_COMMIT", "A success in production names the commits that it brings. Correct the start's `shas` before.")
NOT_PRODUCTION = _refusal("NOT_PRODUCTION", "The cause of an incident is a deployment into production.")
CAUSE_LATER = _refusal(
    "CAUSE_LATER", "What had not finished when the incident began did not cause it. Link an earlier deployment."
)
CAUSE_DECLARED = _refusal("CAUSE_DECLARED", "Somebody declared another cause, which beats the nearest. Unlink that before.")
OPEN_INCIDENT = _refusal("OPEN_INCIDENT", "An incident of the worst severity is open. Resolve or reclassify it before.")
NEVER_STARTED = _refusal("NEVER_STARTED", "An item is completed after it was started, or went to where its workflow counts.")

DATES_DISAGREE = _flag("DATES_DISAGREE", "It happened before what it follows: finished before it was started or created.")
UNKNOWN_STATE = _flag("UNKNOWN_STATE", "The source uses a word that is not in its known vocabulary, perhaps misspelt.")
STAGE_BACKWARD = _flag("STAGE_BACKWARD", "The source moved the stage backward.")
TARGET_UNKNOWN = _flag("TARGET_UNKNOWN", "The source moved or cleared a target that it had not set.")
TARGET_TWICE = _flag("TARGET_TWICE", "The source set a target for a gate that had one, instead of moving it.")
ITEM_CLOSED = _flag("ITEM_CLOSED", "The source reports on an item that is closed here.")
OUT_OF_SEQUENCE = _flag("OUT_OF_SEQUENCE", "It was started before the work packages that it waits for were completed.")
SCHEDULE_ONLY = _flag("SCHEDULE_ONLY", "The baseline has no budget: it promises dates only.")
OVERSPENT = _flag("OVERSPENT", "More is spent than was released to the member.")
UNUSUAL_SCORE = _flag("UNUSUAL_SCORE", "A score is none of 1, 2, 3, 5, 8, 13, 20, 21.")
BELOW_THRESHOLD = _flag("BELOW_THRESHOLD", "The item is smaller than what the portfolio's guardrail calls an epic.")
UNPLANNED_STAGE = _flag("UNPLANNED_STAGE", "A stage was entered that was not planned.")
DURING_EXCEPTION = _flag("DURING_EXCEPTION", "A cost was posted while the initiative is in an exception.")
ESTIMATE_DISAGREES = _flag("ESTIMATE_DISAGREES", "The old estimate is not the one that is known.")
FROM_DISAGREES = _flag("FROM_DISAGREES", "The item was in another state than the one that it is said to have left.")
OVER_WIP = _flag("OVER_WIP", "More items are in the state than its limit allows.")
CIRCULAR_WAIT = _flag("CIRCULAR_WAIT", "Initiatives and products wait for each other in a circle.")
PROMISE_DISAGREES = _flag("PROMISE_DISAGREES", "The old promise is not the one that is known.")
NOT_OF_TEAM = _flag("NOT_OF_TEAM", "The person was never in the team, as far as it is told.")
LONG_DAY = _flag("LONG_DAY", "More than 24 hours of one day were logged at once.")
OTHER_BACKLOG = _flag("OTHER_BACKLOG", "An item is in the backlog of another initiative or product.")
POINTS_DISAGREE = _flag("POINTS_DISAGREE", "Fewer points are said to be done than were accepted.")
UNACCEPTED = _flag("UNACCEPTED", "The release is shipped with items that nobody accepted.")
SELF_REVIEW = _flag("SELF_REVIEW", "The reviewer is the author of the change.")
PREVIOUS_DISAGREES = _flag(
    "PREVIOUS_DISAGREES", "The deployment that is named is no other successful one of the same scope and environment."
)
BUDGET_DISAGREES = _flag("BUDGET_DISAGREES", "By the last measurement there is still some of the error budget.")
UNMEASURED = _flag("UNMEASURED", "The benefit is said to be there, and nobody has measured it.")
MEMBER_ENDED = _flag("MEMBER_ENDED", "A cost was posted to a member that has ended.")

EVERY_TYPE = (
    UNKNOWN_TYPE,
    SCHEMA,
    NOT_OPEN,
    FUTURE,
    CONFLICTING_ID,
    CONFLICTING_VERSION,
    CORRECTS_UNKNOWN,
    CORRECTS_TWICE,
    ENDED,
    SET_TOO_LARGE,
    INTERNAL,
    DATES_DISAGREE,
)
"""What an event of any type may get; the rules of each type add their own."""
