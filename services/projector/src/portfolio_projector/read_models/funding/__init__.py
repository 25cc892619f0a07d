"""Funding of products: what was released and spent, how long it lasts, how it is spread, and what it should be."""
