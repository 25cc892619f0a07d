-- What the columns that others read of the log mean.

COMMENT ON COLUMN reading.portfolios.portfolio IS 'Its id.';
COMMENT ON COLUMN reading.portfolios.name IS 'As it was opened.';
COMMENT ON COLUMN reading.portfolios.currency IS 'ISO 4217; what amounts are in where nothing else is said.';
COMMENT ON COLUMN reading.portfolios.opened_entry IS 'The entry that opened it.';

COMMENT ON COLUMN reading.entries.portfolio IS 'The portfolio: rows of several are in one view.';
COMMENT ON COLUMN reading.entries.entry IS 'Its number: 0, 1, 2 without a hole within a portfolio.';
COMMENT ON COLUMN reading.entries.hash IS 'SHA-256 over a zero byte and its bytes in the log, in hex: what the next entry names as previous.';
COMMENT ON COLUMN reading.entries.recorded_at IS 'When the ledger recorded it.';
COMMENT ON COLUMN reading.entries.type IS 'The type of the event, or of what was refused.';
COMMENT ON COLUMN reading.entries.subject IS 'What it is about: aggregate/id.';
COMMENT ON COLUMN reading.entries.corrects IS 'The entry that it corrects; null for one that corrects nothing.';
COMMENT ON COLUMN reading.entries.is_refusal IS 'Whether nothing was recorded: it changed nothing.';
COMMENT ON COLUMN reading.entries.entry_document IS 'All of it, as JSON: event, version and flags, or refusal.';

COMMENT ON COLUMN reading.progress.read_model IS 'entries: the views portfolios, entries, flags and refusals; initiatives: those of initiatives; backlogs: those of products.';
COMMENT ON COLUMN reading.progress.portfolio IS 'The portfolio: rows of several are in one view.';
COMMENT ON COLUMN reading.progress.entry IS 'The last entry that is in the rows.';
COMMENT ON COLUMN reading.progress.stands_still IS 'Whether it waits for an operator: the rows stay as they are.';

COMMENT ON COLUMN reading.flags.portfolio IS 'The portfolio: rows of several are in one view.';
COMMENT ON COLUMN reading.flags.entry IS 'The entry that is flagged.';
COMMENT ON COLUMN reading.flags.code IS 'What is ugly about it; an entry may have several.';
COMMENT ON COLUMN reading.flags.subject IS 'What the entry is about: aggregate/id.';
COMMENT ON COLUMN reading.flags.source IS 'The system that stated it.';
COMMENT ON COLUMN reading.flags.type IS 'The type of the event.';
COMMENT ON COLUMN reading.flags.recorded_at IS 'When the ledger recorded it.';

COMMENT ON COLUMN reading.refusals.portfolio IS 'The portfolio: rows of several are in one view.';
COMMENT ON COLUMN reading.refusals.entry IS 'The entry that says so.';
COMMENT ON COLUMN reading.refusals.code IS 'The rule that it broke; stable, for programs.';
COMMENT ON COLUMN reading.refusals.subject IS 'What it was about: aggregate/id.';
COMMENT ON COLUMN reading.refusals.source IS 'The system that sent it.';
COMMENT ON COLUMN reading.refusals.recorded_at IS 'When it was refused.';
COMMENT ON COLUMN reading.refusals.actor IS 'Who did it, by the word of the source.';
COMMENT ON COLUMN reading.refusals.detail IS 'What was wrong and what to do, as a sentence.';
