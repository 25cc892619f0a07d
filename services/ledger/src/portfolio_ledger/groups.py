"""Groups of errors: what task groups raise."""

from typing import cast


def leaves(error: BaseException) -> list[BaseException]:
    """Return the errors in a group, and in the groups within it; of a single error, itself."""
    if not isinstance(error, BaseExceptionGroup):
        return [error]
    return [leaf for part in cast("BaseExceptionGroup[BaseException]", error).exceptions for leaf in leaves(part)]
