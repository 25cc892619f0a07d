"""Initiatives and products in questions: how one is named, and what is answered when there is none of that name."""

from typing import Annotated

from fastapi import Query

from portfolio_projector.http.moments import Moment
from portfolio_projector.http.problems import Problem

Member = Annotated[
    str | None,
    Query(
        pattern=r"^(initiative|product)/[A-Za-z0-9._-]{1,64}$",
        description="only those of one initiative or product",
        examples=["product/pay"],
    ),
]


def unknown_initiative(initiative: str, moment: Moment) -> Problem:
    """Return the problem of an initiative that nobody has proposed by the moment that is asked about."""
    return Problem(404, "UNKNOWN_INITIATIVE", f"There is no initiative {initiative}.", entry=moment.entry)


def unknown_product(product: str, moment: Moment) -> Problem:
    """Return the problem of a product that nobody has conceived by the moment that is asked about."""
    return Problem(404, "UNKNOWN_PRODUCT", f"There is no product {product}.", entry=moment.entry)
