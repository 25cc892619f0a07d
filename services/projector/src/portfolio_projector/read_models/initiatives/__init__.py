"""Initiatives: their state, every version of their baselines, their work packages, what they may and do cost."""

from portfolio_projector.description import ReadModel
from portfolio_projector.read_models.initiatives import fold, storage

MODEL = ReadModel(folding=fold.FOLDING, load=storage.load, write=storage.write, forget=storage.forget)

CHRONICLES = (fold.CHRONICLE,)
"""What is told of their pasts."""
