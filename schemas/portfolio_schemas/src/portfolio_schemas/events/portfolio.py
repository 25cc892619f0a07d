"""Events of a portfolio: its members and their order, its limits and guardrails, its reviews."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints
from pydantic.config import JsonDict

from portfolio_schemas.events.event_data import EventData, Mode, event_type
from portfolio_schemas.values import (
    Calendar,
    CurrencyCode,
    Date,
    DecisionRef,
    FiscalPeriod,
    Fraction,
    MemberRef,
    Money,
    Name,
    Person,
    SignedMoney,
    TeamRef,
    Text,
    WsjfInputs,
)

_NO_OTHERS: JsonDict = {"additionalProperties": False}
"""Said of an object by names: other names than those of the pattern are none."""

GuardrailKey = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$"),
    Field(description="What is limited: a horizon, a kind of work, `epic`."),
]


@event_type("portfolio", occurs="first", restated="judged", codes="CORRECTION_FIXED")
class PortfolioOpened(EventData):
    """A portfolio begins. Until this is recorded everything else about it is refused.

    `currency` is the one in which the portfolio reports, `calendar` the one by which its days are told apart.
    """

    name: Name
    currency: CurrencyCode
    calendar: Calendar | None = None


@event_type("portfolio", second_person=True, codes="OVER_LIMIT")
class FundingLimitSet(EventData):
    """In a fiscal period no more than this is released to the members that are kept in the portfolio's currency.

    A tranche counts in the periods in which its first day lies. `proposed_by` asks for the limit.
    """

    fiscal_period: FiscalPeriod
    limit: Money
    proposed_by: Person


@event_type("portfolio", second_person=True, member="member", codes="GUARDRAIL")
class GuardrailSet(EventData):
    """How money should be spread, of one member or of the whole portfolio: deviations are shown, nothing is refused.

    By `horizon` and `work_type` the limits are shares that add up to at most 1; `epic_threshold` has the amount from which an
    item should be an initiative, under the key `epic`. `proposed_by` asks for it.
    """

    kind: Literal["horizon", "work_type", "epic_threshold"]
    limits: Annotated[dict[GuardrailKey, Fraction | Money], Field(min_length=1, max_length=50, json_schema_extra=_NO_OTHERS)]
    member: MemberRef | None = None
    proposed_by: Person


@event_type("portfolio", member="member", codes="ALREADY_MEMBER MODE")
class MemberAdmitted(EventData):
    """An initiative or a product is one of those that the portfolio ranks and scores; `mode` is refused where it has another."""

    member: MemberRef
    mode: Mode | None = None
    theme: Name | None = None
    horizon: Literal["now", "next", "later", "retiring"] | None = None


@event_type("portfolio", member="member", codes="NOT_MEMBER AFTER_ITSELF")
class MemberRanked(EventData):
    """A member takes its place after another; null puts it first. Every member has one rank."""

    member: MemberRef
    after: MemberRef | None


@event_type("portfolio", member="member", codes="SCORE_INPUTS SCORE_SIZE UNUSUAL_SCORE")
class MemberScored(EventData):
    """Somebody weighs a member: by weighted shortest job first, by net present value, or by cost of delay.

    Exactly the part that the method names is given; the cost of delay is that of a month.
    """

    member: MemberRef
    method: Literal["wsjf", "npv", "cod"]
    wsjf: WsjfInputs | None = None
    npv: SignedMoney | None = None
    cost_of_delay: Money | None = None
    scorer: Person


@event_type("portfolio", restated="freely")
class ReviewHeld(EventData):
    """The portfolio was reviewed; `decisions` are those that are recorded as such."""

    attendees: Annotated[list[Person], Field(min_length=1, max_length=200)]
    decisions: Annotated[list[DecisionRef], Field(default_factory=list, max_length=200)]
    summary: Text | None = None


@event_type("portfolio", member="member", refers="team", restated="freely", codes="PLAN_ORDER")
class CapacityAllocated(EventData):
    """The portfolio intends a share of a team for a member, from a day to a day. The team's own assignment says what is."""

    member: MemberRef
    team: TeamRef
    share: Fraction
    start: Date
    finish: Date


@event_type("portfolio", needs_reason=True, member="member", after_end=True, codes="NOT_MEMBER")
class MemberReleased(EventData):
    """A member is ranked and scored no longer."""

    member: MemberRef


@event_type("portfolio", needs_reason=True, codes="STILL_MEMBERS")
class PortfolioClosed(EventData):
    """The portfolio has ended, after its last member was released: nothing more is recorded of it, or of anything in it."""


PortfolioEvent = (
    PortfolioOpened
    | FundingLimitSet
    | GuardrailSet
    | MemberAdmitted
    | MemberRanked
    | MemberScored
    | ReviewHeld
    | CapacityAllocated
    | MemberReleased
    | PortfolioClosed
)
