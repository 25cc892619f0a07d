"""How a product begins."""

from datetime import date

from portfolio_deploy.demo import people
from portfolio_deploy.demo.strands import backlog, money
from portfolio_deploy.demo.strands.backlog import Product
from portfolio_deploy.demo.strands.opening import SOURCE
from portfolio_deploy.demo.telling import Data, Strand


def begin(strand: Strand, product: Product, conceived: date, active: date, *, name: str, vision: str, quarter: int) -> None:
    """Tell how a product was conceived, got money for its first quarter, and became active; and the money of each after that."""
    subject = f"product/{product.id}"
    data: Data = {"name": name, "vision": vision, "owner": product.owner, "reported_statuses": list(backlog.STATUSES)}
    if product.stages:
        data["reported_stages"] = list(product.stages)
    at = strand.during(conceived, 8, 12)
    strand.tell(at, "product.product-conceived.v1", subject, product.owner, data, source=SOURCE)
    money.release_quarterly(strand, product.id, active, quarter, proposed_by=product.owner)
    strand.tell(strand.during(active, 13, 16), "product.product-activated.v1", subject, people.OFFICE, source=SOURCE)
