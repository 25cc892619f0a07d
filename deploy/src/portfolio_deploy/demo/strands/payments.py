"""A product without an end: payments and collections, the oldest team and the most orderly backlog."""

from portfolio_deploy.demo import days, people
from portfolio_deploy.demo.strands import backlog, costs, deployments, products, service_levels, titles
from portfolio_deploy.demo.strands.backlog import Backlog, Product
from portfolio_deploy.demo.telling import Strand

_WORDS = (
    "direct debit",
    "instant transfer",
    "card payment",
    "payment by instalments",
    "refund",
    "reminder",
    "dunning letter",
    "collection agency",
    "premium holiday",
    "claims payment abroad",
    "bank statement",
    "mandate",
    "payment by broker",
    "currency other than euro",
    "payment in cash at a branch",
    "standing order",
    "premium in advance",
    "repayment after a cancellation",
    "interest on arrears",
    "payment by an employer",
)
_FEATURES = (
    "offer * in the portal",
    "tell the customer when * was done",
    "let clerks stop *",
    "report on * for the books",
    "limits for *",
    "* in the language of the customer",
    "* on the same day",
    "let brokers see *",
    "explain * on one page",
    "* for companies",
    "a test with a hundred customers: *",
    "figures of * for the board",
    "* by message",
    "let the customer choose the day of *",
)


def tell(strand: Strand) -> None:
    """Tell it from the first day of the story, when it was already at work, to the last."""
    product = Product(
        id="payments",
        key="PAY",
        owner="p-eva",
        team=("p-finn", "p-grace", "p-hugo", "p-irem"),
        comes_per_mille=270,
        at_once=4,
        titles=titles.of_product(_FEATURES, _WORDS),
    )
    first = strand.days.workday(0, 3)
    vision = "Whoever owes us can pay, and whoever we owe is paid, within a day and without asking twice."
    products.begin(strand, product, first, first, name="Payments and collections", vision=vision, quarter=185_000)
    _agree(strand, product)
    rolling = Backlog(strand, product)
    rolling.run(days.add_workdays(first, 1), strand.days.end)
    deployments.tell(strand, product, first, rolling.finished, repo="harbour/payments", every=6, mishaps=110)
    member = f"product/{product.id}"
    service_levels.tell(
        strand,
        "payments-first-try",
        member,
        1,
        sli="Payments that go through at the first try",
        target=99_500,
        owner=product.owner,
        bad={9: 99_380, 16: 98_910, 17: 99_460},
    )
    costs.by_kind(strand, member, range(days.MONTHS), lambda month: 48_000 + 6_500 * (month // 12))
    costs.monthly(strand, member, range(days.MONTHS), "cloud", lambda month: 4_200 + 150 * month)


def _agree(strand: Strand, product: Product) -> None:
    """Tell how the team agreed on its way of working, and on how much it begins at once."""
    subject, day = f"product/{product.id}", strand.days.workday(0, 2)
    states = [
        {"name": "Ready", "active": False},
        {"name": "In Progress", "active": True, "counts_from": True},
        {"name": "In Review", "active": False},
    ]
    agreed = strand.during(days.add_workdays(day, 1), 17, 18)
    strand.tell(agreed, "product.workflow-defined.v1", subject, product.owner, {"states": states}, source=backlog.SOURCE)
    limit = {"state": "In Progress", "limit": 6, "proposed_by": product.owner}
    limited = strand.during(strand.days.workday(3, 7), 17, 18)
    strand.tell(limited, "product.wip-limit-set.v1", subject, people.OFFICE, limit, source=backlog.SOURCE)
