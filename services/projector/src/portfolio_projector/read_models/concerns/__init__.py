"""Which entries concern which initiatives and products: the index by which a member's own past is found and folded."""

from portfolio_projector.description import ReadModel
from portfolio_projector.read_models.concerns import fold, storage

MODEL = ReadModel(folding=fold.FOLDING, load=storage.load, write=storage.write, forget=storage.forget)
