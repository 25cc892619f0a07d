"""How to read and write the ledger topic: follower, appender, topics and their guards."""
