"""Experiments: assumptions that were put to the test, and features that not everybody sees."""
