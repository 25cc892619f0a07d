"""Change requests: the register of what was asked to be otherwise than an initiative promises, and what became of it."""

from portfolio_projector.read_models.change_requests.fold import CHANGE_REQUESTS

CHRONICLES = (CHANGE_REQUESTS,)
