"""How far work packages are: the fold of what is said of them. Pure."""

from portfolio_projector.folding.facts import Fact, Impossible
from portfolio_projector.read_models.initiatives import plans
from portfolio_projector.read_models.initiatives.rows import PackageRow
from portfolio_projector.read_models.initiatives.state import Initiatives
from portfolio_schemas.events import work_package as packages


def start(state: Initiatives, fact: Fact, data: packages.WorkPackageStarted) -> None:
    """Start a work package; a correction of that says when it was."""
    package = _package(state, fact)
    started_at = fact.time
    if fact.corrects is not None:
        if fact.corrects != package.start_entry or package.started_at is None:
            return
        started_at = package.started_at
    else:
        package = package._replace(state="Started")
    started = plans.text(data.actual_start) or plans.instant(started_at)
    state.packages.put(
        package._replace(actual_start=started, start_entry=fact.number, started_at=started_at, last_entry=fact.number)
    )


def report(state: Initiatives, fact: Fact, data: packages.ProgressReported | packages.ProgressCorrected) -> None:
    """Say how far it is; a correction of an older word changes nothing."""
    package = _package(state, fact)
    if fact.corrects is None or fact.corrects == package.fraction_entry:
        state.packages.put(_read(package, fact, data.fraction, data.remaining_hours))


def complete(state: Initiatives, fact: Fact, _: packages.WorkPackageCompleted) -> None:
    """Complete it."""
    done = _read(_package(state, fact), fact, "1", None)
    state.packages.put(done._replace(state="Completed", completed_at=fact.time))


def reopen(state: Initiatives, fact: Fact, _: packages.WorkPackageReopened) -> None:
    """Take back that it was completed: nothing of it is done."""
    again = _read(_package(state, fact), fact, "0", None)
    state.packages.put(again._replace(state="Started", completed_at=None))


def convert(state: Initiatives, fact: Fact, _: packages.WorkPackageConverted) -> None:
    """Let it go on as an item of a product."""
    state.packages.put(_package(state, fact)._replace(state="Converted", last_entry=fact.number))


def drop(state: Initiatives, fact: Fact, _: packages.WorkPackageDropped) -> None:
    """Let it go."""
    state.packages.put(_package(state, fact)._replace(state="Dropped", last_entry=fact.number))


def _read(package: PackageRow, fact: Fact, fraction: str, hours: str | None) -> PackageRow:
    return package._replace(fraction=fraction, remaining_hours=hours, fraction_entry=fact.number, last_entry=fact.number)


def _package(state: Initiatives, fact: Fact) -> PackageRow:
    row = state.packages.get((fact.portfolio, fact.id))
    if row is None:
        raise Impossible(f"There is no work package {fact.id}.")
    return row
