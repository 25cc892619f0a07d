"""Each guard of the protocol is needed: without it the simulation goes red."""

import pytest

from tests.unit.simulation.climates import history
from tests.unit.simulation.guards import GUARDS, Guard
from tests.unit.simulation.truth import Broken

_SEEDS = range(200)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_the_simulation_notices_when_it_is_gone(guard: Guard, monkeypatch: pytest.MonkeyPatch):
    """Some history, of two hundred, breaks an invariant."""
    guard.switch_off(monkeypatch)
    with pytest.raises(Broken):  # noqa: PT012  any of the histories may be the one that shows it
        for seed in _SEEDS:
            history(guard.climate, seed)
