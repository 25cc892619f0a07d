"""JSON Schemas against messages, with formats checked as the ledger checks them."""

from datetime import date
from typing import Any

import jsonschema

from portfolio_schemas.envelope import read_time

FORMATS = jsonschema.FormatChecker(formats=())
"""The formats that the generated schemas use."""


@FORMATS.checks("date-time", raises=ValueError)
def _is_time(value: object) -> bool:
    return not isinstance(value, str) or bool(read_time(value))


@FORMATS.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or (len(value) == len("2026-03-31") and bool(date.fromisoformat(value)))


def validator(schema: Any) -> Any:  # noqa: ANN401  jsonschema's own types are loose
    """What checks messages against a schema."""
    return jsonschema.Draft202012Validator(schema, format_checker=FORMATS)


def problems(schema: Any, value: Any) -> list[str]:  # noqa: ANN401  any schema and any message
    """What a schema says against a value."""
    return [error.message for error in validator(schema).iter_errors(value)]
