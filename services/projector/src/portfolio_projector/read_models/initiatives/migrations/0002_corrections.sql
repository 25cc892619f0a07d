-- What corrections replace, and costs of every kind. The rows are a fold of the log: they are emptied, and made again from the log
-- alone when the projector starts.

TRUNCATE projector.initiatives, projector.initiative_baselines, projector.work_packages, projector.initiative_costs;
DELETE FROM projector.heads WHERE read_model = 'initiatives';
DELETE FROM projector.positions WHERE read_model = 'initiatives';

ALTER TABLE projector.work_packages
    ADD COLUMN start_entry bigint,
    ADD COLUMN started_at timestamptz,
    ADD COLUMN fraction_entry bigint;
COMMENT ON COLUMN projector.work_packages.start_entry IS 'The entry that says when it was started.';
COMMENT ON COLUMN projector.work_packages.started_at IS 'When the start was true; actual_start is what was said of it.';
COMMENT ON COLUMN projector.work_packages.fraction_entry IS 'The entry that says which fraction is done.';

ALTER TABLE projector.initiative_costs ADD COLUMN kind text NOT NULL CHECK (kind IN ('cost', 'accrual', 'reversal'));
COMMENT ON COLUMN projector.initiative_costs.minor IS 'In minor units of the initiative''s currency; below 0 for a reversal.';
COMMENT ON COLUMN projector.initiative_costs.corrected_by IS 'The entry that counts in its place.';
