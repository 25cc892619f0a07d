-- What an entry recorded decides what may correct it. The state is a fold of the log: it is emptied, and made again with the new
-- column from the log alone when the ledger starts.

TRUNCATE ledger.positions, ledger.portfolios, ledger.subjects, ledger.entries;

DROP VIEW ledger.answers;
ALTER TABLE ledger.entries ADD COLUMN type text NOT NULL;
COMMENT ON COLUMN ledger.entries.type IS 'The type of the event that was recorded or refused.';

CREATE VIEW ledger.answers AS
SELECT e.*,
       (SELECT max(c.entry)
        FROM ledger.entries c
        WHERE c.submission = e.submission AND c.portfolio = e.portfolio
          AND (c.entry = e.entry OR c.source = '/ledger' AND c.refusal IS NULL AND split_part(c.id, '.', 1) = e.entry::text)) AS last_entry
FROM ledger.entries e;
COMMENT ON VIEW ledger.answers IS 'Entries with the number of the last of their consequences, which bear the same submission and name them in their id.';
