"""A real PostgreSQL on 127.0.0.1, with a password for its administrator."""

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
from pathlib import Path

import psutil

from portfolio_deploy.errors import StackError
from portfolio_deploy.local.postgres_home import Home
from portfolio_deploy.local.programs import Program, run_to_end

_CONNECT_LIMIT_S = 5
_END_LIMIT_S = 10
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # no path to be too long, and no other way in
    "max_connections": "100",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def dsn(port: int, password: str) -> str:
    """Return the administrator's connection string."""
    return f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"


def program(home: Home, *, port: int, password: str) -> Program:
    """Return PostgreSQL as a program, in a home that `prepare` has made ready."""
    settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
    return Program(
        name="postgres",
        title="PostgreSQL",
        address=f"127.0.0.1:{port}",
        port=port,
        command=(str(home.installation.programs / "postgres"), "-D", str(home.data), "-p", str(port), *settings),
        environment=_ENVIRONMENT,
        account=home.account,
        stop_signal=signal.SIGINT,  # its fast shutdown: clients are sent away, everything is written
        ready=lambda: answers(dsn(port, password)),
    )


async def prepare(home: Home, *, password: str) -> None:
    """Make the data directory where there is none, and clear away what a crash left; call when nothing of ours runs."""
    if (home.data / "PG_VERSION").exists():
        await _end_leftovers(home.data)
        return
    partial = home.folder / "data.partial"
    shutil.rmtree(partial, ignore_errors=True)
    with tempfile.NamedTemporaryFile("w", dir=home.folder, encoding="ascii") as secret:
        secret.write(password)
        secret.flush()
        if home.account is not None:
            os.chown(secret.name, home.account.user, home.account.group)
        await _initdb(home, partial, secret.name)
    partial.rename(home.data)


async def answers(connection_string: str) -> bool:
    """Tell whether PostgreSQL answers a query."""
    import asyncpg  # noqa: PLC0415  # slow to import, and `portfolio --help` needs none of it

    try:
        connection = await asyncpg.connect(connection_string, timeout=_CONNECT_LIMIT_S)
        try:
            return await connection.fetchval("SELECT true", timeout=_CONNECT_LIMIT_S)
        finally:
            await connection.close(timeout=_CONNECT_LIMIT_S)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False


_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


async def _initdb(home: Home, data: Path, secret: str) -> None:
    code, said = await run_to_end(
        (
            *(str(home.installation.programs / "initdb"), "-D", str(data), "--username=postgres", f"--pwfile={secret}"),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-instructions"),
        ),
        environment=_ENVIRONMENT,
        account=home.account,
    )
    if code != 0:
        raise StackError(f"PostgreSQL's data directory could not be made: {said}")


async def _end_leftovers(data: Path) -> None:
    """End server processes that still work on these data, and remove a pid file that now names a stranger.

    PostgreSQL itself sees through a pid file whose process is gone, but not through one whose pid was given out again.
    """
    leftovers = [process for process in psutil.process_iter() if _works_on(process, data)]
    for number in (signal.SIGINT, signal.SIGKILL):
        for process in leftovers:
            with contextlib.suppress(psutil.Error):
                process.send_signal(number)
        _, leftovers = await asyncio.to_thread(psutil.wait_procs, leftovers, _END_LIMIT_S)
        if not leftovers:
            break
    (data / "postmaster.pid").unlink(missing_ok=True)


def _works_on(process: psutil.Process, data: Path) -> bool:
    try:
        # Every server process changes into its data directory; a person's shell may have done so as well.
        return process.name().startswith("postgres") and Path(process.cwd()) == data.resolve()
    except (psutil.Error, OSError):
        return False
