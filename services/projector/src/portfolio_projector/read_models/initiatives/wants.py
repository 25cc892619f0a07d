"""What a batch of facts will ask for, so that it can be loaded beforehand: a fold that asks for more is folded again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from portfolio_projector.folding.facts import Fact
from portfolio_projector.read_models.initiatives.fold import INITIATIVE_TYPES, PACKAGE_TYPES, RELEASE_TYPES
from portfolio_projector.read_models.initiatives.state import BaselineKey, CostKey, Key
from portfolio_schemas.events import initiative as initiatives
from portfolio_schemas.events.event_data import EventData
from portfolio_schemas.events.funding import AccrualReversed, CostAccrued, CostPosted, CostReversed


@dataclass(slots=True)
class Wants:
    """Rows by key; `approved` are initiatives whose current baseline is about to be replaced, with all its work packages."""

    initiatives: set[Key] = field(default_factory=set[Key])
    baselines: set[BaselineKey] = field(default_factory=set[BaselineKey])
    packages: set[Key] = field(default_factory=set[Key])
    releases: set[Key] = field(default_factory=set[Key])
    costs: set[CostKey] = field(default_factory=set[CostKey])
    approved: set[Key] = field(default_factory=set[Key])


def wants(facts: Sequence[Fact]) -> Wants:
    """Return what facts ask for. A body that cannot be read asks for nothing: its fold will say why."""
    wanted = Wants()
    for fact in facts:
        if fact.type in PACKAGE_TYPES:
            wanted.packages.add(fact.key)
            continue
        if fact.type in RELEASE_TYPES:
            wanted.releases.add(fact.key)
            continue
        if fact.type in INITIATIVE_TYPES:
            wanted.initiatives.add(fact.key)
        try:
            data = fact.data
        except ValueError:
            continue
        want_more = _MORE.get(type(data))
        if want_more is not None:
            want_more(wanted, fact, data)
    return wanted


def _want_payer(wanted: Wants, fact: Fact, data: CostPosted | CostAccrued | CostReversed | AccrualReversed) -> None:
    aggregate, _, name = data.member.partition("/")
    if aggregate == "initiative":
        wanted.initiatives.add((fact.portfolio, name))
    if fact.corrects is not None:
        wanted.costs.add((fact.portfolio, fact.corrects))


def _want_what_is_replaced(wanted: Wants, fact: Fact, data: initiatives.BaselineApproved) -> None:
    wanted.approved.add(fact.key)
    wanted.baselines.add((*fact.key, data.version))


def _want_baseline(wanted: Wants, fact: Fact, data: "_DecidedOn") -> None:
    wanted.baselines.add((*fact.key, data.version))


def _want_planned(wanted: Wants, fact: Fact, data: initiatives.BaselineProposed) -> None:
    wanted.packages |= {(fact.portfolio, part.id) for part in data.work_packages}


_DecidedOn = (
    initiatives.BaselineRejected
    | initiatives.BaselineSuperseded
    | initiatives.BaselineFrozen
    | initiatives.BaselineReviewed
    | initiatives.BaselineWithdrawn
)

_MORE: dict[type[EventData], Callable[[Wants, Fact, Any], None]] = {
    CostPosted: _want_payer,
    CostAccrued: _want_payer,
    CostReversed: _want_payer,
    AccrualReversed: _want_payer,
    initiatives.BaselineApproved: _want_what_is_replaced,
    initiatives.BaselineRejected: _want_baseline,
    initiatives.BaselineSuperseded: _want_baseline,
    initiatives.BaselineFrozen: _want_baseline,
    initiatives.BaselineReviewed: _want_baseline,
    initiatives.BaselineWithdrawn: _want_baseline,
    initiatives.BaselineProposed: _want_planned,
}
"""By class, as in the wants of `backlogs`."""
