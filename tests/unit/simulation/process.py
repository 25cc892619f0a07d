"""Processes: what may die, stop, sleep too long or lose its lock between any two things that it does outside of itself."""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.unit.simulation.truth import NOW
from tests.unit.simulation.world import World

_PAUSES = (0.05, 0.3, 1.0, 3.0)
_LATENCIES = (0.0, 0.001, 0.002, 0.005, 0.02, 0.1)


class Away(ConnectionError):
    """Broker or database cannot be reached, or this process is no more."""


class Process:
    """One life of a program. What it does outside goes through `step`, before and after."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.dead = False
        self._tasks = list[asyncio.Task[None]]()
        self._paused_until = 0.0
        self._disowned_until = 0.0
        self._skew = timedelta(seconds=world.dice.uniform(-20, 20))

    def start(self, works: Sequence[Coroutine[Any, Any, None]]) -> None:
        """Begin to work."""
        self._tasks = [asyncio.ensure_future(work) for work in works]

    def kill(self) -> None:
        """Let nothing of it reach the outside from now on."""
        self.dead = True
        self.stop()

    def stop(self) -> None:
        """Ask it to end, as SIGTERM does."""
        for task in self._tasks:
            task.cancel()

    async def wait(self, seconds_max: float | None = None) -> bool:
        """Wait until it has ended, and tell whether it did."""
        _, running = await asyncio.wait(self._tasks, timeout=seconds_max)
        return not running

    def alive(self) -> bool:
        """Tell whether it believes that the partitions are its own."""
        return self._disowned_until <= self.world.now

    def now(self) -> datetime:
        """Return what its clock says; it may jump."""
        if self.world.strikes(0.01, "clock jumped"):
            self._skew = timedelta(seconds=self.world.dice.uniform(-20, 20))
        return NOW + timedelta(seconds=self.world.now) + self._skew

    async def step(self, service: str) -> None:
        """Let time pass, and whatever may happen to a process on its way to `kafka` or `postgres` or back."""
        world, climate = self.world, self.world.climate
        if self.dead:
            raise Away("this process is no more")
        if world.strikes(climate.kills, "killed"):
            self.kill()
        elif world.strikes(climate.stops, "stopped"):
            self.stop()
        elif world.strikes(climate.pauses, "paused"):
            self._paused_until = world.now + world.dice.choice(_PAUSES)
        elif world.strikes(climate.disowned, "disowned"):
            self._disowned_until = world.now + 0.5
        await asyncio.sleep(max(world.dice.choice(_LATENCIES), self._paused_until - world.now))
        if self._paused_until > world.now:  # something else of this process met the pause meanwhile
            await asyncio.sleep(self._paused_until - world.now)
        if self.dead:
            raise Away("this process is no more")
        if world.is_away(service):
            raise Away(f"{service} is away")
