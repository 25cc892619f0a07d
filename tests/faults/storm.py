"""The storm: faults of every kind at random, by a seed, under load."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

from tests.faults.proxies import Fate, Message, Proxy
from tests.faults.replicas import Replica
from tests.faults.world import World

LONG_S = 16.0
"""Longer than every time-out between the parts."""

Chance = random.Random
Do = Callable[[World, Chance], Awaitable[None]]


async def rage(world: World, seed: str, *, seconds: float) -> None:
    """Do faults, one or two at a time, until the time is over; then make everything whole."""
    chance = random.Random(f"{seed}/storm")  # noqa: S311  a seed makes runs alike
    until = time.monotonic() + seconds
    kinds, weights = list(FAULTS), [weight for weight, _ in FAULTS.values()]
    while time.monotonic() < until:
        chosen = chance.choices(kinds, weights, k=2 if chance.random() < 0.25 else 1)
        each = {kind: random.Random(chance.random()) for kind in chosen}  # noqa: S311  one of its own, whoever is quicker
        await asyncio.gather(*(FAULTS[kind][1](world, own) for kind, own in each.items()))
        await asyncio.sleep(chance.uniform(0.2, 2.5))
    await world.heal()


def _replica(kind: str) -> Callable[[World, Chance], Replica]:
    return lambda world, chance: chance.choice(world.of(kind))


def _killing(kind: str) -> Do:
    async def kill(world: World, chance: Chance) -> None:
        replica = _replica(kind)(world, chance)
        with world.fault(f"{kind}: kill -9"):
            await replica.kill()
        await asyncio.sleep(chance.uniform(0, 2))
        await replica.start()

    return kill


def _terminating(kind: str) -> Do:
    async def terminate(world: World, chance: Chance) -> None:
        replica = _replica(kind)(world, chance)
        with world.fault(f"{kind}: SIGTERM"):
            await replica.terminate()
        await asyncio.sleep(chance.uniform(0, 2))
        await replica.start()

    return terminate


def _pausing(kind: str, seconds: float) -> Do:
    async def pause(world: World, chance: Chance) -> None:
        replica = _replica(kind)(world, chance)
        with world.fault(f"{kind}: SIGSTOP {seconds:g} s"):
            replica.pause()
            await asyncio.sleep(seconds)
            replica.go_on()

    return pause


def _stack_killing(name: str) -> Do:
    async def kill(world: World, chance: Chance) -> None:
        async with world.stack.busy[name]:
            with world.fault(f"{name}: kill -9"):
                await world.stack.kill(name)
                await asyncio.sleep(chance.uniform(0, 2))
                await world.stack.again(name)

    return kill


def _stack_terminating(name: str) -> Do:
    async def terminate(world: World, chance: Chance) -> None:
        async with world.stack.busy[name]:
            with world.fault(f"{name}: SIGTERM"):
                await world.stack.terminate(name)
                await asyncio.sleep(chance.uniform(0, 1))
                await world.stack.again(name)

    return terminate


def _stack_pausing(name: str, seconds: float) -> Do:
    async def pause(world: World, _: Chance) -> None:
        async with world.stack.busy[name]:
            with world.fault(f"{name}: SIGSTOP {seconds:g} s"):
                world.stack.pause(name)
                await asyncio.sleep(seconds)
                world.stack.go_on(name)

    return pause


_TAKEN_BY = {"kafka": ("ledger", "projector"), "postgres": ("ledger", "projector", "read-api"), "http": ("ledger", "read-api")}
"""Which services take a way."""


def _proxy(way: str) -> Callable[[World, Chance], Proxy]:
    def choose(world: World, chance: Chance) -> Proxy:
        ways = chance.choice([replica for kind in _TAKEN_BY[way] for replica in world.of(kind)]).ways
        return {"kafka": ways.kafka, "postgres": ways.postgres, "http": ways.http}[way]

    return choose


def _cutting(way: str) -> Do:
    async def cut(world: World, chance: Chance) -> None:
        with world.fault(f"{way}: cut"):
            for _ in range(chance.randrange(1, 4)):
                _proxy(way)(world, chance).cut()
                await asyncio.sleep(chance.uniform(0, 0.3))

    return cut


def _cutting_within(way: str) -> Do:
    """Cut within a message: a part of its bytes arrives."""

    async def cut(world: World, chance: Chance) -> None:
        proxy, done = _proxy(way)(world, chance), asyncio.Event()

        async def within(message: Message) -> Fate | None:
            if done.is_set() or chance.random() < 0.5:
                return None
            done.set()
            return Fate(message.data[: chance.randrange(len(message.data))], cut=True)

        with world.fault(f"{way}: cut within a message"):
            await _watched(proxy, within, done)

    return cut


async def _watched(proxy: Proxy, watch: Callable[[Message], Awaitable[Fate | None]], done: asyncio.Event) -> None:
    proxy.watch = watch
    try:
        async with asyncio.timeout(3):
            await done.wait()
    except TimeoutError:
        pass  # nobody spoke
    finally:
        proxy.watch = None


def _half_open(way: str, seconds: float) -> Do:
    async def hold(world: World, chance: Chance) -> None:
        proxy = _proxy(way)(world, chance)
        with world.fault(f"{way}: half-open {seconds:g} s"):
            proxy.hold()
            await asyncio.sleep(seconds)
            proxy.cut()
            proxy.heal()

    return hold


def _late(way: str, seconds: float) -> Do:
    """Hold everything and deliver it later, also what was sent by one who has given up."""

    async def hold(world: World, chance: Chance) -> None:
        proxy = _proxy(way)(world, chance)
        with world.fault(f"{way}: held {seconds:g} s, delivered late"):
            proxy.hold()
            await asyncio.sleep(seconds)
            proxy.heal()

    return hold


def _slow(way: str) -> Do:
    async def slow(world: World, chance: Chance) -> None:
        proxy = _proxy(way)(world, chance)
        with world.fault(f"{way}: slow"):
            proxy.delay_s = chance.uniform(0.05, 0.4)
            await asyncio.sleep(4)
            proxy.delay_s = 0

    return slow


def _swallowing(way: str) -> Do:
    """Let requests through and their answers not, from one moment on."""

    async def swallow(world: World, chance: Chance) -> None:
        proxy = _proxy(way)(world, chance)
        with world.fault(f"{way}: answers swallowed"):
            for link in proxy.links:
                link.deaf = True
            await asyncio.sleep(chance.uniform(1, 4))
            proxy.cut()

    return swallow


FAULTS: dict[str, tuple[int, Do]] = {
    **{f"{kind}: kill -9": (6, _killing(kind)) for kind in ("ledger", "projector")},
    **{f"{kind}: SIGTERM": (4, _terminating(kind)) for kind in ("ledger", "projector")},
    **{f"{kind}: SIGSTOP {seconds} s": (2, _pausing(kind, seconds)) for kind in ("ledger", "projector") for seconds in (1, 6)},
    **{f"{kind}: SIGSTOP long": (1, _pausing(kind, LONG_S)) for kind in ("ledger", "projector")},
    "read-api: kill -9": (2, _killing("read-api")),
    "read-api: SIGTERM": (2, _terminating("read-api")),
    **{f"{name}: kill -9": (2, _stack_killing(name)) for name in ("kafka", "postgres")},
    **{f"{name}: SIGTERM": (1, _stack_terminating(name)) for name in ("kafka", "postgres")},
    **{f"{name}: SIGSTOP {s} s": (1, _stack_pausing(name, s)) for name in ("kafka", "postgres") for s in (1, 6)},
    **{f"{name}: SIGSTOP long": (1, _stack_pausing(name, LONG_S)) for name in ("kafka", "postgres")},
    **{f"{way}: cut": (3, _cutting(way)) for way in ("kafka", "postgres", "http")},
    **{f"{way}: cut within": (4, _cutting_within(way)) for way in ("kafka", "postgres", "http")},
    **{f"{way}: half-open": (2, _half_open(way, 5)) for way in ("kafka", "postgres", "http")},
    **{f"{way}: late": (2, _late(way, 3)) for way in ("kafka", "postgres")},
    **{f"{way}: late, long": (1, _late(way, 13)) for way in ("kafka", "postgres")},
    **{f"{way}: slow": (2, _slow(way)) for way in ("kafka", "postgres", "http")},
    **{f"{way}: swallowed": (3, _swallowing(way)) for way in ("kafka", "postgres", "http")},
}
"""What may happen, how often in proportion, and how."""
