"""The routes of `products`."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter, Response

from portfolio_projector.http import answers as http_answers
from portfolio_projector.http import cursors
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.problems import Problem
from portfolio_projector.http.reading import Asked, CursorText, Id, Limit, Part
from portfolio_projector.http.telling import Each
from portfolio_projector.read_models.funding.fold import FUNDING
from portfolio_projector.read_models.funding.standing import Place, place
from portfolio_projector.read_models.money.fold import MONEY
from portfolio_projector.read_models.products import answers
from portfolio_projector.read_models.products.fold import PRODUCTS
from portfolio_projector.read_models.products.state import Products

router = APIRouter(prefix="/portfolios/{portfolio}/products", tags=["products"], responses=http_answers.CARRIED)


@router.get("", response_model=answers.ProductsAnswer, responses=http_answers.TABULAR)
async def list_products(asked: Asked, limit: Limit = 100, cursor: CursorText = None) -> Response:
    """List products by id."""
    list_ = f"products/{asked.portfolio}"
    after = cursors.decode(cursor, list_, str)

    def build(states: Mapping[str, Any], moment: Moment) -> Mapping[str, object]:
        known = [name for name in map(_id, states["products"]) if name in states["products"][f"product/{name}"].products]
        names = sorted(name for name in known if after is None or name > after[0])
        shown = [_told(answers.summary, states, name, moment) for name in names[:limit]]
        next_cursor = cursors.encode(list_, names[limit - 1]) if len(names) > limit else None
        return {"products": shown, "next_cursor": next_cursor}

    return await asked.tell_all(_parts(Each.PRODUCT), build, table="products")


@router.get("/{product}", response_model=answers.ProductAnswer)
async def show_product(asked: Asked, product: Id) -> Response:
    """Show one product, and how it became what it is."""
    member = f"product/{product}"

    def build(states: Mapping[str, Any], moment: Moment) -> Mapping[str, object]:
        if product not in states["products"].products:
            raise Problem(404, "UNKNOWN_PRODUCT", f"There is no product {product}.", entry=moment.entry)
        return _told(answers.whole, {name: {member: state} for name, state in states.items()}, product, moment)

    return await asked.tell_all(_parts(member), build)


def _parts(scope: str | Each) -> dict[str, Part]:
    return {"products": (PRODUCTS, scope), "money": (MONEY, scope), "rules": (FUNDING, scope)}


def _told(
    tell: Callable[[str, Products, Place, date], dict[str, Any]],
    states: Mapping[str, Mapping[str, Any]],
    product: str,
    moment: Moment,
) -> dict[str, Any]:
    member = f"product/{product}"
    at = place(states["money"][member], states["rules"][member], member, moment.today, moment.zone)
    return tell(product, states["products"][member], at, moment.today)


def _id(member: str) -> str:
    return member.partition("/")[2]
