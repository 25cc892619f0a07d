"""Intake: the records that submissions come in, read into events, and what leaves for other topics."""
