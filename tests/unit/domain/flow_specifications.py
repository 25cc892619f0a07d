"""What may happen to the flow of items, to the life of products, and to the scope of releases."""

from typing import Any

from msgspec.structs import replace

from tests.rules import OPENED, RECORDED, Specification, fact, flagged, refused
from tests.unit.domain.governance_specifications import ACTIVATED, CONCEIVED, MONEY
from tests.unit.domain.item_specifications import BACKLOG, COMPLETED, STARTED, WITH_OTHER, reopened
from tests.unit.domain.matter_specifications import risk
from tests.unit.domain.transition_specifications import GEMINI, conceived, release

A = "item/A"


def item(what: str, subject: str = A, /, *, at: int = 3, why: str | None = "Because", **data: Any):  # noqa: ANN401  a body holds anything
    """Something happens to an item."""
    return fact(f"{what}.v1", subject, at=at, why=why, **data)


def product(what: str, subject: str = "product/payments", /, *, by: str = "ines", **data: Any):  # noqa: ANN401  a body holds anything
    """Something happens to the product."""
    return fact(f"{what}.v1", subject, by=by, at=4, why="Because", **data)


def weighed(size: str = "5", value: str = "8"):
    """An item is weighed."""
    return item("item-scored", wsjf={"value": value, "time_criticality": "3", "risk_reduction": "1", "size": size})


def changed(old: str | None, new: str, subject: str = A):
    """An item goes from one state to another."""
    ends: dict[str, Any] = {"from": old, "to": new}
    return item("item-state-changed", subject, **ends)


def scope(what: str, *items: str):
    """The scope of a release changes."""
    return fact(f"scope-{what}.v1", "release/1", at=5, why="Because", items=list(items), points="3")


READY = item("item-ready")
ESTIMATED = item("item-estimated", points="5")
REESTIMATED = item("item-reestimated", old="5", new="8")
ACCEPTED = item("item-accepted", at=9, accepted_by="eva")
MERGED = item("item-merged", into="item/B")
BLOCKED, FREE = item("item-blocked"), item("item-unblocked", at=4)
LINKED = item("item-linked", to="risk/1")
WORKFLOW = product("workflow-defined", states=[{"name": "Doing", "active": True}, {"name": "Waiting", "active": False}])
BOARD = product(
    "workflow-defined",
    states=[
        {"name": "Inbox", "active": False},
        {"name": "Chosen", "active": False},
        {"name": "Building", "active": True, "counts_from": True},
        {"name": "Testing", "active": True},
    ],
)
LIMIT = product("wip-limit-set", state="Doing", limit=1, proposed_by="ben")
DONE = (*BACKLOG, STARTED, COMPLETED)
FLOW = (*BACKLOG, WORKFLOW)
ON_BOARD = (*BACKLOG, BOARD)
DOING = item("item-started", state="Doing")
ACTIVE = (OPENED, CONCEIVED, MONEY, ACTIVATED)
PAUSED, RESUMED = product("product-paused"), product("product-resumed")
SUNSET = product("sunset-announced", date="2026-12-31")
RETIRED = product("product-retired", data_disposition="Kept for ten years")
ENDS: dict[str, Any] = {"from": "product/other", "to": "product/payments"}
WAITING = fact("dependency-identified.v1", "dependency/1", at=2, kind="needs", **ENDS)
PLANNED = (*BACKLOG, GEMINI, release())
SCOPED = (*PLANNED, scope("added", A))
SHIPPED = fact("release-shipped.v1", "release/1", at=10, version="1.0")
CLOSED, WRONG_STATE = refused("CLOSED_ITEM"), refused("WRONG_STATE")
UNKNOWN_STATE = refused("UNKNOWN_WORKFLOW_STATE")

