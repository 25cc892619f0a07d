"""What may happen to portfolios, products, initiatives, change requests and costs."""

from datetime import timedelta
from typing import Any, cast

from msgspec.structs import replace

from tests.rules import NOW, OPENED, RECORDED, Fact, Specification, fact, flagged, refused


def proposed(subject: str = "initiative/apollo", **data: Any):  # noqa: ANN401  a body holds anything
    """Ben proposes an initiative."""
    body = {"name": "Apollo", "mode": "waterfall", "currency": "EUR", **data}
    return fact("initiative-proposed.v1", subject, by="ben", **cast("dict[str, Any]", body))


def life(kind: str, *, by: str = "ines", at: int = 1):
    """Something happens to the initiative."""
    return fact(f"initiative-{kind}.v1", "initiative/apollo", by=by, at=at, why="Because")


def raised(subject: str = "change-request/1", **data: Any):  # noqa: ANN401  a body holds anything
    """Ben raises a change request."""
    body: dict[str, Any] = {"initiative": "initiative/apollo", "title": "More", "kind": "scope", **data}
    return fact("change-request-raised.v1", subject, by="ben", at=5, **body)


def answered(kind: str, *, by: str = "ines", at: int = 6):
    """A change request is approved or rejected."""
    return fact(f"change-request-{kind}.v1", "change-request/1", by=by, at=at, why="Because")


def cost(member: str = "initiative/apollo", currency: str = "EUR", version: int = 1):
    """A cost is posted to a member."""
    treatment: dict[str, Any] = {"treatment": "opex"} if version == 2 else {}
    amount = {"minor": 100, "currency": currency}
    return fact(
        f"cost-posted.v{version}",
        "funding/a",
        at=9,
        member=member,
        amount=amount,
        period="2026-03",
        category="cloud",
        **treatment,
    )


def in_dollars(opened: Fact):
    """The same portfolio, in another currency."""
    return replace(opened, data=opened.data.model_copy(update={"currency": "USD"}))


def at_now(hours: float):
    """A product is conceived so many hours after now."""
    return replace(CONCEIVED, time=NOW + timedelta(hours=hours))


RELEASED = fact(
    "tranche-released.v1",
    "funding/1",
    by="ines",
    member="initiative/apollo",
    tranche_no=1,
    amount={"minor": 99, "currency": "EUR"},
    valid_from="2026-01-01",
    valid_to="2026-12-31",
    proposed_by="ben",
)
CONCEIVED = fact("product-conceived.v1", "product/payments", name="Payments", owner="eva")
OWNERLESS = fact("product-conceived.v1", "product/payments", name="Payments")
MONEY = replace(RELEASED, data=RELEASED.data.model_copy(update={"member": "product/payments"}))
ACTIVATED = fact("product-activated.v1", "product/payments", at=1)
PROPOSED = (OPENED, proposed())
APPROVED = (*PROPOSED, life("approved"))
ACTIVE = (*APPROVED, life("activated", at=2))
ON_HOLD = (*ACTIVE, life("put-on-hold", at=3))
CANCELLED = (*APPROVED, life("cancelled", at=3))
REJECTED = (*PROPOSED, life("rejected"))
RAISED = (*ACTIVE, raised())
ENDED = refused("ENDED")
FIXED = refused("CORRECTION_FIXED")
UNKNOWN = refused("UNKNOWN_AGGREGATE")
WRONG_STATE = refused("WRONG_STATE")

PORTFOLIO = [
    Specification("a portfolio is opened", (), OPENED, RECORDED),
    Specification("a portfolio is opened once", (OPENED,), OPENED, refused("ALREADY_EXISTS")),
    Specification("a portfolio is its own subject", (), replace(OPENED, subject="portfolio/other"), refused("SCHEMA")),
    Specification("a portfolio's name is corrected", (OPENED,), replace(OPENED, corrects=0), RECORDED),
    Specification("a portfolio's currency is not", (OPENED,), in_dollars(replace(OPENED, corrects=0)), FIXED),
    Specification("nothing happens before it is open", (), CONCEIVED, refused("NOT_OPEN")),
    Specification("a fact five minutes ahead", (OPENED,), at_now(5 / 60), RECORDED),
    Specification("a fact that lies ahead", (OPENED,), at_now(5.1 / 60), refused("FUTURE")),
]

