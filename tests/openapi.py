# schemathesis leaves some of its types open.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false
"""Asking a running service all that its OpenAPI document allows, and some that it does not, and comparing the answers with it."""

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode, Response
from schemathesis.specs.openapi import checks

EXAMPLES = int(os.environ.get("PORTFOLIO_TEST_EXAMPLES", "5"))
"""How many requests are drawn of each kind for each operation."""

_CHECKS = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
_OF_REQUESTS = [checks.positive_data_acceptance, checks.negative_data_rejection, checks.unsupported_method]
"""Whether what the document allows is taken, and nothing else."""

_LIMIT_S = 30
_SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large, HealthCheck.large_base_example]

Excused = Callable[[Response], bool]
ByMeaning = Callable[[Response], bool]
"""Tells whether a request was refused for what it means: no schema can say that."""


def explore(
    address: str,
    *,
    known: Mapping[str, str],
    known_at: Mapping[str, Mapping[str, str]] | None = None,
    without: Collection[str] = (),
    excused: Excused,
    by_meaning: ByMeaning | None = None,
) -> Counter[tuple[str, int]]:
    """Ask and compare; return how often each operation gave each status. A 5xx that is not `excused` is a failure.

    With what is `known` to be there, by the names of parameters, each operation is asked once before anything is drawn; where a
    name means something else at a path, `known_at` has it. With `by_meaning`, all else that is refused must be wrong by the
    document.
    """
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    answered = Counter[tuple[str, int]]()

    def ask(operation: Any, case: Case[Any]) -> None:  # noqa: ANN401  its class depends on the document
        response = case.call(timeout=_LIMIT_S)
        answered[f"{operation.method.upper()} {operation.path}", response.status_code] += 1
        told = by_meaning is None or by_meaning(response)
        case.validate_response(response, checks=_CHECKS if told else [*_CHECKS, *_OF_REQUESTS])
        assert "Traceback" not in response.text
        assert response.status_code < 500 or excused(response), response.text

    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # a document that is none fails here
        if operation.path in without:
            continue
        here = {**known, **(known_at or {}).get(operation.path, {})}
        if here:
            ask(operation, operation.Case(path_parameters=_of(operation.path_parameters, here), query=_of(operation.query, here)))
        for mode in GenerationMode:
            _draw(operation, mode, ask)
    return answered


def _of(parameters: Iterable[Any], known: Mapping[str, str]) -> dict[str, str]:
    return {parameter.name: known[parameter.name] for parameter in parameters if parameter.name in known}


def _draw(operation: Any, mode: GenerationMode, ask: Callable[[Any, Case[Any]], None]) -> None:  # noqa: ANN401  the same
    @settings(max_examples=EXAMPLES, database=None, deadline=None, derandomize=True, suppress_health_check=_SLOW)
    @given(case=operation.as_strategy(generation_mode=mode))
    def drawn(case: Case[Any]) -> None:
        ask(operation, case)

    try:
        drawn()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "an operation that takes nothing can be asked nothing that is wrong"
