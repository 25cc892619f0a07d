"""What goes wrong in production: who noticed, how long it took, and what is taken for its cause, which may change."""

from datetime import datetime, timedelta

from portfolio_deploy.demo import days
from portfolio_deploy.demo.strands.backlog import Product
from portfolio_deploy.demo.telling import Data, Strand

SOURCE = "/demo/pager"
DUTY, PROGRAM = "p-duty", "pager"
_TITLES = (
    "Amounts above a thousand euros are shown without their point",
    "Nobody can log in with a long name",
    "Pages take half a minute",
    "Messages are sent twice",
    "The night's batch does not finish before the morning",
    "Brokers see nothing at all",
    "Documents are empty",
)
_RESOLUTIONS = ("Rolled forward with a mended version.", "Switched off until it is understood.", "The old version is back.")


def tell(strand: Strand, product: Product, cause: str, finished_at: datetime, earlier: str | None) -> str | None:
    """Tell an incident that follows a deployment: its id; None where the story ends before.

    A program takes the nearest deployment for its cause. Mostly somebody says later that it was; sometimes that it was
    the one before, or none.
    """
    chance = strand.chance
    began = finished_at + timedelta(minutes=5 + chance.randrange(90))
    opened = began + timedelta(minutes=3 + chance.randrange(25))
    if opened.hour > 18 or opened.date() >= strand.days.end:
        return None
    number = sum(one.event["type"] == "portfolio.incident.incident-opened.v1" for one in strand.told) + 1
    subject = f"incident/{product.key}-INC-{number}"
    severity = chance.choice((1, 2, 2, 3, 3, 3, 4))
    data: Data = {
        "member": f"product/{product.id}",
        "title": chance.choice(_TITLES),
        "severity": severity,
        "started_at": began.isoformat(),
        "service": product.id,
    }

    def happen(at: datetime, kind: str, actor: str, data: Data | None = None, reason: str | None = None) -> None:
        strand.tell(at, f"incident.{kind}.v1", subject, actor, data, source=SOURCE, reason=reason)

    happen(opened, "incident-opened", PROGRAM, data)
    happen(opened + timedelta(minutes=1), "cause-linked", PROGRAM, {"deployment": cause, "method": "nearest"})
    happen(opened + timedelta(minutes=4 + chance.randrange(20)), "incident-acknowledged", DUTY)
    if severity == 2 and strand.happens(300):
        happen(opened + timedelta(minutes=26), "incident-reclassified", DUTY, {"severity": 3})
    over = opened + timedelta(minutes=40 + chance.randrange(150))
    if strand.happens(500):
        happen(over - timedelta(minutes=8), "incident-mitigated", DUTY)
    resolved: Data = {"resolved_at": over.isoformat(), "resolution": chance.choice(_RESOLUTIONS)}
    happen(over + timedelta(minutes=5), "incident-resolved", DUTY, resolved)
    looked = days.moment(days.add_workdays(over.date(), 3), 10, chance.randrange(60))
    if strand.happens(200):
        why = "The certificate of the bank's server had run out; the deployment of that morning had nothing to do with it."
        happen(looked, "cause-unlinked", product.owner, reason=why)
    elif earlier is not None and strand.happens(300):
        happen(looked, "cause-linked", product.owner, {"deployment": earlier, "method": "declared"})
    else:
        happen(looked, "cause-linked", product.owner, {"deployment": cause, "method": "declared"})
    return subject
