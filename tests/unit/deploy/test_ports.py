"""Ports: which are chosen, and that no two stacks choose the same."""

import socket
from collections.abc import Generator
from pathlib import Path

import pytest

from portfolio_deploy import ports
from portfolio_deploy.ports import Reservations

Pair = tuple[Reservations, Reservations]


@pytest.fixture
def taken() -> Generator[int]:
    """A port that some program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def taken_ports(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The ports that count as taken, whatever runs on this machine: those that the test adds."""
    taken = set[int]()

    def is_free(port: int) -> bool:
        return port not in taken

    monkeypatch.setattr(ports, "is_free", is_free)
    return taken


@pytest.fixture
def stacks(tmp_path: Path) -> Generator[Pair]:
    """Two stacks that look for ports."""
    both = Reservations(tmp_path), Reservations(tmp_path)
    yield both
    for one in both:
        one.release()


@pytest.mark.usefixtures("taken_ports")
def test_usual_ports_are_chosen_where_they_are_free(stacks: Pair):
    """Who has nothing else running gets the ports of the documentation."""
    assert stacks[0].choose({}) == ports.USUAL


def test_taken_port_is_replaced_by_one_like_it(stacks: Pair, taken_ports: set[int]):
    """8080 taken gives 8180; the others stay."""
    taken_ports.update({8080, 8180})
    assert stacks[0].choose({}) == {**ports.USUAL, "ledger": 8280}


@pytest.mark.usefixtures("taken_ports")
def test_remembered_port_is_chosen_again(stacks: Pair):
    """An address that was printed once stays, also when the usual port is free again."""
    assert stacks[0].choose({"ledger": 8180})["ledger"] == 8180


def test_remembered_port_that_is_taken_gives_way_to_the_usual_one(stacks: Pair, taken_ports: set[int]):
    """The search begins anew at the usual port."""
    taken_ports.add(8180)
    assert stacks[0].choose({"ledger": 8180})["ledger"] == 8080


@pytest.mark.usefixtures("taken_ports")
def test_two_stacks_that_start_together_choose_different_ports(stacks: Pair):
    """A port counts as taken from the moment it is chosen, although nothing listens on it yet."""
    first, second = stacks
    assert not set(first.choose({}).values()) & set(second.choose({}).values())


@pytest.mark.usefixtures("taken_ports")
def test_released_ports_can_be_chosen_again(stacks: Pair):
    """Who stops gives back."""
    first, second = stacks
    first.choose({})
    first.release()
    assert second.choose({}) == ports.USUAL


def test_port_somebody_listens_on_is_not_free(taken: int):
    """The look at the machine itself."""
    assert not ports.is_free(taken)
