# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false
"""The command `ledger`: `run` takes submissions, judges them, and answers; `resume` and `accept-loss` are for operators."""

import argparse
import asyncio
import gc
import os
import signal
import sys

import uvloop
from aiokafka.errors import KafkaError
from pydantic import ValidationError
from pydantic_settings import BaseSettings

from portfolio_ledger import application, groups, logs, sessions
from portfolio_ledger.instructions import asking
from portfolio_ledger.intake import loss
from portfolio_ledger.settings import OperatorSettings, Settings
from portfolio_log.topics import Topics, WrongTopic

FINE, REFUSED, WRONG_USE = 0, 1, 2

_STOP_SECONDS_MAX = 8.0

_EPILOG = """example:
  PORTFOLIO_KAFKA=127.0.0.1:9092 PORTFOLIO_POSTGRES=postgresql://portfolio_ledger:...@127.0.0.1/portfolio ledger run

exit codes: 0 stopped when asked to, 1 refused to run, 2 wrong use or configuration. Logs are JSON lines on stderr.
Start as many as you like: they share the partitions out among them."""

_RESUME = """What the ledger holds is compared with the log. Where the log has all of it, the portfolio (or the partition) is read
again and goes on. Where an operator has given up what the log has not (`portfolio abandon`), the portfolio is made anew from the
log. Else nothing is changed, and the answer says what is missing. The ledger that serves the partition does it; while none runs,
the instruction waits for one."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    chosen = _parser().parse_args(arguments)
    if not __debug__:
        return _refuse("Python's -O takes away the assertions that the Kafka client stands on: run without it.", WRONG_USE)
    logs.configure("ledger")
    try:
        if chosen.command == "resume":
            return asyncio.run(_resume(OperatorSettings(), chosen))  # type: ignore[call-arg]  # from the environment
        settings = Settings()  # type: ignore[call-arg]  # its values come from the environment
    except ValidationError as error:
        return _refuse(_sentence(error), WRONG_USE)
    if chosen.command == "accept-loss":
        return asyncio.run(_accept_loss(settings, chosen.partition))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_supervise(settings))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ledger",
        description="The write side of the portfolio ledger.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="run | resume | accept-loss")
    environment = "environment:\n" + "\n".join(_described())
    run = "take submissions over HTTP and from Kafka, judge them, and answer"
    commands.add_parser(
        "run",
        help=run,
        description=f"{run.capitalize()}.",
        epilog=environment,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_resume(
        commands.add_parser(
            "resume",
            help="let a stopped portfolio, or a partition that has lost its log, go on after the log was put right",
            description=_RESUME,
            epilog="environment:\n"
            + "\n".join(_described(OperatorSettings))
            + "\n\nexit codes: 0 it goes on, 1 it does not, 2 wrong use",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    )
    accept = commands.add_parser(
        "accept-loss",
        help="go on with a partition whose oldest submissions expired before they were judged",
        description="The ledger refuses to serve a partition when submissions in it were deleted before they were judged. This "
        "accepts that they are lost: the partition goes on with the first one that is still there.",
        epilog=environment,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    accept.add_argument("partition", type=int, help="the partition of the intake topic, as the ledger's message names it")
    return parser


def _add_resume(resume: argparse.ArgumentParser) -> None:
    which = resume.add_mutually_exclusive_group(required=True)
    which.add_argument("portfolio", nargs="?", help="the portfolio, as the ledger's message names it")
    which.add_argument("--partition", type=int, metavar="N", help="all portfolios of a partition of the ledger topic")
    resume.add_argument(
        "--rebuild", action="store_true", help="make the portfolio anew from the log, even when it is not stopped"
    )
    resume.add_argument(
        "--wait", type=float, default=60.0, metavar="SECONDS", help="how long to wait for the answer (default: 60)"
    )


def _described(settings: type[BaseSettings] = Settings) -> list[str]:
    return [
        f"  PORTFOLIO_{name.upper():<16} {field.description}{'' if field.is_required() else f' (default: {field.default!r})'}"
        for name, field in settings.model_fields.items()
    ]


async def _resume(settings: OperatorSettings, chosen: argparse.Namespace) -> int:
    if chosen.rebuild and chosen.portfolio is None:
        return _refuse("--rebuild is for one portfolio: name it.", WRONG_USE)
    topic = Topics(settings.topic_prefix).ledger.name
    try:
        answer = await asking.resume(
            settings.postgres,
            topic,
            portfolio=chosen.portfolio,
            partition=chosen.partition,
            rebuild=chosen.rebuild,
            wait_s=chosen.wait,
        )
    except (asking.NeverRan, *sessions.UNAVAILABLE) as error:
        return _refuse(f"The instruction could not be given: {str(error) or type(error).__name__}", REFUSED)
    if not answer.done:
        return _refuse(answer.text, REFUSED)
    print(f"ledger: {answer.text}")  # noqa: T201  the command's answer
    return FINE


async def _accept_loss(settings: Settings, partition: int) -> int:
    topic = Topics(settings.topic_prefix).intake.name
    try:
        first = await loss.accept(settings.kafka, settings.postgres, topic=topic, partition=partition)
    except loss.NothingLost as fine:
        print(fine)  # noqa: T201  the command's answer
        return FINE
    except (loss.NoSuchPartition, KafkaError, *sessions.UNAVAILABLE) as error:
        return _refuse(f"The loss could not be accepted: {str(error) or type(error).__name__}", REFUSED)
    print(f"Intake of partition {partition} goes on at offset {first}.")  # noqa: T201  the command's answer
    return FINE


async def _supervise(settings: Settings) -> int:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        listening = application.listen(settings)
    except application.CannotListen as error:
        return _refuse(str(error), REFUSED)
    _spare_the_collector()
    work = asyncio.create_task(application.run(settings, stop, listening))
    told = asyncio.create_task(stop.wait())
    await asyncio.wait({work, told}, return_when=asyncio.FIRST_COMPLETED)
    if not work.done():
        await asyncio.wait({work}, timeout=_STOP_SECONDS_MAX)
        if not work.done():
            os._exit(FINE)  # what is left hangs on a broker or a database that is away; nothing is lost by ending now
    told.cancel()
    return _outcome(work)


def _spare_the_collector() -> None:
    """Leave what lives for ever out of garbage collection, and collect young objects less often: batches make many of them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def _outcome(work: "asyncio.Task[None]") -> int:
    error = work.exception()
    if error is None:
        return FINE
    for refusal in groups.leaves(error):
        if isinstance(refusal, WrongTopic):
            return _refuse(str(refusal), REFUSED)
    raise error


def _sentence(error: ValidationError) -> str:
    problems = [
        f"PORTFOLIO_{str(problem['loc'][0]).upper()}: {problem['msg']}" if problem["loc"] else str(problem["msg"])
        for problem in error.errors()
    ]
    return " ".join(problem.replace("Value error, ", "") for problem in problems)


def _refuse(sentence: str, code: int) -> int:
    print(f"ledger: {sentence}", file=sys.stderr)  # noqa: T201  the one clear sentence for whoever started it
    return code


if __name__ == "__main__":
    sys.exit(main())
