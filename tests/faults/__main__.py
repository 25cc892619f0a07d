"""The fault suite: the whole system as processes, faults done to them, and the invariants checked from the outside.

    make faults                                    all cases, 5 to 8 minutes
    make faults ARGS="--smoke"                     a minute or two
    make faults ARGS="--seed 7 --cases storm --seconds 300"

A seed repeats what is sent and which faults are done; when exactly they strike is the machine's affair.
Exit codes: 0 every invariant held, 1 one did not, 2 wrong use.
"""

import argparse
import asyncio
import logging
import secrets
import shutil
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from tests.faults import cases, report
from tests.faults.outcomes import Outcome

_TOLD_MAX = 20


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make faults", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", help="repeats a run; without it one is chosen and printed")
    parser.add_argument("--seconds", type=float, help="how long the storm rages (default: 90)")
    parser.add_argument("--cases", nargs="+", choices=sorted(cases.CASES), metavar="CASE", help=", ".join(cases.CASES))
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--smoke", action="store_true", help="a minute or two: a short storm and a few unlucky moments")
    length.add_argument("--thorough", action="store_true", help="every unlucky moment, and a storm of five minutes")
    parser.add_argument("--keep", action="store_true", help="keep the evidence of a run that went well, too")
    return parser


def _length(arguments: argparse.Namespace) -> cases.Length:
    return "smoke" if arguments.smoke else "thorough" if arguments.thorough else "usual"


async def run(chosen: list[str], asked: cases.Asked, console: Console) -> list[Outcome]:
    """Run cases one after another; one that breaks down counts as a violation, and the next goes on."""
    outcomes = list[Outcome]()
    for name in chosen:
        began = time.monotonic()
        console.print(f"{name}: {cases.CASES[name].about}", highlight=False, soft_wrap=True)
        outcome = await cases.run(name, asked)
        outcomes.append(outcome)
        verdict = f"skipped: {outcome.skipped}" if outcome.skipped else f"{len(outcome.violations)} violations"
        console.print(f"  {verdict}, {time.monotonic() - began:.0f} s", highlight=False)
    return outcomes


def main() -> int:
    """Run what is asked for, print the tables, and say where the evidence is when something is wrong."""
    arguments = _parser().parse_args()
    logging.basicConfig(level=logging.CRITICAL)  # brokers come and go: the clients would say so thousands of times
    seed = arguments.seed or secrets.token_hex(3)
    console = Console(width=None if sys.stdout.isatty() else 160)
    folder = Path(tempfile.mkdtemp(prefix="portfolio-faults-"))
    folder.chmod(0o755)  # PostgreSQL may run as another user
    asked = cases.Asked(seed=seed, folder=folder, seconds=arguments.seconds, length=_length(arguments))
    chosen: list[str] = arguments.cases or (cases.SMOKE if arguments.smoke else list(cases.CASES))
    console.print(f"seed {seed}", highlight=False)
    outcomes = asyncio.run(run(chosen, asked, console))
    report.tell(outcomes, console, title=f"Faults, seed {seed}")
    wrong = [(outcome.case, violation) for outcome in outcomes for violation in outcome.violations]
    for case, violation in wrong[:_TOLD_MAX]:
        console.print(f"VIOLATED in {case}: {violation}", highlight=False, soft_wrap=True, markup=False)
    if wrong:
        console.print(
            f"{len(wrong)} violations with seed {seed}; history and logs are in {folder}", highlight=False, soft_wrap=True
        )
        return 1
    if arguments.keep:
        console.print(f"history and logs are in {folder}", highlight=False, soft_wrap=True)
    else:
        shutil.rmtree(folder, ignore_errors=True)
    console.print("faults: every invariant held", highlight=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
