"""The command `projector`: `run` folds the log into the read models, `serve` answers reads; the others are for operators."""

import argparse
import asyncio
import gc
import getpass
import os
import signal
import sys
from collections.abc import Coroutine
from typing import TypeVar, cast

import uvloop
from pydantic import ValidationError
from pydantic_settings import BaseSettings

from portfolio_log.topics import Topics, WrongTopic
from portfolio_projector import logs, manual, sessions
from portfolio_projector.projecting import checking
from portfolio_projector.rebuilding import options as rebuilding
from portfolio_projector.refusals import RefusedToRun
from portfolio_projector.repairing import options as repair_options
from portfolio_projector.settings import CheckSettings, RepairSettings, RunSettings, ServeSettings

FINE, REFUSED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130

_STOP_SECONDS_MAX = 5.0

_EPILOG = """examples:
  PORTFOLIO_KAFKA=127.0.0.1:9092 PORTFOLIO_POSTGRES=postgresql://portfolio_projector:...@127.0.0.1/portfolio projector run
  PORTFOLIO_POSTGRES=postgresql://portfolio_projector:...@127.0.0.1/portfolio PORTFOLIO_PORT=8081 projector serve

exit codes: 0 stopped when asked to, 1 refused to run (check: something is wrong), 2 wrong use or configuration.
Logs are JSON lines on stderr.
Start as many of each as you like: those that run share the partitions out among them, those that serve need no others."""

Configuration = TypeVar("Configuration", bound=BaseSettings)


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parsed = _parser().parse_args(arguments)
    chosen: str = parsed.command
    logs.configure(f"projector-{chosen}")
    try:
        if chosen == "run":
            from portfolio_projector.projecting import running  # noqa: PLC0415  `check` runs every few seconds and does without

            settings = _configured(RunSettings)
            _spare_the_collector()
            return _run_until_told(running.run(settings))
        if chosen == "check":
            return _tell(asyncio.run(checking.check(_configured(CheckSettings))))
        if chosen in _OPERATORS:
            return _OPERATORS[chosen](parsed)
        from portfolio_projector.http import serving  # noqa: PLC0415  the same

        return _run_until_told(serving.serve(_configured(ServeSettings)))
    except _WrongConfiguration as error:
        return _refuse(str(error), WRONG_USE)
    except KeyboardInterrupt:
        return _refuse("interrupted", INTERRUPTED)


