"""The fold of `dependencies`. Pure."""

from typing import assert_never, cast, get_args

from portfolio_projector.folding import plans
from portfolio_projector.folding.acts import act_of
from portfolio_projector.folding.chronicles import chronicle
from portfolio_projector.folding.facts import Fact, types_of
from portfolio_projector.read_models.dependencies.state import Commitment, Dependencies, Dependency, Member, Release, Repointed
from portfolio_schemas.events import dependency as dependencies
from portfolio_schemas.events import initiative as initiatives
from portfolio_schemas.events import product as products
from portfolio_schemas.events import release as releases

_Life = (
    initiatives.InitiativeProposed
    | initiatives.DeliveryModeChanged
    | initiatives.BaselineProposed
    | initiatives.BaselineApproved
    | products.ProductConceived
    | products.ProductOpenedFrom
)
_OfRelease = releases.ReleasePlanned | releases.ReleaseShipped
Known = _Life | _OfRelease | dependencies.DependencyEvent


def fold(state: Dependencies, fact: Fact) -> None:
    """Change the state by one fact. What is said of a dependency or a release that is not known is passed over."""
    data = cast("Known", fact.data)
    if isinstance(data, dependencies.DependencyEvent):
        _fold_dependency(state, fact, data)
    elif isinstance(data, _OfRelease):
        _fold_release(state, fact, data)
    else:
        _fold_life(state.members.setdefault(fact.subject, Member()), data)


def _fold_life(known: Member, data: _Life) -> None:
    match data:
        case initiatives.InitiativeProposed(name=name, mode=mode):
            known.name, known.mode = name, mode
        case initiatives.DeliveryModeChanged(to=mode):
            known.mode, known.baseline = mode, None
        case initiatives.BaselineProposed():
            known.finishes[str(data.version)] = plans.finish_of(data)
        case initiatives.BaselineApproved(version=version):
            known.baseline = str(version) if str(version) in known.finishes else known.baseline
        case products.ProductConceived(name=name):
            known.name, known.mode = name, "product"
        case products.ProductOpenedFrom(opened=opened):
            if opened is not None:
                known.name, known.mode = opened.name, "product"
        case _:
            assert_never(data)


def _fold_release(state: Dependencies, fact: Fact, data: _OfRelease) -> None:
    if isinstance(data, releases.ReleasePlanned):
        state.releases[fact.subject] = Release(data.initiative, data.start, plans.release_finish_of(data))
        return
    known = state.releases.get(fact.subject)
    if known is not None:
        known.shipped = act_of(fact)


def _fold_dependency(state: Dependencies, fact: Fact, data: dependencies.DependencyEvent) -> None:
    if isinstance(data, dependencies.DependencyIdentified):
        state.dependencies[fact.id] = Dependency(act_of(fact), data.from_, data.to, data.kind, data.description)
        return
    known = state.dependencies.get(fact.id)
    if known is None:
        return
    match data:
        case dependencies.DependencyCommitted(promise=promise) | dependencies.DependencyRedated(new=promise):
            known.state = "committed"
            known.commitments.append(Commitment(act_of(fact), promise.date, promise.release))
        case dependencies.DependencyRepointed():
            _repoint(known, fact, data)
        case dependencies.DependencyFulfilled():
            known.state, known.answered = "fulfilled", act_of(fact)
        case dependencies.DependencyBroken():
            known.state, known.answered = "broken", act_of(fact)
        case dependencies.DependencyWithdrawn():
            known.state, known.answered = "withdrawn", act_of(fact)
        case _:
            assert_never(data)


def _repoint(known: Dependency, fact: Fact, data: dependencies.DependencyRepointed) -> None:
    if data.old == known.waits:
        known.waits = data.new
        known.repointed.append(Repointed(act_of(fact), "from", data.old, data.new))
    elif data.old == known.awaited:
        known.awaited = data.new
        known.repointed.append(Repointed(act_of(fact), "to", data.old, data.new))


DEPENDENCIES = chronicle("dependencies", 4, types=types_of(*get_args(Known)), state=Dependencies, fold=fold, of_portfolio=True)
