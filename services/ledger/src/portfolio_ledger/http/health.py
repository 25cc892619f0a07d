# aiokafka ships no types.
# pyright: reportMissingTypeStubs=false
"""Health: live says that the process answers; ready proves that the log can be read and PostgreSQL asked, and what is served."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from aiokafka.errors import KafkaError
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from portfolio_ledger import sessions
from portfolio_ledger.http.conditions import Conditions
from portfolio_ledger.judging.ownership import Ownership
from portfolio_ledger.judging.serving import Partitions
from portfolio_ledger.state.partition_state import UNFOLDABLE
from portfolio_log.log import Log, LogLost

_FRESH_SECONDS = 1.0
_CHECK_SECONDS_MAX = 3.0
_STOPPED_MAX = 100
_COMMANDS = {"LOG_LOST": "portfolio repair --partition {}", "INTAKE_LOST": "portfolio accept-loss {}"}


class Health:
    """Answers for the health of this process. What it says the door takes the door takes: it looks where the door looks."""

    def __init__(self, log: Log, ownership: Ownership, partitions: Partitions, conditions: Conditions) -> None:
        self._conditions = conditions
        self._log = log
        self._ownership = ownership
        self._partitions = partitions
        self._asking = asyncio.Lock()
        self._asked_at = 0.0
        self._away = list[str]()

    async def live(self, _: Request) -> Response:
        """Answer that the process answers."""
        return JSONResponse({"status": "live"})

    async def ready(self, _: Request) -> Response:
        """Answer whether submissions are taken and judged here, and if not, why."""
        async with self._asking:
            if time.monotonic() - self._asked_at > _FRESH_SECONDS:
                self._away = [
                    *await _tried("The log cannot be read", self._read_log),
                    *await _tried("PostgreSQL does not answer", self._conditions.look),
                ]
                self._asked_at = time.monotonic()
        problems = [*self._find_unserved(), *self._away]
        answer = {
            "status": "not ready" if problems else "ready",
            "problems": problems,
            "partitions": sorted(self._partitions.serving),
            **self._find_still(),
        }
        return JSONResponse(answer, status_code=503 if problems else 200)

    async def metrics(self, _: Request) -> Response:
        """Answer what Prometheus asks."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    def _find_unserved(self) -> list[str]:
        """Return which partitions are not judged, or not taken for, at this very moment."""
        problems = [f"Partition {partition} is not served: {why}" for partition, why in sorted(self._partitions.troubles.items())]
        missing = self._ownership.wanted - len(self._partitions.serving) - len(problems)
        if self._ownership.wanted == 0:
            problems.append("This process has no share of the partitions yet.")
        elif missing > 0:
            problems.append(f"{missing} partitions are being taken over.")
        shut = self._partitions.serving.intersection(one.partition for one in self._conditions.lost)
        return problems + [f"Partition {partition} is served again; its door opens in a moment." for partition in sorted(shut)]

    def _find_still(self) -> dict[str, list[dict[str, object]]]:
        """Return what stands still and waits for an operator, wherever it is served, with the command that answers it."""
        return {
            "stopped": [
                {**one._asdict(), "command": _command(one.portfolio, one.detail)}
                for one in self._conditions.stopped[:_STOPPED_MAX]
            ],
            "lost": [{**one._asdict(), "command": _COMMANDS[one.code].format(one.partition)} for one in self._conditions.lost],
        }

    async def _read_log(self) -> None:
        """Read a record of the log, or learn that there is none: a reader without rights hears silence, not an error."""
        partition = min(self._partitions.serving, default=0)
        bounds = await self._log.bounds(partition)
        if bounds.end > bounds.start and not await self._log.read(partition, bounds.end - 1, limit=1, wait_ms=1000):
            raise TimeoutError(f"no record came from offset {bounds.end - 1} of partition {partition}")


def _command(portfolio: str, detail: str) -> str:
    """Return what an operator does: where the log is sound, a newer program has to be installed first."""
    return f"portfolio {'resume' if UNFOLDABLE in detail else 'repair'} {portfolio}"


async def _tried(what: str, check: Callable[[], Awaitable[None]]) -> list[str]:
    try:
        async with asyncio.timeout(_CHECK_SECONDS_MAX):
            await check()
    except (*sessions.UNAVAILABLE, KafkaError, LogLost, AssertionError) as error:
        return [f"{what}: {str(error) or type(error).__name__}."]
    return []
