"""What a projector goes on knowing of rows from one batch to the next."""

import pytest

from portfolio_log.follower import Followed
from portfolio_projector.projecting.batches import Batch
from portfolio_projector.read_models import READ_MODELS
from portfolio_schemas.follow import Head, Place
from tests.histories import History
from tests.unit.simulation.projector_store import MemoryProjectorStore

BATCH = 10


def history(initiatives: int, parts: int) -> History:
    """Initiatives with a plan of so many parts each, and items that move, all in turn."""
    made = History("acme")
    made.add("portfolio.portfolio-opened", "portfolio/acme", {"name": "Acme", "currency": "EUR"})
    made.add("product.product-conceived", "product/pay", {"name": "Pay", "owner": "ann"})
    for number in range(initiatives):
        subject, item = f"initiative/i-{number}", f"item/A-{number}"
        made.add("initiative.initiative-proposed", subject, {"name": "Apollo", "mode": "waterfall", "currency": "EUR"})
        made.add("initiative.initiative-approved", subject, {}, actor="bob")
        plan = [
            {
                "id": f"i-{number}-{part}",
                "name": f"Part {part}",
                "start": "2026-01-05",
                "finish": "2026-03-31",
                "budget_over_time": {"minor": 100, "currency": "EUR"},
            }
            for part in range(parts)
        ]
        data = {"version": 1, "bac": {"minor": 100 * parts, "currency": "EUR"}, "work_packages": plan}
        made.add("initiative.baseline-proposed", subject, data)
        approval = {"version": 1, "effective_date": "2026-01-05", "change_class": "initial"}
        made.add("initiative.baseline-approved", subject, approval, actor="bob")
        made.add("item.item-added", item, {"product": "product/pay", "title": "Pay", "kind": "feature"})
        made.add("item.item-moved", item, {"after": None})
    return made


async def known_after_each_batch(made: History, size_max: int) -> list[int]:
    """Project a history, and return how many bytes are known after each batch."""
    store, sizes = MemoryProjectorStore(), list[int]()
    known = await store.load(0, READ_MODELS)
    for first in range(0, len(made.entries), BATCH):
        entries = made.entries[first : first + BATCH]
        end = first + len(entries)
        places = {"acme": Place(Head(entries[-1].entry, entries[-1].hash))}
        batch = Batch(READ_MODELS, known, Followed(end, entries=entries, offsets=list(range(first, end)), places=places))
        async with store.session() as session:
            await batch.fold(session)
            await batch.write(session, 0)
        batch.settle(size_max=size_max)
        assert not batch.failures
        sizes.append(sum(checkpoint.state.size for checkpoint in known.values() if checkpoint.state is not None))
    return sizes


@pytest.mark.parametrize(("initiatives", "parts"), [(20, 1), (4, 100)])
async def test_no_more_is_known_than_there_is_room_for_however_large_rows_are(initiatives: int, parts: int):
    """Small rows, or plans of many kilobytes whose parts are rows too; where there is room for all, nothing is forgotten."""
    made = history(initiatives, parts)
    everything = (await known_after_each_batch(made, 1 << 40))[-1]
    sizes = await known_after_each_batch(made, everything // 3)
    assert min(sizes) > 0
    assert max(sizes) <= everything // 3


async def test_with_room_for_nothing_nothing_is_known():
    """As while a portfolio is folded again."""
    assert set(await known_after_each_batch(history(10, 1), 0)) == {0}
