"""What every store of the ledger's state keeps to: PostgreSQL, and the double that simulations have."""

from dataclasses import replace

import msgspec
import pytest

from portfolio_ledger.domain.portfolio import Portfolio
from portfolio_ledger.state import answers
from portfolio_ledger.state.changes import Changes, Subject
from portfolio_ledger.state.standings import Standing
from portfolio_ledger.state.store import Batch, NotOwned, Position, Stale, Store, Wanted
from portfolio_schemas.follow import Head, Place, Stop
from tests.histories import BEGINNING, History


def yes() -> bool:
    """The partition is owned."""
    return True


def history() -> History:
    """Two recorded events, of which the second followed from the first, and a refusal."""
    made = History("acme")
    made.add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"})
    made.add("initiative.baseline-superseded", "initiative/a", {}, source="/ledger", id="0.1")
    made.refuse("item/X", "UNKNOWN_ITEM")
    return made


def changes(made: History) -> Changes:
    """What a history changes."""
    found = Changes()
    for entry in made.entries:
        answer = answers.of(entry)
        found.add(msgspec.structs.replace(answer, submission="0-0-0") if answer.is_consequence else answer)
    found.subjects["acme", "portfolio/acme"] = Subject(1, Portfolio("EUR", born_at=BEGINNING))
    return found


