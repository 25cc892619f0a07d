-- Snapshots that are made ahead of the others after a bulk load, far apart, so that nobody waits until all are there.

ALTER TABLE projector.snapshots ADD COLUMN is_ahead boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN projector.snapshots.is_ahead IS 'Whether those before it are still to be made: it goes when they are there.';
