"""How an upload looks while it runs: a bar on a terminal, a line now and then elsewhere. On standard error: it is no result."""

import sys
import time
from types import TracebackType
from typing import Self

from rich import progress as bars
from rich.console import Console

from portfolio_deploy.publishing.tally import Tally

_LINE_SECONDS = 10.0


class Lines:
    """Lines on standard error: how far it is every ten seconds, and why it waits."""

    def __init__(self, size: int | None) -> None:
        self._size = size
        self._said = time.monotonic()
        self._heard = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        pass

    def told(self, tally: Tally, position: int) -> None:
        """See Audience."""
        self._heard = ""
        if time.monotonic() - self._said > _LINE_SECONDS:
            self._said = time.monotonic()
            share = f" ({100 * position // self._size} %)" if self._size else ""
            self._say(f"{tally.total} events{share}")

    def resumed(self, file: str, events: int) -> None:
        """See Audience."""
        self._say(f"{file}: going on after the first {events} events, which have their verdicts from an earlier attempt")

    def hear(self, why: str) -> None:
        """Hear why it does not go on at the moment; each reason is said once until it goes on."""
        reason = why.partition(";")[0]
        if reason != self._heard:
            self._heard = reason
            self._say(f"waiting: {why}")

    def _say(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)  # noqa: T201  this is the place that prints


class Bar(Lines):
    """A bar on a terminal."""

    def __init__(self, size: int | None) -> None:
        super().__init__(size)
        self._console = Console(stderr=True, highlight=False)
        columns = (
            bars.TextColumn("{task.description}"),
            bars.BarColumn(bar_width=None),
            bars.TaskProgressColumn(),
            bars.TextColumn("{task.fields[events]} events"),
            bars.TimeElapsedColumn(),
            bars.TimeRemainingColumn(compact=True, elapsed_when_finished=False),
        )
        self._bar = bars.Progress(*columns, console=self._console, transient=True)
        self._task = self._bar.add_task("Publishing", total=size, events=0)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.stop()

    def told(self, tally: Tally, position: int) -> None:
        """See Audience."""
        self._heard = ""
        self._bar.update(self._task, completed=position, events=tally.total, description="Publishing")

    def _say(self, text: str) -> None:
        self._bar.console.print(text, markup=False)


def choose(size: int | None) -> Lines:
    """Return what suits standard error."""
    return Bar(size) if sys.stderr.isatty() else Lines(size)
