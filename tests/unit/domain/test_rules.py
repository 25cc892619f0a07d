"""The rules, by specifications: what comes of a fact, given others before it."""

from collections.abc import Iterable
from typing import get_args, get_type_hints

import pytest

from portfolio_ledger import domain
from portfolio_ledger.domain import change_request, incident, initiative
from portfolio_ledger.domain.aggregates import AGGREGATES
from portfolio_schemas import catalogue, codes, events
from portfolio_schemas.events.event_data import EventType
from tests.rules import Rules, Specification
from tests.unit.domain import (
    control_specifications,
    delivery_specifications,
    dependency_specifications,
    flow_specifications,
    governance_specifications,
    item_specifications,
    iteration_specifications,
    matter_specifications,
    money_specifications,
    objective_specifications,
    planning_specifications,
    reliability_specifications,
    team_specifications,
    test_marks,
    transition_specifications,
    treatment_specifications,
)

SPECIFICATIONS = [
    *governance_specifications.SPECIFICATIONS,
    *planning_specifications.SPECIFICATIONS,
    *item_specifications.SPECIFICATIONS,
    *matter_specifications.SPECIFICATIONS,
    *money_specifications.SPECIFICATIONS,
    *transition_specifications.SPECIFICATIONS,
    *control_specifications.SPECIFICATIONS,
    *flow_specifications.SPECIFICATIONS,
    *iteration_specifications.SPECIFICATIONS,
    *objective_specifications.SPECIFICATIONS,
    *dependency_specifications.SPECIFICATIONS,
    *team_specifications.SPECIFICATIONS,
    *delivery_specifications.SPECIFICATIONS,
    *reliability_specifications.SPECIFICATIONS,
    *treatment_specifications.SPECIFICATIONS,
]


def stem(type_name: str) -> str:
    """A type without its version: rules know the newest only."""
    return type_name.rpartition(".")[0]


def pairs(specifications: Iterable[Specification]) -> set[tuple[str, str]]:
    """Which types got which codes, beside those that every type may get."""
    everywhere = {code.name for code in codes.EVERY_TYPE}
    return {(stem(one.type), code) for one in specifications for code in one.then[1:] if code not in everywhere}


@pytest.mark.parametrize("specification", SPECIFICATIONS, ids=lambda one: one.title)
def test_a_fact_gets_what_is_specified(specification: Specification):
    """Given, when, then: judged by nothing but the states that the fact names, which were stored and loaded in between."""
    assert specification.outcome() == specification.then


def test_specifications_have_names_of_their_own():
    """A failing name leads to one specification."""
    assert len({one.title for one in SPECIFICATIONS}) == len(SPECIFICATIONS)


def test_every_type_is_accepted_once():
    """Each type that a publisher may state has a specification of when it is just allowed."""
    accepted = {stem(one.type) for one in SPECIFICATIONS if one.then[0] == "recorded"}
    assert accepted == {stem(name) for name, body in catalogue.TYPES.items() if not body.event_type.ledger_only}


def test_types_declare_the_codes_that_their_rules_answer():
    """The catalogue says of each type what its rules may answer: all of it is specified, and nothing else is."""
    declared = {(stem(name), code.name) for name, body in catalogue.TYPES.items() for code in body.event_type.codes}
    shown = pairs(SPECIFICATIONS) | {
        (stem(name), code) for name, body in catalogue.TYPES.items() for code in _shown_elsewhere(body.event_type)
    }
    assert shown - declared == set(), "answered, but not in the catalogue"
    assert declared - shown == set(), "in the catalogue, but no specification shows it"


def test_every_fact_of_a_life_has_its_states():
    """The tables of lives are closed over the facts of them."""
    assert set(initiative.NEXT) == set(get_args(initiative.Life))
    assert set(change_request.NEXT) == set(get_args(change_request.Answer))
    assert set(incident.NEXT) == set(get_args(incident.Life))


def test_every_kind_of_state_can_be_stored():
    """What rules remember is stored and loaded as it was, subjects and indexes alike."""
    kept = {key.partition("/")[0] for one in SPECIFICATIONS for key in _states(one)}
    kinds = {kind for aggregate in AGGREGATES.values() for kind in aggregate.rules.KINDS}
    assert kinds - kept == set()


def test_the_table_of_aggregates_is_complete():
    """Every aggregate that has events has its rules, and these are closed over all of its events."""
    by_aggregate = dict[str, set[type]]()
    for body in get_args(events.Event):
        by_aggregate.setdefault(body.event_type.aggregate, set()).add(body)
    assert AGGREGATES.keys() == by_aggregate.keys()
    for name, aggregate in AGGREGATES.items():
        stated = get_type_hints(aggregate.rules.decide)["data"]
        assert set(get_args(stated) or (stated,)) == by_aggregate[name], name


def _shown_elsewhere(stated: EventType) -> set[str]:
    """The codes of a type that are shown on every type alike: those of marks, and what the judge finds before any rule."""
    return {"LEDGER_ONLY"} if stated.ledger_only else test_marks.implied(stated)


def _states(specification: Specification) -> Iterable[str]:
    rules = Rules()
    for given in specification.given:
        rules.submit(given)
    for key, state in rules.states.items():
        assert domain.load(key, domain.dump(state)) == state
    return rules.states
