"""The routes of `initiatives`."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from portfolio_projector.http import answers as http_answers
from portfolio_projector.http import cursors
from portfolio_projector.http.moments import Moment
from portfolio_projector.http.problems import Problem
from portfolio_projector.http.reading import DIGITS, Asked, CursorText, Id, Limit
from portfolio_projector.read_models.initiatives import answers, comparison, references
from portfolio_projector.read_models.initiatives.references import VERSION_MAX
from portfolio_projector.read_models.initiatives.rows import BaselineRow, InitiativeRow, ReleaseRow
from portfolio_projector.read_models.initiatives.views import VIEWS, View

router = APIRouter(prefix="/portfolios/{portfolio}/initiatives", tags=["initiatives"], responses=http_answers.CARRIED)

Version = Annotated[int, Field(ge=1, le=VERSION_MAX), DIGITS, Path()]


@router.get("", response_model=answers.InitiativesAnswer, responses=http_answers.tabular("initiatives"))
async def list_initiatives(asked: Asked, limit: Limit = 100, cursor: CursorText = None) -> Response:
    """List initiatives by id."""
    list_ = f"initiatives/{asked.portfolio}"
    after = cursors.decode(cursor, list_, str)

    async def build(view: View, _: Moment) -> dict[str, object]:
        rows = await view.initiatives(after[0] if after else "", limit + 1)
        next_cursor = cursors.encode(list_, rows[limit - 1].initiative) if len(rows) > limit else None
        planned = await _releases(view, rows[:limit])
        shown = [answers.initiative(row, planned.get(row.initiative, ())) for row in rows[:limit]]
        return {"initiatives": shown, "next_cursor": next_cursor}

    return await asked.answer(VIEWS, build, table="initiatives")


@router.get("/{initiative}", response_model=answers.InitiativeAnswer)
async def show_initiative(asked: Asked, initiative: Id) -> Response:
    """Show one initiative: state, money, next promise, and its work packages."""

    async def build(view: View, moment: Moment) -> dict[str, object]:
        row = await _known(view, initiative, moment)
        packages = await view.packages(initiative)
        planned = await _releases(view, [row])
        return {
            **answers.initiative(row, planned.get(initiative, ())),
            "work_packages": [answers.work_package(package, row.currency) for package in packages],
        }

    return await asked.answer(VIEWS, build, scope=f"initiative/{initiative}")


@router.get("/{initiative}/baselines", response_model=answers.BaselinesAnswer, responses=http_answers.tabular("baselines"))
async def list_baselines(asked: Asked, initiative: Id, limit: Limit = 100, cursor: CursorText = None) -> Response:
    """List every version of the plan: what it promises, what it moved, who decided on it and why."""
    list_ = f"baselines/{asked.portfolio}/{initiative}"
    after = (cursors.decode(cursor, list_, int) or (0,))[0]

    async def build(view: View, moment: Moment) -> dict[str, object]:
        row = await _known(view, initiative, moment)
        versions = await view.baselines(initiative, 0, VERSION_MAX)
        later = [version for version in versions if version.version > after]
        page = later[:limit]
        shown = [answers.baseline(one, answers.previous_of(one, versions), row.currency) for one in page]
        next_cursor = cursors.encode(list_, page[-1].version) if len(later) > limit else None
        return {"initiative": initiative, "current": row.baseline, "baselines": shown, "next_cursor": next_cursor}

    return await asked.answer(VIEWS, build, scope=f"initiative/{initiative}", table="baselines")


@router.get("/{initiative}/baselines/compare", response_model=answers.ComparisonAnswer)
async def compare_baselines(
    asked: Asked,
    initiative: Id,
    from_: Annotated[str, Query(alias="from", max_length=64, description=references.WORDS, examples=["1", "2026-03-31"])],
    to: Annotated[str, Query(max_length=64, description=references.WORDS, examples=["2", "@412"])],
) -> Response:
    """Compare two versions, or the baselines that were current at two moments: what moved, by how much, why, who approved it."""
    wanted = [references.read("from", from_), references.read("to", to)]

    async def build(view: View, moment: Moment) -> dict[str, object]:
        row = await _known(view, initiative, moment)
        versions = await view.baselines(initiative, 0, VERSION_MAX)
        found = [reference.find(versions, moment.zone) for reference in wanted]
        for reference, one in zip(wanted, found, strict=True):
            if one is None:
                detail = f"The initiative {initiative} has no baseline {reference.text}, or had none then."
                raise Problem(404, "UNKNOWN_BASELINE", detail, entry=moment.entry)
        first, second = [await _version(view, initiative, one.version, moment) for one in found if one is not None]
        approvals = references.between(first, second, versions)
        return {
            "initiative": initiative,
            "currency": row.currency,
            "from": answers.baseline(first, answers.previous_of(first, versions), row.currency),
            "to": answers.baseline(second, answers.previous_of(second, versions), row.currency),
            "difference": comparison.compare(first, second),
            "approved_between": [answers.baseline(one, answers.previous_of(one, versions), row.currency) for one in approvals],
        }

    return await asked.answer(VIEWS, build, scope=f"initiative/{initiative}")


@router.get("/{initiative}/baselines/{version}", response_model=answers.BaselineAnswer)
async def show_baseline(asked: Asked, initiative: Id, version: Version) -> Response:
    """Show one version with everything that it plans."""

    async def build(view: View, moment: Moment) -> dict[str, object]:
        row = await _known(view, initiative, moment)
        one = await _version(view, initiative, version, moment)
        versions = await view.baselines(initiative, 0, VERSION_MAX)
        shown = answers.baseline(one, answers.previous_of(one, versions), row.currency)
        return {"initiative": initiative, **shown, "plan": one.plan}

    return await asked.answer(VIEWS, build, scope=f"initiative/{initiative}")


async def _releases(view: View, rows: Sequence[InitiativeRow]) -> Mapping[str, Sequence[ReleaseRow]]:
    """Return the releases of those that are Agile."""
    agile = [row.initiative for row in rows if row.mode == "agile"]
    found = dict[str, list[ReleaseRow]]()
    for release in await view.releases(agile) if agile else ():
        found.setdefault(release.initiative, []).append(release)
    return found


async def _known(view: View, initiative: str, moment: Moment) -> InitiativeRow:
    row = await view.initiative(initiative)
    if row is None:
        raise Problem(404, "UNKNOWN_INITIATIVE", f"There is no initiative {initiative}.", entry=moment.entry)
    return row


async def _version(view: View, initiative: str, version: int, moment: Moment) -> BaselineRow:
    row = await view.baseline(initiative, version)
    if row is None:
        raise Problem(404, "UNKNOWN_BASELINE", f"The initiative {initiative} has no baseline {version}.", entry=moment.entry)
    return row
