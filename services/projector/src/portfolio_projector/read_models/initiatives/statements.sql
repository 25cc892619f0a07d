-- initiatives: initiatives by key
SELECT i.portfolio, i.initiative, i.name, i.mode, i.state, i.sponsor, i.objective, i.currency, i.rough_cost, i.rough_start,
       i.rough_finish, i.proposed_at, i.proposed_by, i.state_since, i.baseline, i.bac, i.management_reserve, i.start, i.finish,
       i.effective_date, i.baselines_approved, i.cost, i.costs, i.last_entry, i.stage, i.stage_entry
FROM unnest($1::text[], $2::text[]) AS wanted (portfolio, initiative)
JOIN projector.initiatives AS i USING (portfolio, initiative);

-- baselines: baselines by key
SELECT b.portfolio, b.initiative, b.version, b.state, b.bac, b.management_reserve, b.start, b.finish, b.previous, b.plan,
       b.proposed_entry, b.proposed_at, b.proposed_by, b.decided_entry, b.decided_at, b.decided_by, b.reason, b.effective_date,
       b.change_class, b.variances_kept, b.change_request, b.superseded_by
FROM unnest($1::text[], $2::text[], $3::integer[]) AS wanted (portfolio, initiative, version)
JOIN projector.initiative_baselines AS b USING (portfolio, initiative, version);

-- packages: work packages by key
SELECT p.portfolio, p.package, p.initiative, p.state, p.name, p.wbs, p.start, p.finish, p.budget, p.ev_method, p.fraction,
       p.remaining_hours, p.actual_start, p.completed_at, p.start_entry, p.started_at, p.fraction_entry, p.last_entry
FROM unnest($1::text[], $2::text[]) AS wanted (portfolio, package)
JOIN projector.work_packages AS p USING (portfolio, package);

-- releases: releases by key
SELECT r.portfolio, r.release, r.initiative, r.start, r.finish, r.planned_entry, r.shipped_entry
FROM unnest($1::text[], $2::text[]) AS wanted (portfolio, release)
JOIN projector.initiative_releases AS r USING (portfolio, release);

-- costs: costs by key
SELECT c.portfolio, c.entry, c.initiative, c.kind, c.minor, c.period, c.category, c.treatment, c.time, c.corrected_by
FROM unnest($1::text[], $2::bigint[]) AS wanted (portfolio, entry)
JOIN projector.initiative_costs AS c USING (portfolio, entry);

-- update_initiatives: store initiatives that were there before
UPDATE projector.initiatives AS i
SET name = new.name, mode = new.mode, state = new.state, sponsor = new.sponsor, objective = new.objective,
    currency = new.currency, rough_cost = new.rough_cost, rough_start = new.rough_start,
    rough_finish = new.rough_finish, proposed_at = new.proposed_at, proposed_by = new.proposed_by,
    state_since = new.state_since, baseline = new.baseline, bac = new.bac,
    management_reserve = new.management_reserve, start = new.start, finish = new.finish,
    effective_date = new.effective_date, baselines_approved = new.baselines_approved, cost = new.cost,
    costs = new.costs, last_entry = new.last_entry, stage = new.stage, stage_entry = new.stage_entry
FROM unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::text[],
    $11::text[], $12::timestamptz[], $13::text[], $14::timestamptz[], $15::integer[], $16::bigint[], $17::bigint[], $18::text[],
    $19::text[], $20::text[], $21::integer[], $22::bigint[], $23::integer[], $24::bigint[], $25::text[], $26::bigint[]
) AS new (
    portfolio, initiative, name, mode, state, sponsor, objective, currency, rough_cost, rough_start, rough_finish,
    proposed_at, proposed_by, state_since, baseline, bac, management_reserve, start, finish, effective_date,
    baselines_approved, cost, costs, last_entry, stage, stage_entry
)
WHERE i.portfolio = new.portfolio AND i.initiative = new.initiative;

-- update_baselines: store baselines that were there before
UPDATE projector.initiative_baselines AS b
SET state = new.state, bac = new.bac, management_reserve = new.management_reserve, start = new.start,
    finish = new.finish, previous = new.previous, plan = new.plan, proposed_entry = new.proposed_entry,
    proposed_at = new.proposed_at, proposed_by = new.proposed_by, decided_entry = new.decided_entry,
    decided_at = new.decided_at, decided_by = new.decided_by, reason = new.reason,
    effective_date = new.effective_date, change_class = new.change_class, variances_kept = new.variances_kept,
    change_request = new.change_request, superseded_by = new.superseded_by
