-- Snapshots are packed. Those that are not can go: they are made again.

TRUNCATE projector.snapshots;
COMMENT ON COLUMN projector.snapshots.state IS 'The state as its chronicle writes it down, packed with zlib.';
