"""How `initiatives` reads and writes its tables."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from portfolio_projector import storing
from portfolio_projector.folding.facts import Fact
from portfolio_projector.folding.rows import NotLoaded
from portfolio_projector.read_models.initiatives import plans
from portfolio_projector.read_models.initiatives.rows import BaselineRow, CostRow, InitiativeRow, PackageRow, ReleaseRow
from portfolio_projector.read_models.initiatives.state import BaselineKey, CostKey, Initiatives, Key
from portfolio_projector.read_models.initiatives.wants import wants
from portfolio_projector.statements import Statements

if TYPE_CHECKING:
    from portfolio_projector.sessions import Connection

_SQL = Statements("portfolio_projector.read_models.initiatives")
_TABLES = ("initiatives", "baselines", "packages", "releases", "costs")


async def load(connection: "Connection", state: Initiatives, facts: Sequence[Fact], missing: Sequence[NotLoaded]) -> None:
    """Read the initiatives, baselines, work packages, releases and costs that facts name, and what an approval replaces."""
    wanted = wants(facts)
    asked = {table: [cast("Any", row.key) for row in missing if row.table == table] for table in _TABLES}
    initiatives: set[Key] = {*wanted.initiatives, *wanted.approved, *asked["initiatives"]}
    await storing.load(connection, _SQL["initiatives"], state.initiatives, InitiativeRow, initiatives)
    baselines: set[BaselineKey] = {*wanted.baselines, *asked["baselines"]}
    baselines |= {(*key, row.baseline) for key in wanted.approved if (row := state.initiatives.get(key)) and row.baseline}
    await storing.load(connection, _SQL["baselines"], state.baselines, BaselineRow, baselines)
    packages: set[Key] = {*wanted.packages, *asked["packages"]}
    for key in baselines:
        if key[:2] in wanted.approved and (baseline := state.baselines.get(key)):
            packages |= {(key[0], name) for name in plans.work_packages(baseline.plan)}
    await storing.load(connection, _SQL["packages"], state.packages, PackageRow, packages)
    releases: set[Key] = {*wanted.releases, *asked["releases"]}
    await storing.load(connection, _SQL["releases"], state.releases, ReleaseRow, releases)
    costs: set[CostKey] = {*wanted.costs, *asked["costs"]}
    await storing.load(connection, _SQL["costs"], state.costs, CostRow, costs)


async def write(connection: "Connection", state: Initiatives) -> None:
    """Store what changed."""
    await storing.write(connection, "initiatives", _SQL["update_initiatives"], state.initiatives)
    await storing.write(connection, "initiative_baselines", _SQL["update_baselines"], state.baselines)
    await storing.write(connection, "work_packages", _SQL["update_packages"], state.packages)
    await storing.write(connection, "initiative_releases", _SQL["update_releases"], state.releases)
    await storing.write(connection, "initiative_costs", _SQL["update_costs"], state.costs)


async def forget(connection: "Connection", portfolio: str) -> None:
    """Delete everything of a portfolio."""
    await connection.execute(_SQL["forget"], portfolio)
