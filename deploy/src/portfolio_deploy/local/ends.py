"""What tells `portfolio up` to stop: a signal, a closed terminal, the end of its parent."""

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from typing import Self

_LOOK_AGAIN_S = 0.5
_STANDARD = (0, 1, 2)


class Ends:
    """Calls `stop` once, at the first reason to; and `hurry` for every Ctrl-C after it.

    Only Ctrl-C counts as impatience: a terminal that closes, or a group that is ended, sends several signals at once.
    A closed terminal is also looked for: its SIGHUP goes to the leader of the session alone, which may be `make`.
    """

    def __init__(self, *, stop: Callable[[], None], hurry: Callable[[], None], with_parent: bool) -> None:
        self.told = False
        self._stop = stop
        self._hurry = hurry
        self._parent = os.getppid() if with_parent else None
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
        while not self.told:  # neither end announces itself everywhere, so both are looked for
            if any(not os.isatty(number) for number in terminals) or self._parent not in (None, os.getppid()):
                self._tell()
            await asyncio.sleep(_LOOK_AGAIN_S)
