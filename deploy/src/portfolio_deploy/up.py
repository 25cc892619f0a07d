"""`portfolio up`: the whole system on this machine, in the foreground, until it is told to stop."""

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

from portfolio_deploy import migrations, services
from portfolio_deploy.local_stack import LocalStack
from portfolio_deploy.programs import Program
from portfolio_deploy.reports import Report
from portfolio_deploy.supervisor import Supervisor

_LOOK_AT_PARENT_S = 0.5

Services = Callable[[LocalStack], Sequence[Program]]


def own_services(stack: LocalStack) -> Sequence[Program]:
    """Return the system's own services on this stack."""
    passwords = stack.record.passwords
    return services.programs(
        kafka=stack.kafka,
        ledger=migrations.dsn(stack.postgres, role="portfolio_ledger", password=passwords["portfolio_ledger"]),
        projector=migrations.dsn(stack.postgres, role="portfolio_projector", password=passwords["portfolio_projector"]),
        ports=stack.record.ports,
    )


async def up(
    directory: Path,
    *,
    report: Report,
    fresh: bool = False,
    with_parent: bool = False,
    programs: Services = own_services,
) -> None:
    """Run until SIGINT, SIGTERM or SIGHUP (a closed terminal), then stop everything; a second signal ends it at once.

    With `with_parent` the end of the process that started this one, however it ends, is such a signal too.

    Raises:
        StackError: something cannot be started, or refuses to run again and again. Everything else has been stopped.

    """
    stack = LocalStack(directory, report=report, fresh=fresh)
    work = asyncio.create_task(_work(stack, report, programs))
    told = 0

    def stop() -> None:
        nonlocal told
        told += 1
        if told == 1 and not stack.stopping:
            report.say("Stopping")
            work.cancel()
        else:
            stack.kill()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup means: stay
            loop.add_signal_handler(number, stop)
    watch = asyncio.create_task(_watch_parent(stop)) if with_parent else None
    try:
        await work
    except asyncio.CancelledError:
        if not told:
            raise
    finally:
        if watch is not None:
            watch.cancel()
    report.say("Stopped; nothing runs any more, and everything is kept for the next start")


async def _watch_parent(stop: Callable[[], None]) -> None:
    parent = os.getppid()
    while os.getppid() == parent:  # noqa: ASYNC110  # nothing announces the end of a parent, everywhere
        await asyncio.sleep(_LOOK_AT_PARENT_S)
    stop()


async def _work(stack: LocalStack, report: Report, programs: Services) -> None:
    async with stack:
        ran = await migrations.migrate(stack.postgres, passwords=stack.record.passwords)
        if ran:
            report.say(f"Migrated the database: {len(ran)} steps")
        ready = asyncio.Event()
        wanted = programs(stack)
        report.say(f"Starting {', '.join(program.title for program in wanted)}")
        welcome = asyncio.create_task(_welcome(stack, report, ready))
        try:
            await Supervisor(stack, report).run(wanted, ready=ready)
        finally:
            welcome.cancel()


async def _welcome(stack: LocalStack, report: Report, ready: asyncio.Event) -> None:
    await ready.wait()
    parts = [child.program for child in stack.children.values() if child.program.address is not None]
    parts.sort(key=lambda program: not str(program.address).startswith("http"))
    width = max(len(program.title) for program in parts)
    report.say("")
    for program in parts:
        report.say(f"{program.title:<{width}}  {program.address}")
    report.say("")
    report.say(f"State and logs are in {stack.directory.path}. Ctrl-C stops everything and loses nothing.")
    report.say(
        f"A first thing to do: publish an event, as the README shows or at http://127.0.0.1:{stack.record.ports['ledger']}/docs"
    )
