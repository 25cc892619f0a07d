"""The fold of `backlogs`: products, items, their order and its history."""

from collections.abc import Callable
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio_projector.folding.facts import Fact, Impossible
from portfolio_projector.read_models.backlogs import attributes, ranks
from portfolio_projector.read_models.backlogs import fold as backlogs
from portfolio_projector.read_models.backlogs.rows import ItemRow, MoveRow
from portfolio_projector.read_models.backlogs.state import Backlogs
from portfolio_schemas.events import item as items
from portfolio_schemas.events import product as products
from portfolio_schemas.events.event_data import EventData
from tests.histories import History

PORTFOLIO = "acme"


def history() -> History:
    """A portfolio with one product."""
    made = History(PORTFOLIO)
    made.add("product.product-conceived", "product/pay", {"name": "Pay", "owner": "ann"})
    return made


def added(to: History, item: str, *, after: str | None = None) -> None:
    """Add an item."""
    data = {"product": "product/pay", "title": item, "kind": "feature", "after": after and f"item/{after}"}
    to.add("item.item-added", f"item/{item}", data)


def happened(to: History, what: str, item: str, data: dict[str, Any] | None = None, **attributes: Any) -> None:  # noqa: ANN401  JSON
    """Record an event of an item."""
    to.add(f"item.item-{what}", f"item/{item}", {} if data is None else data, **attributes)


def folded(facts: list[Fact]) -> Backlogs:
    """The state after facts."""
    state = Backlogs(complete=True)
    for fact in facts:
        backlogs.fold(state, fact)
    return state


def order(state: Backlogs) -> list[str]:
    """The items of the product in order."""
    return list(state.order(PORTFOLIO, "pay"))


def item(state: Backlogs, name: str) -> ItemRow:
    """An item that exists."""
    row = state.items.get((PORTFOLIO, name))
    assert row is not None
    return row


def moves(state: Backlogs) -> list[MoveRow]:
    """All that is said of moves, in the order of the log."""
    return sorted(state.moves.all().values(), key=lambda row: (row.said_by, row.item))


def test_the_order_of_a_rolling_backlog_at_every_event():
    """Ten events made by hand, and the order after each: moves, a completion, a split, a drop."""
    made = history()
    orders = list[list[str]]()

    def and_then() -> None:
        orders.append(order(folded(made.facts())))

    added(made, "A")
    and_then()
    added(made, "B", after="A")
    and_then()
    added(made, "C", after="B")
    and_then()
    added(made, "D")
    and_then()
    happened(made, "moved", "C", {"after": "item/D"})
    and_then()
    happened(made, "started", "D")
    and_then()
    happened(made, "moved", "A", {"after": "item/B"})
    and_then()
    happened(made, "completed", "D")
    and_then()
    happened(made, "split", "B", {"into": [{"item": "item/B1", "title": "B1"}, {"item": "item/B2", "title": "B2"}]})
    and_then()
    happened(made, "dropped", "A", reason="duplicate")
    and_then()

    assert orders == [
        ["A"],
        ["A", "B"],
        ["A", "B", "C"],
        ["D", "A", "B", "C"],
        ["D", "C", "A", "B"],
        ["D", "C", "A", "B"],
        ["D", "C", "B", "A"],
        ["C", "B", "A"],
        ["C", "B1", "B2", "A"],
        ["C", "B1", "B2"],
    ]
    state = folded(made.facts())
    moved = [move.item for move in moves(state) if move.move == "moved"]
    assert sorted(moved) == ["A", "C"]
    assert [(move.move, move.after) for move in moves(state) if move.item == "B2"] == [("split_from", "B1")]
    assert [(item(state, name).state, item(state, name).rank) for name in "DBA"] == [
        ("Done", None),
        ("Split", None),
        ("Dropped", None),
    ]
    product = state.products.get((PORTFOLIO, "pay"))
    assert product is not None
    assert product.open_items == 3


