"""Repairing the log: entries that it has lost are put back as they were, orphans are set aside, and a repair record says so."""
