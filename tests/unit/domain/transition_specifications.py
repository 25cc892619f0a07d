"""What may happen when initiatives and products become others, and to releases."""

from typing import Any

from msgspec.structs import replace

from tests.rules import OPENED, RECORDED, Fact, Specification, fact, flagged, refused
from tests.unit.domain.governance_specifications import CONCEIVED, answered, life, proposed, raised
from tests.unit.domain.item_specifications import added
from tests.unit.domain.matter_specifications import risk
from tests.unit.domain.money_specifications import eur, guardrail, posted, released, reserved
from tests.unit.domain.planning_specifications import approved, completed, part, planned, started

APOLLO, PAYMENTS, LETTERS = "initiative/apollo", "product/payments", "product/letters"


def disposed(*names: str, becomes: str = "item", **more: Any):  # noqa: ANN401  a value holds anything
    """What becomes of work packages."""
    return [{"work_package": f"work-package/{name}", "becomes": becomes, **more} for name in names]


def transition(*dispositions: dict[str, Any], at: int = 20, why: str | None = None, **more: Any):  # noqa: ANN401  a body holds anything
    """Ben proposes that Apollo becomes the product of letters."""
    target = {"product": LETTERS, "opened": {"name": "Letters", "owner": "eva"}} if "product" not in more else {}
    body: dict[str, Any] = {**target, "cut_over": "2026-03-31", "dispositions": list(dispositions), **more}
    return fact("transition-proposed.v1", APOLLO, by="ben", at=at, why=why, **body)


def agreed(by: str = "ines"):
    """Somebody approves it."""
    return fact("transition-approved.v1", APOLLO, by=by, at=21)


def agile(*dispositions: dict[str, Any], release: str = "release/1", why: str | None = None):
    """Apollo goes on as an agile initiative."""
    plan: dict[str, Any] = {"planned_iterations": 3, "iteration_days": 14, "release_points": "30", "start": "2026-03-31"}
    given: dict[str, Any] = {"to": "agile", "release": release, "dispositions": list(dispositions), "proposed_by": "ben"}
    return fact("delivery-mode-changed.v1", APOLLO, by="ines", at=20, why=why, **plan, **given)


def release(points: str = "30", subject: str = "release/1"):
    """Ben plans a release."""
    plan: dict[str, Any] = {"planned_iterations": 3, "iteration_days": 14, "release_points": points, "start": "2026-03-31"}
    return fact("release-planned.v1", subject, by="ben", at=3, initiative="initiative/gemini", name="One", bac=eur(100), **plan)


def release_approved(by: str = "ines"):
    """The release's baseline is approved."""
    return fact("release-baseline-approved.v1", "release/1", by=by, at=4)


def merged(*items: str, into: str = LETTERS, after: str | None = None):
    """Payments become a part of letters."""
    return fact("products-merged.v1", PAYMENTS, by="ines", at=20, into=into, items=list(items), after=after)


def piece(product: str, share: str, *items: str, matters: tuple[str, ...] = (), is_new: bool = True):
    """A part of a split."""
    opened = {"opened": {"name": "Piece", "owner": "eva"}} if is_new else {}
    return {"product": product, "share": share, "items": list(items), "matters": list(matters), **opened}


def split(*parts: dict[str, Any]):
    """Payments become several."""
    return fact("product-split.v1", PAYMENTS, by="ines", at=20, into=list(parts))


def promoted(item: str = "item/A", cost: int = 100, initiative: str = "initiative/epic"):
    """An item becomes an initiative."""
    body: dict[str, Any] = {"initiative": initiative, "name": "Epic", "mode": "agile", "rough_cost": eur(cost)}
    return fact("item-promoted-to-initiative.v1", item, at=5, **body)


def assessed(kind: str):
    """Something else happens to a change request."""
    more: dict[str, Any] = {"findings": "Much work"} if kind == "assessed" else {}
    return fact(f"change-request-{kind}.v1", "change-request/1", by="ben", at=7, why="Because", **more)


def conceived(product: str):
    """Another product."""
    return fact("product-conceived.v1", product, name="Another", owner="eva")


