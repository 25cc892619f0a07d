"""Iterations: how an agile initiative works off its releases, in iterations, points and money."""
