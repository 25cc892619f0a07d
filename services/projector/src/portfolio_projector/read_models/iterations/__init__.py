"""Iterations: how an agile initiative works off its releases, in iterations, points and money."""

from portfolio_projector.read_models.iterations.fold import ITERATIONS

CHRONICLES = (ITERATIONS,)