def test_what_a_split_makes_is_new_and_knows_where_it_comes_from():
    """The kind is inherited unless another is given; the age begins anew."""
    made = history()
    added(made, "B")
    into = [{"item": "item/B1", "title": "First"}, {"item": "item/B2", "title": "Second", "kind": "debt"}]
    happened(made, "split", "B", {"into": into})
    state = folded(made.facts())
    assert [(row.title, row.kind, row.state, row.split_from) for row in (item(state, "B1"), item(state, "B2"))] == [
        ("First", "feature", "New", "B"),
        ("Second", "debt", "New", "B"),
    ]


def test_a_reopened_item_returns_to_the_top_unless_it_says_otherwise():
    """It is open again, at the place that its event names."""
    made = history()
    for name in "CBA":
        added(made, name)
    for name in "AB":
        happened(made, "started", name)
        happened(made, "completed", name)
    happened(made, "reopened", "B", {"after": "item/C"}, reason="still broken")
    happened(made, "reopened", "A", reason="still broken")
    state = folded(made.facts())
    assert order(state) == ["A", "C", "B"]
    assert (item(state, "A").state, item(state, "A").closed_at) == ("Reopened", None)
    assert [move.reason for move in moves(state) if move.move == "reopened"] == ["still broken", "still broken"]


def test_what_a_source_reports_is_kept_in_its_own_words_and_closes_nothing():
    """Status, stage, milestone and targets by gate; what is cleared is gone; also for an item that is closed."""
    made = history()
    added(made, "A")
    happened(made, "status-reported", "A", {"status": "implementeable"})
    happened(made, "stage-reported", "A", {"stage": "alpha"})
    happened(made, "milestone-reported", "A", {"milestone": "v1.22"})
    happened(made, "target-set", "A", {"gate": "alpha", "target": "v1.22"})
    happened(made, "target-set", "A", {"gate": "beta", "target": "v1.23"})
    happened(made, "target-moved", "A", {"gate": "beta", "target": "v1.24"})
    happened(made, "target-cleared", "A", {"gate": "alpha"})
    row = item(folded(made.facts()), "A")
    assert (row.status, row.stage, row.milestone, row.targets) == ("implementeable", "alpha", "v1.22", {"beta": "v1.24"})
    happened(made, "dropped", "A", reason="no")
    happened(made, "status-reported", "A", {"status": None})
    state = folded(made.facts())
    assert (item(state, "A").state, item(state, "A").status, order(state)) == ("Dropped", None, [])


def test_an_event_that_cannot_have_happened_is_not_folded():
    """What the ledger would have refused stops the fold."""
    for what, data in (
        ("moved", {"after": "item/A"}),
        ("moved", {"after": "item/X"}),
        ("completed", {}),
        ("split", {"into": [{"item": "item/A1", "title": "A1"}]}),
    ):
        made = history()
        added(made, "A")
        happened(made, "dropped", "A", reason="no") if what != "moved" else None
        happened(made, what, "A", data)
        with pytest.raises(Impossible):
            folded(made.facts())


def test_a_backlog_is_ranked_anew_when_a_rank_has_become_long():
    """Items that are put between the last two in turn: the order holds, ranks become short again, the product counts it."""
    made = history()
    added(made, "I0")
    added(made, "I1", after="I0")
    expected = ["I0", "I1"]
    for number in range(2, 300):
        at = expected.index(f"I{number - 1}") + (number % 2)
        after = expected[at - 1] if at else None
        added(made, f"I{number}", after=after)
        expected.insert(at, f"I{number}")
    state = folded(made.facts())
    assert order(state) == expected
    product = state.products.get((PORTFOLIO, "pay"))
    assert product is not None
    assert product.rankings >= 1
    assert max(len(row.rank or "") for row in state.items.all().values()) <= ranks.RANK_LENGTH_MAX


ACTIONS = st.tuples(
    st.sampled_from(["add", "move", "complete", "drop", "split", "reopen"]), st.integers(0, 1000), st.integers(0, 1000)
)


