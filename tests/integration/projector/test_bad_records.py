"""Records in the ledger topic that no judge wrote: what the read side makes of each, while everybody else is served."""

import httpx

from portfolio_log.kafka import KafkaLog
from portfolio_log.partitions import partition_of
from tests import bad_records
from tests.histories import History
from tests.integration.projector.conftest import PARTITIONS, Place

OK = (200, None)
PORTFOLIO_STOPPED = (503, "PORTFOLIO_STOPPED")
MODEL_STOPPED = (503, "READ_MODEL_STOPPED")
ANSWERS = {
    "foreign": (OK, OK),
    "nothing": (OK, OK),
    "stopped": (PORTFOLIO_STOPPED, PORTFOLIO_STOPPED),
    "unfoldable": (OK, MODEL_STOPPED),
    "unfoldable-by-readers": (OK, MODEL_STOPPED),
    "unfoldable-by-the-ledger": (OK, OK),
}
"""What is answered for the next entry, by `entries` and by `backlogs`."""


async def test_each_foreign_record_is_judged_as_it_should_be_and_nobody_else_is_touched(place: Place):
    """Passed over, or the portfolio or a read model of it stops: 503. The others go on, before and after a restart."""
    histories = {name: History(f"p{n}") for n, name in enumerate(bad_records.CASES)}
    async with place.projecting(), place.writer() as writer:
        for history in histories.values():
            history.add("portfolio.portfolio-opened", f"portfolio/{history.portfolio}", {"name": "Acme", "currency": "EUR"})
            history.add("product.product-conceived", "product/pay", {"name": "Pay", "vision": "Paid at once"})
            before = list(history.entries)
            await writer.write(history)
            history.entries = before
    await inject(place, histories)
    for _ in range(2):
        async with place.projecting(), place.serving() as client:
            found = {name: await answers(client, history.portfolio) for name, history in histories.items()}
            assert found == {name: ANSWERS[case["judged"]] for name, case in bad_records.CASES.items()}
            ready = (await client.get("/health/ready")).json()
            assert ready["projecting"]
            assert [one for one in ready["positions"] if one["lag"] != 0] == []


async def inject(place: Place, histories: dict[str, History]) -> None:
    """Write the record of each case behind its portfolio's last entry, and the next entry behind that where it is none itself."""
    async with KafkaLog(place.kafka, place.family.ledger.name, client_id="test") as log:
        for name, history in histories.items():
            partition = partition_of(history.portfolio, PARTITIONS)
            elsewhere = next(stray for n in range(99) if partition_of(stray := f"stray-{n}", PARTITIONS) != partition)
            value = bad_records.value(bad_records.CASES[name], history.entries, elsewhere)
            await log.append(partition, [(history.portfolio, value)])  # type: ignore[list-item]  # a tombstone is none of what it writes
            if bad_records.CASES[name]["judged"] in {"foreign", "nothing", "stopped"}:
                item = history.add("item.item-added", "item/A", {"product": "product/pay", "title": "A", "kind": "debt"})
                await log.append(partition, [(history.portfolio, item.value)])


async def answers(client: httpx.AsyncClient, portfolio: str) -> tuple[tuple[int, str | None], ...]:
    """Status and code of reads that ask for the next entry."""
    found = [
        await client.get(f"/portfolios/{portfolio}/{path}", params={"min_entry": 2})
        for path in ("entries", "products/pay/backlog")
    ]
    return tuple((answer.status_code, answer.json().get("code")) for answer in found)
