"""Events of money: every one moves an amount from one account to another, and nothing is ever lost between them.

A member has accounts: what is approved and waits to be released, what is released and can be spent (its balance), what is
reserved for orders, and what is spent. The portfolio is the account from which approved money comes, and to which it returns.
The subject `funding/<id>` is named as the books name it; rules look at the member.
"""

from typing import Annotated, Literal

from pydantic import Field, StrictInt, StringConstraints

from portfolio_schemas.events.event_data import EventData, event_type
from portfolio_schemas.values import Amount, ChangeRequestRef, Date, FundingRef, MemberRef, Money, Person, Text, Word

CostCategory = Literal["labour", "vendor", "cloud", "licence", "other"]
WorkType = Literal["feature", "defect", "risk", "debt"]
AccountingPeriod = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$"), Field(description="A month of the books, `2026-03`.")
]


Order = Annotated[
    str,
    StringConstraints(pattern=r"^[^\x00-\x1f\x7f-\x9f/]{1,128}$"),
    Field(description="The number of an order or contract in the books, without a slash."),
]


@event_type("funding", occurs="ever", member="member", codes="WRONG_STATE")
class FundingRequested(EventData):
    """Money is asked for an initiative or a product. The subject is the request, which has one answer."""

    member: MemberRef
    amount: Amount
    purpose: Text


@event_type("funding", occurs="ever", second_person=True, through="request", codes="WRONG_STATE")
class FundingApproved(EventData):
    """A request is granted by somebody else than who asked: the portfolio sets the amount aside for the member.

    It may be less than was asked for.
    """

    request: FundingRef
    amount: Amount
    conditions: Text | None = None


@event_type(
    "funding",
    occurs="ever",
    second_person=True,
    member="member",
    codes="TRANCHE_TWICE PLAN_ORDER MODE OVER_APPROVED OVER_LIMIT",
)
class TrancheReleased(EventData):
    """Approved money can be spent from a day on. Where nothing was ever approved for the member, the release approves it too.

    An initiative has one tranche, and another only by an approved change request of its own. `proposed_by` asks for the release.
    """

    member: MemberRef
    tranche_no: Annotated[StrictInt, Field(ge=1, le=10_000, description="The number of the tranche, from 1.")]
    amount: Amount
    valid_from: Date
    valid_to: Date
    change_request: ChangeRequestRef | None = None
    proposed_by: Person


@event_type("funding", occurs="ever", member="member", codes="OVER_BALANCE ORDER_TWICE")
class FundsReserved(EventData):
    """A part of the balance is set aside for an order."""

    member: MemberRef
    order: Order
    amount: Amount


@event_type("funding", occurs="ever", member="member", after_end=True, codes="UNKNOWN_ORDER")
class ReservationCancelled(EventData):
    """What is left of a reservation returns to the balance."""

    member: MemberRef
    order: Order


@event_type(
    "funding",
    class_name="CostPosted",
    occurs="ever",
    member="member",
    after_end=True,
    restated="judged",
    posts=True,
    codes="DURING_EXCEPTION CORRECTION_FIXED MEMBER_ENDED OVERSPENT",
)
class CostPostedV1(EventData):
    """Money was spent on an initiative or a product. Newer publishers state version 2."""

    member: MemberRef
    amount: Amount
    period: AccountingPeriod
    category: CostCategory
    work_type: WorkType | None = None
    treatment: Literal["capex", "opex"] | None = None

    def upcast(self) -> "CostPosted":
        """Return version 2: a treatment that was not given is undecided."""
        return CostPosted(
            member=self.member,
            amount=self.amount,
            period=self.period,
            category=self.category,
            work_type=self.work_type,
            treatment=self.treatment or "undecided",
        )


@event_type(
    "funding",
    version=2,
    occurs="ever",
    member="member",
    after_end=True,
    restated="judged",
    posts=True,
    codes="DURING_EXCEPTION CORRECTION_FIXED MEMBER_ENDED OVERSPENT",
)
class CostPosted(EventData):
    """Money was spent on an initiative or a product, in a month of the books.

    `treatment` says whether it is capitalised; `undecided` where the books have not decided. `document` is the voucher in the
    books' own numbering; `order` is one that the amount was reserved for, and spends the reservation.
    """

    member: MemberRef
    amount: Amount
    period: AccountingPeriod
    category: CostCategory
    work_type: WorkType | None = None
    treatment: Literal["capex", "opex", "undecided"]
    document: Word | None = None
    order: Order | None = None


