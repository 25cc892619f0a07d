"""What a judge keeps in memory: bounded, and the subjects that were looked at last."""

from portfolio_ledger.state.changes import Subject
from portfolio_ledger.state.memory import Memory


def test_subjects_that_nobody_looked_at_for_long_are_forgotten():
    """Between batches, down to as many as there is room for; what was looked at stays."""
    memory = Memory(subjects_max=2)
    for n in range(4):
        memory.remember(("acme", f"item/{n}"), Subject(n))
    assert memory.subject("acme", "item/0") == Subject(0)
    memory.trim()
    assert [memory.subject("acme", f"item/{n}") for n in range(4)] == [Subject(0), None, None, Subject(3)]
    memory.trim()
    assert memory.subject("acme", "item/3") == Subject(3)
