"""Capacity of teams: how much they can work, how much of it is promised to whom, and how much they worked."""
