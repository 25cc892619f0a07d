"""The cases of the suite, by name."""

import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.faults import flood, load, machine, moments, observers, operators, scale, storm, unguarded, world
from tests.faults.invariants import Violation
from tests.faults.outcomes import Outcome, conclude

Length = Literal["smoke", "usual", "thorough"]

_STORM_S: dict[Length, float] = {"smoke": 20, "usual": 90, "thorough": 300}
_MOMENTS: dict[Length, int | None] = {"smoke": 4, "usual": 12, "thorough": None}
"""How many of the unlucky moments are gone through; a seed chooses which."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a run was asked for."""

    seed: str
    folder: Path
    seconds: float | None
    length: Length


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
            await storm.rage(system, asked.seed, seconds=asked.seconds or _STORM_S[asked.length])
        return await conclude("storm", system)


async def _moments(asked: Asked, folder: Path) -> Outcome:
    async with world.running(folder) as system:
        system.portfolios = load.portfolios("moments")
        async with load.running(system, asked.seed), observers.running(system, asked.seed):
            missed = await moments.strike_all(system, asked.seed, count=_MOMENTS[asked.length])
        outcome = await conclude("moments", system)
    outcome.notes += [f"never came: {name}" for name in missed]
    return outcome


async def _scale(asked: Asked, folder: Path) -> Outcome:
    return await scale.run(asked.seed, folder)


async def _flood(asked: Asked, folder: Path) -> Outcome:
    return await flood.run(asked.seed, folder, events=60_000)


async def _operators(asked: Asked, folder: Path) -> Outcome:
    return await operators.run(asked.seed, folder)


async def _disk(asked: Asked, folder: Path) -> Outcome:
    return await machine.fill_the_disk(asked.seed, folder)


async def _clock(asked: Asked, folder: Path) -> Outcome:
    return await machine.turn_the_clock(asked.seed, folder)


async def _unguarded(asked: Asked, folder: Path) -> Outcome:
    return await unguarded.run(asked.seed, folder)


CASES = {
    "storm": Case(about="faults of every kind at random, one or two at a time, under load", run=_storm),
    "moments": Case(
        about="a fault in each unlucky moment: between append and acknowledgement, inside a transaction, ...", run=_moments
    ),
    "scale": Case(about="replicas share and take over; a rolling restart that nobody notices who tries again", run=_scale),
    "flood": Case(about="publishers faster than the judge, by both doors: memory stays flat", run=_flood),
    "operators": Case(about="settings, records and topics lost by mistake, another log, an old database", run=_operators),
    "disk": Case(about="the broker's disk is full, and then it is not", run=_disk),
    "clock": Case(about="the wall clocks of all services jump", run=_clock),
    "unguarded": Case(about="guards switched off in real processes: the checker must find what they prevent", run=_unguarded),
}
SMOKE = ["storm", "moments", "unguarded"]
