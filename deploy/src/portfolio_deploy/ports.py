"""Free ports on 127.0.0.1, remembered from one start to the next and never chosen by two stacks at once."""

import contextlib
import errno
import fcntl
import os
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from portfolio_deploy.errors import StackError

USUAL = {"ledger": 8080, "read-api": 8081, "kafka": 9092, "kafka-controller": 9093, "postgres": 5432}
_STEP = 100  # 8080, 8180, 8280, ...: a person recognises what belongs together
_HIGHEST = 65_000


class Reservations:
    """Ports that this process has chosen. Others of the same user pass them over until `release` or its end.

    Between choosing a port and the moment a started program listens on it, nothing else marks it as taken.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or Path(tempfile.gettempdir()) / f"portfolio-ports-{os.getuid()}"
        self._held: dict[int, IO[str]] = {}

    def choose(self, remembered: Mapping[str, int]) -> dict[str, int]:
        """Return a free port for each name of `USUAL`: the remembered one, else the usual one, else one like it."""
        return {name: self._choose(remembered.get(name, usual), usual) for name, usual in USUAL.items()}

    def release(self) -> None:
        """Give all reserved ports back."""
        for file in self._held.values():
            file.close()
        self._held.clear()

    def _choose(self, remembered: int, usual: int) -> int:
        for port in (remembered, *range(usual, _HIGHEST, _STEP)):
            if self._reserve(port):
                return port
        raise StackError(f"No free port on 127.0.0.1: {usual} and every {_STEP}th above it are taken; stop something.")

    def _reserve(self, port: int) -> bool:
        if port in self._held:
            return False
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._folder.stat().st_uid != os.getuid():
            raise StackError(f"{self._folder} belongs to somebody else, who must remove it (TMPDIR names another place).")
        file = (self._folder / str(port)).open("w", encoding="ascii")
        with contextlib.suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if is_free(port):
                self._held[port] = file
                return True
        file.close()
        return False


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
