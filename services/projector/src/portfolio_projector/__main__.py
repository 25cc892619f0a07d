"""The command `projector`: `run` folds the log into the read models, `check` looks at how it does, `serve` answers reads."""

import argparse
import asyncio
import gc
import os
import signal
import sys
from collections.abc import Coroutine
from typing import TypeVar, cast

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from portfolio_log.topics import WrongTopic
from portfolio_projector import logs
from portfolio_projector.projecting import checking
from portfolio_projector.refusals import RefusedToRun
from portfolio_projector.settings import CheckSettings, RunSettings, ServeSettings

FINE, REFUSED, WRONG_USE = 0, 1, 2

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
    chosen = _parser().parse_args(arguments).command
    logs.configure(f"projector-{chosen}")
    try:
        if chosen == "run":
            from portfolio_projector.projecting import running  # noqa: PLC0415  `check` runs every few seconds and does without

            settings = _configured(RunSettings)
            _spare_the_collector()
            return _run_until_told(running.run(settings))
        if chosen == "check":
            return _tell(asyncio.run(checking.check(_configured(CheckSettings))))
        from portfolio_projector.http import serving  # noqa: PLC0415  the same

        return _run_until_told(serving.serve(_configured(ServeSettings)))
    except _WrongConfiguration as error:
        return _refuse(str(error), WRONG_USE)


class _WrongConfiguration(Exception):
    """A sentence about the environment."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="projector",
        description="The read side of the portfolio ledger.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="run | serve | check")
    for name, settings, what in (
        ("run", RunSettings, "follow the ledger topic and fold it into the read models"),
        ("serve", ServeSettings, "answer reads over HTTP; /docs on its address explains them"),
        ("check", CheckSettings, "tell whether the `projector run` on this machine is alive and every partition is worked on"),
    ):
        commands.add_parser(
            name,
            help=what,
            description=f"{what[0].upper()}{what[1:]}.",
            epilog="environment:\n" + "\n".join(_described(settings)),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    return parser


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


def _run_until_told(work: Coroutine[object, object, None]) -> int:
    """Run until SIGTERM or SIGINT, then give everything a few seconds to end well."""
    return asyncio.run(_supervise(work))


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
    """Leave what lives for ever out of garbage collection, and collect young objects less often: batches make many of them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


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
