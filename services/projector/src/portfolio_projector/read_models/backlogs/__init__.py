"""Products and their rolling backlogs: the order, what the sources report about items, and every move."""

from portfolio_projector.description import ReadModel, Table
from portfolio_projector.read_models.backlogs import chronicle, fold, storage
from portfolio_projector.read_models.backlogs.rows import ItemRow, MoveRow, ProductRow, SizeRow

MODEL = ReadModel(
    folding=fold.FOLDING,
    load=storage.load,
    write=storage.write,
    forget=storage.forget,
    tables=(
        Table("backlog_products", "products", ProductRow, ("portfolio", "product")),
        Table("backlog_items", "items", ItemRow, ("portfolio", "item")),
        Table("backlog_moves", "moves", MoveRow, ("portfolio", "item", "said_by")),
        Table("backlog_sizes", "sizes", SizeRow, ("portfolio", "product", "entry")),
    ),
)

CHRONICLES = (chronicle.CHRONICLE,)
"""What is told of their pasts."""
