"""The OpenAPI document: what the routes say of themselves, in a form that programs can generate clients from."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

_Part = dict[str, Any]

_JSON = "application/json"
_PROBLEM = "application/problem+json"
_PROBLEM_SCHEMA = {"$ref": "#/components/schemas/ProblemDocument"}
_RETRY_AFTER = {"description": "seconds", "schema": {"type": "string"}}

TAGS = [
    {
        "name": "entries",
        "description": "The log as it is: entries, histories of subjects, refusals, what changed.",
    },
    {
        "name": "portfolio",
        "description": "All that a portfolio governs, in all three modes at once.",
    },
    {"name": "across", "description": "What leads from one initiative or product to another: transitions and dependencies."},
    {"name": "initiatives", "description": "What has an end: plans in every version, and how it goes against them."},
    {"name": "control", "description": "How an initiative is controlled: gates, changes, milestones, exceptions."},
    {"name": "agile", "description": "Iterations, releases and burn-up."},
    {"name": "products", "description": "What has no end: backlog, flow, delivery, funding, forecasts."},
    {"name": "operation", "description": "Whether the service works, and what its figures mean."},
]
"""The chapters of the document; the modules of a generated client."""

_EXAMPLES = {
    "portfolio": "demo",
    "initiative": "atlas",
    "product": "payments",
    "version": 1,
    "aggregate": "initiative",
    "id": "atlas",
}
"""What there is in the demo portfolio, for the parts of paths."""


class ReadApi(FastAPI):
    """An application whose document is complete."""

    def openapi(self) -> _Part:
        """Return the document; made once."""
        if self.openapi_schema is None:
            _complete(super().openapi())
        return super().openapi()


def name(route: APIRoute) -> str:
    """Return what a generated client calls an operation."""
    return route.name


def _complete(document: _Part) -> None:
    for operation in _operations(document):
        for parameter in operation.get("parameters", ()):
            _complete_parameter(parameter)
        for status, response in operation["responses"].items():
            _complete_response(response, may_be_retried=status == "503")


def _operations(document: _Part) -> Iterator[_Part]:
    return (operation for by_method in document["paths"].values() for operation in by_method.values())


def _complete_parameter(parameter: _Part) -> None:
    """Take from a parameter the null that only Python has, and give the part of a path an example."""
    schema: _Part = parameter["schema"]
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if len(kinds) == 1:
        del schema["anyOf"]
        schema |= kinds[0]
    elif kinds:
        schema["anyOf"] = kinds
    if parameter["in"] == "path":
        parameter["example"] = _EXAMPLES[parameter["name"]]


def _complete_response(response: _Part, *, may_be_retried: bool) -> None:
    """Give a problem its schema where it is: FastAPI says it of plain JSON, which a problem never is."""
    content = response.get("content", {})
    if _PROBLEM in content:
        content[_PROBLEM] = {"schema": _PROBLEM_SCHEMA}
        if content[_JSON]["schema"] == _PROBLEM_SCHEMA:
            del content[_JSON]
        if may_be_retried:
            response["headers"] = {"Retry-After": _RETRY_AFTER}
