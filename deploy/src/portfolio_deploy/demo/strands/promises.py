"""Who waits for whom, across all ways of delivery: what was promised for when, moved, kept and broken."""

from dataclasses import dataclass

from portfolio_deploy.demo.strands.opening import SOURCE
from portfolio_deploy.demo.telling import Data, Strand


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A dependency: who waits for whom and why, since when, promised for which month; moved, kept, broken or given up.

    `moved` are the months in which it was moved, to which month, and why. `ends` is the month, what happened, and why.
    """

    id: str
    waits: str
    awaited: str
    what: str
    since: float
    promised: tuple[float, float] | None = None
    by: str = "p-ines"
    kind: str = "needs"
    moved: tuple[tuple[float, float, str], ...] = ()
    ends: tuple[float, str, str | None] | None = None


_PROMISES = (
    Promise(
        id="D-1",
        waits="initiative/self-service",
        awaited="product/payments",
        what="A claim is paid at once by instant transfer.",
        since=4.2,
        by="p-eva",
        promised=(4.5, 9.0),
        moved=((8.8, 11.2, "The bank gives its certificate in October, not in July."),),
        ends=(10.9, "fulfilled", None),
    ),
    Promise(
        id="D-2",
        waits="product/portal",
        awaited="initiative/atlas",
        what="Policies are shown as they are now, and not as of last night.",
        since=10.1,
        by="p-nadia",
        promised=(10.5, 18.0),
        moved=(
            (12.7, 20.7, "The supplier is ten weeks late; so is everything after him."),
            (18.3, 21.6, "The tests changed places."),
            (21.2, 26.0, "The interface comes with the roll-out, not with the pilot."),
        ),
    ),
    Promise(
        id="D-3",
        waits="initiative/harbour-exit",
        awaited="initiative/atlas",
        what="What stands beside the mainframe moves when the survey of its data is done.",
        since=5.3,
        by="p-nadia",
        promised=(5.4, 6.5),
        kind="blocks",
        ends=(5.9, "fulfilled", None),
    ),
    Promise(
        id="D-4",
        waits="initiative/partner-shop",
        awaited="product/portal",
        what="Partners log in where customers do.",
        since=16.1,
        by="p-kim",
        promised=(16.5, 19.5),
        moved=((18.9, 21.0, "The log-in was down twice this quarter; first that."),),
        ends=(20.6, "fulfilled", None),
    ),
    Promise(
        id="D-5",
        waits="initiative/partner-shop",
        awaited="initiative/atlas",
        what="Prices come from the new policy system.",
        since=15.4,
        by="p-nadia",
        promised=(15.9, 22.5),
        moved=((18.4, 24.3, "The tests changed places."),),
        ends=(22.6, "broken", "A shop cannot wait for a roll-out: the table of prices stays until the second release."),
    ),
    Promise(
        id="D-6",
        waits="initiative/self-service",
        awaited="product/portal",
        what="Whoever is logged in does not type his policy's number.",
        since=12.1,
        by="p-kim",
        promised=(12.6, 18.0),
        moved=((19.1, 20.5, "Nobody had told the portal that the date was a promise."),),
        ends=(20.3, "fulfilled", None),
    ),
    Promise(
        id="D-7",
        waits="initiative/partner-shop",
        awaited="product/claims",
        what="What is insured in a shop is claimed without paper.",
        since=19.6,
        by="p-lotte",
        promised=(19.9, 25.2),
    ),
    Promise(
        id="D-8",
        waits="product/claims",
        awaited="initiative/partner-shop",
        what="The partner says what was bought, so that nobody has to ask.",
        since=20.8,
        by="p-emre",
        promised=(21.3, 25.8),
    ),
    Promise(
        id="D-9",
        waits="product/payments",
        awaited="product/portal",
        what="One page for all that is due.",
        since=7.7,
        ends=(9.1, "withdrawn", None),
        kind="shares",
    ),
)


def tell(strand: Strand) -> None:
    """Tell each of them."""
    for one in _PROMISES:
        subject = f"dependency/{one.id}"
        data: Data = {"from": one.waits, "to": one.awaited, "kind": one.kind, "description": one.what}
        _tell(strand, one.since, "dependency-identified", subject, one.by, data)
        if one.promised is not None:
            promised, month = one.promised
            promise = _day(strand, month)
            _tell(strand, promised, "dependency-committed", subject, one.by, {"promise": promise})
            for months, later, why in one.moved:
                moved = _day(strand, later)
                _tell(strand, months, "dependency-redated", subject, one.by, {"old": promise, "new": moved}, why)
                promise = moved
        if one.ends is not None:
            months, how, why = one.ends
            _tell(strand, months, f"dependency-{how}", subject, one.by, why=why)


def _tell(
    strand: Strand, months: float, kind: str, subject: str, actor: str, data: Data | None = None, why: str | None = None
) -> None:
    at = strand.during(strand.days.at(months))
    strand.tell(at, f"dependency.{kind}.v1", subject, actor, data, source=SOURCE, reason=why)


def _day(strand: Strand, months: float) -> Data:
    return {"date": strand.days.at(months).isoformat()}
