"""A product without an end: the customer portal, whose source speaks of stages and of releases that move."""

from datetime import timedelta

from portfolio_deploy.demo import days, people
from portfolio_deploy.demo.strands import backlog, costs, products, titles
from portfolio_deploy.demo.strands.backlog import Backlog, Product
from portfolio_deploy.demo.telling import Strand

_WORDS = (
    "policy overview",
    "change of address",
    "claim status",
    "documents",
    "broker's view",
    "log-in",
    "consent",
    "messages",
    "family contracts",
    "payments due",
    "appointments",
    "proofs of insurance",
    "quotes",
    "cancellations",
    "bank details",
)
_FEATURES = (
    "new page for *",
    "* on the telephone",
    "* without a password",
    "* for people who see badly",
    "search in *",
    "* in the app",
    "* for brokers",
    "* in three languages",
    "help beside *",
    "a reminder about *",
    "* as a file to keep",
    "less to type in *",
)


def tell(strand: Strand) -> None:
    """Tell it: conceived in the third month, alive in the fourth, and never finished."""
    product = Product(
        id="portal",
        key="POR",
        owner="p-kim",
        team=("p-leo", "p-mila", "p-noor"),
        comes_per_mille=240,
        at_once=3,
        stages=("alpha", "beta", "stable"),
        titles={
            "feature": titles.combine(_FEATURES, _WORDS),
            "defect": titles.combine(titles.DEFECTS, _WORDS),
            "debt": titles.combine(titles.DEBT, _WORDS),
            "risk": titles.combine(titles.RISKS, _WORDS),
        },
    )
    first = strand.days.workday(3, 6)
    vision = "What a branch can do for a customer, the customer can do alone, on the sofa, at ten in the evening."
    products.begin(strand, product, strand.days.workday(2, 6), first, name="Customer portal", vision=vision, quarter=150_000)
    Backlog(strand, product).run(days.add_workdays(first, 1), strand.days.end)
    _upgrade(strand, product)
    member = f"product/{product.id}"
    costs.monthly(strand, member, range(3, days.MONTHS), "labour", lambda month: 33_000 + 900 * month, work_type="feature")
    costs.monthly(strand, member, range(3, days.MONTHS), "cloud", lambda month: 2_100 + 310 * month)


def _upgrade(strand: Strand, product: Product) -> None:
    """Tell how the tracker was upgraded one evening, and spoke words for a while that nobody here knows."""
    at = days.moment(strand.days.workday(13, 4), 20, 15)
    item = {"product": f"product/{product.id}", "title": "Imported", "kind": "story", "after": None}
    strand.tell(at, "item.item-added.v1", "item/POR-0", people.TRACKER, item, source=backlog.SOURCE, expected="SCHEMA")
    strand.tell(
        at + timedelta(minutes=2),
        "item.item-archived.v1",
        "item/POR-1",
        people.TRACKER,
        source=backlog.SOURCE,
        expected="UNKNOWN_TYPE",
    )
