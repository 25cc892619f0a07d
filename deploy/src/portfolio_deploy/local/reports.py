"""What the person at the terminal is told while things start: lines, and the progress of what takes long."""

import contextlib
import sys
from collections.abc import Callable, Generator
from typing import Protocol

from rich import progress as bars

Progress = Callable[[int, int], None]


class Report(Protocol):
    """Somebody who is told."""

    def say(self, text: str) -> None:
        """Tell one thing."""
        ...

    def progress(self, title: str, unit: str) -> contextlib.AbstractContextManager[Progress]:
        """Return a context in which (done, total) can be told; shows nothing when nothing is told."""
        ...


class Silent:
    """Tells nobody: for tests."""

    def say(self, text: str) -> None:
        """Do nothing."""

    @contextlib.contextmanager
    def progress(self, title: str, unit: str) -> Generator[Progress]:
        """Do nothing."""
        del title, unit
        yield lambda _done, _total: None


class Lines:
    """Plain lines on standard output, for a file or a pipe. A reader who has gone away is no reason to fail."""

    def say(self, text: str) -> None:
        """Print a line."""
        with contextlib.suppress(OSError):
            print(text, flush=True)  # noqa: T201  # this is the place that prints

    @contextlib.contextmanager
    def progress(self, title: str, unit: str) -> Generator[Progress]:
        """Print a line at every quarter."""
        told = -1

        def tell(done: int, total: int) -> None:
            nonlocal told
            quarter = 4 * done // max(total, 1)
            if quarter > told:
                told = quarter
                self.say(f"{title}: {done} of {total} {unit}")

        yield tell


class Terminal(Lines):
    """The same on a terminal: progress is a bar."""

    @contextlib.contextmanager
    def progress(self, title: str, unit: str) -> Generator[Progress]:
        """Show a bar from the first number on."""
        columns = (bars.TextColumn("{task.description}"), bars.BarColumn(), bars.MofNCompleteColumn(), bars.TextColumn(unit))
        bar = bars.Progress(*columns, transient=True)
        task = bar.add_task(title, total=None, start=False)

        def tell(done: int, total: int) -> None:
            if not bar.live.is_started:
                bar.start()
                bar.start_task(task)
            bar.update(task, completed=done, total=total)

        try:
            yield tell
        finally:
            if bar.live.is_started:
                bar.stop()
                self.say(f"{title}: done")


def choose() -> Report:
    """Return the report that suits standard output."""
    return Terminal() if sys.stdout.isatty() else Lines()
