"""Rebuilding read models beside the old ones, and comparing what they hold with the fold of the log."""
