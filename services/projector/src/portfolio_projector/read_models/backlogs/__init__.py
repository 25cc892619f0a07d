"""Products and their rolling backlogs: the order, what the sources report about items, and every move."""

from portfolio_projector.description import ReadModel
from portfolio_projector.read_models.backlogs import chronicle, fold, storage

MODEL = ReadModel(folding=fold.FOLDING, load=storage.load, write=storage.write, forget=storage.forget)

CHRONICLES = (chronicle.CHRONICLE,)
"""What is told of their pasts."""
