"""Milestones: the date in every baseline, every forecast, and when they were reached."""

from portfolio_projector.read_models.milestones.fold import MILESTONES

CHRONICLES = (MILESTONES,)
