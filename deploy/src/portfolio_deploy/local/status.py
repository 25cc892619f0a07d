"""`portfolio down` and `portfolio status`: what another terminal can ask of a running local stack."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from portfolio_deploy.errors import StackError
from portfolio_deploy.local import kafka, postgres, run_files, services
from portfolio_deploy.local.local_stack import SUPERVISOR
from portfolio_deploy.local.services import Health, Still
from portfolio_deploy.local.state_directory import Record, StateDirectory

PARTS = {"ledger": "ledger", "read-api": "read API", "projector": "projector", "kafka": "Kafka", "postgres": "PostgreSQL"}

_STOP_LIMIT_S = 120
_ANSWER_LIMIT_S = 5


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of the local stack as it is now."""

    name: str
    title: str
    running: bool
    ready: bool
    address: str | None
    pid: int | None
    still: tuple[Still, ...] = ()


async def status(directory: Path) -> list[Part]:
    """Return every part of the stack, running or not."""
    state = StateDirectory(directory)
    record = state.record()
    return list(await asyncio.gather(*(_part(state, record, name, title) for name, title in PARTS.items())))


async def down(directory: Path) -> str:
    """Stop the stack that runs on the directory, wait until it has, and return a sentence on what was done.

    Raises:
        StackError: it does not stop.

    """
    state = StateDirectory(directory)
    if not state.is_locked():
        return await _down_without_supervisor(state)
    supervisor = run_files.read(state.run, SUPERVISOR)
    if supervisor is None or not supervisor.runs():
        raise StackError(f"The stack on {state.path} is just starting or stopping; try again in a few seconds.")
    try:
        supervisor.signal(supervisor.stop_signal)
    except PermissionError as error:
        raise StackError(f"The stack on {state.path} (process {supervisor.pid}) is another user's, who can stop it.") from error
    if not await run_files.wait_for_end([supervisor], _STOP_LIMIT_S):
        raise StackError(f"The stack on {state.path} (process {supervisor.pid}) did not stop within {_STOP_LIMIT_S} s.")
    return f"Stopped the stack on {state.path}."


async def _down_without_supervisor(state: StateDirectory) -> str:
    if not any(file.runs() for file in run_files.read_all(state.run)):
        return f"Nothing runs on {state.path}."
    state.acquire()
    try:
        ended = await run_files.end_stale(state.run)
    finally:
        state.release()
    return f"Ended what a killed stack had left on {state.path}: {', '.join(ended)}."


async def _part(state: StateDirectory, record: Record | None, name: str, title: str) -> Part:
    file = run_files.read(state.run, name)
    if file is None or record is None or not file.runs():
        return Part(name=name, title=title, running=False, ready=False, address=None, pid=None)
    try:
        async with asyncio.timeout(_ANSWER_LIMIT_S):
            health = await _CHECKS[name](record)
    except TimeoutError:
        health = Health()
    return Part(name=name, title=title, running=True, ready=health.ready, address=file.address, pid=file.pid, still=health.still)


async def _kafka(record: Record) -> Health:
    return Health(ready=await kafka.answers(f"127.0.0.1:{record.ports['kafka']}"))


async def _postgres(record: Record) -> Health:
    return Health(ready=await postgres.answers(postgres.dsn(record.ports["postgres"], record.passwords["postgres"])))


async def _ledger(record: Record) -> Health:
    return await asyncio.to_thread(services.look, record.ports["ledger"])


async def _read_api(record: Record) -> Health:
    return await asyncio.to_thread(services.look, record.ports["read-api"])


async def _runs(record: Record) -> Health:
    """Tell that a service without an interface, which runs, is as ready as can be told from outside."""
    return Health(ready=bool(record.stack))


_CHECKS: dict[str, Callable[[Record], Awaitable[Health]]] = {
    "ledger": _ledger,
    "read-api": _read_api,
    "projector": _runs,
    "kafka": _kafka,
    "postgres": _postgres,
}
