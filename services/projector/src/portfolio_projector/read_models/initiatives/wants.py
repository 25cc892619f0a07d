"""What a batch of facts will ask for, so that it can be loaded beforehand: a fold that asks for more is folded again."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from portfolio_projector.folding.facts import Fact
from portfolio_projector.read_models.initiatives.fold import INITIATIVE_TYPES, PACKAGE_TYPES
from portfolio_projector.read_models.initiatives.state import BaselineKey, CostKey, Key
from portfolio_schemas.events import initiative as initiatives
from portfolio_schemas.events.funding import AccrualReversed, CostAccrued, CostPosted, CostReversed


@dataclass(slots=True)
class Wants:
    """Rows by key; `approved` are initiatives whose current baseline is about to be replaced, with all its work packages."""

    initiatives: set[Key] = field(default_factory=set[Key])
    baselines: set[BaselineKey] = field(default_factory=set[BaselineKey])
    packages: set[Key] = field(default_factory=set[Key])
    costs: set[CostKey] = field(default_factory=set[CostKey])
    approved: set[Key] = field(default_factory=set[Key])


def wants(facts: Sequence[Fact]) -> Wants:
    """Return what facts ask for. A body that cannot be read asks for nothing: its fold will say why."""
    wanted = Wants()
    for fact in facts:
        key = (fact.portfolio, fact.id)
        if fact.type in PACKAGE_TYPES:
            wanted.packages.add(key)
            continue
        if fact.type in INITIATIVE_TYPES:
            wanted.initiatives.add(key)
        try:
            _want_more(wanted, fact, key)
        except ValueError:
            continue
    return wanted


def _want_more(wanted: Wants, fact: Fact, key: Key) -> None:
    match fact.data:
        case (
            CostPosted(member=member) | CostAccrued(member=member) | CostReversed(member=member) | AccrualReversed(member=member)
        ):
            aggregate, _, name = member.partition("/")
            if aggregate == "initiative":
                wanted.initiatives.add((fact.portfolio, name))
            if fact.corrects is not None:
                wanted.costs.add((fact.portfolio, fact.corrects))
        case initiatives.BaselineApproved(version=version):
            wanted.approved.add(key)
            wanted.baselines.add((*key, version))
        case (
            initiatives.BaselineRejected(version=version)
            | initiatives.BaselineSuperseded(version=version)
            | initiatives.BaselineFrozen(version=version)
            | initiatives.BaselineReviewed(version=version)
            | initiatives.BaselineWithdrawn(version=version)
        ):
            wanted.baselines.add((*key, version))
        case initiatives.BaselineProposed(work_packages=parts):
            wanted.packages |= {(fact.portfolio, part.id) for part in parts}
        case _:
            pass
