"""GET /asyncapi: the topics of the system, as a document for programs and as a page for people."""

import json

from faststream.specification.asyncapi import get_asyncapi_html
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from portfolio_log import asyncapi
from portfolio_log.topics import Topics


class AsyncApi:
    """Answers with the AsyncAPI document. `title` and `to_json` are what FastStream's page wants of it."""

    def __init__(self, topics: Topics, *, version: str, kafka: str) -> None:
        self.title = "Portfolio ledger"
        self._document = asyncapi.document(topics, version=version, servers={"kafka": kafka})

    def to_json(self) -> str:
        """Return the document as text that may stand within a page."""
        return json.dumps(self._document).replace("<", "\\u003c")

    async def get(self, request: Request) -> Response:
        """Answer one GET."""
        if "text/html" in request.headers.get("accept", ""):
            return HTMLResponse(get_asyncapi_html(self, try_it_out_path=None))  # type: ignore[arg-type]  # it has what is asked of it
        return JSONResponse(self._document)
