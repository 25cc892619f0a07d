"""What takes long is worked out in turns, beside the event loop."""

import asyncio
import contextlib
import threading
from collections.abc import Mapping
from http import HTTPStatus

import httpx
import pytest

from portfolio_projector.http import metrics, turns
from portfolio_projector.read_models.risks import answers as risks
from tests import sockets, waiting
from tests.integration.projector.conftest import Place, published
from tests.integration.projector.stories import Story

LIGHT = "/portfolios/acme/initiatives"
HEAVY = "/portfolios/acme/risks"


class Work:
    """An answer that takes until somebody lets it end."""

    def __init__(self) -> None:
        self.begun = 0
        self.end = threading.Event()

    def build(self, *_: object) -> Mapping[str, object]:
        """Take the place of what builds an answer."""
        self.begun += 1
        assert self.end.wait(60)
        return {"risks": []}


def queued() -> float:
    """How many wait for a turn, as the metrics say."""
    return next(iter(metrics.QUEUED.collect())).samples[0].value


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch):
    """Let the risks of a portfolio take long."""
    work = Work()
    monkeypatch.setattr(risks, "answer", work.build)
    yield work
    work.end.set()


async def test_light_reads_are_answered_while_heavy_ones_are_worked_out(place: Place, work: Work):
    """The loop is free, and so are sessions with the database, however many heavy reads there are."""
    async with place.projecting(), place.serving() as client:
        await published(place, Story("acme", 3), 40)
        heavy = [asyncio.create_task(client.get(HEAVY)) for _ in range(20)]
        await waiting.until(lambda: work.begun > 0, "a heavy read is being worked out")
        for _ in range(30):
            assert (await client.get(LIGHT)).status_code == HTTPStatus.OK
        assert not any(task.done() for task in heavy)
        work.end.set()
        assert {(await task).status_code for task in heavy} == {HTTPStatus.OK}


async def test_a_heavy_read_too_many_is_told_to_come_again(place: Place, work: Work):
    """So many wait and no more; the others get 503 at once, with the time after which to try again."""
    async with place.projecting(), place.serving() as client:
        await published(place, Story("acme", 3), 40)
        heavy = [asyncio.create_task(client.get(HEAVY)) for _ in range(1 + turns.WAITING_MAX)]
        await waiting.until(lambda: queued() == turns.WAITING_MAX, "all but one wait")
        refused = await client.get(HEAVY)
        assert (refused.status_code, refused.json()["code"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "BUSY")
        assert int(refused.headers["retry-after"]) > 0
        work.end.set()
        assert {(await task).status_code for task in heavy} == {HTTPStatus.OK}


async def test_who_waits_too_long_for_a_turn_is_told_so(place: Place, work: Work):
    """A queue that does not move is no reason to hang."""
    async with place.projecting(), place.serving(wait_seconds_max=0.2) as client:
        await published(place, Story("acme", 3), 40)
        heavy = [asyncio.create_task(client.get(HEAVY)) for _ in range(2)]
        done, _ = await asyncio.wait(heavy, return_when=asyncio.FIRST_COMPLETED)
        assert {task.result().json()["code"] for task in done} == {"BUSY"}
        work.end.set()
        await asyncio.gather(*heavy)


async def test_nobody_works_for_a_client_that_hung_up(place: Place, work: Work):
    """Those who went away while they waited do not get a turn, and the turn of one who was at work is given back."""
    async with place.projecting(), place.serving() as client:
        await published(place, Story("acme", 3), 40)
        port = httpx.URL(client.base_url).port
        assert port is not None
        async with contextlib.AsyncExitStack() as clients:
            for _ in range(3):
                connection = await clients.enter_async_context(sockets.connected(port))
                await connection.send(sockets.request(HEAVY))
            await waiting.until(lambda: (work.begun, queued()) == (1, 2), "one is being worked out, two wait")
        await waiting.until(lambda: queued() == 0, "those who left wait no more")
        work.end.set()
        assert (await client.get(HEAVY)).status_code == HTTPStatus.OK
        assert work.begun == 2
