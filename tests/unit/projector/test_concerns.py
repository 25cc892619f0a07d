"""The fold of `concerns`: whom each entry concerns, since when."""

from typing import Any, cast, get_args

import pytest

from portfolio_projector.read_models.concerns import fold as concerns
from portfolio_projector.read_models.concerns.fold import EVERYONE, Concerns, wants
from portfolio_projector.read_models.concerns.references import members_named
from portfolio_schemas import catalogue, events, examples
from portfolio_schemas.events import Event
from tests.chronicles import concerning
from tests.histories import History

EUR = {"minor": 100, "currency": "EUR"}
COST = {"member": "initiative/apollo", "amount": EUR, "period": "2026-02", "category": "labour", "treatment": "opex"}


def folded(history: History) -> Concerns:
    """The state after a history; what the fold asks for was asked for beforehand."""
    state = Concerns(complete=True)
    for fact in history.facts():
        wanted, born = wants([fact])
        before = set(state.homes.all())
        concerns.fold(state, fact)
        assert set(state.homes.all()) - before <= wanted | set(born)
        assert not before & set(born)
    return state


def concerned(history: History) -> dict[int, set[str]]:
    """Whom each entry concerns, by entry."""
    found = dict[int, set[str]]()
    for row in folded(history).concerns:
        found.setdefault(row.entry, set()).add(row.member)
    return found


def started() -> History:
    """An initiative and two products."""
    history = History("acme")
    history.add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"})
    for product in ("pay", "till"):
        history.add("product.product-conceived", f"product/{product}", {"name": product, "owner": "ann"})
    history.add("initiative.initiative-proposed", "initiative/apollo", {"name": "Apollo", "mode": "waterfall", "currency": "EUR"})
    return history


def test_what_may_be_said_again_belongs_to_the_member_that_it_names():
    """A service level and a feature that are set, and set again: what follows concerns their product each time."""
    history = started()
    level = {"member": "product/pay", "sli": "Answered", "target": "0.99", "window_days": 28, "proposed_by": "ben"}
    shown = {"member": "product/till", "flag": "new-till", "share": "0.1"}
    for _ in range(2):
        history.add("service-level.slo-set", "service-level/answers", level)
        history.add("feature.feature-exposed", "feature/till", shown)
        measured = history.add("service-level.slo-measured", "service-level/answers", {"value": "0.98"}).entry
        withdrawn = history.add("feature.feature-withdrawn", "feature/till").entry
        found = concerned(history)
        assert ({"product/pay"}, {"product/till"}) == (found[measured], found[withdrawn])


def test_a_fact_concerns_its_member_and_those_that_it_names():
    """The subject itself, the member that the body names, and what is said of the portfolio concerns everyone."""
    history = started()
    cost = history.add("funding.cost-posted", "funding/apollo", COST).entry
    data = {"from": "initiative/apollo", "to": "product/pay", "kind": "needs"}
    dependency = history.add("dependency.dependency-identified", "dependency/D", data).entry
    closed = history.add("funding.accounting-period-closed", "funding/apollo", {"period": "2026-01"}).entry
    found = concerned(history)
    assert [{EVERYONE}, {"product/pay"}, {"product/till"}, {"initiative/apollo"}] == [found[entry] for entry in range(4)]
    assert {"initiative/apollo"} == found[cost]
    assert {"initiative/apollo", "product/pay"} == found[dependency]
    assert {EVERYONE} == found[closed]


def test_what_belongs_to_a_member_is_found_without_naming_it():
    """Work packages of a baseline, items and what they are split into, and a request that an approval names."""
    history = started()
    part = {"id": "W", "name": "Work", "start": "2026-01-05", "finish": "2026-02-27", "budget_over_time": EUR}
    history.add("initiative.baseline-proposed", "initiative/apollo", {"version": 1, "bac": EUR, "work_packages": [part]})
    work = history.add("work-package.work-package-started", "work-package/W", {}).entry
    history.add("item.item-added", "item/A", {"product": "product/pay", "title": "A", "kind": "feature"})
    into = [{"item": "item/B", "title": "B", "kind": "feature"}]
    history.add("item.item-split", "item/A", {"into": into})
    item = history.add("item.item-started", "item/B", {}).entry
    history.add("funding.funding-requested", "funding/R", {"member": "product/till", "amount": EUR, "purpose": "More."})
    approved = history.add("funding.funding-approved", "funding/F", {"request": "funding/R", "amount": EUR}).entry
    found = concerned(history)
    assert [{"initiative/apollo"}, {"product/pay"}, {"product/till"}] == [found[work], found[item], found[approved]]


