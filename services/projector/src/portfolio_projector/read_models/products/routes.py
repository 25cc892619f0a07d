"""The routes of `products`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Response

from portfolio_projector.folding.chronicles import WHOLE
from portfolio_projector.http import answers as http_answers
from portfolio_projector.http import cursors
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.problems import Problem
from portfolio_projector.http.reading import Asked, CursorText, Id, Limit
from portfolio_projector.read_models.funding.fold import FUNDING, FUNDING_OF_ALL
from portfolio_projector.read_models.funding.standing import Place, place
from portfolio_projector.read_models.money.fold import MONEY, MONEY_OF_ALL
from portfolio_projector.read_models.products import answers
from portfolio_projector.read_models.products.fold import PRODUCTS, PRODUCTS_OF_ALL

if TYPE_CHECKING:
    from portfolio_projector.http.telling import Part

router = APIRouter(prefix="/portfolios/{portfolio}/products", tags=["products"], responses=http_answers.CARRIED)


@router.get("", response_model=answers.ProductsAnswer, responses=http_answers.tabular("products"))
async def list_products(asked: Asked, limit: Limit = 100, cursor: CursorText = None) -> Response:
    """List products by id."""
    list_ = f"products/{asked.portfolio}"
    after = cursors.decode(cursor, list_, str)

    def build(states: Mapping[str, Any], moment: Moment) -> Mapping[str, object]:
        known = answers.Known(states["products"], moment.today)
        names = sorted(name for name in known.products if after is None or name > after[0])
        shown = [answers.summary(name, known, _place(states, name, moment)) for name in names[:limit]]
        next_cursor = cursors.encode(list_, names[limit - 1]) if len(names) > limit else None
        return {"products": shown, "next_cursor": next_cursor}

    parts: dict[str, Part] = {
        "products": (PRODUCTS_OF_ALL, WHOLE),
        "money": (MONEY_OF_ALL, WHOLE),
        "rules": (FUNDING_OF_ALL, WHOLE),
    }
    return await asked.tell_all(parts, build, table="products")


@router.get("/{product}", response_model=answers.ProductAnswer)
async def show_product(asked: Asked, product: Id) -> Response:
    """Show one product, and how it became what it is."""
    member = f"product/{product}"

    def build(states: Mapping[str, Any], moment: Moment) -> Mapping[str, object]:
        known = answers.Known(states["products"], moment.today)
        if product not in known.products:
            raise Problem(404, "UNKNOWN_PRODUCT", f"There is no product {product}.", entry=moment.entry)
        return answers.whole(product, known, _place(states, product, moment))

    parts: dict[str, Part] = {"products": (PRODUCTS, member), "money": (MONEY, member), "rules": (FUNDING, member)}
    return await asked.tell_all(parts, build)


def _place(states: Mapping[str, Any], product: str, moment: Moment) -> Place:
    return place(states["money"], states["rules"], f"product/{product}", moment.today, moment.zone)