PRODUCT = [
    Specification("a product is conceived", (OPENED,), CONCEIVED, RECORDED),
    Specification("a product is conceived once", (OPENED, CONCEIVED), CONCEIVED, refused("ALREADY_EXISTS")),
    Specification("a product gets its owner by a correction", (OPENED, OWNERLESS), replace(CONCEIVED, corrects=1), RECORDED),
    Specification("and is activated", (OPENED, OWNERLESS, replace(CONCEIVED, corrects=1), MONEY), ACTIVATED, RECORDED),
    Specification("a product with an owner and money is activated", (OPENED, CONCEIVED, MONEY), ACTIVATED, RECORDED),
    Specification("a product without money is not", (OPENED, CONCEIVED), ACTIVATED, refused("NO_FUNDING")),
    Specification("a product without an owner is not", (OPENED, OWNERLESS), ACTIVATED, refused("NO_OWNER")),
    Specification("a product is activated once", (OPENED, CONCEIVED, MONEY, ACTIVATED), ACTIVATED, WRONG_STATE),
    Specification("a product is conceived first", (OPENED,), ACTIVATED, UNKNOWN),
    Specification(
        "activated before it was conceived",
        (OPENED, CONCEIVED, MONEY),
        replace(ACTIVATED, time=CONCEIVED.time - timedelta(1)),
        flagged("DATES_DISAGREE"),
    ),
]

INITIATIVE = [
    Specification("an initiative is proposed", (OPENED,), proposed(), RECORDED),
    Specification("an initiative is proposed once", PROPOSED, proposed(), refused("ALREADY_EXISTS")),
    Specification("a proposal is corrected", PROPOSED, replace(proposed(name="Apollo 2"), corrects=1), RECORDED),
    Specification("a proposal's currency is not corrected", PROPOSED, replace(proposed(currency="USD"), corrects=1), FIXED),
    Specification("a proposal's mode is not corrected", PROPOSED, replace(proposed(mode="agile"), corrects=1), FIXED),
    Specification("an initiative of another currency", (OPENED,), proposed(currency="USD"), RECORDED),
    Specification("a rough cost in its currency", (OPENED,), proposed(rough_cost={"minor": 1, "currency": "EUR"}), RECORDED),
    Specification(
        "a rough cost in another", (OPENED,), proposed(rough_cost={"minor": 1, "currency": "USD"}), refused("CURRENCY")
    ),
    Specification("a day's work", (OPENED,), proposed(rough_dates={"start": "2026-03-02", "finish": "2026-03-02"}), RECORDED),
    Specification(
        "a finish before its start",
        (OPENED,),
        proposed(rough_dates={"start": "2026-03-02", "finish": "2026-03-01"}),
        refused("PLAN_ORDER"),
    ),
    Specification("an approval by somebody else", PROPOSED, life("approved"), RECORDED),
    Specification("an approval by who proposed it", PROPOSED, life("approved", by="ben"), refused("SELF_APPROVAL")),
    Specification("a rejection", PROPOSED, life("rejected"), RECORDED),
    Specification("an activation after approval", APPROVED, life("activated"), RECORDED),
    Specification("an activation before approval", PROPOSED, life("activated"), WRONG_STATE),
    Specification("activated before it was approved", APPROVED, life("activated", at=0), flagged("DATES_DISAGREE")),
    Specification("a second approval", APPROVED, life("approved"), WRONG_STATE),
    Specification("a rejection of what was approved", APPROVED, life("rejected"), WRONG_STATE),
    Specification("a hold", ACTIVE, life("put-on-hold", at=3), RECORDED),
    Specification("a hold of what is not active", APPROVED, life("put-on-hold"), WRONG_STATE),
    Specification("on after a hold", ON_HOLD, life("resumed", at=4), RECORDED),
    Specification("on without a hold", ACTIVE, life("resumed", at=4), WRONG_STATE),
    Specification("a proposal is cancelled", PROPOSED, life("cancelled"), RECORDED),
    Specification("an end on hold", ON_HOLD, life("cancelled", at=4), RECORDED),
    *(
        Specification(f"nothing happens before it is proposed: {kind}", (OPENED,), life(kind), UNKNOWN)
        for kind in ("approved", "rejected", "activated", "put-on-hold", "resumed", "cancelled")
    ),
    *(
        Specification(f"nothing happens after its end: {kind}", CANCELLED, life(kind, at=9), ENDED)
        for kind in ("approved", "rejected", "activated", "put-on-hold", "resumed", "cancelled")
    ),
    Specification("nothing happens after its rejection", REJECTED, life("activated"), ENDED),
]

