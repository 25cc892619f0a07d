"""Walking: which snapshots come of a stretch of entries, and what is in them."""

from typing import Any

import msgspec

from portfolio_projector.folding.chronicles import chronicle
from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.telling.past import NEVER, Told, Wanted, unpack
from portfolio_projector.telling.walking import Line, Stretch, Walk
from portfolio_schemas.events.item import ItemStarted
from tests.histories import History


class Heard(msgspec.Struct):
    """The entries that were folded, each with the one whose body it has."""

    facts: list[tuple[int, int]] = []


def hear(state: Heard, fact: Fact) -> None:
    """Remember a fact."""
    state.facts.append((fact.number, fact.corrected_by or fact.number))


HEARD = chronicle("heard", 1, types=types_of(ItemStarted), state=Heard, fold=hear)


def stretch(history: History, begin: int = -1) -> Stretch:
    """A stretch of a history, up to its end."""
    types = [fact.type for fact in history.facts()]
    records = [
        {
            "entry": fact.number,
            "reaches": fact.number if fact.corrects is None else fact.corrects,
            "since": fact.number,
            "log_offset": fact.offset,
            "value": fact.entry.value,
            "type": fact.type,
            "corrected_type": None if fact.corrects is None else types[fact.corrects],
        }
        for fact in history.facts()
        if fact.number > begin
    ]
    return Stretch(begin, history.head.entry, records)


def walk(line: Line, through: Stretch, *, between: int, skipped: frozenset[int] = frozenset()) -> tuple[Walk[Any], list[int]]:
    """Walk through a stretch; also return of which entries a state was asked for. Each is told with nothing in it."""
    walking = Walk(HEARD, line, through, Wanted("acme", through.begin, skipped=skipped), "product/pay", between)
    asked = list[int]()
    while (entry := walking.go_on()) is not None:
        asked.append(entry)
        walking.begin_at(Told(Heard(), "product/pay", entry, NEVER, folded=40))
    return walking, asked


def begun(count: int) -> History:
    """A history in which items are started."""
    history = History("acme")
    for number in range(count):
        history.add("item.item-started", f"item/I-{number}", {})
    return history


def states(walking: Walk[Any]) -> dict[int, list[tuple[int, int]]]:
    """What is in each snapshot."""
    return {made.entry: unpack(HEARD, made.state).facts for made in walking.made}


def test_a_snapshot_comes_after_so_many_facts_and_the_rest_is_counted_for_the_next_stretch():
    """Seven facts, one each three: two snapshots, one fact left; with two more comes the next."""
    history, line = begun(7), Line(-1, 0, counted=-1)
    walking, asked = walk(line, stretch(history), between=3)
    plain = [(number, number) for number in range(7)]
    assert ({2: plain[:3], 5: plain[:6]}, [-1]) == (states(walking), asked)
    assert (line.last, line.facts, line.counted) == (5, 1, 6)
    history.add("item.item-started", "item/I-7", {})
    history.add("item.item-started", "item/I-8", {})
    walking, asked = walk(line, stretch(history, 6), between=3)
    assert (list(states(walking)), asked) == ([8], [6])


def test_where_nothing_is_due_no_state_is_asked_for():
    """Facts are counted, and that is all."""
    line = Line(-1, 0, counted=-1)
    walking, asked = walk(line, stretch(begun(5)), between=6)
    assert (walking.made, asked, line.facts) == ([], [], 5)


def test_entries_that_are_only_passed_bring_a_snapshot_too():
    """Ten of them take as long as one fact: whoever asks about what is seldom need not pass all of a long log."""
    history = History("acme")
    for number in range(40):
        history.add("item.item-ready", f"item/I-{number}", {})
    walking, _ = walk(Line(-1, 0, counted=-1), stretch(history), between=2)
    assert states(walking) == {19: [], 39: []}


def test_a_correction_within_a_step_holds_in_its_original_s_place():
    """What it says is folded where the original stands, and it is no fact of its own."""
    history = begun(2)
    history.add("item.item-started", "item/I-1", {}, corrects=1)
    walking, _ = walk(Line(-1, 0, counted=-1), stretch(history), between=3)
    assert states(walking) == {2: [(0, 0), (1, 2)]}


def test_where_a_correction_reaches_back_the_state_is_asked_for_anew_and_the_next_one_comes_later():
    """What is folded cannot be folded otherwise; as much as was told for it makes the next snapshot so much later."""
    history, line = begun(4), Line(-1, 0, counted=-1)
    history.add("item.item-started", "item/I-0", {}, corrects=0)
    for number in range(6):
        history.add("item.item-started", f"item/J-{number}", {})
    walking, asked = walk(line, stretch(history), between=2)
    assert (asked, list(states(walking))) == ([-1, 5], [1, 3, 5])
    assert (line.folded, line.facts) == (40, 5)


def test_what_is_skipped_is_in_no_snapshot():
    """Neither an entry nor, where that is skipped, its correction."""
    history = begun(3)
    history.add("item.item-started", "item/I-1", {}, corrects=1)
    walking, _ = walk(Line(-1, 0, counted=-1), stretch(history), between=4, skipped=frozenset({0, 3}))
    assert states(walking) == {3: [(1, 1), (2, 2)]}
