"""GET /docs: the OpenAPI document for people."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from portfolio_schemas import pages

router = APIRouter(include_in_schema=False)


@router.get("/docs", response_class=HTMLResponse)
async def show_documentation(request: Request) -> HTMLResponse:
    """Show every path with its parameters and answers."""
    return HTMLResponse(pages.of_openapi(request.app.openapi()), headers=pages.HEADERS)