@given(st.lists(ACTIONS, max_size=80))
@settings(max_examples=150)
def test_every_order_is_that_of_a_list_that_is_changed_step_by_step(actions: list[tuple[str, int, int]]):
    """An independent fold into a plain list gives the same order; an order is always a permutation of the open items."""
    made, expected, closed = history(), list[str](), list[str]()
    for number, (action, which, where) in enumerate(actions):
        play(made, (expected, closed), f"N{number}", action, (which, where))
    state = folded(made.facts())
    assert order(state) == expected
    rows = state.items.all().values()
    assert sorted(order(state)) == sorted(row.item for row in rows if row.rank is not None)
    assert [row.item for row in sorted(rows, key=lambda row: row.rank or "") if row.rank is not None] == expected


def play(made: History, lists: tuple[list[str], list[str]], new: str, action: str, numbers: tuple[int, int]) -> None:
    """Record one action that is possible, and do the same to the lists of open and of completed items."""
    (expected, closed), (which, where) = lists, numbers
    if action == "reopen" and closed:
        name = closed.pop(which % len(closed))
        after = ([None, *expected])[where % (len(expected) + 1)]
        happened(made, "reopened", name, {"after": after and f"item/{after}"}, reason="again")
        expected.insert(0 if after is None else expected.index(after) + 1, name)
    elif action == "add" or not expected:
        after = ([None, *expected])[where % (len(expected) + 1)]
        added(made, new, after=after)
        expected.insert(0 if after is None else expected.index(after) + 1, new)
    elif action == "move":
        name = expected.pop(which % len(expected))
        after = ([None, *expected])[where % (len(expected) + 1)]
        happened(made, "moved", name, {"after": after and f"item/{after}"})
        expected.insert(0 if after is None else expected.index(after) + 1, name)
    else:
        at = which % len(expected)
        name = expected[at]
        if action == "split":
            parts = [f"{new}-{part}" for part in range(1 + where % 3)]
            happened(made, "split", name, {"into": [{"item": f"item/{part}", "title": part} for part in parts]})
            expected[at : at + 1] = parts
        elif action == "drop":
            happened(made, "dropped", name, reason="no")
            del expected[at]
        else:
            happened(made, "completed", name)
            closed.append(expected.pop(at))


NOT_SHOWN: set[type[EventData]] = {
    items.ItemAccepted,
    products.WorkflowDefined,
    products.WipLimitSet,
    products.PivotDecided,
    products.PersevereDecided,
}
"""What changes neither an order nor what is shown of it."""


def test_every_event_of_a_product_or_an_item_is_folded_or_known_not_to_matter():
    """A new type is one more handler; a type that nobody folds would pass over an order in silence."""
    kinds = {*get_args(products.ProductEvent), *get_args(items.ItemEvent)} - NOT_SHOWN
    assert set(backlogs._HANDLERS) == kinds
    assert {kind.event_type.name for kind in kinds} <= backlogs.TYPES


def test_what_corrections_can_change_is_known_for_each_type():
    """A type that can be corrected sets something anew, or has nothing to set: the list of those is written down."""
    without = {
        products.ProductActivated,
        products.ProductPaused,
        products.ProductResumed,
        items.ItemReady,
    }
    correctable = {kind for kind in backlogs._HANDLERS if kind.event_type.corrects}
    assert set(backlogs._CORRECTIONS) == correctable - without


SAID: tuple[tuple[str, str, Callable[[str], dict[str, Any]]], ...] = (
    ("item.item-status-reported", "item/A", lambda word: {"status": word}),
    ("item.item-stage-reported", "item/A", lambda word: {"stage": word}),
    ("item.item-milestone-reported", "item/A", lambda word: {"milestone": word}),
    ("item.item-target-set", "item/A", lambda word: {"gate": word[0], "target": word}),
    ("item.item-target-moved", "item/A", lambda word: {"gate": word[0], "target": word}),
    ("item.item-reclassified", "item/A", lambda word: {"kind": {"a": "defect", "b": "debt", "c": "risk"}[word[0]]}),
    (
        "item.class-of-service-set",
        "item/A",
        lambda word: {"service": {"a": "expedite", "b": "intangible", "c": "standard"}[word[0]]},
    ),
    ("item.item-linked", "item/A", lambda word: {"to": f"objective/{word}"}),
    (
        "item.item-scored",
        "item/A",
        lambda word: {"wsjf": {"value": word[1], "time_criticality": "1", "risk_reduction": "1", "size": "2"}},
    ),
    ("product.product-conceived", "product/pay", lambda word: {"name": word, "owner": word}),
    ("product.vision-changed", "product/pay", lambda word: {"vision": word}),
    ("product.owner-changed", "product/pay", lambda word: {"owner": word}),
    ("product.sunset-announced", "product/pay", lambda word: {"date": f"2027-01-0{int(word[1]) + 1}"}),
)
"""What can be said of an item or a product and said anew, and how a word becomes its body."""

