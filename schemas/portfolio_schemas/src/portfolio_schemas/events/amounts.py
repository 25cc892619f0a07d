"""Where bodies hold money: found once for each class, so that one rule can look at every amount of every type."""

from collections.abc import Iterator
from functools import cache
from typing import Any, cast, get_args, get_origin

from pydantic import BaseModel

from portfolio_schemas.values import Money, SignedMoney

AnyMoney = Money | SignedMoney


def has_money(body: type[BaseModel]) -> bool:
    """Tell whether a body, or a value in it, can hold an amount of money."""
    return bool(_fields(body))


def amounts_of(value: BaseModel) -> Iterator[AnyMoney]:
    """Return every amount of money in a body, in the order of its fields."""
    for name in _fields(type(value)):
        yield from _amounts(getattr(value, name))


def _amounts(value: Any) -> Iterator[AnyMoney]:  # noqa: ANN401  any value of a body
    if isinstance(value, AnyMoney):
        yield value
    elif isinstance(value, BaseModel):
        yield from amounts_of(value)
    elif isinstance(value, list | dict):
        parts = cast("dict[str, Any]", value).values() if isinstance(value, dict) else cast("list[Any]", value)
        for part in parts:
            yield from _amounts(part)


@cache
def _fields(body: type[BaseModel]) -> tuple[str, ...]:
    """Return the names of the fields in which there may be money."""
    return tuple(name for name, field in body.model_fields.items() if _may_hold(field.annotation))


def _may_hold(annotation: Any) -> bool:  # noqa: ANN401  any annotation
    if isinstance(annotation, type) and get_origin(annotation) is None:
        if issubclass(annotation, AnyMoney):
            return True
        return issubclass(annotation, BaseModel) and has_money(annotation)
    return any(_may_hold(part) for part in get_args(annotation))