CHANGE_REQUEST = [
    Specification("a change is asked for", ACTIVE, raised(), RECORDED),
    Specification("a change is asked for once", RAISED, raised(), refused("ALREADY_EXISTS")),
    Specification("a change is corrected", RAISED, replace(raised(title="Less"), corrects=4), RECORDED),
    Specification(
        "a change is not moved to another initiative",
        (*RAISED, proposed("initiative/gemini")),
        replace(raised(initiative="initiative/gemini"), corrects=4),
        FIXED,
    ),
    Specification("a change of what is not proposed", (OPENED,), raised(), UNKNOWN),
    Specification("a change of what has ended", CANCELLED, raised(), ENDED),
    Specification("a delta in its currency", ACTIVE, raised(cost_delta={"minor": -5, "currency": "EUR"}), RECORDED),
    Specification(
        "a delta in another currency", ACTIVE, raised(cost_delta={"minor": -5, "currency": "USD"}), refused("CURRENCY")
    ),
    Specification("a change is approved", RAISED, answered("approved"), RECORDED),
    Specification("a change is approved by who raised it", RAISED, answered("approved", by="ben"), refused("SELF_APPROVAL")),
    Specification("a change is rejected", RAISED, answered("rejected", by="ben"), RECORDED),
    Specification("approved before it was raised", RAISED, answered("approved", at=4), flagged("DATES_DISAGREE")),
    *(
        Specification(f"a change is answered once: {kind}", (*RAISED, answered("approved")), answered(kind), WRONG_STATE)
        for kind in ("approved", "rejected")
    ),
    *(
        Specification(f"a change is raised before it is {kind}", ACTIVE, answered(kind), UNKNOWN)
        for kind in ("approved", "rejected")
    ),
    *(
        Specification(f"a change of what has ended since: {kind}", (*RAISED, life("cancelled", at=6)), answered(kind), ENDED)
        for kind in ("approved", "rejected")
    ),
]

COSTS = [
    specification
    for version in (1, 2)
    for specification in (
        Specification(f"a cost of an initiative, v{version}", PROPOSED, cost(version=version), RECORDED),
        Specification(
            f"a cost in another currency, v{version}", PROPOSED, cost(currency="USD", version=version), refused("CURRENCY")
        ),
        Specification(f"a cost of nothing known, v{version}", (OPENED,), cost(version=version), UNKNOWN),
        Specification(f"a cost of what has ended, v{version}", CANCELLED, cost(version=version), flagged("MEMBER_ENDED")),
        Specification(
            f"a cost that is too much, v{version}",
            (*PROPOSED, RELEASED),
            cost(version=version),
            flagged("OVERSPENT"),
        ),
        Specification(
            f"a cost of another member, v{version}",
            (*PROPOSED, CONCEIVED, cost(version=version)),
            replace(cost("product/payments", version=version), corrects=3),
            FIXED,
        ),
        Specification(
            f"a cost of an initiative of another currency, v{version}",
            (OPENED, proposed(currency="USD")),
            cost(currency="USD", version=version),
            RECORDED,
        ),
        Specification(
            f"a product's cost in the portfolio's currency, v{version}",
            (OPENED, CONCEIVED),
            cost("product/payments", version=version),
            RECORDED,
        ),
        Specification(
            f"a product's cost in another, v{version}",
            (OPENED, CONCEIVED),
            cost("product/payments", "USD", version),
            refused("CURRENCY"),
        ),
    )
]

SPECIFICATIONS = [*PORTFOLIO, *PRODUCT, *INITIATIVE, *CHANGE_REQUEST, *COSTS]
