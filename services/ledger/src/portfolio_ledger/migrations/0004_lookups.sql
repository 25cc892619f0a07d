-- A plan is made once, perhaps while a table is empty, and kept. Each look-up therefore has one index that fits it whole, and no other that
-- begins with what it knows: entries by their number, events by their id, submissions by their name.

DROP INDEX ledger.entries_by_event;
DROP INDEX ledger.entries_by_submission;
CREATE INDEX entries_by_event ON ledger.entries (id, source, portfolio);
CREATE INDEX entries_by_submission ON ledger.entries (submission, portfolio);

-- The last of few, by adding nothing to it: a bare maximum may be looked for from the portfolio's end backwards.
CREATE OR REPLACE VIEW ledger.answers AS
SELECT e.*,
       (SELECT max(c.entry + 0)
        FROM ledger.entries c
        WHERE c.submission = e.submission AND c.portfolio = e.portfolio
          AND (c.entry = e.entry OR c.source = '/ledger' AND c.refusal IS NULL AND split_part(c.id, '.', 1) = e.entry::text)) AS last_entry
FROM ledger.entries e;
