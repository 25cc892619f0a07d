"""Moments: what `as_of` names, and the days that ages are counted to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portfolio_projector.folding.facts import types_of
from portfolio_projector.http.problems import FieldProblem, Problem
from portfolio_projector.statements import Statements
from portfolio_projector.telling.past import EVER
from portfolio_schemas import codec
from portfolio_schemas.entries import format_time
from portfolio_schemas.envelope import read_time
from portfolio_schemas.events.portfolio import PortfolioOpened

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

_SQL = Statements("portfolio_projector.http")

UTC_ZONE = ZoneInfo("UTC")
_OPENED = sorted(types_of(PortfolioOpened))
_YEARS = range(1900, 3000)

Skip = Mapping[str, Any]
"""What is stored of an entry that a read model skips: `entry`, `read_model`, `reason`, `actor`, `skipped_at`."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What a question is asked of: what was known at an entry, and, with `effective`, of that what was true by the end of a day.

    `today` is the day that ages are counted to: `effective`, else that of `instant`, which is the one that was asked for, that of
    the entry, or now. `zone` is the one in which the portfolio's days begin and end. `settled` tells whether answers can never
    change any more. `hash` is that of the entry, where it is the head. `skips` are the entries of the portfolio up to then that
    read models skip. `stamp` stands for all rows about the portfolio, where the present is asked about.
    """

    entry: int
    today: date
    settled: bool
    skips: Sequence[Skip] = ()
    effective: date | None = None
    zone: ZoneInfo = UTC_ZONE
    hash: str | None = None
    stamp: str | None = None
    instant: datetime | None = None

    @property
    def until(self) -> datetime:
        """The instant by which something must have been true: the last one of the day, or any."""
        if self.effective is None:
            return EVER
        return datetime.combine(self.effective, time.max, self.zone).astimezone(UTC)


AsOf = int | datetime | None
"""What a reader asked for: an entry number, an instant, or the present."""


def read_as_of(text: str | None) -> AsOf:
    """Read the parameter `as_of`.

    Raises:
        Problem: when it is neither an entry number nor an instant.

    """
    if text is None:
        return None
    number = codec.read_number(text)
    try:
        return read_time(text) if number is None else number
    except ValueError:
        detail = "as_of is an entry number, or an instant with an offset such as 2026-03-31T14:00:00Z."
        raise Problem(422, "AS_OF", detail, errors=[FieldProblem(pointer="query/as_of", detail=detail)]) from None


def read_effective(text: str | None) -> date | None:
    """Read the parameter `effective`.

    Raises:
        Problem: when it is no day.

    """
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text or day.year not in _YEARS:
        detail = "effective is a day such as 2026-03-31."
        raise Problem(422, "EFFECTIVE", detail, errors=[FieldProblem(pointer="query/effective", detail=detail)])
    return day


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where a read model stands in a portfolio: at an entry with a hash; with what is skipped, the stamp and the zone's name."""

    entry: int
    hash: str = ""
    skips: Sequence[Skip] = ()
    stamp: str | None = None
    zone: str | None = None


async def stands(connection: "Connection", read_model: str, portfolio: str, models: Sequence[str]) -> Mapping[str, Any] | None:
    """Return where a read model stands in a portfolio, with what stopped it; None when it knows nothing of the portfolio.

    The portfolio's stamp is of `models`.
    """
    return await connection.fetchrow(_SQL["standing"], read_model, portfolio, models, _OPENED)


def present(standing: Standing) -> Moment:
    """Return the moment of the last entry that is applied; more may come."""
    now = datetime.now(UTC)
    return Moment(standing.entry, now.date(), settled=False, hash=standing.hash, stamp=standing.stamp, instant=now)


async def zone_of(connection: "Connection", portfolio: str, entry: int) -> ZoneInfo:
    """Return the zone of a portfolio's days, as it was known at an entry."""
    return zone_named(await connection.fetchval(_SQL["zone"], portfolio, entry, _OPENED))


def zone_named(name: str | None) -> ZoneInfo:
    """Return the zone of a name; UTC where none is named, or none that exists."""
    try:
        return ZoneInfo(name) if name else UTC_ZONE
    except (ValueError, ZoneInfoNotFoundError):
        return UTC_ZONE


def in_zone(moment: Moment, zone: ZoneInfo) -> Moment:
    """Return the moment with the days of a zone."""
    if zone is UTC_ZONE:
        return moment
    if moment.instant is None or moment.effective is not None:
        return replace(moment, zone=zone)
    return replace(moment, zone=zone, today=_day(moment.instant, zone))


def _day(instant: datetime, zone: ZoneInfo) -> date:
    try:
        return instant.astimezone(zone).date()
    except OverflowError:  # beyond the last year that there is
        return instant.date()


async def resolve(connection: "Connection", portfolio: str, as_of: int | datetime, head: int) -> Moment:
    """Find the moment that `as_of` names. An entry number must not lie beyond the head."""
    if isinstance(as_of, int):
        recorded: str = await connection.fetchval(_SQL["recordedtime"], portfolio, as_of)
        at = read_time(recorded)
        return Moment(as_of, at.date(), settled=True, instant=at)
    instant = format_time(as_of)
    entry: int = await connection.fetchval(_SQL["last_at"], portfolio, head, instant)
    settled: bool = await connection.fetchval(_SQL["recorded_after"], portfolio, head, instant)
    return Moment(entry, as_of.date(), settled, instant=as_of)
