"""Risks and issues of all members: the register, what was thought of each risk when, and the exposure that it adds up to."""
