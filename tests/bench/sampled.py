"""Runs a module and tells at its end where its CPU time went: the stack is looked at every few milliseconds of CPU time.

    python -m tests.bench.sampled FILE MODULE ARGUMENT...

A sample counts for the innermost line of Python; what a function of C takes counts for the line that calls it, and imports count
for nothing. Unlike a tracing profiler it makes short functions no longer than they are.
"""

import json
import runpy
import signal
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import cast

_INTERVAL_S = 0.002
_TOP = 25


class Samples:
    """How often which function was at work."""

    def __init__(self) -> None:
        self.functions = Counter[tuple[str, str]]()

    def take(self, _number: int, frame: FrameType | None) -> None:
        """Look at what is running, unless it is part of starting up."""
        if frame is not None and not _imports(frame):
            self.functions[frame.f_code.co_filename, frame.f_code.co_qualname] += 1

    def write(self, file: Path) -> None:
        """Write what was seen: file, function, how often."""
        rows = [(source, function, times) for (source, function), times in self.functions.most_common()]
        file.write_text(json.dumps(rows))


def _imports(frame: FrameType) -> bool:
    """Tell whether a module is being imported."""
    caller: FrameType | None = frame
    while caller is not None:
        if caller.f_code.co_filename.startswith("<frozen importlib"):
            return True
        caller = caller.f_back
    return False


def shares(file: Path) -> list[tuple[str, float]]:
    """Return where the time went, in percent: by package, then by function."""
    rows = cast("Sequence[tuple[str, str, int]]", json.loads(file.read_text()))
    total = sum(times for _, _, times in rows) or 1
    packages, functions = Counter[str](), Counter[str]()
    for source, function, times in rows:
        package = _package(source)
        packages[package] += times
        functions[f"  {package}: {function}"] += times
    return _percent(packages, total, _TOP) + _percent(functions, total, _TOP)


def _percent(counted: Mapping[str, int], total: int, top: int) -> list[tuple[str, float]]:
    ordered = sorted(counted.items(), key=lambda item: -item[1])
    return [(name, times / total * 100) for name, times in ordered[:top]]


def _package(source: str) -> str:
    """Return the package of a source file; of our own its folder or module too."""
    for mark in ("/site-packages/", "/src/"):
        _, found, rest = source.rpartition(mark)
        if found:
            parts = rest.removesuffix(".py").split("/")
            return ".".join(parts[:2]) if mark == "/src/" else parts[0]
    return Path(source).parent.name if "/" in source else source


def run(file: Path, module: str, arguments: Sequence[str], *, main: Callable[[str], object]) -> None:
    """Run a module as a program, and write what was seen when it ends."""
    samples = Samples()
    sys.argv = [module, *arguments]
    signal.signal(signal.SIGPROF, samples.take)
    signal.siginterrupt(signal.SIGPROF, False)  # noqa: FBT003  calls that wait go on after a sample
    signal.setitimer(signal.ITIMER_PROF, _INTERVAL_S, _INTERVAL_S)
    try:
        with suppress(SystemExit):
            main(module)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        samples.write(file)


if __name__ == "__main__":
    run(
        Path(sys.argv[1]),
        sys.argv[2],
        sys.argv[3:],
        main=lambda name: runpy.run_module(name, run_name="__main__", alter_sys=True),
    )
