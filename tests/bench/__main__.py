"""Measures the system against its goals, and against what others would have built, in one run on the same events.

    make bench                                              a few minutes
    make bench ARGS="--events 10000 --repeats 1"            about a minute
    make bench ARGS="--events 1000000 --repeats 1 --only ingest project"
                                                            memory over a million events, first half beside second half

Rates are per CPU second and comparisons are ratios within a run, so that a busy machine does not decide. Each repeat has topics
and a database of its own. Nothing here passes or fails: it prints figures, and the goals beside them.
"""

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path

from rich.console import Console

from tests import stacks
from tests.bench import events, places
from tests.bench.figures import Report
from tests.bench.rounds import PARTS, Options, Round

_EVENTS_MIN = 5000


def parse(arguments: list[str] | None = None) -> tuple[Options, bool]:
    """Return what to measure, and whether JSON is wanted."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=200_000, help=f"events in a round, from {_EVENTS_MIN:,} (default: 200,000)")
    parser.add_argument("--seed", type=int, default=1, help="what the events are made from (default: 1)")
    parser.add_argument("--repeats", type=int, default=3, help="rounds; figures are their medians (default: 3)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument(
        "--profile", action="store_true", help="also tell where judge and projector spend their time, from one more round"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = parser.parse_args(arguments)
    if chosen.events < _EVENTS_MIN or chosen.repeats < 1:
        parser.error(f"at least {_EVENTS_MIN} events and one repeat are needed")
    count = chosen.events // events.PORTFOLIOS * events.PORTFOLIOS
    return Options(count, chosen.seed, chosen.repeats, frozenset(chosen.only), chosen.profile), chosen.json


@contextlib.asynccontextmanager
async def stack(folder: Path) -> AsyncGenerator[stacks.Stack]:
    """Start Kafka and PostgreSQL on this machine, where CPU time can be told apart, unless another stack is asked for."""
    os.environ.setdefault("PORTFOLIO_TEST_STACK", "embedded")
    kind, _ = stacks.choose()
    (folder / "stack").mkdir()
    async with stacks.running(kind, folder / "stack") as running:
        yield running


async def measure(options: Options) -> Report:
    """Run all rounds."""
    progress = Console(stderr=True)
    report = Report(f"{options.events:,} events, seed {options.seed}, {events.PARTITIONS} partitions, {options.repeats} repeats")
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        async with stack(folder) as running:
            for number in range(options.repeats + options.profile):
                part = folder / f"round-{number}"
                part.mkdir()
                async with places.fresh(running, part) as place:
                    round_ = Round(options, report, place, lambda text: progress.print(text, style="dim"))
                    await (round_.profile() if number == options.repeats else round_.run(last=number == options.repeats - 1))
    return report


def main() -> None:
    """Measure and print."""
    options, as_json = parse()
    report = asyncio.run(measure(options))
    if as_json:
        report.print_json(sys.stdout.write)
    else:
        report.print()


if __name__ == "__main__":
    main()
