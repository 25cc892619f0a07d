"""The rules, by specifications: what comes of a fact, given others before it."""

from collections.abc import Iterable
from typing import get_args

import pytest

from portfolio_ledger import domain
from portfolio_ledger.domain import initiative
from portfolio_schemas import catalogue, codes, events
from tests.rules import Rules, Specification
from tests.unit.domain import governance_specifications, item_specifications, planning_specifications

SPECIFICATIONS = [
    *governance_specifications.SPECIFICATIONS,
    *planning_specifications.SPECIFICATIONS,
    *item_specifications.SPECIFICATIONS,
]
JUDGED_BY_THE_FRAME = {"NO_REASON", "LEDGER_ONLY"}
"""What the judge finds out before it asks the rules."""


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
    declared = {
        (stem(name), code.name)
        for name, body in catalogue.TYPES.items()
        for code in body.event_type.codes
        if code.name not in JUDGED_BY_THE_FRAME or name.startswith("portfolio.initiative.baseline-approved")
    }
    shown = pairs(SPECIFICATIONS)
    assert shown - declared == set(), "answered, but not in the catalogue"
    assert declared - shown == set(), "in the catalogue, but no specification shows it"


def test_every_fact_of_an_initiatives_life_has_its_states():
    """The table of an initiative's life is closed over the facts of it."""
    assert set(initiative.NEXT) == set(get_args(initiative.Life))


def test_every_aggregate_but_funding_keeps_a_state_that_can_be_stored():
    """A subject whose events are recorded is stored and loaded as it was; an account has nothing to remember yet."""
    kept = {key.partition("/")[0] for one in SPECIFICATIONS for key in _states(one)}
    aggregates = {body.event_type.aggregate for body in get_args(events.Event)}
    assert kept == aggregates - {"funding"}


def _states(specification: Specification) -> Iterable[str]:
    rules = Rules()
    for given in specification.given:
        rules.submit(given)
    for key, state in rules.states.items():
        assert domain.load(key, domain.dump(key, state)) == state
    return rules.states
