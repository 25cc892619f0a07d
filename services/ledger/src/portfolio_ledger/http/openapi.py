"""What the OpenAPI document says of each path. The handlers take raw bytes, so it is said here, with the language's schemas."""

from typing import Any

from fastapi import FastAPI

from portfolio_ledger.http.bodies import BATCH_SIZE_MAX
from portfolio_ledger.http.lookup import LENGTH_MAX
from portfolio_schemas import json_schemas
from portfolio_schemas.codes import CODES
from portfolio_schemas.envelope import EVENT_SIZE_MAX

_Part = dict[str, Any]

_EXAMPLE = {
    "specversion": "1.0",
    "id": "2026-0001",
    "source": "/example",
    "type": "portfolio.portfolio.portfolio-opened.v1",
    "subject": "portfolio/acme",
    "time": "2026-01-05T09:00:00Z",
    "portfolio": "acme",
    "actor": "person-4711",
    "data": {"name": "Acme", "currency": "EUR"},
}


def _still(*fields: str) -> _Part:
    kinds = {"partition": "integer", "entry": "integer"}
    properties = {name: {"type": kinds.get(name, "string")} for name in fields}
    return {"type": "object", "properties": properties, "required": list(fields)}


_STATUS: _Part = {
    "title": "Status",
    "description": "Whether the service works, and what waits for an operator.",
    "type": "object",
    "properties": {
        "status": {"type": "string"},
        "problems": {"type": "array", "items": {"type": "string"}},
        "partitions": {"type": "array", "items": {"type": "integer"}},
        "stopped": {
            "type": "array",
            "description": "portfolios that are stopped, wherever they are served; they do not make the service unready",
            "items": _still("portfolio", "partition", "entry", "detail", "command"),
        },
        "lost": {
            "type": "array",
            "description": "partitions that wait for an operator: LOG_LOST, INTAKE_LOST",
            "items": _still("partition", "code", "detail", "command"),
        },
    },
    "required": ["status"],
}

SCHEMAS: _Part = {
    "Event": json_schemas.envelope_schema(),
    "Receipt": json_schemas.receipt_schema(),
    "Receipts": {
        "title": "Receipts",
        "type": "object",
        "properties": {"receipts": {"type": "array", "items": {"$ref": "#/components/schemas/Receipt"}}},
        "required": ["receipts"],
    },
    "Pending": {
        "title": "Pending",
        "description": "A submission that is taken and not judged yet. `submission` is null where Kafka did not tell its place.",
        "type": "object",
        "properties": {
            "submission": {"type": ["string", "null"]},
            "portfolio": {"type": "string"},
            "source": {"type": "string"},
            "id": {"type": "string"},
            "location": {"type": "string", "description": "where its receipt will be"},
        },
        "required": ["submission", "portfolio", "source", "id", "location"],
    },
    "PendingBatch": {
        "title": "PendingBatch",
        "description": "A batch not all of which is judged yet: receipts, null where there is none, and where they will be.",
        "type": "object",
        "properties": {
            "receipts": {
                "type": "array",
                "items": {"anyOf": [{"$ref": "#/components/schemas/Receipt"}, {"type": "null"}]},
            },
            "submissions": {"type": "array", "items": {"$ref": "#/components/schemas/Pending"}},
        },
        "required": ["receipts", "submissions"],
    },
    "Problem": {
        "title": "Problem",
        "description": "RFC 9457. After a verdict it has the fields of the receipt as well.",
        "type": "object",
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "code": {"type": "string", "description": "stable, for programs"},
            "detail": {"type": "string", "description": "a sentence a person can act on"},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
                    "required": ["pointer", "detail"],
                },
            },
        },
        "required": ["type", "title", "status", "code", "detail", "errors"],
    },
    "Status": _STATUS,
}


def _ref(name: str) -> _Part:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: _Part, description: str, **headers: str) -> _Part:
    return {"description": description, "content": {"application/json": {"schema": schema}}, **_headers(headers)}


def _problem(description: str, **headers: str) -> _Part:
    return {"description": description, "content": {"application/problem+json": {"schema": _ref("Problem")}}, **_headers(headers)}


def _headers(meanings: dict[str, str]) -> _Part:
    if not meanings:
        return {}
    named = {name.replace("_", "-"): meaning for name, meaning in meanings.items()}
    return {"headers": {name: {"description": meaning, "schema": {"type": "string"}} for name, meaning in named.items()}}


def _codes(status: int) -> str:
    codes = [code for code in CODES.values() if code.status == status]
    return "; ".join(f"`{code.name}`: {code.meaning}" for code in codes)


def _parameter(name: str, place: str, description: str, schema: _Part | None = None) -> _Part:
    return {"name": name, "in": place, "required": False, "description": description, "schema": schema or {"type": "string"}}


_LIMITS: dict[str, _Part] = {
    "408": _problem("The body did not come in time."),
    "414": _problem("The path and its query are too long."),
    "431": _problem("The headers are too many or too large."),
}

