"""Exceptions: tolerances, who expects that one will not hold, and what is done where one does not."""

from portfolio_projector.read_models.exceptions.fold import EXCEPTIONS

CHRONICLES = (EXCEPTIONS,)
