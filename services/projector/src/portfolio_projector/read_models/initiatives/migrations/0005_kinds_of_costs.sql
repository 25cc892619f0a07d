-- Say of each cost what it is: reversals are below 0, and accruals are not paid yet.

CREATE OR REPLACE VIEW reading.costs AS
SELECT portfolio, entry, initiative, minor, period, category, treatment, time, kind
FROM projector.initiative_costs
WHERE corrected_by IS NULL;
COMMENT ON COLUMN reading.costs.minor IS 'In minor units of the initiative''s currency; below 0 for a reversal.';
COMMENT ON COLUMN reading.costs.kind IS 'cost, accrual, or reversal, which takes back the one or the other.';
