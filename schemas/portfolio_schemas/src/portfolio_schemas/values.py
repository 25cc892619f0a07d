"""The values that bodies of events are made of: how they look on the wire, and their limits.

Numbers that are not whole are texts of a bounded pattern, so that no reader rounds them. Texts hold no control characters.
"""

import re
from datetime import date, datetime
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictInt, StringConstraints, WithJsonSchema

from portfolio_schemas.envelope import read_time

AMOUNT_MAX = 10**15
"""The largest amount of money, in minor units: ten million millions of a currency with cents."""

_NO_CONTROLS = r"^[^\x00-\x1f\x7f-\x9f]*$"
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)


class Value(BaseModel):
    """A value of several parts: frozen, and nothing is in it that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")


def _read_date(value: Any) -> date:  # noqa: ANN401  anything may stand in a message
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _DATE.match(value):
        raise ValueError("A date is a text such as 2026-03-31.")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("The calendar has no such date.") from None


def _read_instant(value: Any) -> datetime:  # noqa: ANN401  anything may stand in a message
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise ValueError("An instant is a text such as 2026-03-31T14:00:00Z.")  # noqa: TRY004  pydantic collects ValueError
    return read_time(value)


def _read_date_or_instant(value: Any) -> date | datetime:  # noqa: ANN401  anything may stand in a message
    return _read_instant(value) if isinstance(value, str) and len(value) > len("2026-03-31") else _read_date(value)


Date = Annotated[
    date,
    BeforeValidator(_read_date),
    WithJsonSchema({"type": "string", "format": "date", "description": "A day of the calendar, `2026-03-31`."}),
]

Instant = Annotated[
    datetime,
    BeforeValidator(_read_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "description": "A moment, RFC 3339 with an offset."}),
]

PlannedTime = Annotated[
    date | datetime,
    BeforeValidator(_read_date_or_instant),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}],
            "description": "An instant, or a day where the source plans by days.",
        }
    ),
]

Fraction = Annotated[
    str,
    StringConstraints(pattern=r"^(0(\.[0-9]{1,6})?|1(\.0{1,6})?)$"),
    Field(description='A share from 0 to 1 with at most six digits, `"0.25"`.'),
]

Hours = Annotated[
    str,
    StringConstraints(pattern=r"^(0|[1-9][0-9]{0,6})(\.[0-9]{1,2})?$"),
    Field(description='Hours of work from 0 with at most two digits, `"12.5"`.'),
]

Points = Annotated[
    str,
    StringConstraints(pattern=r"^(0|[1-9][0-9]{0,6})(\.[0-9]{1,2})?$"),
    Field(description='Points of estimation from 0 with at most two digits, `"5"`.'),
]

Number = Annotated[
    str,
    StringConstraints(pattern=r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?$"),
    Field(description='A number in the unit that is named with it, with at most six digits, `"-12.5"`.'),
]

Days = Annotated[StrictInt, Field(ge=-36_500, le=36_500, description="Calendar days, below 0 for earlier.")]

Severity = Annotated[StrictInt, Field(ge=1, le=5, description="From 1, the worst, to 5.")]

WorkingDays = Annotated[
    str,
    StringConstraints(pattern=r"^(0|[1-9][0-9]{0,6})(\.[0-9]{1,2})?$"),
    Field(description='Working days from 0 with at most two digits, `"41.5"`.'),
]

Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=_NO_CONTROLS),
    Field(description="A short text that names something."),
]

Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=4000, pattern=_NO_CONTROLS),
    Field(
        description="Prose. It may name people: what is disclosed of it is decided later.",
        json_schema_extra={"x-personal": "possibly"},
    ),
]

Word = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=_NO_CONTROLS),
    Field(description="A word of the source's own vocabulary, a phrase where the source has phrases."),
]

Id = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$"), Field(description="What names a part within its subject.")
]

Sha = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$"),
    Field(description="A commit, by the hash that Git gives it, or by the revision of another system."),
]

Person = Annotated[
    str,
    StringConstraints(min_length=1, max_length=128, pattern=_NO_CONTROLS),
    Field(description="A pseudonymous id of a person or a role; no personal data."),
]

CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(description="An ISO 4217 code, `EUR`.")]

VersionNumber = Annotated[StrictInt, Field(ge=1, le=10_000, description="A version, from 1.")]


InitiativeRef = Annotated[
    str, StringConstraints(pattern=r"^initiative/[A-Za-z0-9._-]{1,64}$"), Field(description="An initiative, `initiative/<id>`.")
]
WorkPackageRef = Annotated[
    str,
    StringConstraints(pattern=r"^work-package/[A-Za-z0-9._-]{1,64}$"),
    Field(description="A work package, `work-package/<id>`."),
]
ChangeRequestRef = Annotated[
    str,
    StringConstraints(pattern=r"^change-request/[A-Za-z0-9._-]{1,64}$"),
    Field(description="A change request, `change-request/<id>`."),
]
ReleaseRef = Annotated[
    str, StringConstraints(pattern=r"^release/[A-Za-z0-9._-]{1,64}$"), Field(description="A release, `release/<id>`.")
]
IterationRef = Annotated[
    str, StringConstraints(pattern=r"^iteration/[A-Za-z0-9._-]{1,64}$"), Field(description="An iteration, `iteration/<id>`.")
]
ProductRef = Annotated[
    str, StringConstraints(pattern=r"^product/[A-Za-z0-9._-]{1,64}$"), Field(description="A product, `product/<id>`.")
]
ItemRef = Annotated[str, StringConstraints(pattern=r"^item/[A-Za-z0-9._-]{1,64}$"), Field(description="An item, `item/<id>`.")]
DeploymentRef = Annotated[
    str, StringConstraints(pattern=r"^deployment/[A-Za-z0-9._-]{1,64}$"), Field(description="A deployment, `deployment/<id>`.")
]
IncidentRef = Annotated[
    str, StringConstraints(pattern=r"^incident/[A-Za-z0-9._-]{1,64}$"), Field(description="An incident, `incident/<id>`.")
]
FundingRef = Annotated[
    str, StringConstraints(pattern=r"^funding/[A-Za-z0-9._-]{1,64}$"), Field(description="A funding account, `funding/<id>`.")
]
TeamRef = Annotated[str, StringConstraints(pattern=r"^team/[A-Za-z0-9._-]{1,64}$"), Field(description="A team, `team/<id>`.")]
DependencyRef = Annotated[
    str, StringConstraints(pattern=r"^dependency/[A-Za-z0-9._-]{1,64}$"), Field(description="A dependency, `dependency/<id>`.")
]
RiskRef = Annotated[str, StringConstraints(pattern=r"^risk/[A-Za-z0-9._-]{1,64}$"), Field(description="A risk, `risk/<id>`.")]
IssueRef = Annotated[
    str, StringConstraints(pattern=r"^issue/[A-Za-z0-9._-]{1,64}$"), Field(description="An issue, `issue/<id>`.")
]
BenefitRef = Annotated[
    str, StringConstraints(pattern=r"^benefit/[A-Za-z0-9._-]{1,64}$"), Field(description="A benefit, `benefit/<id>`.")
]
ObjectiveRef = Annotated[
    str, StringConstraints(pattern=r"^objective/[A-Za-z0-9._-]{1,64}$"), Field(description="An objective, `objective/<id>`.")
]
DecisionRef = Annotated[
    str, StringConstraints(pattern=r"^decision/[A-Za-z0-9._-]{1,64}$"), Field(description="A decision, `decision/<id>`.")
]
MemberRef = Annotated[
    str,
    StringConstraints(pattern=r"^(initiative|product)/[A-Za-z0-9._-]{1,64}$"),
    Field(description="An initiative or a product, `initiative/<id>` or `product/<id>`."),
]


LinkRef = Annotated[
    str,
    StringConstraints(pattern=r"^(objective|incident|risk|benefit|issue)/[A-Za-z0-9._-]{1,64}$"),
    Field(description="What something can be linked to, such as `objective/<id>`."),
]
SubjectRef = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]{1,20}(-[a-z]{1,20})?/[A-Za-z0-9._-]{1,64}$"),
    Field(description="Any subject, `<aggregate>/<id>`."),
]
WorkRef = Annotated[
    str,
    StringConstraints(
        pattern=r"^(initiative|product|item|work-package|iteration|release|change-request|incident|issue)/[A-Za-z0-9._-]{1,64}$"
    ),
    Field(description="What somebody can work on, such as `item/<id>`."),
]
MatterRef = Annotated[
    str,
    StringConstraints(pattern=r"^(risk|issue|dependency|benefit|team|incident)/[A-Za-z0-9._-]{1,64}$"),
    Field(description="What can be open for an initiative or a product, such as `risk/<id>`."),
]


class Money(Value):
    """An amount in minor units (cents, where the currency has them), from 0."""

    minor: Annotated[StrictInt, Field(ge=0, le=AMOUNT_MAX)]
    currency: CurrencyCode


class Amount(Money):
    """An amount of money in minor units, above 0."""

    minor: Annotated[StrictInt, Field(ge=1, le=AMOUNT_MAX)]


class SignedMoney(Value):
    """A difference of amounts in minor units; below 0 where something gets cheaper."""

    minor: Annotated[StrictInt, Field(ge=-AMOUNT_MAX, le=AMOUNT_MAX)]
    currency: CurrencyCode


FiscalPeriod = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}(-(H[12]|Q[1-4]|0[1-9]|1[0-2]))?$"),
    Field(description="A year, half, quarter or month of the portfolio: `2026`, `2026-H1`, `2026-Q3`, `2026-07`."),
]

Score = Annotated[
    str,
    StringConstraints(pattern=r"^(0|[1-9][0-9]{0,3})(\.[0-9]{1,2})?$"),
    Field(description='A score without a unit, usually one of 1, 2, 3, 5, 8, 13, 20 or 21: `"8"`.'),
]


class WsjfInputs(Value):
    """What weighted shortest job first weighs: the cost of delay in three parts, over the size of the job, above 0."""

    value: Score
    time_criticality: Score
    risk_reduction: Score
    size: Score


WorkingHours = Annotated[
    str,
    StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"),
    Field(description="A span of a working day, `09:00-12:00`."),
]


def _in_order(hours: list[str]) -> list[str]:
    bounds = [moment for span in hours for moment in span.split("-")]
    if any(earlier >= later for earlier, later in pairwise(bounds)):
        raise ValueError("Working hours follow each other and do not overlap.")
    return hours


class Calendar(Value):
    """A working calendar. Without one earned schedule has no meaning."""

    name: Name
    working_hours: Annotated[list[WorkingHours], Field(min_length=1, max_length=12), AfterValidator(_in_order)]
    working_days: Annotated[list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]], Field(min_length=1, max_length=7)]
    holidays: Annotated[list[Date], Field(default_factory=list, max_length=2000)]
    zone: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Za-z0-9_+-]{1,32}(/[A-Za-z0-9_+-]{1,32}){0,2}$"),
        Field(description="A time zone of the IANA database, `Europe/Brussels`."),
    ]
