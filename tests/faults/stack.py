"""Kafka and PostgreSQL as processes that are killed, stopped and started again, with a listener of Kafka's for each proxy."""

import asyncio
import contextlib
import signal
from collections.abc import Mapping
from pathlib import Path

import psutil

from portfolio_deploy.local.local_stack import LocalStack
from portfolio_deploy.local.ports import Reservations
from portfolio_deploy.local.programs import Child, Program
from portfolio_deploy.local.reports import Silent


class FaultyStack(LocalStack):
    """The local stack, whose Kafka also tells clients of further listeners: each is reached through a proxy's port.

    `proxies` are the proxies' ports by the name of a listener; `listeners` the ports on which Kafka itself listens for them.
    With `kafka_folder` its data are there. Whoever does something to one of the two holds its lock in `busy` meanwhile.
    """

    def __init__(
        self, directory: Path, proxies: Mapping[str, int], reservations: Reservations, *, kafka_folder: Path | None = None
    ) -> None:
        super().__init__(directory)
        if kafka_folder is not None:
            self.directory.kafka = kafka_folder
        self._proxies = proxies
        self._reserved = reservations
        self.listeners = {name: reservations.choose({})["kafka"] for name in proxies}
        self.busy = {name: asyncio.Lock() for name in ("kafka", "postgres")}
        self._known = dict[str, Program]()

    async def kill(self, name: str) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]  one of the two, not everything at once
        """End one of the two with SIGKILL."""
        await self.children[name].kill()

    async def terminate(self, name: str) -> None:
        """Ask one of the two to end, as an operator does."""
        await self.children[name].stop()

    async def again(self, name: str) -> None:
        """Start one that has ended, and wait until it does its work."""
        if name == "postgres":
            await self._prepare_postgres(self.record)  # ends what the killed one left behind
        child = await self.start(self._known[name])
        await child.wait_ready(Silent())

    def pause(self, name: str) -> None:
        """Stop it and all its processes where they are."""
        for process in self._family(name):
            with contextlib.suppress(psutil.Error):
                process.send_signal(signal.SIGSTOP)

    def go_on(self, name: str) -> None:
        """Let it go on."""
        for process in self._family(name):
            with contextlib.suppress(psutil.Error):
                process.send_signal(signal.SIGCONT)

    def child(self, name: str) -> Child:
        """Return the process."""
        return self.children[name]

    def _family(self, name: str) -> list[psutil.Process]:
        with contextlib.suppress(psutil.Error):
            parent = psutil.Process(self.children[name].pid)
            return [parent, *parent.children(recursive=True)]
        return []

    def _add(self, program: Program) -> None:
        if program.name == "kafka":
            self._listen(Path(program.command[-1]))
        self._known[program.name] = program
        super()._add(program)

    def _listen(self, properties: Path) -> None:
        """Add the listeners to Kafka's settings."""
        lines = list[str]()
        for line in properties.read_text(encoding="utf-8").splitlines():
            if line.startswith("listeners="):
                lines.append(line + "".join(f",{name}://127.0.0.1:{port}" for name, port in self.listeners.items()))
            elif line.startswith("advertised.listeners="):
                lines.append(line + "".join(f",{name}://127.0.0.1:{port}" for name, port in self._proxies.items()))
            elif line.startswith("listener.security.protocol.map="):
                lines.append(line + "".join(f",{name}:PLAINTEXT" for name in self._proxies))
            else:
                lines.append(line)
        properties.write_text("\n".join(lines) + "\n", encoding="utf-8")
