"""The ledger's state: what judging needs to know of the log. A fold of it, kept in memory and, a little later, in PostgreSQL."""
