"""Milestones: the date in every baseline, every forecast, and when they were reached."""
