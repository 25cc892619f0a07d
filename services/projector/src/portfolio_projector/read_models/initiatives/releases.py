"""The fold of releases: what Agile initiatives promise. Pure."""

from collections.abc import Iterable

from portfolio_projector.folding.facts import Fact, Impossible
from portfolio_projector.folding.plans import release_finish_of
from portfolio_projector.read_models.initiatives.rows import ReleaseRow
from portfolio_projector.read_models.initiatives.state import Initiatives
from portfolio_schemas.events.release import ReleasePlanned, ReleaseShipped


def plan(state: Initiatives, fact: Fact, data: ReleasePlanned) -> None:
    """Plan a release, or plan it otherwise where that is corrected: what became of it since stays."""
    before = state.releases.get(fact.key) if fact.corrects is not None else None
    state.releases.put(
        ReleaseRow(
            portfolio=fact.portfolio,
            release=fact.id,
            initiative=data.initiative.partition("/")[2],
            start=data.start.isoformat(),
            finish=release_finish_of(data).isoformat(),
            planned_entry=fact.number if before is None else before.planned_entry,
            shipped_entry=None if before is None else before.shipped_entry,
        )
    )


def ship(state: Initiatives, fact: Fact, _: ReleaseShipped) -> None:
    """Promise a release no longer: it is out."""
    release = state.releases.get(fact.key)
    if release is None:
        raise Impossible(f"There is no release {fact.id}.")
    state.releases.put(release._replace(shipped_entry=fact.number))


def next_of(releases: Iterable[ReleaseRow]) -> ReleaseRow | None:
    """Return the release of an initiative that is promised next: the first by its start that was not shipped."""
    due = (one for one in releases if one.shipped_entry is None)
    return min(due, key=lambda one: (one.start, one.planned_entry), default=None)
