"""Products: their life, people, promises and lineage."""

from datetime import date
from typing import Any

from portfolio_projector.http.moments import Moment
from portfolio_projector.read_models.funding.fold import FUNDING
from portfolio_projector.read_models.funding.standing import place
from portfolio_projector.read_models.money.fold import MONEY
from portfolio_projector.read_models.products import answers
from portfolio_projector.read_models.products.fold import PRODUCTS
from tests import story
from tests.chronicles import state_of
from tests.histories import History, history_of

PAY = "product/pay"


def shown(history: History, product: str, *, scope: str = "", today: date = date(2026, 6, 1), **options: Any) -> dict[str, Any]:  # noqa: ANN401  of state_of
    """A product as its answer shows it."""
    facts = history.facts()
    state = state_of(PRODUCTS, facts, scope, **options)
    money, rules = state_of(MONEY, facts, scope, **options), state_of(FUNDING, facts, scope, **options)
    moment = Moment(0, today, settled=True)
    at = place(money, rules, f"product/{product}", moment.today, moment.zone)
    told = answers.whole(product, answers.Known(state, today), at)
    answers.ProductAnswer.model_validate({"portfolio": "acme", "entry": 0, "settled": True, "model": "products/1", **told})
    return told


def conceived() -> History:
    """A product."""
    history = History("acme")
    history.add("product.product-conceived", PAY, {"name": "Pay", "vision": "Pay at once", "owner": "ann"})
    return history


def told_story() -> History:
    """The published story with all its consequences."""
    last = story.moments()[-1]
    rules = last.rules()
    rules.submit(last.fact)
    rules.recorded = [one for one in rules.recorded if one.portfolio == "acme"]
    return history_of(rules)


def test_a_life_is_told_with_its_reasons():
    """What state it is in since when, and every one before."""
    history = conceived()
    history.add("product.product-activated", PAY, {})
    history.add("product.product-paused", PAY, {}, reason="No money")
    told = shown(history, "pay")
    assert (told["state"], told["since"].day, told["activated_at"].day) == ("Paused", 3, 2)
    assert [(one["state"], one["since"]["reason"]) for one in told["phases"]] == [
        ("Conceived", None),
        ("Active", None),
        ("Paused", "No money"),
    ]


def test_the_last_vision_and_owner_hold():
    """Those before are not forgotten."""
    history = conceived()
    history.add("product.vision-changed", PAY, {"vision": "Pay later"}, reason="Customers want to")
    history.add("product.owner-changed", PAY, {"owner": "bo"})
    history.add("product.pivot-decided", PAY, {"hypothesis": "Cheques", "evidence": "None", "proposed_by": "ann"})
    told = shown(history, "pay")
    assert (told["vision"], told["owner"], len(told["visions"]), len(told["owners"])) == ("Pay later", "bo", 2, 2)
    assert [one["decision"] for one in told["directions"]] == ["pivot"]


def test_teams_are_those_whose_assignment_lasts():
    """One that was freed or whose last day is past is none of its teams any more."""
    history = conceived()
    for team, until in (("a", None), ("b", "2026-05-31"), ("c", "2026-06-01")):
        history.add("team.team-assigned", f"team/{team}", {"to": PAY, "share": "0.5", "start": "2026-01-05", "until": until})
    assert [one["team"] for one in shown(history, "pay")["teams"]] == ["team/a", "team/c"]
    history.add("team.team-freed", "team/a", {"member": PAY})
    assert [one["team"] for one in shown(history, "pay")["teams"]] == ["team/c"]


def promised(history: History) -> list[tuple[Any, ...]]:
    """What is promised, in order."""
    return [(one["kind"], one["target"] or one["date"], one["gate"], one["items"]) for one in shown(history, "pay")["promises"]]


def test_the_next_promise_is_the_earliest_day_or_the_lowest_release():
    """Numbers in names count, items that are closed do not."""
    history = conceived()
    for item, gate, target in (("1", "beta", "v1.31"), ("2", "beta", "v1.9"), ("3", "beta", "v1.31"), ("4", "beta", "v1.8")):
        history.add("item.item-added.v2", f"item/{item}", {"backlog": PAY, "title": item, "kind": "feature", "after": None})
        history.add("item.item-target-set", f"item/{item}", {"gate": gate, "target": target})
    history.add("item.item-dropped", "item/4", {}, reason="Not needed")
    assert promised(history) == [("target", "v1.9", "beta", 1), ("target", "v1.31", "beta", 2)]
    history.add("product.sunset-announced", PAY, {"date": "2027-12-31"}, reason="Too dear")
    history.add("item.item-target-moved", "item/2", {"gate": "beta", "target": "2026-09-30"})
    assert promised(history)[:2] == [("target", "2026-09-30", "beta", 1), ("end", date(2027, 12, 31), None, None)]
    history.add("item.item-target-cleared", "item/2", {"gate": "beta"})
    assert promised(history)[0][0] == "end"
    assert shown(history, "pay")["promise"]["kind"] == "end"


