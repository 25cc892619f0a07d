"""Random walks through delivery and reliability: whatever is submitted, half of it wrong, what is recorded keeps the promises."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio_ledger.domain import matters
from portfolio_ledger.domain.decider import Fact
from portfolio_ledger.domain.deployment import Deployment
from portfolio_ledger.domain.incident import Incident
from portfolio_schemas.events.deployment import DeploymentFailed, DeploymentSucceeded
from tests.rules import START, Rules
from tests.unit.domain import delivery_specifications as delivery
from tests.unit.domain import reliability_specifications as reliability
from tests.unit.domain.delivery_specifications import OTHER, PAYMENTS, A, B
from tests.unit.domain.transition_specifications import merged

DEPLOYMENTS, MEMBERS = st.sampled_from([A, B]), st.sampled_from([PAYMENTS, OTHER])
HOURS = st.sampled_from([0, 1, 1.5, 2, 2.5, 3])
PLACES = st.sampled_from(["production", "staging"])
SHAS = st.sampled_from([(), ("c0ffee",)])
DELIVERED = st.one_of(
    st.builds(delivery.deploying, DEPLOYMENTS, member=MEMBERS, environment=PLACES, shas=SHAS),
    st.builds(delivery.succeeded, DEPLOYMENTS, previous=st.none() | DEPLOYMENTS, finished=HOURS),
    st.builds(delivery.back, st.none() | DEPLOYMENTS),
    st.just(delivery.FAILED),
)
SUFFERED = st.one_of(
    st.builds(reliability.opened, MEMBERS, severity=st.integers(1, 3), began=HOURS),
    st.builds(reliability.told, st.sampled_from(["acknowledged", "mitigated", "reopened", "cancelled"])),
    st.builds(reliability.resolved, st.integers(1, 5)),
    st.builds(reliability.severity, st.integers(1, 3)),
    st.builds(reliability.linked, DEPLOYMENTS, st.sampled_from(["declared", "nearest"])),
    st.just(reliability.UNLINKED),
    st.builds(merged, into=st.sampled_from([PAYMENTS, OTHER])),
)
ANYTHING = st.lists(DELIVERED | SUFFERED, max_size=40)


def walked(submitted: list[Fact]) -> Rules:
    """The rules after two products, and whatever came then."""
    rules = Rules()
    for one in (*delivery.MEMBERS, *submitted):
        rules.submit(one)
    return rules


@settings(max_examples=150, deadline=None)
@given(ANYTHING)
def test_an_attempt_comes_out_once(submitted: list[Fact]):
    """Each deployment has at most one outcome, and a success in production brings a commit."""
    rules = walked(submitted)
    for key, state in rules.states.items():
        if isinstance(state, Deployment):
            outcomes = [
                one
                for one in rules.recorded
                if one.subject == key and isinstance(one.data, DeploymentSucceeded | DeploymentFailed)
            ]
            assert len(outcomes) == (state.state != "Started")
            assert not (state.has_succeeded and state.needs_commit)


@settings(max_examples=150, deadline=None)
@given(ANYTHING)
def test_what_caused_an_incident_was_there_before_it(submitted: list[Fact]):
    """The deployment that is taken for the cause went to production, and had finished when the incident began."""
    states = walked(submitted).states
    for state in states.values():
        if isinstance(state, Incident) and state.cause is not None:
            cause = states[state.cause]
            assert isinstance(cause, Deployment)
            assert cause.environment == "production"
            assert cause.finished_at is not None
            assert cause.finished_at <= state.began_at


@settings(max_examples=150, deadline=None)
@given(ANYTHING)
def test_an_incident_is_open_where_it_belongs(submitted: list[Fact]):
    """It is an open matter of its member, and of no other, exactly as long as it is not over; also when products are merged."""
    states = walked(submitted).states
    for key, state in states.items():
        if isinstance(state, Incident):
            homes = [member for member in (PAYMENTS, OTHER) if key in matters.of(states, member).subjects]
            assert homes == ([state.home] if state.is_open else [])


@settings(max_examples=60, deadline=None)
@given(ANYTHING)
def test_what_is_recorded_folds_to_the_same_states(submitted: list[Fact]):
    """Without any rule, from nothing."""
    rules, again = walked(submitted), Rules()
    for recorded in rules.recorded:
        again.record(recorded)
    assert again.states == rules.states


def test_walks_arrive_somewhere():
    """What a walk may consist of is accepted in a good order: the walks are not of refusals only."""
    rules = walked(
        [
            delivery.deploying(A),
            delivery.succeeded(A),
            reliability.opened(began=3),
            reliability.linked(A),
            merged(into=OTHER),
            reliability.resolved(5),
        ]
    )
    state = rules.states["incident/1"]
    assert isinstance(state, Incident)
    assert (state.home, state.state, state.cause) == (OTHER, "Resolved", A)
    assert state.began_at == START + timedelta(hours=3)