def test_what_goes_over_to_another_member_takes_its_past_along():
    """From the transfer on it concerns the new member; what was said before is to be told there too."""
    history = started()
    history.add("item.item-added", "item/A", {"product": "product/pay", "title": "A", "kind": "feature"})
    transferred = history.add("item.item-transferred", "item/A", {"to": "product/till", "after": None}).entry
    moved = history.add("item.item-started", "item/A", {}).entry
    found = concerned(history)
    assert [{"product/pay", "product/till"}, {"product/till"}] == [found[transferred], found[moved]]
    assert [("acme", "item/A", "product/till", transferred)] == folded(history).moved


def test_what_a_split_made_takes_along_what_it_has_from_what_it_was_made_of():
    """The split that it was born by, and where that stood and of which kind it was; nothing else of it, and nothing later."""
    history = started()
    history.add("item.item-added", "item/A", {"product": "product/pay", "title": "A", "kind": "feature"})
    history.add("item.item-started", "item/A", {})
    kind = history.add("item.item-reclassified", "item/A", {"kind": "debt"}, reason="-").entry
    into = [{"item": f"item/{name}", "title": name} for name in "BC"]
    history.add("item.item-split", "item/A", {"into": into})
    corrected = history.add("item.item-reclassified", "item/A", {"kind": "risk"}, reason="-", corrects=kind).entry
    history.add("item.item-reclassified", "item/A", {"kind": "defect"}, reason="-")
    again = history.add("item.item-split", "item/B", {"into": [{"item": "item/D", "title": "D"}]}).entry
    started_ = history.add("item.item-started", "item/D", {}).entry
    transferred = history.add("item.item-transferred", "item/D", {"to": "product/till", "after": None}).entry
    told = [fact.number for fact in concerning(history.facts(), "product/till") if fact.aggregate == "item"]
    assert [kind - 2, kind, kind + 1, corrected, again, started_, transferred] == told


def test_a_correction_of_what_parts_have_concerns_the_members_that_they_went_over_to():
    """Also parts of parts, and a correction of the correction; what is said of it otherwise concerns its own member alone."""
    history = started()
    history.add("item.item-added", "item/A", {"product": "product/pay", "title": "A", "kind": "feature"})
    kind = history.add("item.item-reclassified", "item/A", {"kind": "debt"}, reason="-").entry
    history.add("item.item-split", "item/A", {"into": [{"item": "item/B", "title": "B"}, {"item": "item/C", "title": "C"}]})
    history.add("item.item-split", "item/B", {"into": [{"item": "item/D", "title": "D"}]})
    history.add("item.item-transferred", "item/D", {"to": "product/till", "after": None})
    corrected = history.add("item.item-reclassified", "item/A", {"kind": "risk"}, reason="-", corrects=kind).entry
    again = history.add("item.item-reclassified", "item/A", {"kind": "defect"}, reason="-", corrects=corrected).entry
    other = history.add("item.item-reclassified", "item/A", {"kind": "debt"}, reason="-").entry
    found = concerned(history)
    assert [found[entry] for entry in (corrected, again)] == [{"product/pay", "product/till"}] * 2
    assert found[other] == {"product/pay"}
    assert folded(history).concerns[-2].reaches == corrected


@pytest.mark.parametrize(
    "body",
    [body for body in get_args(events.Event) if body.__name__.endswith("CarriedOver") and body.event_type.aggregate != "funding"],
    ids=lambda body: body.event_type.name,
)
def test_everything_that_is_carried_over_takes_its_past_along(body: type[Event]):
    """Whatever can be open when an initiative or a product becomes another."""
    history = started()
    subject = f"{body.event_type.aggregate}/X"
    carried = history.add(body.event_type.name.removeprefix("portfolio."), subject, {"to": "product/till", "owner": "ann"}
                          if "owner" in body.model_fields else {"to": "product/till"}).entry  # fmt: skip
    assert [("acme", subject, "product/till", carried)] == folded(history).moved


def test_a_correction_reaches_back():
    """It changes what was known since the entry that it corrects."""
    history = started()
    wrong = history.add("funding.cost-posted", "funding/apollo", COST).entry
    right = history.add("funding.cost-posted", "funding/apollo", COST, corrects=wrong).entry
    row = folded(history).concerns[-1]
    assert (right, right, wrong) == (row.entry, row.since, row.reaches)


def _named(value: object) -> set[str]:
    """Every text in a document that looks like a member."""
    if isinstance(value, dict):
        return {name for part in cast("dict[str, Any]", value).values() for name in _named(part)}
    if isinstance(value, list):
        return {name for part in cast("list[Any]", value) for name in _named(part)}
    return {value} if isinstance(value, str) and value.startswith(("initiative/", "product/")) else set()


@pytest.mark.parametrize("body", get_args(events.Event), ids=lambda body: body.event_type.name)
def test_every_member_that_an_example_names_is_found(body: type[Event]):
    """However deep in a body a reference to a member is, and whatever its field is called."""
    data = cast("dict[str, Any]", examples.every()[body.event_type.name]).get("data")
    assert _named(data) == set(members_named(catalogue.read_data(body.event_type.name, data)))
