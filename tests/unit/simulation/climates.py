"""Climates: the kinds of worlds that are simulated, and how a history in one of them is run again."""

import os

from tests.unit.simulation.simulation import Outcome, simulate
from tests.unit.simulation.truth import Broken
from tests.unit.simulation.world import Climate

CLIMATES = {
    "fair": Climate.fair(),
    "weather": Climate(kills=0.008, stops=0.004, pauses=0.008, outages=2, commits=0.06),
    "races": Climate(ledgers=3, portfolios=3, appends=0.2, kills=0.001, outages=0),
    "ends": Climate(stops=0.03, commits=0.3, kills=0.0, outages=0),
    "two partitions": Climate(partitions=2, projectors=2, records=14),
    "forged": Climate(forged=0.4, records=14),
    "restored": Climate(calamity="restored"),
    "orphaned": Climate(calamity="orphaned", portfolios=3),
    "cut": Climate(calamity="cut", ledgers=1, foreign=0.0, late=False),
    "cut in doubt": Climate(calamity="cut", ledgers=1, foreign=0.0, appends=0.6, late=False),
    "older copy": Climate(calamity="older copy"),
    "refilled": Climate(calamity="refilled"),
    "replaced": Climate(calamity="replaced"),
    "upgraded": Climate(calamity="upgraded", partitions=2),
}
"""Where the log is cut nobody else writes: what another appends may fill it up to the very offset at which a judge goes on."""

_SEEDS = os.environ.get("PORTFOLIO_SEEDS", "0:25")


def seeds(text: str = _SEEDS) -> range:
    """Return the seeds to try: `17` alone, or from one to before another, `300:5000`."""
    first, colon, end = text.partition(":")
    return range(int(first), int(end) if colon else int(first) + 1)


def history(name: str, seed: int) -> Outcome:
    """Live through one history.

    Raises:
        Broken: when an invariant does not hold; how to see it again is in its message.

    """
    try:
        return simulate(seed, CLIMATES[name])
    except Broken as broken:
        raise Broken(f"{broken}; again: make simulate SEEDS={seed} ARGS=\"-k '{name}'\"") from broken