def test_open_items_are_counted_wherever_they_go():
    """Added, closed, reopened, split, transferred."""
    history = conceived()
    history.add("product.product-conceived", "product/other", {"name": "Other", "owner": "ann"})

    def counts() -> tuple[int, int]:
        state = state_of(PRODUCTS, history.facts())
        return state.products["pay"].open_items, state.products["other"].open_items

    for item in ("1", "2"):
        history.add("item.item-added.v2", f"item/{item}", {"backlog": PAY, "title": item, "kind": "feature", "after": None})
    history.add("item.item-completed", "item/1", {})
    assert counts() == (1, 0)
    history.add("item.item-reopened", "item/1", {"after": None}, reason="Broken")
    history.add("item.item-split", "item/1", {"into": [{"item": "item/3", "title": "3"}, {"item": "item/4", "title": "4"}]})
    assert counts() == (3, 0)
    history.add("item.item-transferred", "item/3", {"to": "product/other", "after": None})
    assert counts() == (2, 1)


def test_incidents_that_are_not_over_are_counted_by_severity():
    """A cancelled one was none; a reopened one is open."""
    history = conceived()
    for incident, severity in (("a", 3), ("b", 2), ("c", 1)):
        data = {"member": PAY, "title": "Down", "severity": severity, "started_at": "2026-01-02T00:00:00Z"}
        history.add("incident.incident-opened", f"incident/{incident}", data)
    history.add("incident.incident-resolved", "incident/b", {"resolved_at": "2026-01-03T00:00:00Z"})
    history.add("incident.incident-cancelled", "incident/c", {})
    assert shown(history, "pay")["open_incidents"] == {"count": 1, "worst_severity": 3, "by_severity": {"3": 1}}
    history.add("incident.incident-reopened", "incident/b", {})
    assert shown(history, "pay")["open_incidents"] == {"count": 2, "worst_severity": 2, "by_severity": {"2": 1, "3": 1}}


def test_the_last_published_version_of_each_series():
    """By when it was published, not by when that was recorded."""
    history = conceived()
    for release, version, day in (("a", "2.1.0", 3), ("b", "2.0.9", 2), ("c", "2.2.0", 4)):
        data = {"member": PAY, "version": version, "series": "2.x"}
        history.add("release.release-published", f"release/{release}", data, time=f"2026-02-0{day}T00:00:00Z")
    history.entries[1:] = [history.entries[3], history.entries[1], history.entries[2]]
    assert [one["version"] for one in shown(history, "pay")["versions"]] == ["2.2.0"]


def test_a_product_says_what_it_came_from_and_became():
    """The story's letters began with a project, took a product in, and were split."""
    history = told_story()
    letters = shown(history, "letters")
    assert [(one["member"], one["share"]) for one in letters["opened_from"]] == [
        ("initiative/hermes", "1"),
        ("product/refunds", "1"),
    ]
    assert [(one["member"], one["share"]) for one in letters["became"]] == [
        ("product/paper", "0.75"),
        ("product/payments", "0.25"),
    ]
    assert (letters["state"], letters["open_items"], letters["teams"]) == ("Split", 0, [])
    paper = shown(history, "paper")
    assert (paper["state"], paper["open_items"], [one["team"] for one in paper["teams"]]) == ("Active", 1, ["team/letters"])
    assert shown(history, "refunds")["state"] == "Merged"


def test_what_is_told_of_all_products_is_what_is_told_of_each():
    """A state of one member knows as much of it as that of the whole portfolio."""
    history = told_story()
    state = state_of(PRODUCTS, history.facts())
    assert len(state.products) > 4
    for name in state.products:
        assert shown(history, name) == shown(history, name, scope=f"product/{name}")


def test_on_a_day_only_what_was_true_by_then():
    """The owner that came later is not named yet."""
    history = conceived()
    history.add("product.owner-changed", PAY, {"owner": "bo"})
    assert [shown(history, "pay", effective=date(2026, 1, day))["owner"] for day in (1, 2)] == ["ann", "bo"]


def test_a_correction_takes_the_place_of_what_it_corrects():
    """The name was always the corrected one; the product began when it began."""
    history = conceived()
    history.add("product.product-conceived", PAY, {"name": "Payments", "owner": "eva"}, corrects=0)
    told = shown(history, "pay")
    assert (told["name"], told["owner"], told["vision"], told["conceived_at"].day) == ("Payments", "eva", None, 1)
    assert told["phases"][0]["since"]["corrected_by"] == 1
