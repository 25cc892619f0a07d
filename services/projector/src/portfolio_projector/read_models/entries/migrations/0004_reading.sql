-- What others may read of the log by SQL: names and meanings stay; columns may be added at the end.

CREATE VIEW reading.portfolios AS
SELECT p.portfolio, p.name, p.currency, p.opened AS opened_entry
FROM projector.portfolios AS p;
COMMENT ON VIEW reading.portfolios IS 'The portfolios that were opened.';

CREATE VIEW reading.entries AS
SELECT portfolio, entry, encode(hash, 'hex') AS hash, recordedtime::timestamptz AS recorded_at, happened_at, type, subject, corrects,
       happened_at IS NULL AS is_refusal, convert_from(value, 'UTF8')::json AS entry_document
FROM projector.entries;
COMMENT ON VIEW reading.entries IS 'Every entry of the log: what was recorded, and what was refused.';
COMMENT ON COLUMN reading.entries.happened_at IS 'When it was true in the world; null for a refusal.';

CREATE VIEW reading.progress AS
SELECT read_model, portfolio, COALESCE(failed_entry - 1, entry) AS entry, stop_detail IS NOT NULL OR failed_entry IS NOT NULL AS stands_still
FROM projector.heads;
COMMENT ON VIEW reading.progress IS 'The last entry that the rows of each read model reflect, and whether it waits for an operator: read it in the same transaction.';
