"""The load generator: whatever the answer, an event counts once its receipt says that it is recorded."""

import json
from typing import Any

from tests.bench.load import Connection, submit

RECORDED: dict[str, Any] = {"verdict": "recorded"}
PLACES = [{"location": f"/receipts?submission=0-7-{n}"} for n in range(3)]


def written(document: dict[str, Any]) -> bytes:
    """A document as the ledger writes it."""
    return json.dumps(document, separators=(",", ":")).encode()


class Answers(Connection):
    """A connection to a server that gives these answers, one after the other; it keeps the paths that it was asked for."""

    def __init__(self, *answers: tuple[int, dict[str, Any]]) -> None:
        super().__init__()
        self.asked = list[str]()
        self._answers = list(answers)

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Give the next answer."""
        self.asked.append(request.split(b" ", 2)[1].decode())
        status, document = self._answers.pop(0)
        return status, written(document)


async def test_a_whole_answer_is_counted():
    """What the receipts of an answer say is recorded counts, and nothing else."""
    server = Answers((200, {"receipts": [RECORDED, {"verdict": "refused"}, RECORDED]}))

    assert await submit(server, b"[]") == 2
    assert server.asked == ["/events"]


async def test_an_answer_before_its_receipts_is_followed():
    """A 202 has links: each receipt that was not there yet is asked for until it is, and counts like the others."""
    server = Answers(
        (202, {"receipts": [RECORDED, None, None], "submissions": PLACES}),
        (404, {}),
        (200, RECORDED),
        (200, {"verdict": "refused"}),
    )

    assert await submit(server, b"[]") == 2
    assert server.asked == ["/events", *(PLACES[n]["location"] for n in (1, 1, 2))]