GEMINI = proposed("initiative/gemini", mode="agile")
PROPOSED = (OPENED, proposed(), life("approved"), life("activated", at=2), CONCEIVED)
RUNNING = (*PROPOSED, planned(part("a"), part("b")), approved(), started("a"), completed("a"))
FUNDED = (*RUNNING, released(member=APOLLO, minor=120), posted(75, APOLLO))
BOTH = disposed("b")
ASKED = (*FUNDED, transition(*BOTH))
OPEN_CHANGE = raised()
DONE = (*ASKED, agreed())
ITEMS = (*PROPOSED, conceived(LETTERS), added("item/A"), added("item/B", after="item/A"))
LETTER = added("item/L", product=LETTERS)
HALVES = (piece("product/1", "0.5", "item/A"), piece("product/2", "0.5", "item/B"))
ENDED_TARGET = (conceived("product/other"), fact("products-merged.v1", LETTERS, at=9, into="product/other"))
RISK = risk(PAYMENTS)
UNACCOUNTED, EXISTS = refused("UNACCOUNTED_SCOPE"), refused("ALREADY_EXISTS")
WRONG_STATE, ENDED = refused("WRONG_STATE"), refused("ENDED")
DOLLARS = tuple(
    replace(one, data=type(one.data).model_validate_json(one.data.model_dump_json(by_alias=True).replace("EUR", "USD")))
    if one.subject.partition("/")[0] in ("initiative", "funding")
    else one
    for one in FUNDED
)


def after(*facts: Fact) -> tuple[Fact, ...]:
    """A running initiative with money, and what happened to it."""
    return (*FUNDED, *facts)


