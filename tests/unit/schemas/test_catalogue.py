"""The catalogue: from a type's name to its class, and from a body to a typed event, or to sentences that help."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_schemas import catalogue, codes, events, examples
from portfolio_schemas.catalogue import ERRORS_MAX, UnknownType, WrongData
from portfolio_schemas.codec import Json, canonical
from portfolio_schemas.events.funding import CostPosted
from portfolio_schemas.events.initiative import BaselineProposed
from portfolio_schemas.events.item import ItemAdded, ItemCompleted

ADDED = "portfolio.item.item-added.v1"
ITEM: dict[str, Json] = {"product": "product/pay", "title": "Refunds", "kind": "feature"}
PLAN = "portfolio.initiative.baseline-proposed.v1"
COST: dict[str, Json] = {
    "member": "product/pay",
    "amount": {"minor": 1, "currency": "EUR"},
    "period": "2026-03",
    "category": "cloud",
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)


def problems(name: str, data: Json) -> dict[str, str]:
    """What is wrong with a body, by pointer."""
    with pytest.raises(WrongData) as caught:
        catalogue.read_data(name, data)
    return dict(caught.value.problems)


@pytest.mark.parametrize("name", catalogue.TYPES)
def test_a_types_name_follows_from_its_class(name: str):
    """`ItemAdded` of the aggregate `item` is `portfolio.item.item-added.v1`; a class that is older says so at its end."""
    body = catalogue.TYPES[name]
    stated = body.event_type
    kebab = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in body.__name__.removesuffix("V1"))
    assert name == f"portfolio.{stated.aggregate}.{kebab.lstrip('-')}.v{stated.version}"


@pytest.mark.parametrize("name", catalogue.TYPES)
def test_a_type_says_what_it_means(name: str):
    """Every type has a docstring that a publisher reads in the catalogue, and its fields have limits of their own."""
    body = catalogue.TYPES[name]
    assert body.__doc__
    assert body.__doc__.strip().split("\n")[0].endswith((".", ";", ",")) or len(body.__doc__) > 60
    assert body.model_config.get("extra") == "forbid"
    assert body.model_config.get("frozen") is True


def test_the_newest_version_of_a_type_is_what_rules_and_folds_know():
    """Older versions are read for ever, and become the newest; no version is missing in between."""
    newest = {body.event_type.name.rpartition(".")[0]: body.event_type.version for body in get_args(events.Event)}
    for stem, version in newest.items():
        assert {f"{stem}.v{number}" for number in range(1, version + 1)} <= catalogue.TYPES.keys()
    assert {body.event_type.name for body in events.OLDER}.isdisjoint(body.event_type.name for body in get_args(events.Event))


@given(st.sampled_from(sorted(catalogue.TYPES)), JSON | st.fixed_dictionaries({}, optional=dict.fromkeys((*ITEM, *COST), JSON)))
def test_a_body_that_is_still_text_is_read_the_same(name: str, data: Json):
    """What the log holds is read in one step, and is or is not of its type as it would be after it was parsed."""
    read = list[events.Event | set[str]]()
    for reading in (lambda: catalogue.read_data(name, data), lambda: catalogue.read_text(name, canonical(data))):
        try:
            read.append(reading())
        except WrongData as wrong:
            read.append({pointer for pointer, _ in wrong.problems})
    assert read[0] == read[1]


@pytest.mark.parametrize("name", catalogue.TYPES)
def test_every_types_example_is_read_the_same_as_text(name: str):
    """Whatever kinds of values a type has: dates, instants, money, texts of numbers."""
    data = examples.every()[name].get("data")
    assert catalogue.read_data(name, data) == catalogue.read_text(name, canonical(data))


def test_a_body_is_read_by_its_type():
    """What is left out has its default; an event without fields needs no body."""
    assert catalogue.read_data(ADDED, ITEM) == ItemAdded(backlog="product/pay", title="Refunds", kind="feature", after=None)
    assert catalogue.read_data("portfolio.item.item-completed.v1", None) == ItemCompleted()
    assert catalogue.read_data("portfolio.item.item-completed.v1", {}) == ItemCompleted()


def test_an_older_version_is_read_as_the_newest():
    """A cost of version 1 did not have to say how the books treat it; version 2 does, in as many words."""
    old = catalogue.read_data("portfolio.funding.cost-posted.v1", COST)
    assert old == catalogue.read_data("portfolio.funding.cost-posted.v2", COST | {"treatment": "undecided"})
    assert isinstance(old, CostPosted)
    said = catalogue.read_data("portfolio.funding.cost-posted.v1", COST | {"treatment": "capex", "work_type": "debt"})
    assert isinstance(said, CostPosted)
    assert (said.treatment, said.work_type) == ("capex", "debt")
    assert problems("portfolio.funding.cost-posted.v2", COST) == {"/data/treatment": "This field is required."}
    assert "/data/document" in problems("portfolio.funding.cost-posted.v1", COST | {"document": "V-1"})


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("portfolio.item.item-added.v3", "portfolio.item.item-added.v1"),
        ("portfolio.item.item-added.v0", "portfolio.item.item-added.v1"),
        ("portfolio.item.item-exploded.v1", "catalogue"),
        ("portfolio.product.item-added.v1", "catalogue"),
        ("ItemAdded", "catalogue"),
        ("", "catalogue"),
    ],
)
def test_an_unknown_type_is_told_what_there_is(name: str, near: str):
    """A version that does not exist is answered with those that do."""
    with pytest.raises(UnknownType, match=near):
        catalogue.read_data(name, {})


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, {f"/data/{name}": "This field is required." for name in ITEM}),
        (ITEM | {"colour": "red"}, {"/data/colour": "This type has no such field."}),
        (ITEM | {"a/b~c": 1}, {"/data/a~1b~0c": "This type has no such field."}),
        (ITEM | {"__proto__": {}}, {"/data/__proto__": "This type has no such field."}),
        (ITEM | {"after": "PAY-1"}, {"/data/after": "This names a subject, item/<id>."}),
        (ITEM | {"title": "a\x00b"}, {"/data/title": "This text holds a control character."}),
        (ITEM | {"kind": "bug"}, {"/data/kind": "Input should be 'feature', 'defect', 'risk' or 'debt'."}),
        ([], {"/data": "The body of an event is a JSON object."}),
        ("{}", {"/data": "The body of an event is a JSON object."}),
    ],
)
def test_what_is_wrong_is_said_where_it_is(data: Json, expected: dict[str, str]):
    """Each field is named by a JSON pointer into the event, with a sentence that a person can act on."""
    assert problems(ADDED, data) == expected


def test_what_is_wrong_deep_inside_is_said_there():
    """Pointers lead through lists and values, by the names that stand in the message."""
    plan: Json = {
        "version": 1,
        "bac": {"minor": True, "currency": "eur"},
        "work_packages": [{"id": "a", "name": "A", "start": "2026-01-01", "finish": "soon"}],
        "dependencies": [{"from": "a b", "to": "a", "type": "XX"}],
    }
    assert problems(PLAN, plan).keys() == {
        "/data/bac/minor",
        "/data/bac/currency",
        "/data/work_packages/0/finish",
        "/data/dependencies/0/from",
        "/data/dependencies/0/type",
    }


def test_errors_are_few_and_short():
    """However much is wrong, the answer is bounded, and gives nothing back of what was sent."""
    secret = "s" * 3000
    wrong: Json = {**ITEM, **{f"{secret}{number}": secret for number in range(500)}}
    found = problems(ADDED, wrong)
    with pytest.raises(WrongData) as caught:
        catalogue.read_data(ADDED, wrong)
    assert len(caught.value.problems) == ERRORS_MAX
    assert all(len(pointer) < 200 and len(detail) <= 320 for pointer, detail in found.items())
    assert not any(secret in detail or "pydantic" in detail or "http" in detail for detail in found.values())


@given(st.sampled_from(sorted(catalogue.TYPES)), JSON)
def test_whatever_is_sent_is_read_or_refused(name: str, data: Json):
    """No body makes the catalogue fail; what is refused is said in bounded words, with a pointer below `/data`."""
    wrong: list[tuple[str, str]] = []
    try:
        catalogue.read_data(name, data)
    except WrongData as error:
        wrong = error.problems
    assert len(wrong) <= ERRORS_MAX
    assert all(pointer.startswith("/data") and 0 < len(detail) <= 320 for pointer, detail in wrong)


def test_dependencies_are_read_by_the_name_of_the_message():
    """`from` is a word of Python, not of publishers: only its own name is taken, and it is given back."""
    edge: dict[str, Json] = {"from": "a", "to": "b"}
    misnamed: dict[str, Json] = {"from_": "a", "to": "b"}
    plan: dict[str, Json] = {
        "version": 1,
        "bac": {"minor": 0, "currency": "EUR"},
        "work_packages": [{"id": "a", "name": "A", "start": "2026-01-01", "finish": "2026-01-02"}],
    }
    read = catalogue.read_data(PLAN, {**plan, "dependencies": [edge]})
    assert isinstance(read, BaselineProposed)
    assert read.dependencies[0].model_dump(by_alias=True, exclude_defaults=True) == edge
    assert "/data/dependencies/0/from_" in problems(PLAN, {**plan, "dependencies": [misnamed]})


def test_every_code_says_what_to_do():
    """A code is a word in capitals with a sentence; a refusal and a door have an HTTP status, a flag has none."""
    for code in codes.CODES.values():
        assert code.name.replace("_", "").isupper()
        assert code.meaning.endswith(".")
        assert (code.status is None) is (code.kind == "flag")
        assert code.status is None or 400 <= code.status < 600


def test_every_refusal_and_flag_can_be_answered():
    """No code is left over: each is one that every type may get, or one that some type declares."""
    declared = {code for body in catalogue.TYPES.values() for code in body.event_type.codes}
    answers = {code for code in codes.CODES.values() if code.kind != "door"}
    assert answers == declared | set(codes.EVERY_TYPE)
