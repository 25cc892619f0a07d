"""Transitions: how initiatives and products became others, what went along, and what they cost over their whole lives."""

from portfolio_projector.read_models.transitions.fold import TRANSITIONS

CHRONICLES = (TRANSITIONS,)
