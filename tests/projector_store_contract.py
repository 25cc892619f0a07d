"""What every store of read models keeps to: PostgreSQL, and the double that simulations have."""

from dataclasses import replace
from typing import Any

import pytest

from portfolio_log.follower import Followed
from portfolio_projector.projecting.batches import Batch
from portfolio_projector.projecting.checkpoints import Checkpoint, Stale, Standing, Store, WrongVersion
from portfolio_projector.read_models import READ_MODELS
from portfolio_schemas.follow import Head, Place
from tests.histories import History

SIZE_MAX = 1_000_000


def history() -> History:
    """A product with two items, one of which moved."""
    made = History("acme")
    made.add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"})
    made.add("product.product-conceived", "product/pay", {"name": "Pay", "owner": "ann"})
    for name in ("A", "B"):
        made.add("item.item-added", f"item/{name}", {"product": "product/pay", "title": name, "kind": "feature"})
    made.add("item.item-moved", "item/A", {"after": None})
    return made


def stretch(made: History, first: int, end: int, *, tip: str | None = None) -> Followed:
    """A part of a history as a follower hands it on."""
    entries = made.entries[first:end]
    places = {"acme": Place(Head(entries[-1].entry, entries[-1].hash), tip)}
    return Followed(end, entries=entries, offsets=list(range(first, end)), places=places)


async def write(store: Store, known: dict[str, Checkpoint], followed: Followed) -> None:
    """Fold and write one batch."""
    batch = Batch(READ_MODELS, known, followed)
    async with store.session() as session:
        await batch.fold(session)
        await batch.write(session, 0)
    batch.settle(size_max=SIZE_MAX)


class ProjectorStoreContract:
    """A test class with a fixture `store`, which is empty, inherits these."""

    async def test_read_models_begin_at_nothing(self, store: Store):
        """Nobody has to make them."""
        known = await store.load(0, READ_MODELS)
        assert {name: checkpoint.next_offset for name, checkpoint in known.items()} == {model.name: 0 for model in READ_MODELS}
        assert await store.hash_of("acme", 0) is None

    async def test_what_was_written_is_loaded_as_it_was(self, store: Store):
        """Offsets, and places with head and tip, in their own partition."""
        made, known = history(), await store.load(0, READ_MODELS)
        await write(store, known, stretch(made, 0, 5, tip="b" * 64))
        loaded = await store.load(0, READ_MODELS)
        assert {checkpoint.next_offset for checkpoint in loaded.values()} == {5}
        wanted = Standing(Place(Head(4, made.entries[4].hash), "b" * 64))
        assert [checkpoint.standing("acme") for checkpoint in loaded.values()] == [wanted] * len(READ_MODELS)
        assert all(not checkpoint.standings for checkpoint in (await store.load(1, READ_MODELS)).values())
        assert await store.hash_of("acme", 2) == made.entries[2].hash

    async def test_a_fold_goes_on_with_the_rows_that_were_written(self, store: Store):
        """What one life wrote, the next one loads: an item moves after one that was added before."""
        made = history()
        for first, end in ((0, 2), (2, 4), (4, 5)):
            await write(store, await store.load(0, READ_MODELS), stretch(made, first, end))
        loaded = await store.load(0, READ_MODELS)
        assert all(checkpoint.standing("acme").failure is None for checkpoint in loaded.values())

    async def test_who_began_elsewhere_writes_nothing(self, store: Store):
        """The compare-and-swap on offsets: the slower one changes nothing at all."""
        made = history()
        first, second = [await store.load(0, READ_MODELS) for _ in range(2)]
        await write(store, first, stretch(made, 0, 2))
        with pytest.raises(Stale):
            await write(store, second, stretch(made, 0, 4))
        assert {checkpoint.next_offset for checkpoint in (await store.load(0, READ_MODELS)).values()} == {2}
        assert await store.hash_of("acme", 3) is None

    async def test_where_read_models_stand_is_said_with_who_is_at_work(self, store: Store):
        """What an idle projector learns of a restored database."""
        made = history()
        await write(store, await store.load(0, READ_MODELS), stretch(made, 0, 2))
        assert await store.see(0, "here", 9) == {model.name: 2 for model in READ_MODELS}
        await store.lose(0, "LOG_LOST: it is gone")

    async def test_rows_of_another_version_of_a_fold_are_not_mixed(self, store: Store):
        """The program refuses to run."""
        await store.load(0, READ_MODELS)
        model: Any = READ_MODELS[0]
        newer = replace(model, folding=replace(model.folding, version=model.folding.version + 1))
        with pytest.raises(WrongVersion):
            await store.load(0, [newer])
