"""One round of the benchmarks: everything once, on the same events, and what is said of it."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench import answering, events, following, pasts, sampled, writing
from tests.bench.figures import Report, at_least, at_most
from tests.bench.places import Place
from tests.bench.processes import Spent, python
from tests.bench.writing import Done

PARTS = ("ingest", "project", "rebuild", "plain", "streams", "latency", "reads", "pasts")

_PLAIN_SECONDS_MAX = 12.0
_STREAMS_WARM = 100_000
_LATENCIES = 400
_READS = 8000


@dataclass(frozen=True, slots=True)
class Options:
    """What is measured."""

    events: int
    seed: int
    repeats: int
    parts: frozenset[str]
    profile: bool


class Round:
    """One round at a place of its own. Ingesting fills the ledger topic, and everything else reads that topic."""

    def __init__(self, options: Options, report: Report, place: Place, progress: Callable[[str], None]) -> None:
        self._options = options
        self._report = report
        self._place = place
        self._say = progress
        self._portfolios = events.names()

    async def run(self, *, last: bool) -> None:
        """Measure; what does not need the whole topic is measured in the last round only."""
        if self._options.parts - {"pasts"}:
            await self._run(last=last)
        if "pasts" in self._options.parts and last:
            await self._tell_pasts()

    async def _run(self, *, last: bool) -> None:
        parts, count, report = self._options.parts, self._options.events, self._report
        ingested = await self._ingest()
        self._say("consuming raw")
        raw = _rate(await following.raw(self._place, count))
        report.add("raw aiokafka consume", raw, "events / CPU-s")
        if "ingest" in parts:
            self._tell_ingest(ingested, raw)
        projected = None
        if parts & {"project", "rebuild", "plain", "streams", "reads"}:
            self._say("projecting")
            projected = await following.project(self._place, count)
            self._tell_projected(projected, raw)
        if "rebuild" in parts:
            self._say("rebuilding")
            rate = _rate(await following.rebuild(self._place, count))
            report.add("rebuild of a read model from zero (backlogs)", rate, "events / Python CPU-s")
            report.add("  rebuild, to raw consume", rate / raw, "x", goal=at_least(0.5, "x"))
        if "plain" in parts and projected:
            await self._compare_plain(projected)
        if "streams" in parts and projected:
            await self._compare_streams(projected)
        if "latency" in parts and last:
            await self._tell_latencies()
        if "reads" in parts and last:
            await self._tell_reads()

    async def profile(self) -> None:
        """Ingest and project once more, looked at from within."""
        count = self._options.events
        seen = self._place.folder / "samples.json"

        def wrap(module: str, command: str) -> tuple[str, ...]:
            return python("tests.bench.sampled", seen, module, command)

        await writing.ingest(self._place, self._files(), count, wrap=wrap)
        self._report.add_profile("ledger, while it takes events over HTTP", sampled.shares(seen))
        await following.project(self._place, count, wrap=wrap)
        self._report.add_profile("projector, while it catches up", sampled.shares(seen))

    def _files(self) -> list[Path]:
        folder = self._place.folder / "events"
        folder.mkdir()
        options = self._options
        return events.write_batches(folder, self._portfolios, events=options.events, seed=options.seed, batch=events.BATCH)

    async def _ingest(self) -> Done:
        self._say("writing events")
        files = self._files()
        self._say("ingesting over HTTP")
        return await writing.ingest(self._place, files, self._options.events)

    def _tell_ingest(self, done: Done, raw: float) -> None:
        rate, report = _rate(done), self._report
        what = f"HTTP ingest, POST of {events.BATCH}, to recorded"
        report.add(what, rate, "events / ledger CPU-s", goal=at_least(30_000), note=_shares(done.spent))
        report.add("  ingest, to raw consume", rate / raw, "x", goal=at_least(0.15, "x"))
        report.add("  ingest, per second", done.events / done.spent.wall, "events / s")
        self._tell_memory("ledger", done)

    def _tell_projected(self, done: Done, raw: float) -> None:
        rate, report = _rate(done), self._report
        what = "projector, end to end into PostgreSQL"
        report.add(what, rate, "events / Python CPU-s", note=_shares(done.spent))
        report.add("  projector, to raw consume", rate / raw, "x", goal=at_least(0.35, "x"))
        report.add("  projector, per CPU second of all", _total_rate(done), "events / CPU-s")
        report.add("  projector, per second", done.events / done.spent.wall, "events / s")
        self._tell_memory("projector", done)

    def _tell_memory(self, name: str, done: Done) -> None:
        samples, report = done.memory_mb, self._report
        middle = len(samples) // 2
        first, second = max(samples[:middle]), max(samples[middle:])
        note = f"first half {first:.0f} MB, second half {second:.0f} MB, {len(samples)} samples"
        report.add(f"memory of the {name}, most", max(samples), "MB", goal=at_most(150, "MB"), note=note)
        report.add(f"  {name}, second half to first", second / first, "x", goal=at_most(1.1, "x"))
        report.add(f"  {name}, at the end to half way", samples[-1] / samples[middle], "x", goal=at_most(1.1, "x"))

    async def _compare_plain(self, projected: Done) -> None:
        self._say("a plain FastStream handler")
        report = self._report
        seconds = min(_PLAIN_SECONDS_MAX, max(self._options.events / 20_000, 3))
        done = await following.plain(self._place, self._options.events, seconds=seconds)
        what = "plain FastStream handler, a transaction per event"
        report.add(what, _rate(done), "events / Python CPU-s", note=_shares(done.spent))
        faster = (projected.events / projected.spent.wall) / (done.events / done.spent.wall)
        report.add("  the projector to it, events per second", faster, "x", goal=at_least(100, "x"))
        report.add("  the projector to it, per Python CPU second", _rate(projected) / _rate(done), "x")
        ours, theirs = _total_rate(projected), _total_rate(done)
        report.add("  the projector to it, per CPU second of all", ours / theirs if ours and theirs else None, "x")

    async def _compare_streams(self, projected: Done) -> None:
        self._say("Kafka Streams")
        report, what = self._report, "Kafka Streams, exactly_once_v2, RocksDB"
        why_not = await following.build_streams(self._place.folder)
        if why_not is not None:
            report.add(what, None, "events / CPU-s of all", note=why_not)
            return
        done = await following.streams(self._place, self._options.events)
        # It has no PostgreSQL: what that took meanwhile is not its own.
        total = None if done.spent.broker is None else done.spent.own + done.spent.broker
        note = None if done.spent.broker is None else f"Java {done.spent.own:.1f} s, broker {done.spent.broker:.1f} s"
        report.add(what, None if total is None else done.events / total, "events / CPU-s of all", note=note or "")
        ours = _total_rate(projected)
        ratio = ours / (done.events / total) if ours and total else None
        cold = self._options.events < _STREAMS_WARM
        note = f"below {_STREAMS_WARM:,} events its virtual machine is not warm, and this flatters the projector" if cold else ""
        report.add("  the projector to Kafka Streams, per CPU second of all", ratio, "x", goal=at_least(3, "x"), note=note)

    async def _tell_latencies(self) -> None:
        self._say("latencies")
        report = self._report
        found = await answering.latencies(self._place, seed=self._options.seed, count=_LATENCIES)
        for name, kind, p50, p99 in (("idle", "idle", 6, 20), (f"{answering.CLIENTS} clients", "busy", 20, 50)):
            report.add(f"POST to receipt, {name}, p50", found[kind]["receipt_p50"], "ms", goal=at_most(p50, "ms"))
            report.add(f"POST to receipt, {name}, p99", found[kind]["receipt_p99"], "ms", goal=at_most(p99, "ms"))
            back = found[f"{kind}, read back"]
            goal = at_most(25, "ms") if kind == "idle" else None
            report.add(f"receipt to visible in the read API, {name}, p50", back["visible_p50"], "ms", goal=goal)
            report.add(f"receipt to visible in the read API, {name}, p99", back["visible_p99"], "ms")

    async def _tell_reads(self) -> None:
        self._say("reads")
        report = self._report
        ours, new, bare = await answering.reads(self._place, self._portfolios[0], count=_READS)
        report.add("read of one row", ours.per_cpu_s, "reads / CPU-s", goal=at_least(2500))
        report.add("  of one that nobody asked for since it changed", new.per_cpu_s, "reads / CPU-s")
        report.add("  the same bytes from bare ASGI", bare.per_cpu_s, "reads / CPU-s")
        report.add("  bare is cheaper", bare.per_cpu_s / ours.per_cpu_s, "x", goal=at_most(1.3, "x"))
        report.add("  read of one row per second", ours.per_s, "reads / s", note=f"p50 {ours.p50:.1f} ms, p99 {ours.p99:.1f} ms")

    async def _tell_pasts(self) -> None:
        """Compare pasts with presents; they come last, since they write portfolios of their own into the topic."""
        self._say("pasts")
        report, options = self._report, self._options
        made = await pasts.load(self._place, seed=options.seed, count=options.events)
        entries = sum(pasts.lengths(options.events).values())
        report.add("snapshots", entries / made, "entries / Python CPU-s")
        for name, answered in (await pasts.ask(self._place, seed=options.seed, count=options.events)).items():
            report.add(f"{name}: the present", statistics.median(answered.present), "ms")
            for what, past in (("as of an entry", answered.recorded), ("of a day, as of an entry", answered.effective)):
                note = f"{statistics.median(past):.1f} ms, at most {max(past):.0f} ms"
                report.add(f"  {name}: {what}, to the present", answered.ratio(past), "x", goal=at_most(5, "x"), note=note)


def _rate(done: Done) -> float:
    return done.events / done.spent.own


def _total_rate(done: Done) -> float | None:
    return None if done.spent.total is None else done.events / done.spent.total


def _shares(spent: Spent) -> str:
    """Say who took the CPU time."""
    if spent.total is None or spent.postgres is None or spent.broker is None:
        return "what PostgreSQL and the broker took cannot be seen on this stack"
    parts = (("Python", spent.own), ("PostgreSQL", spent.postgres), ("broker", spent.broker))
    return f"{spent.total:.1f} CPU-s: " + ", ".join(f"{name} {part / spent.total:.0%}" for name, part in parts)
