"""GET /asyncapi: the topics of the system, as a document for programs and as a page for people."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from portfolio_log import asyncapi
from portfolio_log.topics import Topics
from portfolio_schemas import pages


class AsyncApi:
    """Answers with the AsyncAPI document."""

    def __init__(self, topics: Topics, *, version: str, kafka: str) -> None:
        self._document = asyncapi.document(topics, version=version, servers={"kafka": kafka})

    async def get(self, request: Request) -> Response:
        """Answer one GET."""
        if "text/html" in request.headers.get("accept", ""):
            return HTMLResponse(pages.of_asyncapi(self._document), headers={**pages.HEADERS, "Vary": "Accept"})
        return JSONResponse(self._document, headers={"Vary": "Accept"})