class LedgerStoreContract:
    """A test class with a fixture `store`, which is empty, inherits these."""

    async def test_a_partition_begins_at_nothing(self, store: Store):
        """Nobody has to make it."""
        assert await store.load(3) == (Position(), {})
        assert (await store.look_up(3, Wanted())).next_offset == 0

    async def test_the_key_of_forwarding_is_made_once(self, store: Store):
        """All who ask get the first one that was offered."""
        assert [await store.forwarding_key(bytes([n]) * 32) for n in (1, 2, 1)] == [bytes([1]) * 32] * 3

    async def test_what_was_written_is_loaded_as_it_was(self, store: Store):
        """Position, standings with head, tip and stop, and the position in intake of a portfolio that has its own."""
        old, _ = await store.load(0)
        new = Position(7, 4, (3, 1))
        standings = {
            "acme": Standing(
                Place(Head(2, "a" * 64), "b" * 64, Stop(6, "c" * 64, "It is an orphan.")), "2026-01-01T00:00:00Z", 2
            ),
            "beta": Standing(Place(Head(0, "d" * 64)), "2026-01-01T00:00:00Z"),
        }
        await store.write(Batch(0, old, new, Changes(), standings), yes)
        assert await store.load(0) == (new, standings)
        assert await store.load(1) == (Position(), {})

    async def test_answers_and_subjects_are_found_by_what_asks_for_them(self, store: Store):
        """An event by source and id, a submission by its name, an entry by its number; what is not there is a new subject."""
        made, (old, _) = history(), await store.load(0)
        written = changes(made)
        await store.write(Batch(0, old, Position(3), written, {}), yes)
        opened, superseded, refused = (written.entry("acme", number) for number in range(3))
        wanted = Wanted(
            events={("acme", "/tests", "e0"), ("acme", "/tests", "r2"), ("beta", "/tests", "e0")},
            submissions={("acme", "0-2-0"), ("acme", "0-9-0")},
            entries={("acme", 1), ("acme", 8)},
            subjects={("acme", "portfolio/acme"), ("acme", "item/X")},
        )
        found = await store.look_up(0, wanted)
        assert found.next_offset == 3
        assert found.events == {("acme", "/tests", "e0"): opened}
        assert opened is not None
        assert opened.last_entry == 1
        assert found.submissions == {("acme", "0-2-0"): [refused]}
        assert found.entries == {("acme", 1): superseded}
        assert found.subjects == {
            ("acme", "portfolio/acme"): written.subjects["acme", "portfolio/acme"],
            ("acme", "item/X"): Subject(),
        }

    async def test_hashes_tell_what_is_held(self, store: Store):
        """Of an entry that is stored, of one that is not, and of one that is another."""
        made, (old, _) = history(), await store.load(0)
        await store.write(Batch(0, old, Position(3), changes(made), {}), yes)
        first = made.entries[0].hash
        assert await store.hash_of("acme", 0) == first
        assert await store.hash_of("acme", 3) is None
        heads = [("a", "acme", 0, first), ("b", "acme", 0, "f" * 64), ("c", "acme", 3, first)]
        assert sorted(await store.not_held(heads)) == heads[1:]

    async def test_who_began_elsewhere_writes_nothing(self, store: Store):
        """The compare-and-swap on the offset: the slower one changes nothing at all."""
        old, _ = await store.load(0)
        await store.write(Batch(0, old, Position(1), Changes(), {}), yes)
        with pytest.raises(Stale):
            await store.write(Batch(0, old, Position(3), changes(history()), {"acme": Standing()}), yes)
        assert await store.load(0) == (Position(1), {})
        assert await store.hash_of("acme", 0) is None

    async def test_who_does_not_own_the_partition_writes_nothing(self, store: Store):
        """It is asked last of all."""
        old, _ = await store.load(0)
        with pytest.raises(NotOwned):
            await store.write(Batch(0, old, Position(1), Changes(), {}), lambda: False)
        assert await store.load(0) == (Position(), {})

    async def test_what_other_rules_folded_is_not_written_on(self, store: Store):
        """Whoever began at another fold changes nothing, wherever it stands."""
        old, _ = await store.load(0)
        with pytest.raises(Stale):
            await store.write(Batch(0, replace(old, fold="another"), Position(1), Changes(), {}), yes)
        assert await store.load(0) == (old, {})

    async def test_a_partition_can_be_forgotten(self, store: Store):
        """It begins at nothing, but in intake before everything that waits; other partitions stay as they are."""
        made, (old, _), (other, _) = history(), await store.load(0), await store.load(1)
        standings = {"acme": Standing(intake_offset=5), "beta": Standing()}
        await store.write(Batch(0, old, Position(3, 9, (8, 0)), changes(made), standings), yes)
        await store.write(Batch(1, other, Position(2, 4), Changes(), {"gamma": Standing()}), yes)
        new = Position(3, 9, (8, 0))
        with pytest.raises(NotOwned):
            await store.forget(0, new, lambda: False)
        for wrong in (old, replace(new, fold="another"), replace(new, fold=None)):
            with pytest.raises(Stale):
                await store.forget(0, wrong, yes)
        assert await store.load(0) == (new, standings)
        await store.forget(0, new, yes)
        assert await store.load(0) == (Position(intake_offset=5), {})
        assert await store.load(1) == (Position(2, 4), {"gamma": Standing()})
        assert await store.hash_of("acme", 0) is None
        wanted = Wanted(submissions={("acme", "0-2-0")}, subjects={("acme", "portfolio/acme")})
        found = await store.look_up(0, wanted)
        assert (found.submissions, found.subjects) == ({}, {("acme", "portfolio/acme"): Subject()})

    async def test_forgotten_intake_is_read_again_from_where_it_is_told(self, store: Store):
        """Before where it was, never behind; where nothing is known of it, it begins with the first record as ever."""
        old, _ = await store.load(0)
        await store.write(Batch(0, old, Position(3, 9), Changes(), {}), yes)
        await store.forget(0, Position(3, 9), yes, intake=2)
        assert (await store.load(0))[0].intake_offset == 2
        await store.forget(0, Position(), yes, intake=7)
        assert (await store.load(0))[0].intake_offset == 2
        await store.load(1)
        await store.forget(1, Position(), yes, intake=7)
        assert (await store.load(1))[0].intake_offset is None

    async def test_no_reader_shows_heads_at_first(self, store: Store):
        """There is nothing to compare with."""
        assert await store.applied_heads() == []
