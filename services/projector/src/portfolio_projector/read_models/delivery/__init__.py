"""Delivery: what was changed, deployed and broken, and how well promised service levels were kept."""
