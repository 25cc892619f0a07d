"""What may happen to an item, and to its place in the backlog."""

from typing import Any

from tests.rules import OPENED, RECORDED, Specification, fact, flagged, refused

PAYMENTS = fact("product-conceived.v1", "product/payments", name="Payments", owner="eva")
OTHER = fact("product-conceived.v1", "product/other", name="Other", owner="eva")
DECLARED = fact(
    "product-conceived.v1",
    "product/declared",
    name="Declared",
    reported_statuses=["Fertig"],
    reported_stages=["Skizze", "Probe"],
)


def added(item: str, *, product: str = "product/payments", after: str | None = None, at: int = 1, version: int = 1):
    """An item enters a backlog."""
    home: dict[str, Any] = {"product" if version == 1 else "backlog": product}
    return fact(f"item-added.v{version}", item, at=at, title="Something", kind="feature", after=after, **home)


def moved(item: str, after: str | None, *, at: int = 2):
    """An item takes another place."""
    return fact("item-moved.v1", item, at=at, after=after)


def reopened(item: str, *, after: str | None = None, at: int = 6):
    """An item was not done."""
    return fact("item-reopened.v1", item, at=at, why="It broke", after=after)


def dropped(item: str):
    """An item will not be done."""
    return fact("item-dropped.v1", item, at=5, why="Nobody needs it")


def status(item: str, word: str | None, *, at: int = 2):
    """A source says how it calls an item's status."""
    return fact("item-status-reported.v1", item, at=at, status=word)


def stage(item: str, word: str | None, *, at: int = 2):
    """A source says how it calls an item's stage."""
    return fact("item-stage-reported.v1", item, at=at, stage=word)


def target(kind: str, item: str = "item/A", gate: str = "stable"):
    """A source sets, moves or clears a target."""
    data: dict[str, Any] = {} if kind == "cleared" else {"target": "v1.30"}
    return fact(f"item-target-{kind}.v1", item, at=2, gate=gate, **data)


def split(item: str, *names: str):
    """An item becomes several."""
    return fact("item-split.v1", item, at=3, into=[{"item": name, "title": "Part"} for name in names])


STARTED = fact("item-started.v1", "item/A", at=3)
COMPLETED = fact("item-completed.v1", "item/A", at=4)
MILESTONE = fact("item-milestone-reported.v1", "item/A", at=6, milestone="v1.30")
BACKLOG = (OPENED, PAYMENTS, added("item/A"), added("item/B", after="item/A"))
WITH_OTHER = (*BACKLOG, OTHER, added("item/X", product="product/other"))
DONE = (*BACKLOG, STARTED, COMPLETED)
GONE = (*BACKLOG, dropped("item/A"))
FOREIGN = (*BACKLOG, DECLARED, added("item/D", product="product/declared"))
UNKNOWN = refused("UNKNOWN_AGGREGATE")


def _unknown(name: str) -> Specification:
    return Specification(f"nothing is said of an item before it is added: {name}", (OPENED, PAYMENTS), ANYTHING[name], UNKNOWN)


ANYTHING = {
    "moved": moved("item/A", None),
    "started": STARTED,
    "completed": COMPLETED,
    "reopened": reopened("item/A"),
    "dropped": dropped("item/A"),
    "split": split("item/A", "item/A1"),
    "status": status("item/A", "Done"),
    "stage": stage("item/A", "alpha"),
    "target set": target("set"),
    "target moved": target("moved"),
    "target cleared": target("cleared"),
    "milestone": MILESTONE,
}

