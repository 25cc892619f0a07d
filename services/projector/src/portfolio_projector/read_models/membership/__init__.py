"""Membership: which initiatives and products a portfolio governs, in which rank, and by which scores."""
