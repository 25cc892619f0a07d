"""The past of a product: the fold of `backlogs` over what concerns one product."""

from typing import Any

import pytest

from portfolio_projector.folding.chronicles import Chronicle
from portfolio_projector.folding.facts import Fact, Impossible
from portfolio_projector.read_models.backlogs import chronicle
from portfolio_projector.read_models.backlogs.fold import FOLDING
from portfolio_projector.read_models.backlogs.state import Backlogs
from portfolio_projector.read_models.concerns.fold import HANDED_ON
from tests import judged
from tests.chronicles import concerning, state_of
from tests.unit.projector.test_backlogs import added, folded, happened, history, item, moves, order
from tests.wanderings import HOMES, HOURS, OF_ITEMS, PRODUCTS, Wanderings, frozen


def past(facts: list[Fact], scope: str = "product/pay") -> Backlogs:
    """The past of one product, through its bytes after each fact."""
    state = chronicle.begin(scope)
    for fact in facts:
        chronicle.fold_own(state, fact)
        state = chronicle.thaw(chronicle.freeze(state))
    return state


def test_the_past_of_a_product_comes_back_from_its_bytes():
    """Order, rows and counts are those of the fold of everything; moves are not kept."""
    made = history()
    for name, after in (("A", None), ("B", "A"), ("C", "B")):
        added(made, name, after=after)
    happened(made, "moved", "C", {"after": None})
    happened(made, "dropped", "A", reason="no")
    told, whole = past(made.facts()), folded(made.facts())
    assert order(told) == order(whole) == ["C", "B"]
    for name in "ABC":
        assert item(told, name) == item(whole, name)
    assert told.products.sorted() == whole.products.sorted()
    assert moves(told) == []


def test_of_a_product_s_past_items_of_others_are_known_and_stand_nowhere():
    """An item that comes from another backlog is told with all that was said of it; one that goes leaves the order."""
    made = history()
    added(made, "A")
    other = {"product": "product/web", "title": "B", "kind": "debt", "after": "item/X"}
    made.add("item.item-added", "item/B", other)
    happened(made, "moved", "B", {"after": "item/Y"})
    happened(made, "status-reported", "B", {"status": "begun"})
    assert order(past(made.facts())) == ["A"]
    happened(made, "transferred", "B", {"to": "product/pay", "after": "item/A"}, causationid=1)
    happened(made, "transferred", "A", {"to": "product/web", "after": "item/X"}, causationid=1)
    state = past(made.facts())
    assert (order(state), item(state, "B").status) == (["B"], "begun")
    assert [row.open_items for row in state.products.sorted()] == [1]


def test_what_should_stand_after_something_that_was_not_there_yet_stands_at_the_bottom():
    """On a day some of what is recorded had not happened yet: what had is there; of the log itself it is impossible."""
    made = history()
    for name, after in (("A", None), ("B", "A"), ("C", "X")):
        added(made, name, after=after)
    happened(made, "moved", "A", {"after": "item/X"})
    happened(made, "moved", "X", {"after": None})
    with pytest.raises(Impossible):
        past(made.facts())
    state = chronicle.begin("product/pay")
    for fact in made.facts():
        try:
            chronicle.fold_own(state, fact)
        except Impossible:
            chronicle.forgive(state, fact)
    assert order(state) == ["B", "C", "A"]


def test_whatever_became_of_products_the_past_of_each_is_told():
    """The published story with its merger, split and transitions: at its end each product has the rows of the whole fold."""
    facts = judged.told().facts()
    whole = folded([fact for fact in facts if fact.recorded and fact.type in chronicle.CHRONICLE.types])
    products = {row.product: row for row in whole.products.sorted()}
    assert {"Merged", "Split"} <= {row.state for row in products.values()}
    for product, row in products.items():
        told = state_of(chronicle.CHRONICLE, concerning(facts, f"product/{product}"), f"product/{product}")
        assert told.products.sorted() == [row]
        assert list(told.order("acme", product)) == list(whole.order("acme", product))
    for initiative in ("apollo", "hermes", "vega"):
        state = state_of(chronicle.CHRONICLE, concerning(facts, f"initiative/{initiative}"), f"initiative/{initiative}")
        assert state.products.sorted() == []


@pytest.mark.parametrize("seed", range(4))
def test_wherever_items_wander_the_past_of_each_product_is_told(seed: int):
    """Split, merged, promoted and handed over again and again: at each entry a product has the items that the tables have."""
    made = Wanderings(seed)
    made.play(120)
    facts = made.history.facts()
    whole = Backlogs(complete=True)
    for fact in facts:
        if not fact.recorded or fact.type not in chronicle.CHRONICLE.types:
            continue
        FOLDING.fold(whole, fact)
        if fact.number % 10 and fact.type not in HANDED_ON:
            continue
        for product in PRODUCTS:
            told = chronicle.thaw(frozen(chronicle.CHRONICLE, facts[: fact.number + 1], product))
            name = product.partition("/")[2]
            assert list(told.order("acme", name)) == list(whole.order("acme", name))
            own = [row for row in whole.items.sorted() if row.product == name]
            assert own == [row for row in (told.items.get((row.portfolio, row.item)) for row in own) if row is not None]


@pytest.mark.parametrize("seed", range(4))
def test_on_any_day_whatever_stands_in_an_order_stands_there_once(seed: int):
    """Also on one on which a product or an item was not there yet, or was not closed yet: rows and order agree."""
    made = Wanderings(seed)
    made.play(120)
    for product in PRODUCTS:
        for hours in range(0, HOURS, 100):
            told = chronicle.thaw(frozen(chronicle.CHRONICLE, made.history.facts(), product, hours))
            name = product.partition("/")[2]
            places = told.order("acme", name).places()
            rows = [told.items.get(("acme", item)) for _, item in places]
            assert [(row.rank, row.item, row.product) for row in rows if row is not None] == [(*one, name) for one in places]
            assert len({item for _, item in places}) == len(places)


@pytest.mark.parametrize("told", OF_ITEMS, ids=lambda told: told.name)
def test_wherever_items_wander_nothing_that_is_told_of_them_fails(told: Chronicle[Any]):
    """Whatever tells of items, for any member, at any entry, on any day."""
    made = Wanderings(5)
    made.play(150)
    facts = made.history.facts()
    for scope in HOMES:
        for entry in range(0, len(facts), 7):
            frozen(told, facts[: entry + 1], scope)
        for hours in range(0, HOURS, 100):
            frozen(told, facts, scope, hours)