FROM unnest(
    $1::text[], $2::text[], $3::integer[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::integer[],
    $10::jsonb[], $11::bigint[], $12::timestamptz[], $13::text[], $14::bigint[], $15::timestamptz[], $16::text[], $17::text[],
    $18::text[], $19::text[], $20::boolean[], $21::text[], $22::integer[]
) AS new (
    portfolio, initiative, version, state, bac, management_reserve, start, finish, previous, plan, proposed_entry,
    proposed_at, proposed_by, decided_entry, decided_at, decided_by, reason, effective_date, change_class, variances_kept,
    change_request, superseded_by
)
WHERE b.portfolio = new.portfolio AND b.initiative = new.initiative AND b.version = new.version;

-- update_packages: store work packages that were there before
UPDATE projector.work_packages AS p
SET initiative = new.initiative, state = new.state, name = new.name, wbs = new.wbs, start = new.start, finish = new.finish,
    budget = new.budget, ev_method = new.ev_method, fraction = new.fraction, remaining_hours = new.remaining_hours,
    actual_start = new.actual_start, completed_at = new.completed_at,
    start_entry = new.start_entry, started_at = new.started_at, fraction_entry = new.fraction_entry, last_entry = new.last_entry
FROM unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::text[],
    $11::text[], $12::text[], $13::text[], $14::timestamptz[], $15::bigint[], $16::timestamptz[], $17::bigint[], $18::bigint[]
) AS new (
    portfolio, package, initiative, state, name, wbs, start, finish, budget, ev_method, fraction, remaining_hours, actual_start,
    completed_at, start_entry, started_at, fraction_entry, last_entry
)
WHERE p.portfolio = new.portfolio AND p.package = new.package;

-- update_releases: store releases that were there before
UPDATE projector.initiative_releases AS r
SET initiative = new.initiative, start = new.start, finish = new.finish, planned_entry = new.planned_entry,
    shipped_entry = new.shipped_entry
FROM unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[]
) AS new (
    portfolio, release, initiative, start, finish, planned_entry, shipped_entry
)
WHERE r.portfolio = new.portfolio AND r.release = new.release;

-- update_costs: store costs that were there before
UPDATE projector.initiative_costs AS c
SET corrected_by = new.corrected_by
FROM unnest(
    $1::text[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::timestamptz[],
    $10::bigint[]
) AS new (
    portfolio, entry, initiative, kind, minor, period, category, treatment, time, corrected_by
)
WHERE c.portfolio = new.portfolio AND c.entry = new.entry;

-- initiative_page: initiatives by id after one
SELECT portfolio, initiative, name, mode, state, sponsor, objective, currency, rough_cost, rough_start, rough_finish, proposed_at,
       proposed_by, state_since, baseline, bac, management_reserve, start, finish, effective_date, baselines_approved, cost, costs,
       last_entry, stage, stage_entry
FROM projector.initiatives
WHERE portfolio = $1 AND initiative > $2
ORDER BY initiative
LIMIT $3;

-- releases_of: the releases of initiatives
SELECT portfolio, release, initiative, start, finish, planned_entry, shipped_entry
FROM projector.initiative_releases
WHERE portfolio = $1 AND initiative = ANY ($2::text[]);

-- baseline_page: baselines of an initiative after a version, without their plans
SELECT portfolio, initiative, version, state, bac, management_reserve, start, finish, previous, '{}'::jsonb AS plan, proposed_entry,
       proposed_at, proposed_by, decided_entry, decided_at, decided_by, reason, effective_date, change_class, variances_kept,
       change_request, superseded_by
FROM projector.initiative_baselines
WHERE portfolio = $1 AND initiative = $2 AND version > $3
ORDER BY version
LIMIT $4;

-- packages_of: the work packages of an initiative
SELECT portfolio, package, initiative, state, name, wbs, start, finish, budget, ev_method, fraction, remaining_hours, actual_start,
       completed_at, start_entry, started_at, fraction_entry, last_entry
FROM projector.work_packages
WHERE portfolio = $1 AND initiative = $2
ORDER BY package;

-- forget: delete everything of a portfolio
WITH initiatives AS (DELETE FROM projector.initiatives WHERE portfolio = $1),
     baselines AS (DELETE FROM projector.initiative_baselines WHERE portfolio = $1),
     packages AS (DELETE FROM projector.work_packages WHERE portfolio = $1),
     releases AS (DELETE FROM projector.initiative_releases WHERE portfolio = $1)
DELETE FROM projector.initiative_costs WHERE portfolio = $1;
