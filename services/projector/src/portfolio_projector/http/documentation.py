"""The page at /docs: the OpenAPI document for people, readable without a script and without the network."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, cast

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

router = APIRouter(include_in_schema=False)

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin: 2.5rem 0 0.25rem; font-size: 1.1rem; } code { font-size: 0.95em; }
dl { display: grid; grid-template-columns: 12rem 1fr; }
dt, dd { margin: 0; padding: 0.15rem 0; } p { margin: 0.25rem 0 0.5rem; }
"""


@router.get("/docs", response_class=HTMLResponse)
async def show_documentation(request: Request) -> HTMLResponse:
    """Show every path with its parameters and answers."""
    return HTMLResponse(
        "".join(_page(request.app.openapi())), headers={"Content-Security-Policy": "default-src 'self' 'unsafe-inline'"}
    )


def _page(document: Mapping[str, Any]) -> Iterator[str]:
    info = document["info"]
    yield f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(info["title"])}</title><style>{_STYLE}</style>'
    yield f"<h1>{escape(info['title'])}</h1><p>{escape(info['description'])}</p>"
    yield '<p>For programs: <a href="/openapi.json">/openapi.json</a></p>'
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield from _operation(document, path, method, operation)
    yield "</html>"


def _operation(document: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h2><code>{method.upper()} {escape(path)}</code></h2><p>{escape(operation.get('description', ''))}</p><dl>"
    for parameter in operation.get("parameters", ()):
        required = ", required" if parameter.get("required") else ""
        about = parameter.get("description") or _limits(parameter["schema"])
        yield f"<dt><code>{escape(parameter['name'])}</code> ({parameter['in']}{required})</dt><dd>{escape(about)}</dd>"
    for status, answer in operation["responses"].items():
        yield f"<dt>{escape(status)}</dt><dd>{escape(answer['description'])}{_fields(document, answer)}</dd>"
    yield "</dl>"


def _limits(schema: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {schema[name]}" for name in ("pattern", "minimum", "maximum") if name in schema)


def _fields(document: Mapping[str, Any], answer: Mapping[str, Any]) -> str:
    """Name the fields of an answer that is an object."""
    for content in answer.get("content", {}).values():
        reference = cast("str", content.get("schema", {}).get("$ref", ""))
        schema = document["components"]["schemas"].get(reference.rpartition("/")[2], {})
        names = ", ".join(f"<code>{escape(name)}</code>" for name in schema.get("properties", ()))
        if names:
            return f": {names}"
    return ""
