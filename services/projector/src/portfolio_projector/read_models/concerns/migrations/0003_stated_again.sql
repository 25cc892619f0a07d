-- Whose a service level or a feature is that may be stated again: what was said of them concerned nobody before. Whom entries
-- concern is a fold of the log: it is emptied, with the snapshots that were made by it, and made again when the projector starts.

TRUNCATE projector.concerns, projector.homes, projector.scopes, projector.snapshots;
DELETE FROM projector.heads WHERE read_model = 'concerns';
DELETE FROM projector.positions WHERE read_model = 'concerns' AND version < 2;
