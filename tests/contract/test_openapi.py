"""The documents from which others generate clients: every name is one that a client can bear, and every shape is said."""

from collections.abc import Iterator
from typing import Any, cast

import pytest
from fastapi import FastAPI

from portfolio_ledger.http import openapi as ledger
from portfolio_projector.http.application import create
from portfolio_projector.settings import ServeSettings

READ_API: dict[str, Any] = create(ServeSettings(postgres="postgresql://nowhere")).openapi()
LEDGER: dict[str, Any] = ledger.document(FastAPI(title="Portfolio ledger", version="1", summary="Takes events."))
DOCUMENTS = pytest.mark.parametrize("document", [READ_API, LEDGER], ids=["read API", "ledger"])
OPEN = {"data"}
"""What is as its publisher says: the catalogue has the shapes, by type."""
SPECIAL = {"/health/live", "/health/ready", "/metrics", "/metrics-definitions", "/portfolios", "/portfolios/{portfolio}/stream"}


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation with its path."""
    return ((path, operation) for path, by_method in document["paths"].items() for operation in by_method.values())


def parts(value: object, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema in a schema with the name of the field that it is of."""
    if isinstance(value, list):
        for one in cast("list[object]", value):
            yield from parts(one, name)
    elif isinstance(value, dict):
        schema = cast("dict[str, Any]", value)
        yield name, schema
        for field, part in schema.get("properties", {}).items():
            yield from parts(part, field)
        for key in ("items", "anyOf", "oneOf", "additionalProperties"):
            yield from parts(schema.get(key), name)


@DOCUMENTS
def test_every_operation_has_a_short_name_of_its_own(document: dict[str, Any]):
    """A client's functions are called so: one name each, and none with the path in it."""
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(set(names)) == len(names)
    assert [name for name in names if "portfolio_" in name or len(name) > 32] == []


@DOCUMENTS
def test_every_operation_belongs_to_one_group_that_is_described(document: dict[str, Any]):
    """A client's modules and a reader's chapters are these."""
    described = {tag["name"] for tag in document["tags"] if tag["description"]}
    assert {tag for _, operation in operations(document) for tag in operation["tags"]} == described
    assert {path: operation["tags"] for path, operation in operations(document) if len(operation["tags"]) != 1} == {}


@DOCUMENTS
def test_no_two_shapes_are_called_alike(document: dict[str, Any]):
    """A generator that names classes by titles would leave one of them out, and all that has it."""
    schemas: dict[str, dict[str, Any]] = document["components"]["schemas"]
    assert [name for name in schemas if "__" in name] == []
    assert {name: schema["title"] for name, schema in schemas.items() if schema["title"] != name} == {}


@DOCUMENTS
def test_every_field_says_what_it_holds(document: dict[str, Any]):
    """No field is anything, and no object without its fields, but bodies of events."""
    for schema_name, schema in document["components"]["schemas"].items():
        for field, part in parts(schema):
            where = f"{schema_name}.{field}: {part}"
            assert field in OPEN or {"type", "$ref", "anyOf", "const"} & part.keys(), where
            assert field in OPEN or part.get("type") != "object" or {"properties", "additionalProperties"} & part.keys(), where
            assert field in OPEN or part.get("additionalProperties") is not True, where


@DOCUMENTS
def test_every_problem_is_a_problem_document(document: dict[str, Any]):
    """What is no answer has one content type, and its fields are said there."""
    for path, operation in operations(document):
        for status, response in operation["responses"].items():
            if status >= "400" and path != "/health/ready":
                assert list(response["content"]) == ["application/problem+json"], (path, status)
                assert response["content"]["application/problem+json"]["schema"]["$ref"].rpartition("/")[2].startswith("Problem")


def test_whatever_has_a_validator_can_be_not_modified():
    """Every answer about a portfolio says 304, its ETag and its entry; a list that has pages leads to the next."""
    for path, operation in operations(READ_API):
        responses = operation["responses"]
        if path not in SPECIAL:
            assert {"ETag", "Ledger-Entry"} <= responses["200"]["headers"].keys(), path
            assert "304" in responses, path


def test_parameters_that_may_be_left_out_are_not_null():
    """A query has no null: a client that sent one would send the word."""
    for path, operation in operations(READ_API):
        for parameter in operation.get("parameters", ()):
            assert {"type": "null"} not in parameter["schema"].get("anyOf", ()), (path, parameter["name"])