PLACES = [
    Specification("the first item goes to the top", (OPENED, PAYMENTS), added("item/A"), RECORDED),
    Specification("an item follows an open one", BACKLOG, added("item/C", after="item/B"), RECORDED),
    Specification("an id is taken once", BACKLOG, added("item/A"), refused("ALREADY_EXISTS")),
    Specification(
        "an id is taken in all products", (*BACKLOG, OTHER), added("item/A", product="product/other"), refused("ALREADY_EXISTS")
    ),
    Specification("an id is taken for ever", GONE, added("item/A"), refused("ALREADY_EXISTS")),
    Specification("a backlog needs its product", (OPENED,), added("item/A"), UNKNOWN),
    Specification("a new item cannot follow itself", BACKLOG, added("item/C", after="item/C"), refused("AFTER_ITSELF")),
    Specification("a new item cannot follow nothing", BACKLOG, added("item/C", after="item/Z"), refused("UNKNOWN_ITEM")),
    Specification("a new item stays in its product", WITH_OTHER, added("item/C", after="item/X"), refused("OTHER_PRODUCT")),
    Specification("a new item follows no closed one", DONE, added("item/C", after="item/A", at=9), refused("CLOSED_ITEM")),
    Specification("an item as old as its product", (OPENED, PAYMENTS), added("item/A", at=0), RECORDED),
    Specification("an item older than its product", (OPENED, PAYMENTS), added("item/A", at=-1), flagged("DATES_DISAGREE")),
    Specification("an item moves behind an open one", BACKLOG, moved("item/A", "item/B"), RECORDED),
    Specification("an item moves to the top", BACKLOG, moved("item/B", None), RECORDED),
    Specification("an item that is in work moves", (*BACKLOG, STARTED), moved("item/A", "item/B", at=4), RECORDED),
    Specification("an item moves late, but after its birth", (*BACKLOG, STARTED), moved("item/A", "item/B", at=2), RECORDED),
    Specification("an item moves before its birth", BACKLOG, moved("item/A", "item/B", at=0), flagged("DATES_DISAGREE")),
    Specification("an item cannot follow itself", BACKLOG, moved("item/A", "item/A"), refused("AFTER_ITSELF")),
    Specification("an item cannot follow nothing", BACKLOG, moved("item/A", "item/Z"), refused("UNKNOWN_ITEM")),
    Specification(
        "an item cannot follow one of another product", WITH_OTHER, moved("item/A", "item/X"), refused("OTHER_PRODUCT")
    ),
    Specification("an item cannot follow one that is done", DONE, moved("item/B", "item/A", at=9), refused("CLOSED_ITEM")),
    Specification("an item that is done has no place", DONE, moved("item/A", "item/B", at=9), refused("CLOSED_ITEM")),
]

LIFE = [
    Specification("an item is started", BACKLOG, STARTED, RECORDED),
    Specification("an item is started once", (*BACKLOG, STARTED), STARTED, refused("WRONG_STATE")),
    Specification("what is done is not started", DONE, fact("item-started.v1", "item/A", at=9), refused("CLOSED_ITEM")),
    Specification("an item is completed after its start", (*BACKLOG, STARTED), COMPLETED, RECORDED),
    Specification("an item that never started is not completed", BACKLOG, COMPLETED, refused("NEVER_STARTED")),
    Specification("an item is completed once", DONE, COMPLETED, refused("CLOSED_ITEM")),
    Specification(
        "finished before it was started",
        (*BACKLOG, STARTED),
        fact("item-completed.v1", "item/A", at=2),
        flagged("DATES_DISAGREE"),
    ),
    Specification("started before it was created", BACKLOG, fact("item-started.v1", "item/A", at=0), flagged("DATES_DISAGREE")),
    Specification("what is done is reopened", DONE, reopened("item/A", after="item/B"), RECORDED),
    Specification(
        "what is reopened is completed again", (*DONE, reopened("item/A")), fact("item-completed.v1", "item/A", at=7), RECORDED
    ),
    Specification(
        "what is reopened is started again", (*DONE, reopened("item/A")), fact("item-started.v1", "item/A", at=7), RECORDED
    ),
    Specification("reopened before it was done", DONE, reopened("item/A", at=3), flagged("DATES_DISAGREE")),
    Specification("only what is done is reopened", BACKLOG, reopened("item/A"), refused("WRONG_STATE")),
    Specification("what was dropped is not reopened", GONE, reopened("item/A"), refused("WRONG_STATE")),
    Specification("a reopened item cannot follow itself", DONE, reopened("item/A", after="item/A"), refused("AFTER_ITSELF")),
    Specification("a reopened item cannot follow nothing", DONE, reopened("item/A", after="item/Z"), refused("UNKNOWN_ITEM")),
    Specification(
        "a reopened item stays in its product",
        (*WITH_OTHER, STARTED, COMPLETED),
        reopened("item/A", after="item/X"),
        refused("OTHER_PRODUCT"),
    ),
    Specification(
        "a reopened item follows no closed one",
        (*DONE, dropped("item/B")),
        reopened("item/A", after="item/B"),
        refused("CLOSED_ITEM"),
    ),
    Specification("an item is dropped", BACKLOG, dropped("item/A"), RECORDED),
    Specification("an item is dropped once", GONE, dropped("item/A"), refused("CLOSED_ITEM")),
    Specification("an item is split", BACKLOG, split("item/A", "item/A1", "item/A2"), RECORDED),
    Specification(
        "what was split is open no more",
        (*BACKLOG, split("item/A", "item/A1")),
        moved("item/A1", "item/A", at=4),
        refused("CLOSED_ITEM"),
    ),
    Specification(
        "what a split makes is open", (*BACKLOG, split("item/A", "item/A1")), moved("item/B", "item/A1", at=4), RECORDED
    ),
    Specification("what is done is not split", DONE, split("item/A", "item/A1"), refused("CLOSED_ITEM")),
    Specification("a split makes new items only", BACKLOG, split("item/A", "item/B"), refused("ALREADY_EXISTS")),
    Specification("a split does not make its own item", BACKLOG, split("item/A", "item/A"), refused("ALREADY_EXISTS")),
    Specification("a split makes an item once", BACKLOG, split("item/A", "item/C", "item/C"), refused("ALREADY_EXISTS")),
]

