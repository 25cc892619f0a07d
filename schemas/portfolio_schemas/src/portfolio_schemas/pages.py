"""The documents that describe a service to programs, OpenAPI and AsyncAPI, as pages for people: no script, and no network."""

import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, cast

HEADERS = {"Content-Security-Policy": "default-src 'self' 'unsafe-inline'"}  # what the pages below can do with

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin: 2.5rem 0 0.25rem; font-size: 1.1rem; } code, pre { font-size: 0.95em; } pre { overflow-x: auto; }
dl { display: grid; grid-template-columns: minmax(12rem, auto) 1fr; column-gap: 1rem; }
dt, dd { margin: 0; padding: 0.15rem 0; } p { margin: 0.25rem 0 0.5rem; }
"""
_Part = Mapping[str, Any]


def of_openapi(document: _Part) -> str:
    """Return the page that shows every path with its parameters, bodies and answers."""
    return "".join(_page(document, "/openapi.json", _paths(document)))


def of_asyncapi(document: _Part) -> str:
    """Return the page that shows every topic: who writes and reads it, its settings, its messages."""
    return "".join(_page(document, "/asyncapi", _topics(document)))


def _page(document: _Part, address: str, content: Iterator[str]) -> Iterator[str]:
    info = document["info"]
    title = escape(info["title"])
    yield f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    yield f"<h1>{title}</h1><p>{_text(info.get('description') or info.get('summary', ''))}</p>"
    yield f'<p>For programs: <a href="{address}">{address}</a></p>'
    yield from content
    yield "</html>"


def _paths(document: _Part) -> Iterator[str]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield f"<h2><code>{method.upper()} {escape(path)}</code></h2>"
            yield f"<p>{_text(operation.get('description') or operation.get('summary', ''))}</p><dl>"
            yield from _operation(document, operation)


def _operation(document: _Part, operation: _Part) -> Iterator[str]:
    for parameter in operation.get("parameters", ()):
        required = ", required" if parameter.get("required") else ""
        about = parameter.get("description") or _limits(parameter["schema"])
        yield f"<dt><code>{escape(parameter['name'])}</code> ({parameter['in']}{required})</dt><dd>{_text(about)}</dd>"
    bodies = operation.get("requestBody", {}).get("content", {})
    for kind, body in bodies.items():
        yield f"<dt><code>{escape(kind)}</code> (body)</dt><dd>{_fields(document, body['schema'])}</dd>"
    for status, answer in operation["responses"].items():
        fields = [_fields(document, content.get("schema", {})) for content in answer.get("content", {}).values()]
        named = "".join(f"<br>{text}" for text in fields if text)
        yield f"<dt>{escape(status)}</dt><dd>{_text(answer['description'])}{named}</dd>"
    yield "</dl>"
    for example in [body["example"] for body in bodies.values() if "example" in body][:1]:
        yield f"<p>For example:</p><pre>{escape(json.dumps(example, indent=2, ensure_ascii=False))}</pre>"


def _topics(document: _Part) -> Iterator[str]:
    for server in document.get("servers", {}).values():
        yield f"<p>Kafka is at <code>{escape(server['host'])}</code>.</p>"
    for name, channel in document["channels"].items():
        yield f"<h2><code>{escape(channel['address'])}</code></h2><p>{_text(channel['description'])}</p>"
        for operation in document["operations"].values():
            if operation["channel"]["$ref"] == f"#/channels/{name}":
                yield f"<p>{_text(operation['summary'])}</p>"
        settings = channel["bindings"]["kafka"].get("topicConfiguration", {})
        yield "<dl>" + "".join(
            f"<dt>{escape(setting)}</dt><dd>{escape(json.dumps(value))}</dd>" for setting, value in settings.items()
        )
        for reference in channel["messages"].values():
            yield from _message(document, reference)
        yield "</dl>"


def _message(document: _Part, reference: _Part) -> Iterator[str]:
    message = _resolved(document, reference)
    headers = message.get("headers", {})
    required = ", ".join(f"<code>{escape(name)}</code>" for name in headers.get("required", ()))
    yield f"<dt><code>{escape(reference['$ref'].rpartition('/')[2])}</code></dt><dd>{_text(message['summary'])}<br>"
    yield f"<code>{escape(message['contentType'])}</code>{required and f', with the headers {required}'}</dd>"


def _limits(schema: _Part) -> str:
    return ", ".join(f"{name} {schema[name]}" for name in ("pattern", "minimum", "maximum") if name in schema)


def _fields(document: _Part, schema: _Part) -> str:
    """Name the fields of an object, of each kind of object that there may be, or of the objects of an array."""
    if "$ref" in schema:
        return _fields(document, _resolved(document, schema))
    if "items" in schema:
        return f"an array of: {_fields(document, schema['items'])}"
    if "anyOf" in schema:
        return " or<br>".join(filter(None, (_fields(document, kind) for kind in schema["anyOf"])))
    return ", ".join(f"<code>{escape(name)}</code>" for name in schema.get("properties", ()))


def _resolved(document: _Part, part: _Part) -> _Part:
    found: Any = document
    for step in cast("str", part["$ref"]).removeprefix("#/").split("/"):
        found = found[step]
    return found


def _text(text: str) -> str:
    """Escape a text; what stands between backticks is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