TRANSITIONS = [
    Specification("a transition with a disposition for all", FUNDED, transition(*BOTH), RECORDED),
    Specification("a transition of what has no plan", PROPOSED, transition(), RECORDED),
    Specification("a transition that forgets a work package", FUNDED, transition(), UNACCOUNTED),
    Specification("a transition of what is done", FUNDED, transition(*disposed("a", "b")), UNACCOUNTED),
    Specification("a transition with two for one", FUNDED, transition(*BOTH, *BOTH), UNACCOUNTED),
    Specification("a transition that forgets an item", after(), transition(*BOTH, items=["item/A"]), UNACCOUNTED),
    Specification(
        "a drop with a reason of its own", FUNDED, transition(*disposed("b", becomes="dropped", reason="No")), RECORDED
    ),
    Specification("a drop with the reason of all", FUNDED, transition(*disposed("b", becomes="dropped"), why="No"), RECORDED),
    Specification("a drop without a reason", FUNDED, transition(*disposed("b", becomes="dropped")), refused("NO_REASON")),
    Specification("an item that exists", after(added("item/b")), transition(*BOTH), EXISTS),
    Specification("an item of another name", after(added("item/b")), transition(*disposed("b", item="item/c")), RECORDED),
    Specification("a transition while a change waits", after(OPEN_CHANGE), transition(*BOTH), refused("OPEN_CHANGE_REQUEST")),
    Specification(
        "a transition after a change was answered", after(OPEN_CHANGE, answered("approved")), transition(*BOTH), RECORDED
    ),
    Specification("a product that exists", FUNDED, transition(*BOTH, product=PAYMENTS), RECORDED),
    Specification("a product that is nowhere", FUNDED, transition(*BOTH, product=LETTERS), refused("UNKNOWN_PRODUCT")),
    Specification("a new product that exists", after(conceived(LETTERS)), transition(*BOTH), EXISTS),
    Specification(
        "a product that has ended",
        after(conceived(LETTERS), *ENDED_TARGET),
        transition(*BOTH, product=LETTERS),
        refused("TARGET_ENDED"),
    ),
    Specification("the money that is left", FUNDED, transition(*BOTH, carried_over=eur(45)), RECORDED),
    Specification("more money than is left", FUNDED, transition(*BOTH, carried_over=eur(46)), refused("CARRIED_SUM")),
    Specification("a transition happens", ASKED, agreed(), RECORDED),
    Specification("a transition by one person", ASKED, agreed("ben"), refused("SELF_APPROVAL")),
    Specification("a transition that nobody proposed", FUNDED, agreed(), refused("NO_TRANSITION")),
    Specification("a second transition", DONE, agreed(), ENDED),
    Specification("a second proposal", DONE, transition(*BOTH), ENDED),
    Specification("a transition of what was cancelled", after(life("cancelled", at=9)), transition(*BOTH), ENDED),
    Specification("a transition when all is done since", (*ASKED, started("b"), completed("b")), agreed(), RECORDED),
    Specification(
        "a transition when work came since",
        (
            *ASKED,
            raised(),
            answered("approved"),
            planned(part("a"), part("b"), part("c", start="2026-04-01", finish="2026-04-30"), version=2, at=8),
            approved(2, "scope_change", effective="2026-04-01", at=9, change_request="change-request/1"),
        ),
        agreed(),
        UNACCOUNTED,
    ),
    Specification("a transition when a change waits since", (*ASKED, OPEN_CHANGE), agreed(), refused("OPEN_CHANGE_REQUEST")),
    Specification("a transition when its item is there since", (*ASKED, added("item/b")), agreed(), EXISTS),
    Specification("a transition when its product is there since", (*ASKED, conceived(LETTERS)), agreed(), EXISTS),
    Specification(
        "a transition when its product has ended since",
        after(conceived(LETTERS), transition(*BOTH, product=LETTERS), *ENDED_TARGET),
        agreed(),
        refused("TARGET_ENDED"),
    ),
    Specification(
        "what is to be finished before is not",
        after(transition(*disposed("b", becomes="finish_in_project"))),
        agreed(),
        refused("UNFINISHED"),
    ),
    Specification(
        "what is to be finished before is",
        after(transition(*disposed("b", becomes="finish_in_project")), started("b"), completed("b")),
        agreed(),
        RECORDED,
    ),
    Specification(
        "money that was spent since",
        after(transition(*BOTH, carried_over=eur(45)), posted(1, APOLLO)),
        agreed(),
        refused("CARRIED_SUM"),
    ),
    Specification(
        "money that is reserved",
        after(transition(*BOTH), replace(reserved(), data=reserved().data.model_copy(update={"member": APOLLO}))),
        agreed(),
        refused("OPEN_RESERVATIONS"),
    ),
    Specification("money of another currency is proposed", DOLLARS, transition(*BOTH), refused("CURRENCY")),
    Specification(
        "money of another currency came since",
        (*DOLLARS[:-2], transition(*BOTH), *DOLLARS[-2:]),
        agreed(),
        refused("CURRENCY"),
    ),
    Specification("a cost of what became a product", DONE, posted(1, APOLLO), ENDED),
    Specification("a cost of the product that it became", DONE, posted(1, LETTERS), RECORDED),
    Specification("a cost is corrected after the transition", DONE, replace(posted(70, APOLLO), corrects=10), RECORDED),
]
MODES = [
    Specification("an initiative goes on as agile", RUNNING, agile(*BOTH), RECORDED),
    Specification("an initiative goes on without a plan", PROPOSED, agile(), WRONG_STATE),
    Specification("an initiative goes on and forgets", RUNNING, agile(), UNACCOUNTED),
    Specification(
        "an initiative goes on while a change waits", (*RUNNING, raised()), agile(*BOTH), refused("OPEN_CHANGE_REQUEST")
    ),
    Specification("an initiative goes on and drops", RUNNING, agile(*disposed("b", becomes="dropped")), refused("NO_REASON")),
    Specification(
        "an initiative goes on and drops for a reason", RUNNING, agile(*disposed("b", becomes="dropped"), why="No"), RECORDED
    ),
    Specification(
        "an initiative goes on and finishes", RUNNING, agile(*disposed("b", becomes="finish_in_project")), refused("UNFINISHED")
    ),
    Specification("an initiative goes on with a release that exists", (*RUNNING, GEMINI, release()), agile(*BOTH), EXISTS),
    Specification("an initiative went on before", (*RUNNING, agile(*BOTH)), agile(), refused("MODE")),
    Specification("a release is planned", (OPENED, GEMINI), release(), RECORDED),
    Specification("a release without points", (OPENED, GEMINI), release("0"), refused("NO_POINTS")),
    Specification("a release is approved", (OPENED, GEMINI, release()), release_approved(), RECORDED),
    Specification(
        "a release is approved by who planned it", (OPENED, GEMINI, release()), release_approved("ben"), refused("SELF_APPROVAL")
    ),
    Specification("a release is approved once", (OPENED, GEMINI, release(), release_approved()), release_approved(), WRONG_STATE),
    *(
        specification
        for kind in ("assessed", "withdrawn")
        for specification in (
            Specification(f"a change that waits: {kind}", (*RUNNING, raised()), assessed(kind), RECORDED),
            Specification(
                f"a change that was answered: {kind}", (*RUNNING, raised(), answered("rejected")), assessed(kind), WRONG_STATE
            ),
        )
    ),
    Specification("a change is done", (*RUNNING, raised(), answered("approved")), assessed("implemented"), RECORDED),
    Specification("a change is done before it is approved", (*RUNNING, raised()), assessed("implemented"), WRONG_STATE),
    Specification(
        "an item of an agile initiative", (OPENED, GEMINI), added("item/A", product="initiative/gemini", version=2), RECORDED
    ),
    Specification("an item becomes an initiative", ITEMS, promoted(), RECORDED),
    Specification("an item becomes what exists", ITEMS, promoted(initiative=APOLLO), EXISTS),
    Specification("an item becomes an initiative once", (*ITEMS, promoted()), promoted(), refused("CLOSED_ITEM")),
    Specification("an epic becomes an initiative", (*ITEMS, guardrail("epic_threshold", epic=eur(100))), promoted(), RECORDED),
    Specification(
        "less than an epic becomes an initiative",
        (*ITEMS, guardrail("epic_threshold", epic=eur(101))),
        promoted(),
        flagged("BELOW_THRESHOLD"),
    ),
]
PRODUCTS = [
    Specification("a product becomes a part of another", ITEMS, merged("item/B", "item/A"), RECORDED),
    Specification("behind an item of it", (*ITEMS, LETTER), merged("item/A", "item/B", after="item/L"), RECORDED),
    Specification("behind an item of none", ITEMS, merged("item/A", "item/B", after="item/A"), refused("UNKNOWN_ITEM")),
    Specification("a merger that forgets an item", ITEMS, merged("item/A"), UNACCOUNTED),
    Specification("a merger that names an item twice", ITEMS, merged("item/A", "item/A"), UNACCOUNTED),
    Specification("a merger with itself", ITEMS, merged("item/A", "item/B", into=PAYMENTS), refused("SAME_ACCOUNT")),
    Specification("a merger with what has ended", (*ITEMS, *ENDED_TARGET), merged("item/A", "item/B"), refused("TARGET_ENDED")),
    Specification(
        "a merger with money that is reserved",
        (*ITEMS, released(), reserved()),
        merged("item/A", "item/B"),
        refused("OPEN_RESERVATIONS"),
    ),
    Specification("nothing happens after a merger", (*ITEMS, merged("item/A", "item/B")), split(*HALVES), ENDED),
    Specification("a cost after a merger", (*ITEMS, merged("item/A", "item/B")), posted(), ENDED),
    Specification("a product becomes two", ITEMS, split(*HALVES), RECORDED),
    Specification(
        "a product becomes one and a half",
        ITEMS,
        split(HALVES[0], piece("product/2", "0.6", "item/B")),
        refused("ALLOCATION_SUM"),
    ),
    Specification("a split that forgets an item", ITEMS, split(HALVES[0], piece("product/2", "0.5")), UNACCOUNTED),
    Specification("a split that forgets a risk", (*ITEMS, RISK), split(*HALVES), UNACCOUNTED),
    Specification(
        "a split with a risk",
        (*ITEMS, RISK),
        split(HALVES[0], piece("product/2", "0.5", "item/B", matters=("risk/1",))),
        RECORDED,
    ),
    Specification(
        "a risk that is none", ITEMS, split(HALVES[0], piece("product/2", "0.5", "item/B", matters=("risk/1",))), UNACCOUNTED
    ),
    Specification(
        "a split into itself", ITEMS, split(HALVES[0], piece(PAYMENTS, "0.5", "item/B", is_new=False)), refused("SAME_ACCOUNT")
    ),
    Specification("a split into what exists", ITEMS, split(HALVES[0], piece(LETTERS, "0.5", "item/B", is_new=False)), RECORDED),
    Specification("a split into something new that exists", ITEMS, split(HALVES[0], piece(LETTERS, "0.5", "item/B")), EXISTS),
    Specification(
        "a split into what is nowhere",
        ITEMS,
        split(HALVES[0], piece("product/2", "0.5", "item/B", is_new=False)),
        refused("UNKNOWN_PRODUCT"),
    ),
    Specification(
        "a split into what has ended",
        (*ITEMS, *ENDED_TARGET),
        split(HALVES[0], piece(LETTERS, "0.5", "item/B", is_new=False)),
        refused("TARGET_ENDED"),
    ),
    Specification(
        "a split with money that is reserved", (*ITEMS, released(), reserved()), split(*HALVES), refused("OPEN_RESERVATIONS")
    ),
]

SPECIFICATIONS = [*TRANSITIONS, *MODES, *PRODUCTS]
