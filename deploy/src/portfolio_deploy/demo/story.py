"""The whole story: every strand, in the order in which their sources told the ledger, as JSON Lines."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from portfolio_deploy.demo import days
from portfolio_deploy.demo.days import Days
from portfolio_deploy.demo.strands import STRANDS
from portfolio_deploy.demo.telling import DUPLICATE, RECORDED, Strand, Told
from portfolio_schemas import codec

PORTFOLIO = "demo"
SEED = 1


def tell(end: date, *, portfolio: str = PORTFOLIO, seed: int = SEED) -> list[Told]:
    """Return what was told before a date, with numbers for what corrects an entry."""
    calendar = Days(end)
    told = list[Told]()
    for name, chapter in STRANDS.items():
        strand = Strand(name=name, days=calendar, seed=seed, portfolio=portfolio)
        chapter(strand)
        told += strand.told
    limit = days.moment(end, 0)
    return _numbered(sorted((one for one in told if one.sent < limit), key=lambda one: days.utc(one.sent)))


def lines(told: Sequence[Told]) -> Iterator[bytes]:
    """Return events as JSON Lines."""
    return (codec.canonical(one.event) + b"\n" for one in told)


def default_end(today: date) -> date:
    """Return the end of the story that is told on a day: the Monday of its week.

    A story with fixed dates would grow old: items that stand still for years, promises long past, weeks in which nothing was
    done. One that ends today would be another one each day. So it is the same for a week, and never more than one old.
    """
    return today - timedelta(days=today.weekday())


def _numbered(told: Sequence[Told]) -> list[Told]:
    """Name the entries that are corrected by their numbers.

    What is corrected stands before the first refusal: a loading that was interrupted may tell a refusal twice, and each is an
    entry, so that later numbers are not certain.
    """
    numbers, entry, refused = dict[int, int](), 0, False
    for one in told:
        refused = refused or one.expected not in (RECORDED, DUPLICATE)
        if not refused:
            numbers[id(one.event)] = entry
        entry += one.entries
    return [
        one if one.corrects is None else replace(one, event={**one.event, "corrects": numbers[id(one.corrects.event)]})
        for one in told
    ]
