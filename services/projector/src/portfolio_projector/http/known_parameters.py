"""Parameters that a path does not take are refused: a misspelt one would otherwise be answered wrongly, in silence."""

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from portfolio_projector.http.problems import FieldProblem, Problem


async def refuse_unknown(request: Request) -> None:
    """Refuse the request when it has a query parameter that its route does not take, or one twice.

    Raises:
        Problem: naming each.

    """
    if not request.query_params:
        return
    route = request.scope.get("route")
    taken = _taken(route.dependant) if isinstance(route, APIRoute) else set[str]()
    given = [name for name, _ in request.query_params.multi_items()]
    errors = [
        FieldProblem(pointer=f"query/{name[:64]}", detail="This path takes no such parameter.")
        for name in dict.fromkeys(given)
        if name not in taken
    ]
    errors += [
        FieldProblem(pointer=f"query/{name}", detail="This parameter is given twice.") for name in taken if given.count(name) > 1
    ]
    if errors:
        raise Problem(
            422, "PARAMETER", errors[0].detail if len(errors) == 1 else "The request has wrong parameters.", errors=errors
        )


def _taken(dependant: Dependant) -> set[str]:
    names = {field.alias for field in dependant.query_params}
    for child in dependant.dependencies:
        names |= _taken(child)
    return names
