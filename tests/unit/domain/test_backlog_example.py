"""A worked example of a rolling backlog: ten events are recorded, six are refused, and everybody knows why."""

from tests.rules import OPENED, Rules, fact, outcome, refused
from tests.unit.domain.item_specifications import PAYMENTS, added, moved

RECORDED = [
    added("item/A"),
    added("item/B", after="item/A"),
    added("item/C", after="item/B"),
    added("item/D"),
    moved("item/C", "item/D"),
    fact("item-started.v1", "item/D", at=3),
    moved("item/A", "item/B", at=4),
    fact("item-completed.v1", "item/D", at=5),
    fact("item-split.v1", "item/B", at=6, into=[{"item": "item/B1", "title": "One"}, {"item": "item/B2", "title": "Two"}]),
    fact("item-dropped.v1", "item/A", at=7, why="duplicate"),
]
REFUSED = [
    (moved("item/D", "item/C", at=8), "CLOSED_ITEM"),
    (moved("item/C", "item/C", at=8), "AFTER_ITSELF"),
    (added("item/C", at=8), "ALREADY_EXISTS"),
    (moved("item/B1", "item/B", at=8), "CLOSED_ITEM"),
    (fact("item-completed.v1", "item/Z", at=8), "UNKNOWN_AGGREGATE"),
    (fact("item-completed.v1", "item/C", at=8), "NEVER_STARTED"),
]


def test_the_example_is_recorded_and_refused_as_it_says():
    """No event of the ten is flagged; each of the six gets the code of its reason, and changes nothing."""
    rules = Rules()
    assert [outcome(rules.submit(one)) for one in (OPENED, PAYMENTS, *RECORDED)] == [("recorded",)] * 12
    before = dict(rules.states)
    assert [outcome(rules.submit(one)) for one, _ in REFUSED] == [refused(code) for _, code in REFUSED]
    assert rules.states == before
