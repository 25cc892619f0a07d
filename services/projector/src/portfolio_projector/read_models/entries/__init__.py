"""Every entry as it lies in the log, and which portfolios there are."""

from portfolio_projector.description import ReadModel
from portfolio_projector.read_models.entries import fold, storage

MODEL = ReadModel(folding=fold.FOLDING, load=storage.load, write=storage.write, forget=storage.forget)
