"""How soon and how cheaply the services answer: from an event to its receipt, to a reader; reads against bare bytes."""

import http.client
import json
from dataclasses import dataclass
from typing import Any

from portfolio_deploy.local.ports import Reservations
from tests import waiting
from tests.bench import events, processes
from tests.bench.places import Place

CLIENTS = 64
_IDLE_PAUSE_MS = 5
_CONNECTIONS = 16
_WARM_UP = 400


@dataclass(frozen=True, slots=True)
class Reads:
    """Reads per CPU second of the server, per second, and how long one took in milliseconds."""

    per_cpu_s: float
    per_s: float
    p50: float
    p99: float


async def latencies(place: Place, *, seed: int, count: int) -> dict[str, dict[str, Any]]:
    """Return percentiles: idle and under 64 clients, posting only and reading each event back."""
    async with (
        place.service("portfolio_ledger", "run") as (_, write_port),
        place.service("portfolio_projector", "run"),
        place.service("portfolio_projector", "serve") as (_, read_port),
    ):

        async def singles(name: str, clients: int, length: int, *, back: bool) -> dict[str, Any]:
            folder = place.folder / name
            folder.mkdir()
            portfolios = [f"{name}-{number}" for number in range(clients)]
            files = events.write_batches(folder, portfolios, events=length * clients, seed=seed, batch=1)
            pause = _IDLE_PAUSE_MS if clients == 1 else 0
            arguments = (write_port, read_port if back else 0, pause, *files)
            async with processes.running(processes.python("tests.bench.load", "singles", *arguments), folder) as load:
                await load.hear("ready")
                await load.go()
                return await load.hear("end")

        await singles("warm-up", 4, 100, back=True)
        return {
            "idle": await singles("idle", 1, count, back=False),
            "idle, read back": await singles("idle-back", 1, count, back=True),
            "busy": await singles("busy", CLIENTS, max(count // 10, 20), back=False),
            "busy, read back": await singles("busy-back", CLIENTS, max(count // 10, 20), back=True),
        }


async def reads(place: Place, portfolio: str, *, count: int) -> tuple[Reads, Reads, Reads]:
    """Read one row of a table again and again, and the same bytes from a server that does nothing else.

    The second figure is of questions that nobody asked before: each names another entry that it wants reflected.
    """
    path = f"/portfolios/{portfolio}/products/alpha/backlog?limit=1"
    async with place.service("portfolio_projector", "serve") as (server, port):
        body = _body(port, path)
        served = await _read(place, server.pid, port, path, count)
        new = await _read(place, server.pid, port, f"{path}&min_entry=NUMBER", min(json.loads(body)["entry"], count))
    answer = place.folder / "answer.json"
    answer.write_bytes(body)
    reservations = Reservations()
    port = reservations.choose({})["ledger"]
    command = processes.python("tests.bench.comparators.bare_asgi", port, answer)
    async with processes.running(command, place.folder) as bare:
        await waiting.until(lambda: _answers(port), "the bare server answers")
        reference = await _read(place, bare.pid, port, path, count)
    reservations.release()
    return served, new, reference


async def _read(place: Place, server: int, port: int, path: str, count: int) -> Reads:
    for number in (_WARM_UP, count):
        command = processes.python("tests.bench.load", "reads", port, path, _CONNECTIONS, number)
        async with processes.running(command, place.folder) as load:
            await load.hear("ready")
            before = processes.cpu_of(server)
            await load.go()
            end = await load.hear("end")
            used = processes.cpu_of(server) - before
    return Reads(end["done"] / used, end["done"] / end["seconds"], end["read_p50"], end["read_p99"])


def _body(port: int, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != http.client.OK:
        raise RuntimeError(f"{path} answered {answer.status}: {body[:500]!r}")
    return body


def _answers(port: int) -> bool:
    try:
        return bool(_body(port, "/"))
    except OSError:
        return False
