"""The follow rule, case by case."""

from dataclasses import replace

from portfolio_schemas import entries, follow
from portfolio_schemas.entries import EMPTY_HASH, Entry, Repair
from portfolio_schemas.follow import Head, Judgement, Place


def entry(number: int, previous: str, *, append: int | None = None, salt: str = "a") -> Entry:
    """An entry at a number with a link; `salt` tells two apart."""
    return entries.build(
        {
            "append": number if append is None else append,
            "door": "http",
            "entry": number,
            "event": {"id": "1"},
            "flags": [],
            "portfolio": "acme",
            "previous": previous,
            "recordedtime": "2026-01-01T00:00:00.000000Z",
            "salt": salt,
            "submission": "0-0-0",
            "version": 1,
        }
    )


ZERO = entry(0, EMPTY_HASH)
ONE = entry(1, ZERO.hash)
AT_ZERO = Place(Head(0, ZERO.hash))
AT_ONE = Place(Head(1, ONE.hash))


def test_the_first_entry_links_to_zeros():
    """Entry 0 extends an empty portfolio."""
    assert follow.judge(follow.NEW_PLACE, ZERO) is Judgement.EXTENDS


def test_the_next_entry_extends_the_head():
    """The right number with the right link extends, and becomes the head."""
    judgement = follow.judge(AT_ZERO, ONE)
    assert judgement is Judgement.EXTENDS
    assert follow.advance(AT_ZERO, ONE, judgement, offset=1).head == Head(1, ONE.hash)


def test_the_start_of_a_lost_append_is_superseded():
    """Another entry 1 that links to entry 0 came too late; its hash becomes the tip, the head stays."""
    late = entry(1, ZERO.hash, salt="b")
    assert follow.needs_old_hash(AT_ONE.head, late)
    judgement = follow.judge(AT_ONE, late, ZERO.hash)
    assert judgement is Judgement.SUPERSEDED
    assert follow.advance(AT_ONE, late, judgement, offset=2) == replace(AT_ONE, tip=late.hash)


def test_the_rest_of_a_lost_append_follows_the_tip():
    """An entry 2 of an append that began at 1 and lost is superseded although 2 is the next number."""
    late = entry(1, ZERO.hash, salt="b")
    rest = entry(2, late.hash, append=1)
    assert follow.judge(replace(AT_ONE, tip=late.hash), rest) is Judgement.SUPERSEDED


def test_the_rest_without_its_start_is_an_orphan():
    """Where the start of the lost append was never seen, its rest is no part of anything."""
    late = entry(1, ZERO.hash, salt="b")
    assert follow.judge(AT_ONE, entry(2, late.hash, append=1)) is Judgement.ORPHAN


def test_a_lost_first_append_is_superseded():
    """A second entry 0 links to zeros, which needs no look-up."""
    late = entry(0, EMPTY_HASH, salt="b")
    assert not follow.needs_old_hash(AT_ONE.head, late)
    assert follow.judge(AT_ONE, late) is Judgement.SUPERSEDED


def test_a_hole_is_an_orphan():
    """Entry 2 after entry 0 says that entry 1 is missing."""
    place = follow.advance(AT_ZERO, entry(2, ONE.hash), Judgement.ORPHAN, offset=9)
    assert follow.judge(AT_ZERO, entry(2, ONE.hash)) is Judgement.ORPHAN
    assert place.stop is not None
    assert place.stop.offset == 9
    assert "entries 1 to 1 are missing" in place.stop.detail


def test_an_altered_predecessor_is_an_orphan():
    """The right number with a wrong link says that the entry before was altered."""
    assert follow.judge(AT_ZERO, entry(1, "f" * 64)) is Judgement.ORPHAN


def test_a_fork_of_an_old_entry_is_an_orphan():
    """A record that claims to follow an entry which this reader holds differently is damage, not a lost race."""
    assert follow.judge(AT_ONE, entry(1, "f" * 64), ZERO.hash) is Judgement.ORPHAN


def test_a_reader_without_the_old_hash_stops():
    """Without the hash that the rule asks for, nothing is taken on trust."""
    assert follow.judge(AT_ONE, entry(1, ZERO.hash, salt="b"), None) is Judgement.ORPHAN


def test_a_repair_asks_for_exactly_its_head():
    """Number and hash must both agree."""
    repair = Repair("acme", frozenset(), 1, ONE.hash, "restored", "operator")
    assert follow.holds(AT_ONE, repair)
    assert not follow.holds(AT_ZERO, repair)
    assert not follow.holds(Place(Head(1, ZERO.hash)), repair)
