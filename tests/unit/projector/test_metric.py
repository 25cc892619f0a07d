"""Figures: rounded once, or null with a reason; every metric and every reason is defined once."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio_projector.metrics import definitions, metric, reasons


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (Fraction(35, 36), 7, "0.9722222"),
        (Fraction(-13, 12), 7, "-1.0833333"),
        (Decimal("0.00005"), 4, "0"),
        (Decimal("0.00015"), 4, "0.0002"),
        (Decimal("1E+2"), 4, "100"),
        (10**20, 0, "100000000000000000000"),
        (0, 4, "0"),
    ],
)
def test_a_number_is_rounded_half_to_even_and_written_without_zeros_at_its_end(value: metric.Exact, digits: int, written: str):
    """Its digits are those of the definition, and no exponent is ever shown."""
    assert written == metric.decimal_text(value, digits)


@given(st.fractions(), st.integers(0, 9))
def test_what_is_written_is_as_near_as_its_digits_allow(value: Fraction, digits: int):
    """No more than half a unit of the last digit lies between a number and what is written of it."""
    assert abs(Fraction(metric.decimal_text(value, digits)) - value) <= Fraction(1, 2 * 10**digits)


def test_a_figure_has_a_value_or_a_reason_and_always_a_definition():
    """What is not known is null, whatever kind of figure it is."""
    assert metric.number(definitions.SPI, Fraction(7, 8)) == {"value": "0.875", "reason": None, "definition": "spi/1"}
    euros = {"minor": -2, "currency": "EUR"}
    assert {"value": euros, "reason": None, "definition": "sv/1"} == metric.money(definitions.SV, Fraction(-5, 2), "EUR")
    for figure in (
        metric.number(definitions.CPI, reasons.NO_COST),
        metric.money(definitions.CPI, reasons.NO_COST, "EUR"),
        metric.count(definitions.CPI, reasons.NO_COST),
        metric.text(definitions.CPI, reasons.NO_COST),
    ):
        assert figure == {"value": None, "reason": "NO_COST", "definition": "cpi/1"}


def test_answers_document_every_reason():
    """A client sees in the OpenAPI document which reasons there are."""
    schema = metric.NumberMetric.model_json_schema()
    assert sorted(reasons.REASONS) == schema["properties"]["reason"]["anyOf"][0]["enum"]
