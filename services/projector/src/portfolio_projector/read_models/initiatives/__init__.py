"""Initiatives: their state, every version of their baselines, their work packages and releases, what they may and do cost."""

from portfolio_projector.description import ReadModel, Table
from portfolio_projector.read_models.initiatives import fold, storage
from portfolio_projector.read_models.initiatives.rows import BaselineRow, CostRow, InitiativeRow, PackageRow, ReleaseRow

MODEL = ReadModel(
    folding=fold.FOLDING,
    load=storage.load,
    write=storage.write,
    forget=storage.forget,
    tables=(
        Table("initiatives", "initiatives", InitiativeRow, ("portfolio", "initiative")),
        Table("initiative_baselines", "baselines", BaselineRow, ("portfolio", "initiative", "version")),
        Table("work_packages", "packages", PackageRow, ("portfolio", "package")),
        Table("initiative_releases", "releases", ReleaseRow, ("portfolio", "release")),
        Table("initiative_costs", "costs", CostRow, ("portfolio", "entry")),
    ),
)

CHRONICLES = (fold.CHRONICLE,)
"""What is told of their pasts."""
