"""Events of a funding account: where money comes from and goes."""

from typing import Annotated, Literal

from pydantic import Field, StrictInt, StringConstraints

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import AMOUNT_MAX, MemberRef, Money, Word

CostCategory = Literal["labour", "vendor", "cloud", "licence", "other"]
WorkType = Literal["feature", "defect", "risk", "debt"]
AccountingPeriod = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$"), Field(description="A month of the books, `2026-03`.")
]


class Cost(Money):
    """An amount in minor units, above 0: what was posted wrongly is reversed."""

    minor: Annotated[StrictInt, Field(ge=1, le=AMOUNT_MAX)]


@event_type(
    "funding",
    class_name="CostPosted",
    occurs="ever",
    member="member",
    after_end=True,
    restated="freely",
    posts=True,
    codes="MEMBER_ENDED",
)
class CostPostedV1(EventData):
    """Money was spent on an initiative or a product. Newer publishers state version 2."""

    member: MemberRef
    amount: Cost
    period: AccountingPeriod
    category: CostCategory
    work_type: WorkType | None = None
    treatment: Literal["capex", "opex"] | None = None

    def upcast(self) -> "CostPosted":
        """Return version 2: a treatment that was not given is undecided."""
        return CostPosted.model_construct(
            member=self.member,
            amount=self.amount,
            period=self.period,
            category=self.category,
            work_type=self.work_type,
            treatment=self.treatment or "undecided",
            document=None,
        )


@event_type(
    "funding", version=2, occurs="ever", member="member", after_end=True, restated="freely", posts=True, codes="MEMBER_ENDED"
)
class CostPosted(EventData):
    """Money was spent on an initiative or a product, in a month of the books.

    `treatment` says whether it is capitalised; `undecided` where the books have not decided. `document` is the voucher in the
    books' own numbering.
    """

    member: MemberRef
    amount: Cost
    period: AccountingPeriod
    category: CostCategory
    work_type: WorkType | None = None
    treatment: Literal["capex", "opex", "undecided"]
    document: Word | None = None


FundingEvent = CostPosted
