"""The read side and what it is compared with: the ledger topic consumed, projected, rebuilt, folded by others."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from portfolio_projector.read_models import READ_MODELS
from tests import waiting
from tests.bench import events, processes
from tests.bench.places import Place, Wrap
from tests.bench.processes import Process, Spent
from tests.bench.writing import Done, memory_of

STREAMS = Path(__file__).parent / "comparators" / "streams"

_LIMIT_S = 550
_FOLDED = "SELECT sum(next_offset)::bigint FROM projector.positions WHERE read_model = ANY($1)"
_FORGET = """
DELETE FROM projector.positions WHERE read_model = 'backlogs';
DELETE FROM projector.heads WHERE read_model = 'backlogs';
TRUNCATE projector.backlog_products, projector.backlog_items, projector.backlog_moves, projector.backlog_sizes;
"""


async def raw(place: Place, count: int) -> Done:
    """Consume the topic and do nothing with it."""
    command = processes.python("tests.bench.comparators.raw_consume", place.kafka, place.topics.ledger.name, events.PARTITIONS)
    return await _told(place, command, count)


async def project(place: Place, count: int, *, wrap: Wrap = processes.python) -> Done:
    """Project the whole topic into empty tables."""
    return await _project(place, [model.name for model in READ_MODELS], count, wrap)


async def rebuild(place: Place, count: int) -> Done:
    """Make the read model `backlogs` anew, beside the others, which have everything."""
    async with place.connection() as connection:
        await connection.execute(_FORGET)
    return await _project(place, ["backlogs"], count, processes.python)


async def plain(place: Place, count: int, *, seconds: float) -> Done:
    """Let a plain FastStream handler write entries in a transaction each, for so long."""
    topic = place.topics.ledger.name
    command = processes.python("tests.bench.comparators.plain_faststream", place.kafka, topic, place.admin, seconds)
    return await _told(place, command, count)


async def streams(place: Place, count: int) -> Done:
    """Let Kafka Streams fold the topic twice; the first time warms the virtual machine up."""
    classpath = f"{STREAMS / 'target' / 'classes'}:{(STREAMS / 'target' / 'classpath').read_text().strip()}"
    with tempfile.TemporaryDirectory() as state:
        options = (f"-Djava.io.tmpdir={state}", "-cp", classpath, "bench.Main")
        command = ("java", *options, place.kafka, place.topics.ledger.name, str(count), "2")
        async with processes.running(command, place.folder) as process:
            await _round(place, process)
            return await _round(place, process)


async def build_streams(folder: Path) -> str | None:
    """Build the program of Kafka Streams; return why it cannot be, None when it is built."""
    if shutil.which("java") is None or shutil.which("mvn") is None:
        return "needs Java 17 or newer and Maven"
    async with processes.running(("mvn", "-q", "-B", "-f", str(STREAMS), "compile"), folder) as maven:
        code, said = await maven.end()
    return None if code == 0 else f"Maven cannot build it: {said[-200:].strip()}"


async def _told(place: Place, command: Sequence[str], count: int) -> Done:
    """Run a program that says itself when it begins and ends."""
    async with processes.running(command, place.folder) as process:
        done = await _round(place, process)
    if done.events > count:
        raise RuntimeError(f"There are {count} events, {done.events} were handled.")
    return done


async def _round(place: Place, process: Process) -> Done:
    first = await process.hear("begin")
    before = place.machine.spent(first["cpu"])
    last = await process.hear("end")
    return Done(last["done"] - first["done"], place.machine.spent(last["cpu"]) - before, [])


async def _project(place: Place, models: list[str], count: int, wrap: Wrap) -> Done:
    """Run the projector until it has everything; count from the moment when it has looked where it stands."""
    begun: tuple[int, Spent] | None = None
    async with place.connection() as connection, place.service("portfolio_projector", "run", wrap=wrap) as (projector, _):

        async def done() -> bool:
            nonlocal begun
            projector.check()
            folded = await connection.fetchval(_FOLDED, models)
            if folded is not None and begun is None:
                begun = folded // len(models), place.machine.spent(processes.cpu_of(projector.pid))
                del samples[:-1]  # how a process grows while it starts is no growth
            return folded is not None and folded >= count * len(models)

        async with memory_of(projector) as samples:
            await waiting.until(done, "everything is projected", limit_s=_LIMIT_S)
        if begun is None or begun[0] >= count:
            raise RuntimeError("The projector was done before it could be measured: take more events.")
        already, before = begun
        return Done(count - already, place.machine.spent(processes.cpu_of(projector.pid)) - before, samples)
