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
    """A running system, by the addresses that a user has."""

    ledger: str
    read_api: str
    kafka: str


@contextlib.asynccontextmanager
async def running(*, kafka: str, ledger: str, projector: str, folder: Path) -> AsyncGenerator[System]:
    """Start the services with these bootstrap servers and connection strings, as `portfolio up` does; stop them at the end.

    What they print is in `folder`; a service that does not become ready fails with its last lines.
    """
    reservations = Reservations()
    ports = reservations.choose({})
    children = list[Child]()
    try:
        for program in services.programs(kafka=kafka, ledger=ledger, projector=projector, ports=ports):
            children.append(await Child.start(program, logs=folder, run=folder))  # one by one: each started one is stopped
        await asyncio.gather(*(child.wait_ready(Silent()) for child in children))
        yield System(ledger=f"http://127.0.0.1:{ports['ledger']}", read_api=f"http://127.0.0.1:{ports['read-api']}", kafka=kafka)
    finally:
        for child in reversed(children):
            await child.stop()
        reservations.release()
