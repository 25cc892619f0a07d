"""What is ugly but true in a whole portfolio: the flags of the ledger, and what only those see who read all of it."""
