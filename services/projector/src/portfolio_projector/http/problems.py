"""Problems: every answer that is no answer, as RFC 9457 `application/problem+json`. What is internal goes to the log."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from portfolio_projector import sessions
from portfolio_schemas import titles

_logger = structlog.get_logger()


class FieldProblem(BaseModel):
    """One thing that is wrong with a request."""

    pointer: str = Field(description="where: `query/as_of`, `path/portfolio`")
    detail: str


class ProblemDocument(BaseModel):
    """The body of every answer that is no answer."""

    type: str = "about:blank"
    title: str
    status: int
    code: str = Field(description="stable, for programs")
    detail: str = Field(description="a sentence a person can act on")
    errors: list[FieldProblem] | None = None
    entry: int | None = Field(default=None, description="where the read model stands, where that is why")


class Problem(Exception):
    """An answer other than what was asked for."""

    def __init__(
        self, status: int, code: str, detail: str, *, entry: int | None = None, errors: list[FieldProblem] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.entry = entry
        self.errors = errors


RETRY_SECONDS = 1

RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": ProblemDocument, "content": {"application/problem+json": {}}, "description": meaning}
    for status, meaning in {
        400: "This is not HTTP/1.1, or two servers may read it in two ways.",
        404: "There is no such thing.",
        408: "The request did not come in time.",
        413: "Reads take no body.",
        414: "The path and its query are too long.",
        422: "The request has parameters that are not understood.",
        431: "The headers are too many or too large.",
        503: "Not now; try again.",
    }.items()
}
"""What any read may answer besides what it is asked for, for the OpenAPI document."""


def install(application: FastAPI) -> None:
    """Answer every error with a problem."""
    application.add_exception_handler(Problem, _answer_problem)
    application.add_exception_handler(RequestValidationError, _answer_invalid)
    application.add_exception_handler(HTTPException, _answer_http)
    application.add_exception_handler(Exception, _answer_internal)
    for error in sessions.UNAVAILABLE:
        application.add_exception_handler(error, _answer_unavailable)


def response(problem: Problem) -> JSONResponse:
    """Return the response that carries a problem."""
    document = ProblemDocument(
        title=titles.title(problem.status),
        status=problem.status,
        code=problem.code,
        detail=problem.detail,
        errors=problem.errors,
        entry=problem.entry,
    )
    headers = {"Cache-Control": "no-store"}
    if problem.status == 503:  # noqa: PLR2004  the number is the status's name
        headers["Retry-After"] = str(RETRY_SECONDS)
    return JSONResponse(
        document.model_dump(exclude_none=True),
        status_code=problem.status,
        media_type="application/problem+json",
        headers=headers,
    )


async def _answer_problem(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, Problem):
        raise error
    return response(error)


async def _answer_invalid(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    errors = [FieldProblem(pointer="/".join(map(str, one["loc"])), detail=_told(one)) for one in error.errors()]
    return response(wrong_parameters(errors))


def wrong_parameters(errors: list[FieldProblem]) -> Problem:
    """Return the problem of parameters that cannot be used; its sentence names the only one, or the first of several."""
    first = f"`{errors[0].pointer.rpartition('/')[2]}`: {errors[0].detail}"
    more = f" {len(errors) - 1} more of its parameters cannot be used: see `errors`." if len(errors) > 1 else ""
    return Problem(422, "PARAMETER", first + more, errors=errors)


def _told(one: Mapping[str, Any]) -> str:
    """Say what is wrong with a parameter, in words for who asks and not for who programs."""
    match one["type"]:
        case "missing":
            return "It cannot be left out."
        case "value_error":
            return str(one["ctx"]["error"])
        case "string_pattern_mismatch":
            return f"It must match {one['ctx']['pattern']}: see /docs."
        case _:
            return f"{one['msg']}."


async def _answer_http(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    code = {404: "NOT_FOUND", 405: "METHOD"}.get(error.status_code, "HTTP")
    detail = {404: "There is nothing at this path; /docs lists the paths.", 405: "Reads are GET and HEAD."}
    answer = response(Problem(error.status_code, code, detail.get(error.status_code, "The request cannot be answered.")))
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = "GET, HEAD"
    return answer


async def _answer_unavailable(request: Request, error: Exception) -> JSONResponse:
    _logger.warning("read-not-possible", path=request.url.path, error=type(error).__name__, detail=str(error))
    return response(Problem(503, "NO_DATABASE", "The read models cannot be read at the moment; try again."))


async def _answer_internal(request: Request, error: Exception) -> JSONResponse:
    _logger.error("read-failed", path=request.url.path, exc_info=error)
    return response(Problem(500, "INTERNAL", "The read failed; the operator finds the reason in the log."))
