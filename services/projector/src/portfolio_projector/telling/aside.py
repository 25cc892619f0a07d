"""Aside: long work of Python in a thread, so that the event loop answers others meanwhile.

Threads make Python no faster: the loop gets its turn between slices of `SLICE_SECONDS`, and that is all that is wanted.
"""

import asyncio
import sys
from collections.abc import Callable
from typing import TypeVar

SLICE_SECONDS = 0.001
"""How long a thread computes while the loop waits: a fifth of what Python takes, since a read is several steps of the loop."""

Result = TypeVar("Result")


def slice_finely() -> None:
    """Let threads of this process take turns after so short a time."""
    sys.setswitchinterval(SLICE_SECONDS)


async def work(function: Callable[..., Result], *arguments: object) -> Result:
    """Return what a function returns. A cancel takes effect when that has ended: others may change what it looks at then."""
    job = asyncio.get_running_loop().run_in_executor(None, function, *arguments)
    try:
        return await asyncio.shield(job)
    except asyncio.CancelledError:
        await asyncio.gather(job, return_exceptions=True)
        raise
