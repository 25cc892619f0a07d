-- What the rules remember of releases, risks, issues and benefits has changed. The state is a fold of the log: it is emptied, and made
-- again from the log alone when the ledger starts.

TRUNCATE ledger.positions, ledger.portfolios, ledger.subjects, ledger.entries;
