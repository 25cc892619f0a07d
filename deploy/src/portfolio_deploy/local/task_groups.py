"""Several things at once, of which the first failure ends the others."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import cast


@contextlib.asynccontextmanager
async def failing_as_one() -> AsyncGenerator[asyncio.TaskGroup]:
    """Like asyncio.TaskGroup, but raises the first failure itself instead of a group of failures."""
    try:
        async with asyncio.TaskGroup() as tasks:
            yield tasks
    except BaseExceptionGroup as failures:
        raise _first(failures) from None


def _first(failure: BaseException) -> BaseException:
    while isinstance(failure, BaseExceptionGroup):
        failure = cast("BaseExceptionGroup[BaseException]", failure).exceptions[0]
    return failure
