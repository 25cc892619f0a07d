"""Free ports on 127.0.0.1, remembered from one start to the next and never chosen by two stacks at once."""

import errno
import socket
from collections.abc import Callable, Mapping
from typing import Protocol

from portfolio_deploy.errors import StackError

USUAL = {"ledger": 8080, "read-api": 8081, "kafka": 9092, "kafka-controller": 9093, "postgres": 5432}
_STEP = 100  # 8080, 8180, 8280, ...: a person recognises what belongs together
_HIGHEST = 65_000


class Claim(Protocol):
    """A port that is ours until it is closed."""

    def close(self) -> None:
        """Give it back."""
        ...


def claim(port: int) -> Claim | None:
    """Claim a port that nobody listens on and nobody else has claimed; None when it is taken.

    Nothing marks a TCP port as taken between the moment it is chosen and the moment a started program listens on it. So the
    UDP port of the same number is bound meanwhile, which none of our programs uses: that works between users, needs no file,
    and ends with the process.
    """
    mark = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        mark.bind(("127.0.0.1", port))
        if is_free(port):
            return mark
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
    mark.close()
    return None


def is_free(port: int) -> bool:
    """Tell whether a program could listen on this port of 127.0.0.1 now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


class Reservations:
    """The ports that this process has chosen. Others pass them over until `release` or the end of the process."""

    def __init__(self, claim: Callable[[int], Claim | None] = claim) -> None:
        self._claim = claim
        self._held: dict[int, Claim] = {}

    def choose(self, remembered: Mapping[str, int]) -> dict[str, int]:
        """Return a free port for each name of `USUAL`: the remembered one, else the usual one, else one like it."""
        return {name: self._choose(remembered.get(name, usual), usual) for name, usual in USUAL.items()}

    def release(self) -> None:
        """Give all reserved ports back."""
        for held in self._held.values():
            held.close()
        self._held.clear()

    def _choose(self, remembered: int, usual: int) -> int:
        for port in (remembered, *range(usual, _HIGHEST, _STEP)):
            if port not in self._held and (claimed := self._claim(port)) is not None:
                self._held[port] = claimed
                return port
        raise StackError(f"No free port on 127.0.0.1: {usual} and every {_STEP}th above it are taken; stop something.")
