"""The answers about products, and how they are made of what is known. Pure."""

from collections import Counter
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from portfolio_projector.http.acts import Act, act
from portfolio_projector.http.answers import Answer
from portfolio_projector.read_models.funding.standing import FundingStanding, Place, standing
from portfolio_projector.read_models.products import promises
from portfolio_projector.read_models.products.promises import Promise
from portfolio_projector.read_models.products.state import Change, Life, Phase, Product, Products, Share


class PhaseAnswer(BaseModel):
    """A state of life and what began it."""

    state: Life
    since: Act


class VisionAnswer(BaseModel):
    """What the product was for from then on."""

    vision: str | None
    stated: Act


class ProductOwnerAnswer(BaseModel):
    """Who answered for the product from then on."""

    owner: str | None
    stated: Act


class DirectionAnswer(BaseModel):
    """A decision to change direction, or to keep it."""

    decision: Literal["pivot", "persevere"]
    hypothesis: str
    evidence: str
    decided: Act


class ProductTeamAnswer(BaseModel):
    """A team that works for the product."""

    team: str
    share: str | None = Field(description="of the team; null where it came along with something else")
    start: date
    until: date | None
    assigned: Act


class ProductLineageAnswer(BaseModel):
    """What the product came from, or became, with its share of cost and benefits."""

    member: str
    share: str
    at: Act


class VersionAnswer(BaseModel):
    """The version that was published last, of each series."""

    release: str
    version: str
    series: str | None
    published: Act


class OpenIncidents(BaseModel):
    """Incidents that are not over."""

    count: int
    worst_severity: int | None = Field(description="1 is the worst")
    by_severity: dict[str, int]


class ProductSummary(BaseModel):
    """A product: delivered continuously, without a planned end."""

    product: str
    mode: Literal["product"]
    name: str
    vision: str | None
    owner: str | None
    state: Life
    since: datetime = Field(description="when it entered the state")
    conceived_at: datetime
    activated_at: datetime | None = Field(description="when it was active for the first time")
    sunset_on: date | None
    teams: list[ProductTeamAnswer]
    promise: Promise | None = Field(description="the next that was promised; null where nothing is")
    funding: FundingStanding
    open_items: int
    open_incidents: OpenIncidents
    opened_from: list[ProductLineageAnswer]
    became: list[ProductLineageAnswer]
    last_entry: int = Field(description="the last entry that changed it or what its backlog holds")


class ProductsAnswer(Answer):
    """Products, by id."""

    products: list[ProductSummary]
    next_cursor: str | None


class ProductAnswer(Answer, ProductSummary):
    """One product, and how it became what it is."""

    phases: list[PhaseAnswer]
    visions: list[VisionAnswer]
    owners: list[ProductOwnerAnswer]
    directions: list[DirectionAnswer]
    promises: list[Promise]
    versions: list[VersionAnswer]
    data_disposition: str | None = Field(description="what became of its data when it ended")


class Known:
    """What is known of products, their items and incidents counted once, on a day."""

    def __init__(self, state: Products, today: date) -> None:
        self.state = state
        self.products = state.products
        self.today = today
        self._targets = promises.by_home(state)
        self._open = dict[str, Counter[int]]()
        for incident in state.incidents.values():
            if incident.is_open:
                self._open.setdefault(incident.member, Counter())[incident.severity] += 1

    def promises(self, name: str) -> list[dict[str, Any]]:
        """Return what is promised of a product, the next first."""
        return promises.promises(self.products[name], self._targets.get(f"product/{name}", {}))

    def incidents(self, name: str) -> dict[str, Any]:
        """Return how many incidents of a product are not over."""
        counted = self._open.get(f"product/{name}", Counter[int]())
        return {
            "count": sum(counted.values()),
            "worst_severity": min(counted, default=None),
            "by_severity": {str(severity): count for severity, count in sorted(counted.items())},
        }


def summary(name: str, known: Known, at: Place) -> dict[str, Any]:
    """Return a product as lists show it."""
    product = known.products[name]
    return {
        "product": name,
        "mode": "product",
        "name": product.name,
        "vision": _last(product.visions),
        "owner": _last(product.owners),
        "state": product.phases[-1].state,
        "since": product.phases[-1].act.at,
        "conceived_at": product.conceived_at,
        "activated_at": next((phase.act.at for phase in product.phases if phase.state == "Active"), None),
        "sunset_on": product.sunset_on,
        "teams": _teams(product, known.today),
        "promise": next(iter(known.promises(name)), None),
        "funding": standing(at),
        "open_items": product.open_items,
        "open_incidents": known.incidents(name),
        "opened_from": _lineage(product.origins),
        "became": _lineage(product.became),
        "last_entry": product.last_entry,
    }


def whole(name: str, known: Known, at: Place) -> dict[str, Any]:
    """Return a product with its past."""
    product = known.products[name]
    return {
        **summary(name, known, at),
        "phases": [_phase(phase) for phase in product.phases],
        "visions": [{"vision": one.value, "stated": act(one.act)} for one in product.visions],
        "owners": [{"owner": one.value, "stated": act(one.act)} for one in product.owners],
        "directions": [
            {"decision": one.decision, "hypothesis": one.hypothesis, "evidence": one.evidence, "decided": act(one.act)}
            for one in product.directions
        ],
        "promises": known.promises(name),
        "versions": [
            {"release": one.release, "version": one.version, "series": one.series, "published": act(one.act)}
            for _, one in sorted(product.versions.items())
        ],
        "data_disposition": product.data_disposition,
    }


def _last(changes: list[Change]) -> str | None:
    return changes[-1].value if changes else None


def _phase(phase: Phase) -> dict[str, Any]:
    return {"state": phase.state, "since": act(phase.act)}


def _teams(product: Product, today: date) -> list[dict[str, Any]]:
    """Return the assignments that are not over."""
    return [
        {
            "team": team,
            "share": None if one.share is None else str(one.share),
            "start": one.start,
            "until": one.until,
            "assigned": act(one.act),
        }
        for team, known in sorted(product.teams.items())
        for one in known
        if one.until is None or one.until >= today
    ]


def _lineage(shares: list[Share]) -> list[dict[str, Any]]:
    return [{"member": one.member, "share": one.share, "at": act(one.act)} for one in shares]