REPORTED = [
    Specification("a usual status", BACKLOG, status("item/A", "In_Progress"), RECORDED),
    Specification("no status at all", BACKLOG, status("item/A", None), RECORDED),
    Specification("a misspelt status", BACKLOG, status("item/A", "implementeable"), flagged("UNKNOWN_STATE")),
    Specification("a status that its product declared", FOREIGN, status("item/D", "Fertig"), RECORDED),
    Specification("a usual status where the product has others", FOREIGN, status("item/D", "Done"), flagged("UNKNOWN_STATE")),
    Specification("a status says nothing of the item itself", (*BACKLOG, status("item/A", "Done")), STARTED, RECORDED),
    Specification("a status of what is done", DONE, status("item/A", "Open", at=9), flagged("ITEM_CLOSED")),
    Specification("a status before the item's birth", BACKLOG, status("item/A", "Open", at=0), flagged("DATES_DISAGREE")),
    Specification("a first stage", BACKLOG, stage("item/A", "beta"), RECORDED),
    Specification("a later stage", (*BACKLOG, stage("item/A", "alpha")), stage("item/A", "stable"), RECORDED),
    Specification("the same stage again", (*BACKLOG, stage("item/A", "beta")), stage("item/A", "beta"), RECORDED),
    Specification("an earlier stage", (*BACKLOG, stage("item/A", "beta")), stage("item/A", "alpha"), flagged("STAGE_BACKWARD")),
    Specification("a misspelt stage", BACKLOG, stage("item/A", "alhpa"), flagged("UNKNOWN_STATE")),
    Specification("no stage any more", (*BACKLOG, stage("item/A", "beta")), stage("item/A", None), RECORDED),
    Specification(
        "an earlier stage of its product",
        (*FOREIGN, stage("item/D", "Probe")),
        stage("item/D", "Skizze"),
        flagged("STAGE_BACKWARD"),
    ),
    Specification("a stage of what is done", DONE, stage("item/A", "stable", at=9), flagged("ITEM_CLOSED")),
    Specification(
        "several things at once",
        (*DONE, stage("item/A", "beta")),
        stage("item/A", "alpha", at=0),
        flagged("DATES_DISAGREE", "ITEM_CLOSED", "STAGE_BACKWARD"),
    ),
    Specification("a target is set", BACKLOG, target("set"), RECORDED),
    Specification("a target is set twice", (*BACKLOG, target("set")), target("set"), flagged("TARGET_TWICE")),
    Specification("a target for another gate", (*BACKLOG, target("set")), target("set", gate="beta"), RECORDED),
    Specification("a target of what is done", DONE, target("set"), flagged("ITEM_CLOSED")),
    Specification("a target is moved", (*BACKLOG, target("set")), target("moved"), RECORDED),
    Specification("a target that was not set is moved", BACKLOG, target("moved"), flagged("TARGET_UNKNOWN")),
    Specification(
        "a target of what is done is moved", (*BACKLOG, target("set"), dropped("item/A")), target("moved"), flagged("ITEM_CLOSED")
    ),
    Specification("a target is cleared", (*BACKLOG, target("set")), target("cleared"), RECORDED),
    Specification("a target that was not set is cleared", BACKLOG, target("cleared"), flagged("TARGET_UNKNOWN")),
    Specification("a target is cleared and set again", (*BACKLOG, target("set"), target("cleared")), target("set"), RECORDED),
    Specification(
        "a target of what is done is cleared",
        (*BACKLOG, target("set"), dropped("item/A")),
        target("cleared"),
        flagged("ITEM_CLOSED"),
    ),
    Specification("a milestone", BACKLOG, MILESTONE, RECORDED),
    Specification("a milestone of what is done", DONE, MILESTONE, flagged("ITEM_CLOSED")),
]

SPECIFICATIONS = [*PLACES, *LIFE, *REPORTED, *map(_unknown, ANYTHING)]
