-- Snapshots of what is told without the entries that an operator has skipped: each says which of them it is without.

ALTER TABLE projector.snapshots ADD COLUMN skipped bigint[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN projector.snapshots.skipped IS 'The entries up to then that its chronicle skips, and that are not in it.';
