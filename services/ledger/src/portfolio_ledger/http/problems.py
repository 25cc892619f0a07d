"""Problems: every answer that is no receipt of a recorded event, as RFC 9457 `application/problem+json`.

Texts are for whoever sent the request; what is internal goes to the log.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import cast

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portfolio_schemas import codec, titles
from portfolio_schemas.codec import Document, Json
from portfolio_schemas.codes import CODES, Code

MEDIA_TYPE = "application/problem+json"

_logger = structlog.get_logger()


class Problem(Exception):
    """An answer other than what was asked for: a code, a sentence, and where fields are wrong, which."""

    def __init__(
        self,
        code: Code | str,
        detail: str,
        *,
        status: int | None = None,
        errors: Json = None,
        retry_seconds: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code if isinstance(code, str) else code.name
        self.status = status or (code.status if isinstance(code, Code) else None) or 400
        self.detail = detail
        self.errors = errors
        self.retry_seconds = retry_seconds


def respond(problem: Problem) -> Response:
    """Return the response that carries a problem."""
    headers = {} if problem.retry_seconds is None else {"Retry-After": str(problem.retry_seconds)}
    fields: Document = {"detail": problem.detail, "errors": problem.errors or []}
    return _response(problem.status, problem.code, fields, headers)


def of_receipt(receipt: Document) -> Response:
    """Return the response to a submission that was refused: its receipt, as a problem."""
    code = cast("str", receipt["code"])
    known = CODES.get(code)
    return _response(known.status if known and known.status else 422, code, receipt, {})


def _response(status: int, code: str, fields: Document, headers: Mapping[str, str]) -> Response:
    document: Document = {"type": "about:blank", "title": titles.title(status), "status": status, **fields, "code": code}
    return Response(codec.canonical(document), status_code=status, media_type=MEDIA_TYPE, headers=headers)


def install(application: Starlette) -> None:
    """Answer every error with a problem."""
    application.add_exception_handler(Problem, _answer_problem)
    application.add_exception_handler(HTTPException, _answer_http)
    application.add_exception_handler(Exception, _answer_internal)


async def _answer_problem(_: Request, error: Exception) -> Response:
    if not isinstance(error, Problem):
        raise error
    return respond(error)


async def _answer_http(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            problem = Problem("NOT_FOUND", "There is nothing at this path; /docs lists the paths.", status=404)
        case HTTPStatus.METHOD_NOT_ALLOWED:
            problem = Problem("METHOD", "This path does not take this method; /docs lists what it takes.", status=405)
        case status:
            problem = Problem("HTTP", "The request cannot be answered.", status=status)
    response = respond(problem)
    response.headers.update(error.headers or {})
    if "GET" in response.headers.get("allow", "").split(", "):
        response.headers["Allow"] = "GET, HEAD"
    return response


async def _answer_internal(request: Request, error: Exception) -> Response:
    _logger.error("request-failed", path=request.url.path, exc_info=error)
    return respond(Problem("INTERNAL", "The request failed; the operator finds the reason in the log.", status=500))
