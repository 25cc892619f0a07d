"""Unlucky moments: a fault that strikes exactly when it hurts most, found by what passes through a proxy. Under load."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.faults.proxies import Fate, Message, Proxy, strike
from tests.faults.replicas import Replica
from tests.faults.world import World

_LEDGER, _RECEIPTS, _INTAKE = "portfolio.ledger", "portfolio.receipts", "portfolio.intake"
_LATE_S = 4.0
_STARTING_S = (0.05, 0.3, 0.6, 1.0, 1.5)

Where = Callable[[Message], bool]
Do = Callable[[World, Replica], Callable[[Message], Awaitable[Fate | None]]]


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A moment in the life of a replica of a service: where it is seen, and what happens then."""

    name: str
    kind: str
    way: str
    where: Where
    do: Do


async def strike_all(world: World, seed: str, *, count: int | None = None) -> list[str]:
    """Go through all moments, or so many that the seed chooses; return those that never came."""
    chance = random.Random(f"{seed}/moments")  # noqa: S311  a seed makes runs alike
    moments = chance.sample(MOMENTS, len(MOMENTS))[:count]
    missed = list[str]()
    for moment in moments:
        replica = chance.choice(world.of(moment.kind))
        proxy: Proxy = getattr(replica.ways, moment.way)
        with world.fault(moment.name):
            if not await strike(proxy, moment.where, moment.do(world, replica)):
                missed.append(moment.name)
        await asyncio.sleep(chance.uniform(0.2, 1.0))
        await world.heal()
    await _kill_in_a_take_over(world)
    await _kill_while_starting(world)
    return missed


async def _kill_in_a_take_over(world: World) -> None:
    """Kill one replica, and the other as soon as it appends for partitions that it has just taken."""
    for kind, way, where in (("ledger", "kafka", _appends), ("projector", "postgres", _commits)):
        first, second = world.of(kind)
        with world.fault(f"{kind}: killed while taking over"):
            await first.kill()
            await asyncio.sleep(0.4)  # its locks are free by now, and being taken
            await strike(getattr(second.ways, way), where, _killing(world, second))
            await first.start()
        await world.heal()


async def _kill_while_starting(world: World) -> None:
    """Kill replicas at several moments of their start, and let them start again."""
    for kind in ("ledger", "projector", "read-api"):
        replica = world.of(kind)[0]
        with world.fault(f"{kind}: killed while starting"):
            for seconds in _STARTING_S:
                await replica.kill()
                await replica.start()
                await asyncio.sleep(seconds)
        await world.heal()


def _killing(_: World, replica: Replica) -> Callable[[Message], Awaitable[Fate | None]]:
    """Kill the sender: what it was sending does not arrive, what was being answered is not heard."""

    async def kill(_: Message) -> Fate | None:
        await replica.kill()
        return Fate(b"", cut=True)

    return kill


def _arriving(_: World, replica: Replica) -> Callable[[Message], Awaitable[Fate | None]]:
    """Kill the sender; what it was sending arrives all the same, a while later, when others have taken over."""

    async def kill(message: Message) -> Fate | None:
        await replica.kill()
        await asyncio.sleep(_LATE_S)
        return Fate(message.data)

    return kill


def _late(_: World, __: Replica) -> Callable[[Message], Awaitable[Fate | None]]:
    """Deliver it later than its sender waits for the answer."""

    async def hold(message: Message) -> Fate | None:
        await asyncio.sleep(13)
        return Fate(message.data)

    return hold


def _sleeping(seconds: float) -> Do:
    """Stop the sender, deliver what it was sending after it has been replaced, and let it wake up to that."""

    def begin(_: World, replica: Replica) -> Callable[[Message], Awaitable[Fate | None]]:
        async def stop(message: Message) -> Fate | None:
            replica.pause()
            await asyncio.sleep(seconds)
            replica.go_on()
            return Fate(message.data)

        return stop

    return begin


