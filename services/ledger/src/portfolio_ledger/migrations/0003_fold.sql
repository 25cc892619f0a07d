-- What the rules remember is made by their fold. Where another fold made it, the ledger makes it again from the log when it starts.

ALTER TABLE ledger.positions ADD COLUMN fold text;
COMMENT ON COLUMN ledger.positions.fold IS 'The fold that made what is stored of the partition; null: one that had no name. Another one makes it anew.';