POST_EVENTS: _Part = {
    "operationId": "submit_events",
    "tags": ["events"],
    "summary": "Submit one event, or a batch",
    "description": "CloudEvents 1.0 in structured, batch or binary mode (`ce-` headers; the body is `data`). The answer comes "
    f"when the event is judged. An event has at most {EVENT_SIZE_MAX} bytes, a batch at most 1,000 events and {BATCH_SIZE_MAX} "
    "bytes. A retry with the same `source` and `id` is always safe.",
    "parameters": [
        _parameter("Prefer", "header", "`respond-async`, `wait=SECONDS` (default 10), or both"),
        _parameter(
            "If-Match",
            "header",
            'of a single event: `"3"` means `expectedversion: 3`',
            {"type": "string", "pattern": '^"[0-9]{1,16}"$'},
        ),
    ],
    "requestBody": {
        "required": True,
        "content": {
            "application/cloudevents+json": {"schema": _ref("Event"), "example": _EXAMPLE},
            "application/json": {"schema": _ref("Event"), "example": _EXAMPLE},
            "application/cloudevents-batch+json": {
                "schema": {"type": "array", "items": _ref("Event"), "maxItems": 1000},
                "example": [_EXAMPLE],
            },
        },
    },
    "responses": {
        "200": _json(
            {"anyOf": [_ref("Receipt"), _ref("Receipts")]},
            "A duplicate: the first receipt again. Or a batch: its receipts in the order sent, each of which stands for itself.",
        ),
        "201": _json(_ref("Receipt"), "Recorded.", ETag="the version of the subject"),
        "202": _json(
            {"anyOf": [_ref("Pending"), _ref("PendingBatch")]},
            "Taken, and not judged within the wait limit.",
            Location="where the receipt will be",
            Preference_Applied="`respond-async` where that was asked for",
        ),
        "400": _problem(_codes(400)),
        "409": _problem(_codes(409)),
        "413": _problem(_codes(413)),
        "415": _problem(_codes(415)),
        "422": _problem(_codes(422)),
        "429": _problem(_codes(429), Retry_After="seconds"),
        "500": _problem(_codes(500)),
        "503": _problem(_codes(503), Retry_After="seconds"),
        **_LIMITS,
    },
}

_NAME: _Part = {"type": "string", "minLength": 1, "maxLength": LENGTH_MAX, "pattern": r"^[^\x00]*$"}

GET_RECEIPTS: _Part = {
    "operationId": "find_receipt",
    "tags": ["events"],
    "summary": "Look up a receipt",
    "description": "By `submission`; or by `portfolio`, `source` and `id`: the recorded event's, else that of its last refusal. "
    "With all four, as in a `Location`, also a submission that turned out a duplicate long ago is answered.",
    "parameters": [
        _parameter(
            "submission",
            "query",
            "the name of a submission, `<partition>-<offset>-<index>`",
            {"type": "string", "pattern": "^[0-9]+-[0-9]+-[0-9]+$", "maxLength": LENGTH_MAX},
        ),
        _parameter("portfolio", "query", "the portfolio of the event", _NAME),
        _parameter("source", "query", "the source of the event", _NAME),
        _parameter("id", "query", "the id of the event", _NAME),
    ],
    "responses": {
        "200": _json(_ref("Receipt"), "The receipt."),
        "400": _problem(_codes(400)),
        "404": _problem("No such receipt is known yet."),
        "503": _problem("It cannot be looked up at the moment.", Retry_After="seconds"),
        **_LIMITS,
    },
}


LIVE: _Part = {
    "operationId": "check_live",
    "tags": ["operation"],
    "summary": "Whether the process answers",
    "responses": {"200": _json(_ref("Status"), "It does.")},
}
READY: _Part = {
    "operationId": "check_ready",
    "tags": ["operation"],
    "summary": "Whether submissions are taken and judged here",
    "description": "Reads the log, asks PostgreSQL, and says of each partition of this process whether it is served.",
    "responses": {"200": _json(_ref("Status"), "They are."), "503": _json(_ref("Status"), "They are not; `problems` says why.")},
}
METRICS: _Part = {
    "operationId": "show_metrics",
    "tags": ["operation"],
    "summary": "Metrics for Prometheus",
    "responses": {"200": {"description": "The metrics.", "content": {"text/plain": {"schema": {"type": "string"}}}}},
}
ASYNCAPI: _Part = {
    "operationId": "show_asyncapi",
    "tags": ["operation"],
    "summary": "The topics, for who publishes straight to Kafka",
    "description": "An AsyncAPI 3 document; a page for browsers.",
    "responses": {
        "200": {
            "description": "The document.",
            "content": {"application/json": {"schema": {"type": "object"}}, "text/html": {"schema": {"type": "string"}}},
        }
    },
}

PATHS: dict[str, dict[str, _Part]] = {
    "/events": {"post": POST_EVENTS},
    "/receipts": {"get": GET_RECEIPTS},
    "/asyncapi": {"get": ASYNCAPI},
    "/health/live": {"get": LIVE},
    "/health/ready": {"get": READY},
    "/metrics": {"get": METRICS},
}

_TAGS = [
    {"name": "events", "description": "Submitting events, and the receipts that answer them."},
    {"name": "operation", "description": "Whether the service works, and how to publish straight to Kafka."},
]


def document(app: FastAPI) -> _Part:
    """Return the OpenAPI document."""
    return {
        "openapi": "3.1.0",
        "info": {"title": app.title, "summary": app.summary, "version": app.version},
        "tags": _TAGS,
        "paths": PATHS,
        "components": {"schemas": SCHEMAS},
    }