SAYINGS = st.lists(
    st.tuples(
        st.sampled_from(range(len(SAID))),
        st.sampled_from("abc"),
        st.sampled_from("012"),
        st.one_of(st.none(), st.integers(0, 99)),
    ),
    max_size=30,
)


@given(SAYINGS)
@settings(max_examples=200)
def test_rows_are_what_a_fold_of_the_facts_as_corrected_makes_of_them(sayings: list[tuple[int, str, str, int | None]]):
    """Corrections of the latest fact, of older ones, and of corrections: as if all had been said rightly at once."""
    told, right, said = history(), list[tuple[int, str]](), list[tuple[int, int]]()
    added(told, "A")
    conceived = len(SAID) - 4
    said.append((conceived, 0))
    right.append((conceived, "Pay"))
    for which, letter, digit, corrected in sayings:
        candidates = [place for place, (kind, _) in enumerate(said) if kind == which]
        word = letter + digit
        if corrected is not None and candidates:
            place = candidates[corrected % len(candidates)]
            said[place] = (which, say(told, which, word, corrects=said[place][1]))
            right[place] = (which, word)
        elif which != conceived:
            said.append((which, say(told, which, word)))
            right.append((which, word))
    plain = History(PORTFOLIO)
    say(plain, *right[0]) if said[0][1] else plain.add(SAID[conceived][0], "product/pay", {"name": "Pay", "owner": "ann"})
    added(plain, "A")
    for which, word in right[1:]:
        say(plain, which, word)
    assert shown(folded(told.facts())) == shown(folded(plain.facts()))


def say(to: History, which: int, word: str, **attributes: Any) -> int:  # noqa: ANN401  JSON
    """Say something, and return the entry."""
    kind, subject, body = SAID[which]
    return to.add(kind, subject, body(word), reason="so it is", **attributes).entry


def shown(state: Backlogs) -> tuple[object, object]:
    """What rows say, without the entries that said so and the times of a history."""
    row, product = item(state, "A"), state.products.get((PORTFOLIO, "pay"))
    assert product is not None
    said = (row.links, row.target_facts)
    bare = row._replace(set_by={}, last_entry=0, added_at=row.added_at.min, links={}, target_facts={})
    return (bare, [[one[1:] for one in attributes.in_order(facts)] for facts in said]), product._replace(
        set_by={}, last_entry=0, first_entry=0, conceived_at=product.conceived_at.min
    )


def test_what_is_said_of_an_item_is_shown():
    """Its class of service, estimate, score, links, whether it is blocked, its state in the workflow, and that it is ready."""
    made = history()
    data = {"backlog": "product/pay", "title": "A", "kind": "feature", "after": None, "created_at": "2025-12-01T00:00:00Z"}
    made.add("item.item-added.v2", "item/A", data)
    happened(made, "ready", "A")
    happened(made, "estimated", "A", {"points": "3"})
    happened(made, "reestimated", "A", {"old": "3", "new": "5"})
    happened(made, "state-changed", "A", {"from": None, "to": "Build"})
    happened(made, "blocked", "A", {}, reason="no data")
    row = item(folded(made.facts()), "A")
    assert (row.state, row.points, row.workflow_state, row.blocked, row.service) == ("Ready", "5", "Build", True, "standard")
    assert row.created_at is not None
    assert row.created_at.isoformat() == "2025-12-01T00:00:00+00:00"
