"""What a judge keeps in memory: bounded, and the subjects that were looked at last."""

from portfolio_ledger.state.changes import Changes, Subject
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


def test_a_subject_without_room_is_known_until_it_is_stored():
    """What changed and is not stored yet cannot be looked up anywhere else, however little room there is."""
    memory = Memory(subjects_max=0)
    changes = Changes()
    changes.subjects["acme", "item/0"] = Subject(5)
    memory.take(changes)
    memory.trim()
    assert memory.subject("acme", "item/0") == Subject(5)
    memory.begin_writing()
    assert memory.subject("acme", "item/0") == Subject(5)
    memory.end_writing()
    assert memory.subject("acme", "item/0") is None


def test_a_subject_is_known_as_it_was_left_last():
    """A later change counts, whichever layer the earlier one is in by then."""
    memory = Memory(subjects_max=10)
    for version in (1, 2):
        changes = Changes()
        changes.subjects["acme", "item/0"] = Subject(version)
        memory.take(changes)
        memory.begin_writing()
        assert memory.subject("acme", "item/0") == Subject(version)
        memory.end_writing()
    assert memory.subject("acme", "item/0") == Subject(2)
