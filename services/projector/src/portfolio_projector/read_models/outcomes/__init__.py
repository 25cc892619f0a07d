"""Outcomes: benefits and key results, measured long after what they were expected of has ended."""
