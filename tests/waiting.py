"""Waiting for something to become true: the one place where tests let time pass."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable

_LOOK_AGAIN_S = 0.05


async def until(condition: Callable[[], bool] | Callable[[], Awaitable[bool]], what: str, *, limit_s: float = 30) -> None:
    """Return once the condition, which may be asynchronous, holds; fail the test when it does not within the limit."""
    deadline = time.monotonic() + limit_s
    while True:
        answer = condition()
        if await answer if inspect.isawaitable(answer) else answer:
            return
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {limit_s:g} s: {what}")
        await asyncio.sleep(_LOOK_AGAIN_S)
