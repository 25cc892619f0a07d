"""The whole system as processes: a ledger, a projector and a read API on the Kafka and PostgreSQL of the tests."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import httpx

from portfolio_deploy.ports import Reservations
from portfolio_deploy.programs import Child, Program

_READY_LIMIT_S = 60


@dataclass(frozen=True, kw_only=True)
class System:
    """A running system, by the addresses that a user has."""

    ledger: str
    read_api: str
    kafka: str


@contextlib.asynccontextmanager
async def running(*, kafka: str, ledger: str, projector: str, folder: Path) -> AsyncGenerator[System]:
    """Start the services with these bootstrap servers and connection strings; stop them at the end."""
    reservations = Reservations()
    ports = reservations.choose({})
    services = {
        "ledger": (["portfolio_ledger", "run"], ledger, ports["ledger"]),
        "projector": (["portfolio_projector", "run"], projector, None),
        "read-api": (["portfolio_projector", "serve"], projector, ports["read-api"]),
    }
    children = list[Child]()
    try:
        for name, (command, postgres, port) in services.items():
            program = Program(
                name=name,
                title=name,
                command=[sys.executable, "-m", *command],
                environment={
                    "PORTFOLIO_KAFKA": kafka,
                    "PORTFOLIO_POSTGRES": postgres,
                    "PORTFOLIO_CREATE_TOPICS": "true",
                    "PORTFOLIO_PARTITIONS": "4",
                    **({"PORTFOLIO_PORT": str(port)} if port else {}),
                },
                ready_limit_s=_READY_LIMIT_S,
            )
            children.append(await Child.start(program, logs=folder, run=folder))
        system = System(
            ledger=f"http://127.0.0.1:{ports['ledger']}", read_api=f"http://127.0.0.1:{ports['read-api']}", kafka=kafka
        )
        try:
            async with asyncio.timeout(_READY_LIMIT_S), httpx.AsyncClient() as client:
                await _until_ready(client, system.ledger)
                await _until_ready(client, system.read_api)
        except TimeoutError:
            raise AssertionError(f"The system is not ready after {_READY_LIMIT_S} s.\n{_last_words(folder)}") from None
        yield system
    finally:
        for child in reversed(children):
            await child.stop()
        reservations.release()


async def _until_ready(client: httpx.AsyncClient, address: str) -> None:
    while True:
        with contextlib.suppress(httpx.TransportError):
            if (await client.get(f"{address}/health/ready")).is_success:
                return
        await asyncio.sleep(0.1)


def _last_words(folder: Path) -> str:
    return "\n".join(f"== {log.name}\n{log.read_text()[-4000:]}" for log in sorted(folder.glob("*.log")))
