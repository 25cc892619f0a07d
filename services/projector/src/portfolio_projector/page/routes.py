"""GET /: the web page, and the files that it is made of."""

from fastapi import APIRouter, Request, Response

from portfolio_projector.http.answers import find_held
from portfolio_projector.http.problems import Problem
from portfolio_projector.page import files

router = APIRouter(include_in_schema=False)

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",  # no text becomes markup,
    "trusted-types": "lit-html",  # except the templates that are written in the page's own files
}
_HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_ALWAYS_ASK = "no-cache"
_FOR_EVER = "public, max-age=31536000, immutable"
"""A file's address changes with what is in it: what was fetched once is never asked for again."""


@router.get("/")
async def show_page(request: Request) -> Response:
    """Show the page, which names the files of its own edition."""
    return _respond(request, files.page().front, _ALWAYS_ASK)


@router.get("/page/{edition}/{name:path}")
async def show_file(request: Request, edition: str, name: str) -> Response:
    """Send a file of this edition of the page.

    Raises:
        Problem: when there is no such file, or the page that asks is of another edition.

    """
    page = files.page()
    file = page.files.get(name)
    if file is None or edition != page.edition:
        raise Problem(404, "UNKNOWN_FILE", "There is no such file in this edition of the page; load the page again.")
    return _respond(request, file, _FOR_EVER)


def _respond(request: Request, file: files.File, caching: str) -> Response:
    headers = {**_HEADERS, "ETag": file.tag, "Cache-Control": caching}
    held = find_held(request.headers.get("if-none-match"), file.tag)
    if held is not None:
        return Response(status_code=304, headers={**headers, "ETag": held})
    return Response(file.body, media_type=file.media_type, headers=headers)
