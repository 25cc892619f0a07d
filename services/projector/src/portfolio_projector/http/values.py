"""How days, instants and the words of the domain stand in answers: texts whose form the OpenAPI document says."""

from typing import Annotated, Literal

from pydantic import WithJsonSchema

Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]

Instant = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]

PlannedTime = Annotated[
    str,
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d\d-\d\d(T.+)?$", "examples": ["2026-03-31"]}),
]
"""A day, or an instant where the source plans by instants. One pattern: of two formats, clients take the first that fits."""

InitiativeMode = Literal["waterfall", "agile"]
Mode = Literal["waterfall", "agile", "product"]
ChangeClass = Literal["initial", "internal_replan", "scope_change", "over_target", "administrative"]
Horizon = Literal["now", "next", "later", "retiring"]
