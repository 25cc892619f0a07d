"""GET /metrics-definitions: what every metric is called, how it is worked out, and why one may have no value."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from portfolio_projector.http import answers, problems
from portfolio_projector.metrics.definitions import DEFINITIONS
from portfolio_projector.metrics.reasons import REASONS

router = APIRouter(tags=["operation"], responses={422: problems.RESPONSES[422]})


class Definition(BaseModel):
    """A metric, in the version that answers have now."""

    definition: str = Field(description="as figures name it", examples=["cpi/1"])
    sentence: str
    unit: str
    source: str
    digits: int = Field(description="how many digits after the point a number has at most")


class Reason(BaseModel):
    """Why a figure has no value."""

    reason: str
    meaning: str


class DefinitionsAnswer(BaseModel):
    """All metrics, and all reasons."""

    definitions: list[Definition]
    reasons: list[Reason]


@router.get("/metrics-definitions", response_model=DefinitionsAnswer)
async def list_definitions(request: Request) -> Response:
    """List the definitions of all metrics, and the reasons for which a figure may be null."""
    told = DefinitionsAnswer(
        definitions=[
            Definition(definition=one.label, sentence=one.sentence, unit=one.unit, source=one.source, digits=one.digits)
            for one in DEFINITIONS.values()
        ],
        reasons=[Reason(reason=reason, meaning=meaning) for reason, meaning in REASONS.items()],
    )
    return answers.respond_bytes(request, told.model_dump_json().encode(), None)
