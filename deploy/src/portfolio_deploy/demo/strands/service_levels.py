"""What a product promises to those who use it, month by month, and when too much of it was missed."""

from collections.abc import Mapping
from datetime import timedelta

from portfolio_deploy.demo import days, people
from portfolio_deploy.demo.strands.opening import SOURCE as OFFICE
from portfolio_deploy.demo.telling import Data, Strand

SOURCE = "/demo/monitoring"
MONITOR = "monitoring"
WINDOW_DAYS = 30
_EVERY = timedelta(days=14)


def tell(
    strand: Strand, level: str, member: str, first: int, *, sli: str, target: int, owner: str, bad: Mapping[int, int]
) -> None:
    """Tell a service level and its measurements, every second week. Shares are in hundred-thousandths.

    In the `bad` months less was kept than was promised.
    """
    subject, day = f"service-level/{level}", strand.days.workday(first, 9)
    data: Data = {"member": member, "sli": sli, "target": _share(target), "window_days": WINDOW_DAYS, "proposed_by": owner}
    strand.tell(strand.during(day), "service-level.slo-set.v1", subject, people.OFFICE, data, source=OFFICE)
    kept = True
    while (day := days.next_workday(day + _EVERY)) < strand.days.end:
        at = days.moment(day, 7, 5)
        usual = target + strand.chance.randrange((100_000 - target) * 9 // 10)
        value = next(
            (share for month, share in bad.items() if strand.days.month(month) <= day < strand.days.month(month + 1)), usual
        )
        strand.tell(at, "service-level.slo-measured.v1", subject, MONITOR, {"value": _share(value)}, source=SOURCE)
        if kept and value < target:
            exhausted = at + timedelta(minutes=1)
            strand.tell(exhausted, "service-level.error-budget-exhausted.v1", subject, MONITOR, source=SOURCE)
        kept = value >= target


def _share(hundred_thousandths: int) -> str:
    return f"{hundred_thousandths / 100_000:.5f}"
