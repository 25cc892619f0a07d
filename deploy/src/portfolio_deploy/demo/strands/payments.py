"""A product without an end: payments and collections, the oldest team and the most orderly backlog."""

from portfolio_deploy.demo import days
from portfolio_deploy.demo.strands import costs, products, titles
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
        comes_per_mille=280,
        at_once=4,
        titles={
            "feature": titles.combine(_FEATURES, _WORDS),
            "defect": titles.combine(titles.DEFECTS, _WORDS),
            "debt": titles.combine(titles.DEBT, _WORDS),
            "risk": titles.combine(titles.RISKS, _WORDS),
        },
    )
    first = strand.days.workday(0, 3)
    vision = "Whoever owes us can pay, and whoever we owe is paid, within a day and without asking twice."
    products.begin(strand, product, first, first, name="Payments and collections", vision=vision, quarter=170_000)
    Backlog(strand, product).run(days.add_workdays(first, 1), strand.days.end)
    member = f"product/{product.id}"
    costs.monthly(strand, member, range(days.MONTHS), "labour", lambda month: 46_000 + 6_500 * (month // 12), work_type="feature")
    costs.monthly(strand, member, range(days.MONTHS), "cloud", lambda month: 4_200 + 150 * month)
