"""Parameters that a path does not take are refused: a misspelt one would otherwise be answered wrongly, in silence."""

from collections.abc import Iterator

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from portfolio_projector.http.problems import FieldProblem, wrong_parameters


async def refuse_unknown(request: Request) -> None:
    """Refuse the request when it has a query parameter that its route does not take, or one twice.

    Raises:
        Problem: naming each.

    """
    if not request.query_params:
        return
    route = request.scope.get("route")
    taken = set(_taken(route.dependant)) if isinstance(route, APIRoute) else set[str]()
    given = [name for name, _ in request.query_params.multi_items()]
    instead = f"it takes {', '.join(sorted(taken))}" if taken else "it takes none"
    errors = [
        FieldProblem(pointer=f"query/{name[:64]}", detail=f"This path takes no such parameter; {instead}.")
        for name in dict.fromkeys(given)
        if name not in taken
    ]
    errors += [
        FieldProblem(pointer=f"query/{name}", detail="This parameter is given twice: give it once.")
        for name in taken
        if given.count(name) > 1
    ]
    if errors:
        raise wrong_parameters(errors)


def _taken(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for child in dependant.dependencies:
        yield from _taken(child)
