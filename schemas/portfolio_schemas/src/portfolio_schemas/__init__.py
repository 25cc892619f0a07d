"""The published language of the portfolio ledger: events, entries, values, and the rule by which the log is followed."""
