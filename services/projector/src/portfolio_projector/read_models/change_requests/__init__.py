"""Change requests: the register of what was asked to be otherwise than an initiative promises, and what became of it."""
