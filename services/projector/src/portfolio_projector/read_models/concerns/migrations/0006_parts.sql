-- A correction of what parts have from what they were made of concerns the members that parts went over to before, too. Whom entries
-- concern is a fold of the log: it is emptied, with the snapshots that were made by it, and made again when the projector starts.

TRUNCATE projector.concerns, projector.homes, projector.scopes, projector.snapshots;
DELETE FROM projector.heads WHERE read_model = 'concerns';
DELETE FROM projector.positions WHERE read_model = 'concerns' AND version < 4;

ALTER TABLE projector.homes ADD COLUMN parts text;
COMMENT ON COLUMN projector.homes.parts IS 'The subjects that it was split into, where it was, with a space between them.';