class _WrongConfiguration(Exception):
    """A sentence about the environment."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="projector",
        description="The read side of the portfolio ledger.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="run | serve | check | ...")
    for name, settings, what in (
        ("run", RunSettings, "follow the ledger topic and fold it into the read models"),
        ("serve", ServeSettings, "answer reads over HTTP; /docs on its address explains them"),
        ("check", CheckSettings, "tell whether the `projector run` on this machine is alive and every partition is worked on"),
        ("resume", CheckSettings, "let a portfolio, a read model in it, or a whole partition that stands still go on"),
        ("repair", RepairSettings, "put back into the log what it has lost, and set aside what follows nothing"),
        ("abandon", RepairSettings, "give up the entries of a portfolio that nobody can put back"),
        ("rebuild", CheckSettings, "build a read model anew beside the old one, compare them, and switch"),
        ("replay", RepairSettings, "fold the log of a portfolio from nothing, and compare what is kept with it"),
    ):
        command = commands.add_parser(
            name,
            help=what,
            description=manual.DESCRIPTIONS.get(name, f"{what[0].upper()}{what[1:]}."),
            epilog="environment:\n" + "\n".join(_described(settings)),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name == "resume":
            _describe_resume(command)
        elif name == "rebuild":
            rebuilding.describe_rebuild(command)
        elif name == "replay":
            rebuilding.describe_replay(command)
        elif settings is RepairSettings:
            repair_options.describe(command, abandon=name == "abandon")
    return parser


def _describe_resume(command: argparse.ArgumentParser) -> None:
    command.add_argument("what", nargs="*", metavar="[READ_MODEL] PORTFOLIO", help="what stands still, as its message names it")
    command.add_argument("--partition", type=int, metavar="N", help="instead: all portfolios of a partition of the ledger topic")
    command.add_argument("--skip", type=int, metavar="ENTRY", help="have the read model never fold the entry that it failed at")
    command.add_argument("--reason", help="why it is skipped; answers of the read model show it")
    command.add_argument("--actor", default=getpass.getuser(), help="who says so (default: who is logged in)")
    command.add_argument(
        "--rebuild", action="store_true", help="drop the rows and fold them again, even when nothing stands still"
    )
    command.add_argument(
        "--wait", type=float, default=60.0, metavar="SECONDS", help="how long to wait for the answer (default: 60)"
    )


def _described(settings: type[BaseSettings]) -> list[str]:
    return [
        f"  PORTFOLIO_{name.upper():<18} {field.description}{'' if field.is_required() else f' (default: {field.default!r})'}"
        for name, field in settings.model_fields.items()
    ]


def _configured(settings: type[Configuration]) -> Configuration:
    try:
        return settings()
    except ValidationError as error:
        problems = [
            f"PORTFOLIO_{str(problem['loc'][0]).upper()}: {problem['msg']}" if problem["loc"] else str(problem["msg"])
            for problem in error.errors()
        ]
        raise _WrongConfiguration(" ".join(problem.replace("Value error, ", "") for problem in problems)) from None


def _resume(chosen: argparse.Namespace) -> int:
    from portfolio_projector.instructions import asking  # noqa: PLC0415  see above
    from portfolio_projector.instructions.storage import Wish  # noqa: PLC0415  see above

    what: list[str] = chosen.what
    if (chosen.partition is None) == (not what) or len(what) > 2:  # noqa: PLR2004  READ_MODEL and PORTFOLIO
        return _refuse("Name a portfolio, a read model and a portfolio, or --partition N.", WRONG_USE)
    if (chosen.skip is None) != (chosen.reason is None) or (chosen.skip is not None and len(what) < 2):  # noqa: PLR2004  the same
        return _refuse("--skip ENTRY needs a --reason, a read model and a portfolio.", WRONG_USE)
    wish = Wish(
        portfolio=what[-1] if what else None,
        read_model=what[0] if len(what) > 1 else None,
        rebuild=chosen.rebuild,
        skip=chosen.skip,
        reason=chosen.reason,
        actor=chosen.actor or _who(),
    )
    settings = _configured(CheckSettings)
    topic = Topics(settings.topic_prefix).ledger.name
    try:
        answer = asyncio.run(asking.resume(settings.postgres, topic, wish, partition=chosen.partition, wait_s=chosen.wait))
    except (asking.NeverRan, *sessions.UNAVAILABLE) as error:
        return _refuse(f"The instruction could not be given: {str(error) or type(error).__name__}", REFUSED)
    if not answer.done:
        return _refuse(answer.text, REFUSED)
    print(f"projector: {answer.text}")  # noqa: T201  the command's answer
    return FINE


def _repair(chosen: argparse.Namespace) -> int:
    from portfolio_projector.repairing import command  # noqa: PLC0415  see above

    settings = _configured(RepairSettings)
    topic = Topics(settings.topic_prefix).ledger.name
    try:
        done = command.run(settings.kafka, settings.postgres, topic, chosen, who=_who())
    except command.No as no:
        return _refuse(str(no), REFUSED)
    return FINE if done else REFUSED


def _rebuild(chosen: argparse.Namespace) -> int:
    from portfolio_projector.read_models import CHRONICLES, READ_MODELS  # noqa: PLC0415  see above
    from portfolio_projector.rebuilding import command  # noqa: PLC0415  see above

    try:
        if chosen.command == "rebuild":
            done = command.rebuild(_configured(CheckSettings).postgres, chosen, READ_MODELS, CHRONICLES)
        else:
            settings = _configured(RepairSettings)
            topic = Topics(settings.topic_prefix).ledger.name
            done = command.replay(settings.kafka, settings.postgres, topic, chosen, READ_MODELS)
    except command.WrongUse as wrong:
        return _refuse(str(wrong), WRONG_USE)
    except command.No as no:
        return _refuse(str(no), REFUSED)
    return FINE if done else REFUSED


_OPERATORS = {"resume": _resume, "repair": _repair, "abandon": _repair, "rebuild": _rebuild, "replay": _rebuild}


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user with a number only, as in containers
        return str(os.getuid())


def _run_until_told(work: Coroutine[object, object, None]) -> int:
    """Run until SIGTERM or SIGINT, then give everything a few seconds to end well."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_supervise(work))


async def _supervise(work: Coroutine[object, object, None]) -> int:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    working, waiting = asyncio.create_task(work), asyncio.create_task(told.wait())
    await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if not working.done():
        working.cancel()
        await asyncio.wait({working}, timeout=_STOP_SECONDS_MAX)
        if not working.done():
            os._exit(FINE)  # what is left hangs on a broker or a database that is away; nothing is lost, checkpoints are stored
    return _outcome(working)


def _outcome(working: "asyncio.Task[None]") -> int:
    if working.cancelled():
        return FINE
    error = working.exception()
    if error is None:
        return FINE
    for refusal in _leaves(error):
        if isinstance(refusal, (WrongTopic, RefusedToRun)):
            return _refuse(str(refusal), REFUSED)
    raise error


def _spare_the_collector() -> None:
    """Leave what lives for ever out of garbage collection, and collect young objects less often: batches make many of them.

    Rows and entries are in no circles. Every 50,000 objects, looking at them took a twelfth of a long catch-up.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 50)


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        group = cast("BaseExceptionGroup[BaseException]", error)
        return [leaf for part in group.exceptions for leaf in _leaves(part)]
    return [error]


def _tell(problems: list[str]) -> int:
    for problem in problems:
        _refuse(problem, REFUSED)
    return REFUSED if problems else FINE


def _refuse(sentence: str, code: int) -> int:
    print(f"projector: {sentence}", file=sys.stderr)  # noqa: T201  the one clear sentence for whoever started it
    return code


if __name__ == "__main__":
    sys.exit(main())
