"""Transitions: how initiatives and products became others, what went along, and what they cost over their whole lives."""
