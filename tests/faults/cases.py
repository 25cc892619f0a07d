"""The cases of the suite, by name."""

import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from tests.faults import load, observers, storm, unguarded, world
from tests.faults.invariants import Violation
from tests.faults.outcomes import Outcome, conclude


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a run was asked for."""

    seed: str
    folder: Path
    seconds: float | None
    smoke: bool


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case: what it is about, and how it is run, in an empty folder of its own."""

    about: str
    run: Callable[[Asked, Path], Awaitable[Outcome]]


async def run(name: str, asked: Asked) -> Outcome:
    """Run a case. One that breaks down is a violation as well: something did not become ready, or end, or answer."""
    folder = asked.folder / name
    folder.mkdir(mode=0o755)
    try:
        return await CASES[name].run(asked, folder)
    except Exception as error:  # noqa: BLE001  whatever it is, the other cases are run and the tables printed
        (folder / "broken-down.txt").write_text(traceback.format_exc(), encoding="utf-8")
        return Outcome(name, violations=[Violation("I11", "broke down", f"{type(error).__name__}: {error}")])


async def _storm(asked: Asked, folder: Path) -> Outcome:
    async with world.running(folder) as system:
        system.portfolios = load.portfolios("storm", each=2)
        async with load.running(system, asked.seed), observers.running(system, asked.seed):
            await storm.rage(system, asked.seed, seconds=asked.seconds or (20 if asked.smoke else 120))
        return await conclude("storm", system)


async def _unguarded(asked: Asked, folder: Path) -> Outcome:
    return await unguarded.run(asked.seed, folder)


CASES = {
    "storm": Case(about="faults of every kind at random, one or two at a time, under load", run=_storm),
    "unguarded": Case(about="guards switched off in real processes: the checker must find what they prevent", run=_unguarded),
}
SMOKE = ["storm", "unguarded"]
