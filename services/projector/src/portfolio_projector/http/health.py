"""Health and metrics: whether the service answers, and how far the read models are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from portfolio_projector.http import metrics
from portfolio_projector.http.problems import RESPONSES
from portfolio_projector.statements import Statements
from portfolio_projector.telling.failures import Failure

if TYPE_CHECKING:
    from portfolio_projector.http.reading import Reads

router = APIRouter(tags=["operation"])

_SQL = Statements("portfolio_projector.http")
_STOPS_MAX = 100
_SILENT_SECONDS = 10.0


class Live(BaseModel):
    """The process answers."""

    status: Literal["live"] = "live"


class Progress(BaseModel):
    """Where a read model stands in a partition."""

    read_model: str
    partition: int
    next_offset: int
    lag: int | None = Field(description="records not applied yet; null when no projector reported lately")
    stopped: str | None = Field(description="why the whole partition stands still")


class Stopped(BaseModel):
    """A portfolio in which a read model stands still, or a member of it of which something cannot be told."""

    read_model: str
    portfolio: str
    member: str | None = Field(description="the one member that it is about, where it is not the portfolio")
    entry: int | None = Field(description="the entry that could not be folded, where that is why")
    detail: str
    command: str = Field(description="what an operator does about it")


class Lost(BaseModel):
    """A partition that stands still because its log has lost records."""

    partition: int
    code: str = "LOG_LOST"
    detail: str
    command: str = Field(description="what an operator does about it")


class Ready(BaseModel):
    """Reads are answered; how current they are is told by the positions."""

    status: Literal["ready", "not ready"]
    projecting: bool = Field(description="whether every partition was reported on lately")
    positions: list[Progress]
    stopped: list[Stopped] = Field(
        description="what does not make the service unready; of what is told from entries, that for which this process was asked"
    )
    lost: list[Lost] = Field(description="partitions, which do: what is read of them may never have been so")


@router.get("/health/live")
async def check_live() -> Live:
    """Tell that the process answers."""
    return Live()


@router.get("/health/ready", responses={503: {**RESPONSES[503], "model": Ready}})
async def check_ready(request: Request, response: Response) -> Ready:
    """Read the read models' positions; what stands still is named, with the command that answers it."""
    progress, stops, failures = await _read(request)
    lost = {row["partition"]: row["lost"].removeprefix("LOG_LOST: ") for row in progress if row["lost"] is not None}
    if lost:
        response.status_code = 503
    return Ready(
        status="not ready" if lost else "ready",
        projecting=bool(progress) and all(_is_fresh(row) for row in progress),
        positions=[
            Progress(
                read_model=row["read_model"],
                partition=row["partition"],
                next_offset=row["next_offset"],
                lag=max(row["end_offset"] - row["next_offset"], 0) if _is_fresh(row) else None,
                stopped=row["lost"],
            )
            for row in progress
        ],
        stopped=[
            Stopped(
                read_model=row["read_model"],
                portfolio=row["portfolio"],
                member=None,
                entry=row["failed_entry"],
                detail=row["stop_detail"] or row["failed_detail"],
                command=_command(row),
            )
            for row in stops
        ]
        + [_stopped(failure) for failure in failures],
        lost=[
            Lost(partition=partition, detail=detail, command=f"portfolio repair --partition {partition}")
            for partition, detail in lost.items()
        ],
    )


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, 503: RESPONSES[503]},
)
async def show_metrics(request: Request) -> Response:
    """Return the metrics for Prometheus."""
    progress, stops, failures = await _read(request)
    body = metrics.scrape(progress, stops, failures, request.app.state.streams.open)
    return Response(body, media_type="text/plain; version=0.0.4; charset=utf-8")


async def _read(request: Request) -> tuple[list[Any], list[Any], Sequence[Failure]]:
    """Return where read models stand, where they stand still, and what could not be told and is not skipped by now."""
    reads: Reads = request.app.state.reads
    failures = reads.failures.standing()[:_STOPS_MAX]
    async with reads.snapshot() as connection:
        progress, stops = await connection.fetch(_SQL["progress"]), await connection.fetch(_SQL["stops"], _STOPS_MAX)
        if failures:
            asked = zip(*((one.portfolio, one.entry, one.chronicle) for one in failures), strict=True)
            skipped = {tuple(row) for row in await connection.fetch(_SQL["skipped"], *asked)}
            failures = [one for one in failures if (one.portfolio, one.entry, one.chronicle) not in skipped]
    return progress, stops, failures


def _stopped(failure: Failure) -> Stopped:
    return Stopped(
        read_model=failure.chronicle,
        portfolio=failure.portfolio,
        member=failure.scope or None,
        entry=failure.entry,
        detail=failure.detail,
        command=f"portfolio resume {failure.chronicle} {failure.portfolio} --skip {failure.entry} --reason TEXT",
    )


def _command(row: Any) -> str:  # noqa: ANN401  a record of the database
    if row["stop_detail"] is not None:
        return f"portfolio repair {row['portfolio']}"
    return f"portfolio resume {row['read_model']} {row['portfolio']}"


def _is_fresh(row: Any) -> bool:  # noqa: ANN401  a record of the database
    seen: float | None = row["seen_s_ago"]
    return seen is not None and seen < _SILENT_SECONDS
