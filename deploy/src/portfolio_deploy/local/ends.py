"""What tells `portfolio up` to stop: a signal, a closed terminal, the end of its parent."""

import asyncio
import contextlib
import os
import re
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

_LOOK_AGAIN_S = 0.5
_STANDARD = (0, 1, 2)
_HANDLED = 1 << (signal.SIGINT - 1) | 1 << (signal.SIGHUP - 1)


class Ends:
    """Calls `stop` once, at the first reason to; and `hurry` for every Ctrl-C after it.

    Only Ctrl-C counts as impatience: a terminal that closes, or a group that is ended, sends several signals at once.
    A closed terminal is also looked for: its SIGHUP goes to the leader of the session alone, which may be `make`. So is a
    parent that was told by itself: `make` hands on SIGTERM, but at SIGINT and SIGHUP it waits for us, whom it thinks told.
    """

    def __init__(self, *, stop: Callable[[], None], hurry: Callable[[], None], with_parent: bool) -> None:
        self.told = False
        self._stop = stop
        self._hurry = hurry
        self._parent = os.getppid() if with_parent else None
        self._blocked = _blocked(self._parent)
        self._watch: asyncio.Task[None] | None = None

    def __enter__(self) -> Self:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, self._interrupted)
        loop.add_signal_handler(signal.SIGTERM, self._tell)
        terminals: Sequence[int] = ()
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup means: stay
            loop.add_signal_handler(signal.SIGHUP, self._tell)
            terminals = [number for number in _STANDARD if os.isatty(number)]
        self._watch = asyncio.create_task(self._look(terminals))
        return self

    def __exit__(self, *_: object) -> None:
        if self._watch is not None:
            self._watch.cancel()

    def _tell(self) -> None:
        if not self.told:
            self.told = True
            self._stop()

    def _interrupted(self) -> None:
        if self.told:
            self._hurry()
        else:
            self._tell()

    async def _look(self, terminals: Sequence[int]) -> None:
        waited = waits = False
        while not self.told:  # none of these ends announces itself everywhere, so they are looked for
            waited, waits = waits, bool(_blocked(self._parent) & ~self._blocked & _HANDLED)
            gone = self._parent not in (None, os.getppid())
            if gone or (waited and waits) or any(not os.isatty(number) for number in terminals):
                self._tell()
            await asyncio.sleep(_LOOK_AGAIN_S)


def _blocked(process: int | None) -> int:
    """Return the set of signals that a process blocks now, as it does with the one that it handles; Linux only."""
    with contextlib.suppress(OSError):
        found = re.search(r"^SigBlk:\s*(\w+)$", Path(f"/proc/{process}/status").read_text(errors="replace"), re.MULTILINE)
        if found is not None:
            return int(found.group(1), 16)
    return 0
