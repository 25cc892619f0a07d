"""How a product begins."""

from datetime import date, timedelta

from portfolio_deploy.demo import days, people
from portfolio_deploy.demo.strands import backlog
from portfolio_deploy.demo.strands.backlog import Product
from portfolio_deploy.demo.strands.opening import SOURCE
from portfolio_deploy.demo.telling import Data, Strand, money

_QUARTER = timedelta(days=91)


def begin(strand: Strand, product: Product, conceived: date, active: date, *, name: str, vision: str, quarter: int) -> None:
    """Tell how a product was conceived, got money for its first quarter, and became active; and the money of each after that."""
    subject = f"product/{product.id}"
    data: Data = {"name": name, "vision": vision, "owner": product.owner, "reported_statuses": list(backlog.STATUSES)}
    if product.stages:
        data["reported_stages"] = list(product.stages)
    at = strand.during(conceived, 8, 12)
    strand.tell(at, "product.product-conceived.v1", subject, product.owner, data, source=SOURCE)
    _release(strand, product, active, 1, quarter)
    strand.tell(strand.during(active, 13, 16), "product.product-activated.v1", subject, people.OFFICE, source=SOURCE)
    day, number = active, 1
    while (day := days.next_workday(day + _QUARTER)) < strand.days.end:
        number += 1
        _release(strand, product, day, number, quarter)


def _release(strand: Strand, product: Product, day: date, number: int, units: int) -> None:
    data: Data = {
        "member": f"product/{product.id}",
        "tranche_no": number,
        "amount": money(units),
        "valid_from": day.isoformat(),
        "valid_to": (day + _QUARTER).isoformat(),
        "proposed_by": product.owner,
    }
    at = days.moment(day, 12, 30)
    strand.tell(at, "funding.tranche-released.v1", f"funding/{product.id}", people.BOARD, data, source=SOURCE)
