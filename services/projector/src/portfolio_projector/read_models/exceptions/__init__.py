"""Exceptions: tolerances, who expects that one will not hold, and what is done where one does not."""
