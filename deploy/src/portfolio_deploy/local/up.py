"""`portfolio up`: the whole system on this machine, in the foreground, until it is told to stop."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from portfolio_deploy import migrations
from portfolio_deploy.local import services
from portfolio_deploy.local.ends import Ends
from portfolio_deploy.local.local_stack import LocalStack
from portfolio_deploy.local.programs import Program
from portfolio_deploy.local.reports import Report
from portfolio_deploy.local.supervisor import Supervisor

Services = Callable[[LocalStack], Sequence[Program]]
Afterwards = Callable[[LocalStack, Report], Awaitable[None]]


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
    afterwards: Afterwards | None = None,
) -> None:
    """Run until there is a reason to end (see `Ends`), then stop everything; another Ctrl-C ends it at once.

    With `with_parent` the end of the process that started this one, however it ends, is such a reason too. `afterwards` is done
    beside everything else once all is ready.

    Raises:
        StackError: something cannot be started, or refuses to run again and again. Everything else has been stopped.

    """
    stack = LocalStack(directory, report=report, fresh=fresh)
    work = asyncio.create_task(_work(stack, report, programs, afterwards))

    def stop() -> None:
        report.say("Stopping")
        if not stack.stopping:
            work.cancel()

    with Ends(stop=stop, hurry=stack.kill, with_parent=with_parent) as ends:
        try:
            await work
        except asyncio.CancelledError:
            if not ends.told:
                raise
    report.say("Stopped; nothing runs any more, and everything is kept for the next start")


async def _work(stack: LocalStack, report: Report, programs: Services, afterwards: Afterwards | None) -> None:
    async with stack:
        ran = await migrations.migrate(stack.postgres, passwords=stack.record.passwords)
        if ran:
            report.say(f"Migrated the database: {len(ran)} steps")
        ready = asyncio.Event()
        wanted = programs(stack)
        report.say(f"Starting {', '.join(program.title for program in wanted)}")
        welcome = asyncio.create_task(_welcome(stack, report, ready, afterwards))
        try:
            await Supervisor(stack, report).run(wanted, ready=ready)
        finally:
            welcome.cancel()


async def _welcome(stack: LocalStack, report: Report, ready: asyncio.Event, afterwards: Afterwards | None) -> None:
    await ready.wait()
    parts = [child.program for child in stack.children.values() if child.program.address is not None]
    parts.sort(key=lambda program: not str(program.address).startswith("http"))
    width = max(len(program.title) for program in parts)
    report.say("")
    for program in parts:
        report.say(f"{program.title:<{width}}  {program.address}")
    report.say("")
    said = [await asyncio.to_thread(services.look, stack.record.ports[name]) for name in ("ledger", "read-api")]
    for what, command in dict.fromkeys((still.what, still.command) for health in said for still in health.still):
        report.say(f"Waits for you: {what}: {command}")
    report.say(f"State and logs are in {stack.directory.path}. Ctrl-C stops everything and loses nothing.")
    report.say(f"To look around in a browser: http://127.0.0.1:{stack.record.ports['read-api']}")
    report.say(
        f"A first thing to do: publish an event, as the README shows or at http://127.0.0.1:{stack.record.ports['ledger']}/docs"
    )
    if afterwards is not None:
        await afterwards(stack, report)
