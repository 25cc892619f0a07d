"""Lifetime costs: nothing is lost or counted twice on the way from one to another."""

from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from portfolio_projector.metrics import reasons
from portfolio_projector.metrics.lifetimes import Cost, Step, inherited, total

WHOLE = Decimal(1)


def eur(minor: int) -> Cost:
    """An amount."""
    return Cost(minor, "EUR")


def test_what_becomes_a_product_passes_its_cost_on() -> None:
    """75 spent by the project, nothing by the product: its life has cost 75, and stays so when it spends 10 more."""
    found = inherited({"initiative/p": eur(75)}, [Step("initiative/p", [("product/q", WHOLE)])])
    assert found["product/q"] == eur(75)
    assert total(eur(10), found["product/q"]) == eur(85)


def test_a_chain_passes_on_what_was_taken_over() -> None:
    """Two projects become a product, it merges into another, and that is split."""
    steps = [
        Step("initiative/a", [("product/p", WHOLE)]),
        Step("initiative/b", [("product/p", WHOLE)]),
        Step("product/p", [("product/q", WHOLE)]),
        Step("product/q", [("product/r", Decimal("0.75")), ("product/s", Decimal("0.25"))]),
    ]
    own = {"initiative/a": eur(10), "initiative/b": eur(20), "product/p": eur(3), "product/q": eur(67)}
    found = inherited(own, steps)
    assert (found["product/p"], found["product/q"]) == (eur(30), eur(33))
    assert (found["product/r"], found["product/s"]) == (eur(75), eur(25))


def test_amounts_of_two_currencies_have_no_sum() -> None:
    """Nobody said at which rate; what was never posted has no currency yet, and adds to any."""
    found = inherited({"initiative/p": Cost(5, "USD")}, [Step("initiative/p", [("product/q", WHOLE)])])
    assert total(eur(1), found["product/q"]) == reasons.CURRENCIES
    assert total(reasons.CURRENCIES, eur(1)) == reasons.CURRENCIES
    assert total(Cost(0, None), eur(1)) == eur(1)


@given(minor=st.integers(-(10**9), 10**9), cuts=st.lists(st.integers(0, 10**6), max_size=5))
def test_the_parts_of_a_split_are_all_of_it(minor: int, cuts: list[int]) -> None:
    """Whatever the shares: what rounding leaves goes to the first parts, a unit each."""
    edges = [0, *sorted(cuts), 10**6]
    shares = [Decimal(after - before) / 10**6 for before, after in pairwise(edges)]
    parts = [(f"product/{number}", share) for number, share in enumerate(shares)]
    found = inherited({"product/p": eur(minor)}, [Step("product/p", parts)])
    amounts = [cost.minor for cost in found.values() if isinstance(cost, Cost)]
    assert sum(amounts) == minor
    assert all(abs(amount - minor * share) < 2 for amount, share in zip(amounts, shares, strict=True))
