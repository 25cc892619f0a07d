"""How what was finished comes to its users: commits, reviews, deployments, and what the pipeline says of them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portfolio_deploy.demo import days
from portfolio_deploy.demo.strands import incidents
from portfolio_deploy.demo.strands.backlog import Item, Product
from portfolio_deploy.demo.telling import Data, Strand

SOURCE = "/demo/pipeline"
CI = "ci"
_AT_ONCE = 2
"""So many changes of those between two deployments are told; a demo needs no more."""

_LONGEST_DAYS = 7
"""So many working days a change takes at most."""

_SLOW_CLOCK_MONTHS = (5, 6)
"""In this month a build machine's clock goes wrong: things finish before they have begun."""

Finished = Sequence[tuple[datetime, Item]]


@dataclass(frozen=True)
class Deployed:
    """A deployment that succeeded in production: its subject, and when it had finished."""

    subject: str
    finished_at: datetime


def tell(
    strand: Strand, product: Product, first: date, finished: Finished, *, repo: str, every: int, mishaps: int
) -> list[Deployed]:
    """Tell the deployments of a product, every so many working days, each with what was finished since the last one.

    `mishaps` is how many in a thousand do harm: those have an incident. Returns those that succeeded.
    """
    teller = _Teller(strand, product, repo)
    day, begun = days.add_workdays(first, every + _LONGEST_DAYS), days.moment(first, 0)
    while day < strand.days.end:
        at = days.moment(day, 10, strand.chance.randrange(60))
        since = [item for done, item in finished if begun <= days.utc(done) < at]
        if since:
            teller.deploy(day, since[-_AT_ONCE:], mishaps)
            begun = at
        day = days.add_workdays(day, every + strand.chance.randrange(3) - 1)
    return teller.deployed


class _Teller:
    """Tells of one pipeline."""

    def __init__(self, strand: Strand, product: Product, repo: str) -> None:
        self._strand = strand
        self._chance = strand.chance
        self._product = product
        self._repo = repo
        self._count = 0
        self.deployed = list[Deployed]()

    def deploy(self, day: date, items: Sequence[Item], mishaps: int) -> None:
        """Tell one deployment, with the changes that it brings; and what comes of it."""
        shas = [self._change(day, item) for item in items]
        if self._strand.happens(40):
            self._attempt(day, 11, shas, fails=True)
        last = self._attempt(day, 13, shas)
        if last is None or not self._strand.happens(mishaps):
            return
        earlier = self.deployed[-2].subject if len(self.deployed) > 1 else None
        incident = incidents.tell(self._strand, self._product, last.subject, last.finished_at, earlier)
        if incident is None:
            return
        mended = self._attempt(days.add_workdays(day, 1), 9, [self._mend(day)])
        if mended is not None:
            at = mended.finished_at + timedelta(minutes=20)
            self._tell(at, "deployment.deployment-marked-rework", mended.subject, self._product.owner, {"incident": incident})

    def _tell(self, at: datetime, kind: str, subject: str, actor: str, data: Data | None = None, *, late: bool = False) -> None:
        sent = at + timedelta(minutes=12) if late else None
        self._strand.tell(at, f"{kind}.v1", subject, actor, data, source=SOURCE, sent=sent)

    def _sha(self, what: str) -> str:
        return hashlib.sha1(f"{self._strand.seed}/{self._repo}/{what}".encode(), usedforsecurity=False).hexdigest()

    def _change(self, day: date, item: Item) -> str:
        """Tell a change from its first commit to its merge; returns the commit that it was merged as."""
        self._count += 1
        subject, member = f"change/{self._product.key}-c{self._count}", f"product/{self._product.id}"
        author = self._chance.choice(self._product.team)
        reviewer = self._chance.choice([one for one in self._product.team if one != author])
        merged = days.moment(days.add_workdays(day, -self._chance.choice((0, 1, 1, 2))), 8, self._chance.randrange(60))
        written = self._before(merged, self._chance.choice((1, 1, 2, 3, 5)))
        opened = self._before(merged, 1) + timedelta(hours=5, minutes=self._chance.randrange(50))
        data: Data = {
            "member": member,
            "repo": self._repo,
            "sha": self._sha(f"{self._count}"),
            "authored_at": written.isoformat(),
            "author": author,
        }
        if written.date() > item.added:
            data["items"] = [item.subject]
        self._tell(written, "change.change-committed", subject, author, data)
        self._tell(opened, "change.review-opened", subject, author, {"title": item.title})
        read = merged - timedelta(minutes=10 + self._chance.randrange(15))
        self._tell(read, "change.first-reviewed", subject, reviewer, {"reviewer": reviewer})
        sha = self._sha(f"{self._count}-merged")
        self._tell(merged, "change.change-merged", subject, author, {"merge_sha": sha})
        return sha

    def _mend(self, day: date) -> str:
        """Tell the change that mends what a deployment broke: nobody waits for a review of days."""
        self._count += 1
        subject, author = f"change/{self._product.key}-c{self._count}", self._product.team[0]
        written = days.moment(day, 16, 20 + self._chance.randrange(30))
        data: Data = {
            "member": f"product/{self._product.id}",
            "repo": self._repo,
            "sha": self._sha(f"{self._count}"),
            "authored_at": written.isoformat(),
            "author": author,
        }
        self._tell(written, "change.change-committed", subject, author, data)
        sha = self._sha(f"{self._count}-merged")
        self._tell(written + timedelta(minutes=50), "change.change-merged", subject, author, {"merge_sha": sha})
        return sha

    def _attempt(self, day: date, hour: int, shas: Sequence[str], *, fails: bool = False) -> Deployed | None:
        """Tell an attempt; None where it fails, or where the story ends before."""
        if day >= self._strand.days.end:
            return None
        self._count += 1
        subject = f"deployment/{self._product.id}-{self._count}"
        at = days.moment(day, hour, self._chance.randrange(30), self._chance.randrange(60))
        data: Data = {
            "member": f"product/{self._product.id}",
            "scope": self._repo,
            "environment": "production",
            "version": f"{(day - self._strand.days.begin).days // 365 + 1}.{self._count}.0",
            "shas": list(shas),
        }
        self._tell(at, "deployment.deployment-started", subject, CI, data)
        skewed = self._strand.days.month(_SLOW_CLOCK_MONTHS[0]) <= day < self._strand.days.month(_SLOW_CLOCK_MONTHS[1])
        finished = at + timedelta(minutes=-7 if skewed else 4 + self._chance.randrange(14))
        data = {"finished_at": finished.isoformat()}
        if fails:
            data["cause"] = self._chance.choice(_FAILED)
            self._tell(finished, "deployment.deployment-failed", subject, CI, data, late=skewed)
            return None
        if self.deployed:
            data["previous_success"] = self.deployed[-1].subject
        self._tell(finished, "deployment.deployment-succeeded", subject, CI, data, late=skewed)
        self.deployed.append(Deployed(subject, finished))
        return self.deployed[-1]

    def _before(self, at: datetime, workdays: int) -> datetime:
        day = days.add_workdays(at.date(), -workdays)
        return days.moment(day, 9 + self._chance.randrange(3), self._chance.randrange(60))


_FAILED = (
    "A migration of the database ran into its time limit.",
    "The health check of the second machine did not answer.",
    "A secret had not been set in production.",
)
