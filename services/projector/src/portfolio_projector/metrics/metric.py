"""The one shape of a figure: a value or the reason why there is none, and the definition by which it was worked out.

Formulas work with exact numbers (integers, decimals, fractions) or `Unknown`; a figure is rounded once, here, where an answer
is made of it.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, Field, WithJsonSchema

from portfolio_projector.metrics.definitions import Definition
from portfolio_projector.metrics.reasons import REASONS, Unknown

Exact = int | Decimal | Fraction

Known = Exact | Unknown
"""What a formula answers."""

Value = TypeVar("Value")

Reason = Annotated[str, WithJsonSchema({"type": "string", "enum": sorted(REASONS)})]


class _Metric(BaseModel, Generic[Value]):
    value: Value | None
    reason: Reason | None = Field(description="why there is no value; null where there is one")
    definition: str = Field(description="the definition and its version: see /metrics-definitions", examples=["cpi/1"])


class NumberMetric(_Metric[str]):
    """A ratio, a duration or another number that need not be whole, or why there is none."""

    value: str | None = Field(description="a decimal number", examples=["0.875"])


class CountMetric(_Metric[int]):
    """A whole number, or why there is none."""


class Sum(BaseModel):
    """Money in minor units; it may be below 0, and beyond what one event may state."""

    minor: int
    currency: str


class MoneyMetric(_Metric[Sum]):
    """An amount, below 0 where the figure can be, or why there is none."""


class TextMetric(_Metric[str]):
    """A day, an instant or a word, or why there is none."""


Figure = dict[str, Any]
"""A figure as answers hold it: `value`, `reason`, `definition`."""


def number(definition: Definition, found: Known) -> Figure:
    """Return a number, rounded half to even to the digits of its definition, without zeros at its end."""
    return _figure(definition, found if isinstance(found, Unknown) else decimal_text(found, definition.digits))


def count(definition: Definition, found: int | Unknown) -> Figure:
    """Return a whole number."""
    return _figure(definition, found)


def money(definition: Definition, found: Known, currency: str) -> Figure:
    """Return an amount, rounded half to even to minor units."""
    return _figure(definition, found if isinstance(found, Unknown) else {"minor": round(found), "currency": currency})


def text(definition: Definition, found: str | Unknown) -> Figure:
    """Return a text such as a day."""
    return _figure(definition, found)


def decimal_text(value: Exact, digits: int) -> str:
    """Write a number with at most so many digits after the point, rounded half to even; it is exact until then."""
    whole = round(Fraction(value) * 10**digits)
    units, rest = divmod(abs(whole), 10**digits)
    places = f"{rest:0{digits}d}".rstrip("0") if digits else ""
    return f"{'-' if whole < 0 else ''}{units}{'.' if places else ''}{places}"


def _figure(definition: Definition, found: object) -> Figure:
    if isinstance(found, Unknown):
        return {"value": None, "reason": found.reason, "definition": definition.label}
    return {"value": found, "reason": None, "definition": definition.label}
