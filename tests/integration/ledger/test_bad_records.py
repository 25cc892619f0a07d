"""Records in the ledger topic that no judge wrote: what the ledger makes of each, while everybody else is served."""

import httpx

from portfolio_log.kafka import KafkaLog
from portfolio_log.partitions import partition_of
from tests import bad_records, waiting
from tests.integration.ledger.conftest import PARTITIONS, Place
from tests.integration.ledger.stories import added, begin, post

OPEN = {"foreign", "nothing", "unfoldable-by-readers"}


async def test_each_foreign_record_is_judged_as_it_should_be_and_nobody_else_is_touched(place: Place, portfolio_id: str):
    """Passed over, or the portfolio stops: 503. The others of its partition go on, before and after a restart."""
    portfolios = {name: f"{portfolio_id}.{n}" for n, name in enumerate(bad_records.CASES)}
    async with place.ledger() as client:
        for portfolio in portfolios.values():
            await begin(client, portfolio)
        await inject(place, portfolios)
        await check(client, portfolios, "A")
    async with place.ledger() as client:
        await check(client, portfolios, "B")


async def inject(place: Place, portfolios: dict[str, str]) -> None:
    """Write the record of each case behind its portfolio's last entry."""
    followed = await place.follow()
    async with KafkaLog(place.kafka, place.topics.ledger.name, client_id="test") as log:
        for name, portfolio in portfolios.items():
            partition = partition_of(portfolio, PARTITIONS)
            history = [entry for entry in followed.entries if entry.portfolio == portfolio]
            elsewhere = next(stray for n in range(99) if partition_of(stray := f"stray-{n}", PARTITIONS) != partition)
            value = bad_records.value(bad_records.CASES[name], history, elsewhere)
            await log.append(partition, [(portfolio, value)])  # type: ignore[list-item]  # a tombstone is none of what it writes


async def check(client: httpx.AsyncClient, portfolios: dict[str, str], item: str) -> None:
    """Every portfolio takes another item, or says that it is stopped."""
    open_ = {name for name, case in bad_records.CASES.items() if case["judged"] in OPEN}
    answers = dict[str, str]()

    async def all_say_so() -> bool:
        for name, portfolio in portfolios.items():
            if name not in answers:
                answer = await post(client, added(portfolio, item), prefer="wait=1")
                if answer.status_code != 202:
                    answers[name] = said(answer)
        return answers.keys() == portfolios.keys()

    await waiting.until(all_say_so, "every portfolio takes an item or is stopped", limit_s=60)
    assert answers == {name: "recorded" if name in open_ else "503 PORTFOLIO_STOPPED" for name in portfolios}


def said(answer: httpx.Response) -> str:
    """What an answer says: who was answered 202 before and asks again hears of a duplicate of what was recorded meanwhile."""
    document = answer.json()
    match answer.status_code, document.get("verdict"):
        case (201, "recorded") | (200, "duplicate"):
            return "recorded"
        case status, _:
            return f"{status} {document['code']}"
