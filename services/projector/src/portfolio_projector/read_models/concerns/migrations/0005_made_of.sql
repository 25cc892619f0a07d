-- What was split off from something is told, where it goes over to another member, with what it has from that. Whom entries concern
-- is a fold of the log: it is emptied, with the snapshots that were made by it, and made again when the projector starts.

TRUNCATE projector.concerns, projector.homes, projector.scopes, projector.snapshots;
DELETE FROM projector.heads WHERE read_model = 'concerns';
DELETE FROM projector.positions WHERE read_model = 'concerns' AND version < 3;

ALTER TABLE projector.homes ADD COLUMN made_of text, ADD COLUMN made_by bigint;
COMMENT ON COLUMN projector.homes.made_of IS 'The subject that it was split off from, where it was.';
COMMENT ON COLUMN projector.homes.made_by IS 'The entry that split it off.';