def _cutting(_: World, __: Replica) -> Callable[[Message], Awaitable[Fate | None]]:
    """Cut the connection before the message arrives."""

    async def cut(_: Message) -> Fate | None:
        return Fate(b"", cut=True)

    return cut


def _cutting_after(_: World, __: Replica) -> Callable[[Message], Awaitable[Fate | None]]:
    """Let the message arrive, and cut before anything comes back."""

    async def cut(message: Message) -> Fate | None:
        message.link.deaf = True
        message.link.server.write(message.data)
        await message.link.server.drain()
        await asyncio.sleep(0.2)
        return Fate(b"", cut=True)

    return cut


def _swallowing(_: World, __: Replica) -> Callable[[Message], Awaitable[Fate | None]]:
    """Let the message arrive, and nothing ever come back."""

    async def swallow(message: Message) -> Fate | None:
        message.link.deaf = True
        return Fate(message.data)

    return swallow


def _felling(name: str) -> Do:
    """Kill Kafka or PostgreSQL when the message is about to arrive."""

    def begin(world: World, _: Replica) -> Callable[[Message], Awaitable[Fate | None]]:
        async def kill(_: Message) -> Fate | None:
            await world.stack.kill(name)
            return Fate(b"", cut=True)

        return kill

    return begin


def _appends(message: Message) -> bool:
    return message.produces(_LEDGER)


def _is_acknowledged(message: Message) -> bool:
    return message.acknowledges(_LEDGER)


def _tells(message: Message) -> bool:
    return message.produces(_RECEIPTS)


def _has_told(message: Message) -> bool:
    return message.acknowledges(_RECEIPTS)


def _publishes(message: Message) -> bool:
    return message.produces(_INTAKE)


def _has_published(message: Message) -> bool:
    return message.acknowledges(_INTAKE)


def _commits(message: Message) -> bool:
    return message.outward and b"COMMIT" in message.data


def _moments(kind: str, way: str, *strikes: tuple[str, Where, Do]) -> list[Moment]:
    return [Moment(name=f"{kind}: {name}", kind=kind, way=way, where=where, do=do) for name, where, do in strikes]


MOMENTS = [
    *_moments(
        "ledger",
        "kafka",
        ("killed before its append arrives", _appends, _killing),
        ("killed, its append arrives late", _appends, _arriving),
        ("killed between append and acknowledgement", _is_acknowledged, _killing),
        ("stopped 6 s while appending", _appends, _sleeping(6)),
        ("append cut before", _appends, _cutting),
        ("append cut after", _appends, _cutting_after),
        ("acknowledgement of an append swallowed", _appends, _swallowing),
        ("append delivered after 13 s", _appends, _late),
        ("Kafka killed while appending", _appends, _felling("kafka")),
        ("killed between append and receipt", _tells, _killing),
        ("killed before it hears that a receipt is out", _has_told, _killing),
        ("receipt cut after", _tells, _cutting_after),
        ("killed before intake has it", _publishes, _killing),
        ("killed before it hears that intake has it", _has_published, _killing),
        ("intake cut after", _publishes, _cutting_after),
        ("intake delivered after 13 s", _publishes, _late),
    ),
    *_moments(
        "ledger",
        "postgres",
        ("killed while its state is being stored", _commits, _killing),
        ("stopped 6 s while its state is being stored", _commits, _sleeping(6)),
        ("cut when its state was stored", _commits, _cutting_after),
        ("PostgreSQL killed while its state is being stored", _commits, _felling("postgres")),
    ),
    *_moments(
        "projector",
        "postgres",
        ("killed inside its transaction", _commits, _killing),
        ("stopped 6 s inside its transaction", _commits, _sleeping(6)),
        ("commit delivered 4 s late, after its death", _commits, _arriving),
        ("cut when its transaction was committed", _commits, _cutting_after),
        ("PostgreSQL killed at its commit", _commits, _felling("postgres")),
    ),
]
