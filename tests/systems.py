"""The whole system as processes: a ledger, a projector and a read API on the Kafka and PostgreSQL of the tests."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

from portfolio_deploy.local import services
from portfolio_deploy.local.ports import Reservations
from portfolio_deploy.local.programs import Child
from portfolio_deploy.local.reports import Silent


@dataclass(frozen=True, kw_only=True)
class System:
    """A running system, by the addresses that a user has; `environment` is what names it to an operator's command."""

    ledger: str
    read_api: str
    kafka: str
    environment: dict[str, str]
    _postgres: tuple[str, str]
    _folder: Path
    _children: dict[str, Child]

    @contextlib.asynccontextmanager
    async def doubled(self, folder: Path) -> AsyncGenerator["System"]:
        """Run a second of each service beside these, on the same topics and tables; give it, and be ready again after it."""
        ledger, projector = self._postgres
        async with running(kafka=self.kafka, ledger=ledger, projector=projector, folder=folder) as other:
            yield other
        await asyncio.gather(*(child.wait_ready(Silent()) for child in self._children.values()))

    async def restart(self, name: str) -> None:
        """Restart a service, and wait until it is ready, as an orchestrator does."""
        ended = self._children[name]
        await ended.stop()
        child = self._children[name] = await Child.start(ended.program, logs=self._folder, run=self._folder)
        await child.wait_ready(Silent())


@contextlib.asynccontextmanager
async def running(*, kafka: str, ledger: str, projector: str, folder: Path) -> AsyncGenerator[System]:
    """Start the services with these bootstrap servers and connection strings, as `portfolio up` does; stop them at the end.

    What they print is in `folder`; a service that does not become ready fails with its last lines.
    """
    reservations = Reservations()
    ports = reservations.choose({})
    children = dict[str, Child]()
    try:
        for program in services.programs(kafka=kafka, ledger=ledger, projector=projector, ports=ports):
            children[program.name] = await Child.start(program, logs=folder, run=folder)  # each started one is stopped
        await asyncio.gather(*(child.wait_ready(Silent()) for child in children.values()))
        yield System(
            ledger=f"http://127.0.0.1:{ports['ledger']}",
            read_api=f"http://127.0.0.1:{ports['read-api']}",
            kafka=kafka,
            environment={
                "PORTFOLIO_KAFKA": kafka,
                "PORTFOLIO_LEDGER_POSTGRES": ledger,
                "PORTFOLIO_PROJECTOR_POSTGRES": projector,
            },
            _postgres=(ledger, projector),
            _folder=folder,
            _children=children,
        )
    finally:
        for child in reversed(children.values()):
            await child.stop()
        reservations.release()
