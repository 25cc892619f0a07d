"""Ending: a task that was told to end does so, whatever else goes wrong at that moment."""

import asyncio


def obey() -> None:
    """End this task if it was told to: call it in a loop that tries again after every error.

    A cancelled task unwinds through clients of Kafka and PostgreSQL, whose connections may be breaking just then. The error that
    they raise takes the place of the cancellation, and a loop that answers every error with another try would never end.

    Raises:
        asyncio.CancelledError: when this task was told to end.

    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
