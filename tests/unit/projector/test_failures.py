"""What could not be told is known until it can be told."""

import pytest

from portfolio_projector.telling import failures
from portfolio_projector.telling.failures import Failure, Failures
from portfolio_projector.telling.past import Unfoldable

PAY, APP = "product/pay", "product/app"


def failed(scope: str, entry: int, chronicle: str = "flow") -> Unfoldable:
    """A fold has raised."""
    error = Unfoldable(chronicle, scope, entry)
    error.__cause__ = KeyError("queue")
    return error


def test_each_is_named_with_what_its_fold_said():
    """By portfolio, chronicle and member; met again, it is the same one."""
    known = Failures()
    for portfolio, error in (
        ("beta", failed(PAY, 7)),
        ("acme", failed(PAY, 7)),
        ("acme", failed(APP, 8)),
        ("acme", failed(PAY, 9)),
    ):
        known.note(portfolio, error)
    detail = "Entry {} cannot be folded: KeyError: 'queue'"
    assert list(known.standing()) == [
        Failure("flow", "acme", APP, 8, detail.format(8)),
        Failure("flow", "acme", PAY, 7, detail.format(7)),
        Failure("flow", "beta", PAY, 7, detail.format(7)),
    ]


def test_what_was_told_after_all_is_forgotten():
    """At that entry or a later one; that an earlier moment can be told says nothing."""
    known = Failures()
    known.note("acme", failed(PAY, 7))
    known.told("flow", "acme", [PAY], 6)
    known.told("flow", "acme", [APP], 9)
    known.told("risks", "acme", [PAY], 9)
    assert [one.entry for one in known.standing()] == [7]
    known.told("flow", "acme", [APP, PAY], 7)
    assert list(known.standing()) == []


def test_they_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch):
    """A defect may meet every member of every portfolio: those that were met first are kept."""
    monkeypatch.setattr(failures, "_FAILURES_MAX", 2)
    known = Failures()
    for number in range(5):
        known.note("acme", failed(f"product/{number}", 7))
    assert [one.scope for one in known.standing()] == ["product/0", "product/1"]