ITEMS = [
    Specification("an item is ready", BACKLOG, READY, RECORDED),
    Specification("an item is ready once", (*BACKLOG, READY), READY, WRONG_STATE),
    Specification("an item is ready when it is done", DONE, READY, CLOSED),
    Specification("an item that is ready is started", (*BACKLOG, READY), STARTED, RECORDED),
    Specification("an item that is only ready is not completed", (*BACKLOG, READY), COMPLETED, refused("NEVER_STARTED")),
    Specification("an item is estimated", BACKLOG, ESTIMATED, RECORDED),
    Specification("what is done is not estimated", DONE, ESTIMATED, refused("DONE")),
    Specification("an estimate is changed", (*BACKLOG, ESTIMATED), REESTIMATED, RECORDED),
    Specification("an estimate that is none", BACKLOG, REESTIMATED, WRONG_STATE),
    Specification(
        "an estimate that is another",
        (*BACKLOG, item("item-estimated", points="3")),
        REESTIMATED,
        flagged("ESTIMATE_DISAGREES"),
    ),
    Specification("an estimate of what is done", (*BACKLOG, ESTIMATED, STARTED, COMPLETED), REESTIMATED, refused("DONE")),
    Specification("an estimate of what was done", (*DONE, reopened(A)), ESTIMATED, RECORDED),
    Specification("what is done is accepted", DONE, ACCEPTED, RECORDED),
    Specification("what is not done is not accepted", (*BACKLOG, STARTED), ACCEPTED, WRONG_STATE),
    Specification("what is accepted is accepted once", (*DONE, ACCEPTED), ACCEPTED, WRONG_STATE),
    Specification("an item is weighed", BACKLOG, weighed(), RECORDED),
    Specification("an item is weighed by another scale", BACKLOG, weighed(value="9"), flagged("UNUSUAL_SCORE")),
    Specification("an item without size", BACKLOG, weighed("0"), refused("SCORE_SIZE")),
    Specification("an item is the same as another", BACKLOG, MERGED, RECORDED),
    Specification("an item is the same once", (*BACKLOG, MERGED), MERGED, CLOSED),
    Specification("an item is the same as itself", BACKLOG, item("item-merged", into=A), refused("AFTER_ITSELF")),
    Specification("an item is the same as nothing", BACKLOG, item("item-merged", into="item/Z"), refused("UNKNOWN_ITEM")),
    Specification(
        "an item is the same as one elsewhere",
        WITH_OTHER,
        item("item-merged", into="item/X"),
        refused("OTHER_PRODUCT"),
    ),
    Specification("an item is linked", (*BACKLOG, risk("product/payments")), LINKED, RECORDED),
    Specification("an item is of another kind", BACKLOG, item("item-reclassified", kind="debt"), RECORDED),
    Specification("an item goes first", BACKLOG, item("class-of-service-set", service="expedite"), RECORDED),
    Specification("an item is blocked", BACKLOG, BLOCKED, RECORDED),
    Specification("an item is blocked once", (*BACKLOG, BLOCKED), BLOCKED, WRONG_STATE),
    Specification("what is done is not blocked", DONE, BLOCKED, CLOSED),
    Specification("an item is free again", (*BACKLOG, BLOCKED), FREE, RECORDED),
    Specification("an item that is free", BACKLOG, FREE, WRONG_STATE),
    Specification("an item goes to any state without a workflow", BACKLOG, changed(None, "Anything"), RECORDED),
    Specification("an item goes to a state of the workflow", FLOW, changed(None, "Doing"), RECORDED),
    Specification("an item goes to another state", FLOW, changed(None, "Other"), UNKNOWN_STATE),
    Specification("an item left another state", FLOW, changed("Waiting", "Doing"), flagged("FROM_DISAGREES")),
    Specification("an item is in the first state by being added", ON_BOARD, changed("Inbox", "Chosen"), RECORDED),
    Specification("an item is not in the second", ON_BOARD, changed("Chosen", "Building"), flagged("FROM_DISAGREES")),
    Specification(
        "an item left the first state",
        (*ON_BOARD, changed("Inbox", "Chosen")),
        changed("Inbox", "Building"),
        flagged("FROM_DISAGREES"),
    ),
    Specification("what went to where flow counts is completed", (*ON_BOARD, changed("Inbox", "Building")), COMPLETED, RECORDED),
    Specification(
        "what went beyond where flow counts is completed", (*ON_BOARD, READY, changed("Inbox", "Testing")), COMPLETED, RECORDED
    ),
    Specification(
        "what went to where nothing counts is not completed",
        (*ON_BOARD, changed("Inbox", "Chosen")),
        COMPLETED,
        refused("NEVER_STARTED"),
    ),
    Specification(
        "where no workflow says what counts, a start is stated",
        (*BACKLOG, changed(None, "Anything")),
        COMPLETED,
        refused("NEVER_STARTED"),
    ),
    Specification("an item that is done goes nowhere", DONE, changed(None, "Doing"), CLOSED),
    Specification("an item starts in a state of the workflow", FLOW, DOING, RECORDED),
    Specification("an item starts in another state", FLOW, item("item-started", state="Other"), UNKNOWN_STATE),
    Specification("as many as the limit", (*FLOW, LIMIT), DOING, RECORDED),
    Specification(
        "more than the limit start",
        (*FLOW, LIMIT, DOING),
        item("item-started", "item/B", state="Doing"),
        flagged("OVER_WIP"),
    ),
    Specification("more than the limit go there", (*FLOW, LIMIT, DOING), changed(None, "Doing", "item/B"), flagged("OVER_WIP")),
    Specification("after one was done", (*FLOW, LIMIT, DOING, COMPLETED), changed(None, "Doing", "item/B"), RECORDED),
    Specification(
        "after one went on",
        (*FLOW, LIMIT, DOING, changed("Doing", "Waiting")),
        changed(None, "Doing", "item/B"),
        RECORDED,
    ),
]
PRODUCTS = [
    Specification("a workflow", ACTIVE, WORKFLOW, RECORDED),
    Specification("a limit of a state", (*ACTIVE, WORKFLOW), LIMIT, RECORDED),
    Specification(
        "a limit of another state",
        (*ACTIVE, WORKFLOW),
        product("wip-limit-set", state="X", limit=1, proposed_by="ben"),
        UNKNOWN_STATE,
    ),
    Specification("another vision", ACTIVE, product("vision-changed", vision="Paid twice"), RECORDED),
    Specification("another owner", ACTIVE, product("owner-changed", owner="finn"), RECORDED),
    *(
        Specification(
            f"a decision to {what}",
            ACTIVE,
            product(f"{what}-decided", hypothesis="H", evidence="E", proposed_by="ben"),
            RECORDED,
        )
        for what in ("pivot", "persevere")
    ),
    Specification("a product is paused", ACTIVE, PAUSED, RECORDED),
    Specification("a product is paused once", (*ACTIVE, PAUSED), PAUSED, WRONG_STATE),
    Specification("a product goes on", (*ACTIVE, PAUSED), RESUMED, RECORDED),
    Specification("a product that went on goes on", ACTIVE, RESUMED, WRONG_STATE),
    Specification("an end is announced", ACTIVE, SUNSET, RECORDED),
    Specification("an end is announced once", (*ACTIVE, SUNSET), SUNSET, WRONG_STATE),
    Specification("a product ends", (*ACTIVE, SUNSET), RETIRED, RECORDED),
    Specification("a product ends before it began", (OPENED, CONCEIVED), RETIRED, WRONG_STATE),
    Specification(
        "a product ends that somebody waits for",
        (*ACTIVE, conceived("product/other"), WAITING),
        RETIRED,
        refused("OPEN_DEPENDENCY"),
    ),
    Specification("nothing happens after a product's end", (*ACTIVE, RETIRED), PAUSED, refused("ENDED")),
]
RELEASES = [
    Specification("scope is added", PLANNED, scope("added", A), RECORDED),
    Specification("scope is added once", SCOPED, scope("added", A), refused("SCOPE_TWICE")),
    Specification("scope is removed", SCOPED, scope("removed", A), RECORDED),
    Specification("scope that is none is removed", SCOPED, scope("removed", "item/B"), refused("NOT_IN_SCOPE")),
    Specification("a release is out", (*SCOPED, STARTED, COMPLETED, ACCEPTED), SHIPPED, RECORDED),
    Specification("a release is out with what nobody accepted", (*SCOPED, STARTED, COMPLETED), SHIPPED, flagged("UNACCEPTED")),
    Specification("a release is out once", (*PLANNED, SHIPPED), SHIPPED, WRONG_STATE),
    *(
        Specification(f"after a release is out, scope is {what}", (*SCOPED, SHIPPED), scope(what, A), WRONG_STATE)
        for what in ("added", "removed")
    ),
    Specification(
        "an owner is corrected",
        (*ACTIVE, product("owner-changed", owner="finn")),
        replace(product("owner-changed", owner="fay"), corrects=4),
        RECORDED,
    ),
]

SPECIFICATIONS = [*ITEMS, *PRODUCTS, *RELEASES]
