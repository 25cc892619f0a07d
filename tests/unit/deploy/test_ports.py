"""Ports: which are chosen, and that no two stacks choose the same."""

import socket
from dataclasses import dataclass, field

from portfolio_deploy.local import ports
from portfolio_deploy.local.ports import Reservations


@dataclass
class Machine:
    """A machine whose ports are free but for those that are taken."""

    taken: set[int] = field(default_factory=set[int])

    def claim(self, port: int) -> "Taken | None":
        """Claim a port as `ports.claim` does."""
        if port in self.taken:
            return None
        self.taken.add(port)
        return Taken(self, port)


@dataclass
class Taken:
    """A claimed port of a machine."""

    machine: Machine
    port: int

    def close(self) -> None:
        """Give it back."""
        self.machine.taken.remove(self.port)


def test_usual_ports_are_chosen_where_they_are_free():
    """Who has nothing else running gets the ports of the documentation."""
    assert Reservations(Machine().claim).choose({}) == ports.USUAL


def test_taken_port_is_replaced_by_one_like_it():
    """With 8080 and 8180 taken it is 8280; the others stay."""
    assert Reservations(Machine({8080, 8180}).claim).choose({}) == {**ports.USUAL, "ledger": 8280}


def test_remembered_port_is_chosen_again():
    """An address that was printed once stays, also when the usual port is free again."""
    assert Reservations(Machine().claim).choose({"ledger": 8180})["ledger"] == 8180


def test_remembered_port_that_is_taken_gives_way_to_the_usual_one():
    """The search begins anew at the usual port."""
    assert Reservations(Machine({8180}).claim).choose({"ledger": 8180})["ledger"] == 8080


def test_two_stacks_that_start_together_choose_different_ports():
    """A port counts as taken from the moment it is chosen, although nothing listens on it yet."""
    machine = Machine()
    first, second = Reservations(machine.claim).choose({}), Reservations(machine.claim).choose({})
    assert not set(first.values()) & set(second.values())


def test_released_ports_can_be_chosen_again():
    """Who stops gives back."""
    machine = Machine()
    first = Reservations(machine.claim)
    first.choose({})
    first.release()
    assert Reservations(machine.claim).choose({}) == ports.USUAL


def test_port_somebody_listens_on_cannot_be_claimed():
    """Nor does the attempt leave a claim behind."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert ports.claim(port) is None
    claimed = ports.claim(port)
    assert claimed is not None
    claimed.close()


def test_port_is_claimed_once():
    """By whichever process or user came first, until it is given back."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    claimed = ports.claim(port)
    assert claimed is not None
    assert ports.claim(port) is None
    claimed.close()
    again = ports.claim(port)
    assert again is not None
    again.close()
