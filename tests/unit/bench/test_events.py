"""The events of the benchmarks: what is measured must be what a publisher could send."""

from datetime import UTC, datetime

from portfolio_ledger.domain.decider import ACCEPTED, Fact
from portfolio_log.partitions import partition_of
from portfolio_schemas import catalogue, codec, envelope
from tests.bench import events
from tests.rules import Rules

LENGTH = 1500


def test_every_event_is_recorded_without_a_flag():
    """The real rules accept a story from its first event to its last, and find nothing ugly in it."""
    rules = Rules(now=datetime(2026, 1, 1, tzinfo=UTC))
    for number, told in enumerate(events.story("bench", seed=7, length=LENGTH)):
        event = envelope.read_event(codec.read_json(events.written(told), size_max=envelope.EVENT_SIZE_MAX))
        body = catalogue.read_data(event.type, event.data)
        fact = Fact(event.portfolio, event.subject, event.time, event.actor, event.reason, event.corrects, number, body)
        assert rules.submit(fact) == ACCEPTED, told


def test_events_have_the_size_that_is_claimed():
    """On average an event has the bytes that the benchmarks speak of, within a twentieth."""
    sizes = [len(events.written(told)) for told in events.story("bench", seed=7, length=LENGTH)]

    assert abs(sum(sizes) / len(sizes) - events.SIZE) < events.SIZE / 20


def test_a_seed_makes_runs_alike():
    """The same seed tells the same story, another seed another one."""
    one, same, other = (list(events.story("bench", seed=seed, length=200)) for seed in (1, 1, 2))

    assert one == same
    assert one != other


def test_portfolios_share_the_partitions_out_evenly():
    """Each partition has as many portfolios as any other, so that none decides alone how long a run takes."""
    names = events.names()

    assert len(set(names)) == events.PORTFOLIOS
    counts = [[partition_of(name, events.PARTITIONS) for name in names].count(one) for one in range(events.PARTITIONS)]
    assert counts == [events.PORTFOLIOS // events.PARTITIONS] * events.PARTITIONS
