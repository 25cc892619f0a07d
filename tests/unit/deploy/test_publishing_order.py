"""The order in which events go out, and how far a file is done when answers come in another order."""

import asyncio
from collections.abc import Sequence

import pytest

from portfolio_deploy.publishing import lanes
from portfolio_deploy.publishing.events import Outgoing, Place
from portfolio_deploy.publishing.watermark import Watermark


def outgoing(number: int, portfolio: str) -> Outgoing:
    """An event at a place of a file."""
    return Outgoing(Place("file", number, number, number, 0), portfolio, b"{}")


class Door:
    """A ledger that answers when it is told to, and remembers what came."""

    def __init__(self) -> None:
        self.came = list[list[Outgoing]]()
        self.at_work = dict[str, asyncio.Event]()
        self.together_max = 0

    async def send(self, batch: Sequence[Outgoing]) -> None:
        """Take a batch; two of one portfolio at a time are an error."""
        [portfolio] = {event.portfolio for event in batch}
        assert portfolio not in self.at_work
        self.came.append(list(batch))
        self.at_work[portfolio] = asyncio.Event()
        self.together_max = max(self.together_max, len(self.at_work))
        await self.at_work[portfolio].wait()
        del self.at_work[portfolio]

    async def answer_all(self, work: asyncio.Task[None]) -> None:
        """Answer what came, the last first, until the work is done."""
        while not work.done():
            for portfolio in reversed(list(self.at_work)):
                self.at_work[portfolio].set()
            await asyncio.sleep(0)
        await work


async def publish(door: Door, events: Sequence[Outgoing]) -> None:
    """Send events through lanes, a bunch after the other as they are read."""

    async def work() -> None:
        async with lanes.running(door.send) as lane:
            for begin in range(0, len(events), 100):
                for event in events[begin : begin + 100]:
                    await lane.put(event)
                lane.go()

    await door.answer_all(asyncio.create_task(work()))


async def test_a_portfolio_goes_in_order_and_portfolios_go_together():
    """A portfolio's events arrive in the order of the file, one batch at a time; several portfolios are under way at once."""
    door = Door()
    events = [outgoing(number, f"p{number % 7}") for number in range(10_000)]
    await publish(door, events)
    for portfolio in {event.portfolio for event in events}:
        came = [event for batch in door.came for event in batch if event.portfolio == portfolio]
        assert came == [event for event in events if event.portfolio == portfolio]
    assert door.together_max == lanes.AT_ONCE_MAX
    assert max(map(len, door.came)) <= lanes.BATCH_EVENTS_MAX


async def test_reading_waits_for_a_ledger_that_does_not_answer():
    """Memory is bounded: with nothing answered, no more than the limit is taken."""
    taken = list[int]()

    async def never(_batch: Sequence[Outgoing]) -> None:
        await asyncio.Event().wait()

    async def work() -> None:
        async with lanes.running(never) as lane:
            for number in range(lanes.HELD_EVENTS_MAX + 1000):
                await lane.put(outgoing(number, "one"))
                taken.append(number)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await work()
    assert len(taken) == lanes.HELD_EVENTS_MAX


async def test_a_failure_ends_the_upload_with_its_own_words():
    """What one batch fails with is what the upload fails with."""

    async def fail(_batch: Sequence[Outgoing]) -> None:
        raise ConnectionError("the wire is cut")

    with pytest.raises(ConnectionError, match="the wire is cut"):
        async with lanes.running(fail) as lane:
            await lane.put(outgoing(1, "one"))


def test_a_file_is_done_up_to_the_first_place_that_is_not():
    """An answer that overtakes others counts for nothing until these are there; then all of them do."""
    places = [outgoing(number, "one").place for number in range(1, 5)]
    mark = Watermark(None, {"recorded": 10})
    for place in places:
        mark.begin(place)
    mark.end(places[1], ["refused"])
    mark.end(places[3], ["recorded"])
    assert (mark.done, dict(mark.counts)) == (None, {"recorded": 10})
    mark.end(places[0], ["recorded", "flagged"])
    assert (mark.done, dict(mark.counts)) == (places[1], {"recorded": 11, "flagged": 1, "refused": 1})
    mark.end(places[2], ["duplicate"])
    assert (mark.done, mark.counts.total()) == (places[3], 15)