@event_type(
    "funding", occurs="ever", member="member", posts=True, restated="judged", codes="DURING_EXCEPTION CORRECTION_FIXED OVERSPENT"
)
class CostAccrued(EventData):
    """Something was used that no invoice has come for: it counts as spent until it is reversed."""

    member: MemberRef
    amount: Amount
    period: AccountingPeriod
    category: CostCategory
    work_type: WorkType | None = None
    document: Word | None = None


@event_type(
    "funding",
    occurs="ever",
    member="member",
    posts=True,
    after_end=True,
    corrects="CostAccrued",
    always_corrects=True,
    codes="CORRECTION_FIXED OVER_ORIGINAL",
)
class AccrualReversed(EventData):
    """The invoice came, or the accrual was not needed: the amount, or a part of it, counts as spent no longer."""

    member: MemberRef
    amount: Amount
    period: AccountingPeriod


@event_type(
    "funding",
    occurs="ever",
    member="member",
    posts=True,
    after_end=True,
    needs_reason=True,
    corrects="CostPosted",
    always_corrects=True,
    codes="CORRECTION_FIXED OVER_ORIGINAL",
)
class CostReversed(EventData):
    """A posted cost, or a part of it, was none of this member: the amount returns to the balance."""

    member: MemberRef
    amount: Amount
    period: AccountingPeriod


@event_type(
    "funding",
    occurs="ever",
    second_person=True,
    needs_reason=True,
    member="from_",
    refers="to",
    codes="SAME_ACCOUNT OVER_BALANCE",
)
class FundsReallocated(EventData):
    """A part of one member's balance becomes another's."""

    from_: Annotated[MemberRef, Field(alias="from")]
    to: MemberRef
    amount: Amount
    proposed_by: Person


@event_type(
    "funding",
    occurs="ever",
    second_person=True,
    needs_reason=True,
    member="member",
    after_end=True,
    codes="OVER_BALANCE",
)
class FundingWithdrawn(EventData):
    """The portfolio takes money back: first what is approved and not released, then what is left of the balance."""

    member: MemberRef
    amount: Amount
    proposed_by: Person


@event_type("funding", occurs="ever", member="member", after_end=True, codes="OVER_BALANCE")
class FundingReturned(EventData):
    """The member gives money back: first what is approved and not released, then what is left of the balance."""

    member: MemberRef
    amount: Amount


@event_type("funding", ledger_only=True)
class FundingCarriedOver(EventData):
    """What was approved for a member, and is neither spent nor returned, becomes the balance of what the member has become."""

    from_: Annotated[MemberRef, Field(alias="from")]
    to: MemberRef
    amount: Amount


@event_type("funding", occurs="ever", member="member", restated="freely")
class CapitalisationSet(EventData):
    """By which rule the costs of a member are capitalised: those of the named kinds of work, as the text explains."""

    member: MemberRef
    capitalised: Annotated[list[WorkType], Field(max_length=4)]
    rule: Text


@event_type("funding", occurs="ever", member="member", restated="freely")
class RunRateForecast(EventData):
    """What a member is expected to spend in a month, from a month on, and on what basis."""

    member: MemberRef
    monthly: Money
    start: AccountingPeriod
    basis: Text


@event_type("funding", occurs="ever", restated="never", codes="WRONG_STATE")
class AccountingPeriodClosed(EventData):
    """A month of the portfolio's books is closed: nothing is posted into it any more."""

    period: AccountingPeriod


@event_type("funding", occurs="ever", second_person=True, needs_reason=True, codes="WRONG_STATE")
class AccountingPeriodReopened(EventData):
    """A closed month of the books takes postings again. `proposed_by` asks for it."""

    period: AccountingPeriod
    proposed_by: Person


FundingEvent = (
    FundingRequested
    | FundingApproved
    | TrancheReleased
    | FundsReserved
    | ReservationCancelled
    | CostPosted
    | CostAccrued
    | AccrualReversed
    | CostReversed
    | FundsReallocated
    | FundingWithdrawn
    | FundingReturned
    | FundingCarriedOver
    | CapitalisationSet
    | RunRateForecast
    | AccountingPeriodClosed
    | AccountingPeriodReopened
)
