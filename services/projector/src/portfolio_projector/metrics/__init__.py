"""Metrics: pure formulas, each with its source, its units and its edge cases; what they are called and why one has no value."""
