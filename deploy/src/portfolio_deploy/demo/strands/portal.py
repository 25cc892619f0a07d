"""A product without an end: the customer portal, whose source speaks of stages and of releases that move."""

from datetime import timedelta

from portfolio_deploy.demo import days, people
from portfolio_deploy.demo.strands import backlog, costs, deployments, products, service_levels, titles
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
        comes_per_mille=215,
        at_once=3,
        stages=("alpha", "beta", "stable"),
        titles=titles.of_product(_FEATURES, _WORDS),
    )
    first = strand.days.workday(3, 6)
    vision = "What a branch can do for a customer, the customer can do alone, on the sofa, at ten in the evening."
    products.begin(strand, product, strand.days.workday(2, 6), first, name="Customer portal", vision=vision, quarter=150_000)
    rolling = Backlog(strand, product)
    rolling.run(days.add_workdays(first, 1), strand.days.end)
    deployments.tell(strand, product, first, rolling.finished, repo="harbour/portal", every=8, mishaps=170)
    _upgrade(strand, product)
    _try_out(strand, product)
    member = f"product/{product.id}"
    service_levels.tell(
        strand,
        "portal-pages",
        member,
        5,
        sli="Pages that are there within two seconds",
        target=99_000,
        owner=product.owner,
        bad={14: 98_200, 23: 98_870},
    )
    costs.by_kind(strand, member, range(3, days.MONTHS), lambda month: 33_000 + 900 * month)
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


def _try_out(strand: Strand, product: Product) -> None:
    """Tell how a log-in without a password is shown to some, then to more, and taken back when it is understood too little."""
    member, feature, experiment = f"product/{product.id}", "feature/no-password", "experiment/no-password"
    hypothesis = {
        "member": member,
        "hypothesis": "Whoever needs no password logs in twice as often.",
        "metric": "Log-ins of a customer in a month",
        "stop_rule": "Eight weeks, or one log-in by somebody else.",
    }
    told = (
        (17.1, "experiment.experiment-started.v1", experiment, hypothesis),
        (17.3, "feature.feature-exposed.v1", feature, {"member": member, "flag": "portal:no-password", "share": "0.05"}),
        (18.2, "feature.feature-exposed.v1", feature, {"member": member, "flag": "portal:no-password", "share": "0.25"}),
        (19.1, "feature.feature-withdrawn.v1", feature, None),
        (
            19.4,
            "experiment.experiment-concluded.v1",
            experiment,
            {"decision": "iterate", "findings": "Half as often again; but a fifth did not know how they had come in."},
        ),
    )
    for months, kind, subject, data in told:
        strand.tell(strand.during(strand.days.at(months)), kind, subject, product.owner, data, source=backlog.SOURCE)
