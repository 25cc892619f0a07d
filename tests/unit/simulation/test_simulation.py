"""Histories of the whole protocol under faults: judges, their state, projectors and the log between them."""

from collections import Counter

import pytest

from tests.unit.simulation.climates import CLIMATES, history, seeds

ALARMS = {
    "orphaned": "portfolio-resumed",
    "cut": "log-lost",
    "older copy": "records-lost",
    "restored": "stale",
    "upgraded": "state-made-anew",
}
"""What must be said of the damage in each climate, at least now and then."""

MANY = 100
"""From so many seeds on, what is rare has happened."""


@pytest.mark.parametrize("climate", CLIMATES)
def test_nothing_acknowledged_is_lost_and_nothing_is_there_twice(climate: str):
    """Whatever happens, every invariant holds after every append and every commit, and in calm times everything is answered."""
    faults, alarms, entries, superseded = Counter[str](), Counter[str](), 0, 0
    for seed in seeds():
        outcome = history(climate, seed)
        faults += outcome.faults
        alarms += outcome.alarms
        entries += outcome.entries
        superseded += outcome.superseded
    assert entries > 10 * len(seeds())
    assert climate == "fair" or faults.total() > 0
    if len(seeds()) >= MANY:
        assert (superseded > 0) is (climate != "fair")
        assert alarms[ALARMS.get(climate, "serving")] > 0


def test_a_seed_replays_exactly():
    """The same seed gives the same history, so that a failing one can be looked at."""
    assert history("races", 7) == history("races", 7)
