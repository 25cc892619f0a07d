-- What others may read of initiatives by SQL: names and meanings stay; columns may be added at the end.

CREATE VIEW reading.initiatives AS
SELECT portfolio, initiative, name, mode, state, state_since, sponsor, objective, currency,
       baseline AS baseline_version,
       effective_date::date AS baseline_effective,
       baselines_approved,
       NULLIF(bac, 0) AS budget_minor,
       management_reserve AS management_reserve_minor,
       start AS planned_start,
       finish AS planned_finish,
       CASE WHEN costs > 0 THEN cost END AS cost_minor,
       rough_cost AS rough_cost_minor, rough_start, rough_finish,
       proposed_at, proposed_by, last_entry
FROM projector.initiatives;
COMMENT ON VIEW reading.initiatives IS 'Initiatives as they are: a row for each, waterfall and agile. Money is in minor units of currency; null is unknown, never 0.';
COMMENT ON COLUMN reading.initiatives.budget_minor IS 'Budget at completion of the current baseline, without management reserve; null without a baseline or for a schedule only.';
COMMENT ON COLUMN reading.initiatives.planned_finish IS 'What the current baseline promises: a day, or an instant in UTC.';
COMMENT ON COLUMN reading.initiatives.cost_minor IS 'What was posted so far, corrections applied; null where nothing was posted.';
COMMENT ON COLUMN reading.initiatives.last_entry IS 'The entry that changed the row last.';

CREATE VIEW reading.baselines AS
SELECT portfolio, initiative, version, state, effective_date::date AS effective, change_class, variances_kept, change_request,
       NULLIF(bac, 0) AS budget_minor,
       management_reserve AS management_reserve_minor,
       start AS planned_start, finish AS planned_finish, previous AS previous_version, superseded_by,
       proposed_entry, proposed_at, proposed_by, decided_entry, decided_at, decided_by, reason, plan
FROM projector.initiative_baselines;
COMMENT ON VIEW reading.baselines IS 'Every version of every plan: who proposed it, who decided on it, and why. An approved one never changes.';
COMMENT ON COLUMN reading.baselines.plan IS 'Work packages, milestones, dependencies and calendar, as they were proposed.';

CREATE VIEW reading.work_packages AS
SELECT portfolio, package AS work_package, initiative, name, wbs, state, start AS planned_start, finish AS planned_finish,
       budget AS budget_minor, ev_method, fraction::numeric AS fraction, remaining_hours::numeric AS remaining_hours,
       actual_start, completed_at, last_entry
FROM projector.work_packages;
COMMENT ON VIEW reading.work_packages IS 'Work packages: what the current baseline plans, and how far they are. fraction is from 0 to 1.';

CREATE VIEW reading.costs AS
SELECT portfolio, entry, initiative, minor, period, category, treatment, time
FROM projector.initiative_costs
WHERE corrected_by IS NULL;
COMMENT ON VIEW reading.costs IS 'Costs posted to initiatives, as corrections left them; entry is the one that says so now.';
