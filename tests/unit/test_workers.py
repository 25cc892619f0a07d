"""In how many processes the tests run, and in which order."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from tests import workers

WHOLE = ("tests/unit", "tests/contract", "tests/integration", "tests/acceptance")


@dataclass(frozen=True)
class Asked:
    """Options of a command line."""

    given: Mapping[str, object] = field(default_factory=dict[str, object])

    def getoption(self, name: str, default: object = None) -> object:
        """Return what was given."""
        return self.given.get(name, default)


@pytest.mark.parametrize("asked", [WHOLE, ("tests/integration/ledger",), ("tests/unit/", "./tests/contract")])
def test_folders_are_shared_out(asked: tuple[str, ...]):
    """All of the tests, as without a word, or some folders of them."""
    assert workers.count(Asked(), asked, WHOLE) == 2


@pytest.mark.parametrize(
    "asked", ["tests/unit/test_workers.py", "tests/unit/test_workers.py::test_a", "tests/page", "tests", "/"]
)
def test_what_somebody_looks_at_runs_here(asked: str):
    """A file, a test, or what is none of the tests that run without being asked for."""
    assert workers.count(Asked(), [asked], WHOLE) == 0


@pytest.mark.parametrize("option", [{"keyword": "cut"}, {"markexpr": "slow"}, {"lf": True}, {"usepdb": True}, {"capture": "no"}])
def test_who_looks_for_something_sees_it_happen_here(option: dict[str, object]):
    """Whoever chooses among tests, or wants to see what they print."""
    assert workers.count(Asked(option), WHOLE, WHOLE) == 0
    assert workers.count(Asked(dict.fromkeys(option)), WHOLE, WHOLE) == 2


def test_units_and_contracts_need_no_stack():
    """Nobody waits for Docker to answer for them."""
    assert not workers.needs_stack(["tests/unit/log", "tests/contract"])
    assert workers.needs_stack(["tests/unit", "tests/integration/log"])


def test_what_takes_long_is_taken_first():
    """Small files are left for whoever is ready first."""
    tests = ["tests/unit/log/test_a.py::test", "tests/integration/log/test_a.py::test", "tests/acceptance/test_a.py::test"]
    assert sorted(tests, key=workers.turn) == tests[::-1]
