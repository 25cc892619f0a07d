"""The read models: a folder each, with its fold, its tables, its statements and its routes. This is the one list of them."""

from typing import Any

from portfolio_projector.description import ReadModel
from portfolio_projector.read_models import backlogs, entries, initiatives

READ_MODELS: tuple[ReadModel[Any], ...] = (entries.MODEL, initiatives.MODEL, backlogs.MODEL)
