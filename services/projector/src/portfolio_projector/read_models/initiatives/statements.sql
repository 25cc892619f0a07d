-- initiatives: initiatives by key
SELECT i.portfolio, i.initiative, i.name, i.mode, i.state, i.sponsor, i.objective, i.currency, i.rough_cost, i.rough_start,
       i.rough_finish, i.proposed_at, i.proposed_by, i.state_since, i.baseline, i.bac, i.management_reserve, i.start, i.finish,
       i.effective_date, i.baselines_approved, i.cost, i.costs, i.last_entry
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
       p.remaining_hours, p.actual_start, p.completed_at, p.last_entry
FROM unnest($1::text[], $2::text[]) AS wanted (portfolio, package)
JOIN projector.work_packages AS p USING (portfolio, package);

-- costs: costs by key
SELECT c.portfolio, c.entry, c.initiative, c.minor, c.period, c.category, c.treatment, c.time, c.corrected_by
FROM unnest($1::text[], $2::bigint[]) AS wanted (portfolio, entry)
JOIN projector.initiative_costs AS c USING (portfolio, entry);

-- write_initiatives: store initiatives
INSERT INTO projector.initiatives AS i (
    portfolio, initiative, name, mode, state, sponsor, objective, currency, rough_cost, rough_start, rough_finish, proposed_at,
    proposed_by, state_since, baseline, bac, management_reserve, start, finish, effective_date, baselines_approved, cost, costs,
    last_entry
)
SELECT *
FROM unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::text[],
    $11::text[], $12::timestamptz[], $13::text[], $14::timestamptz[], $15::integer[], $16::bigint[], $17::bigint[], $18::text[],
    $19::text[], $20::text[], $21::integer[], $22::bigint[], $23::integer[], $24::bigint[]
)
ON CONFLICT (portfolio, initiative) DO UPDATE
SET name = EXCLUDED.name, mode = EXCLUDED.mode, state = EXCLUDED.state, sponsor = EXCLUDED.sponsor, objective = EXCLUDED.objective,
    currency = EXCLUDED.currency, rough_cost = EXCLUDED.rough_cost, rough_start = EXCLUDED.rough_start,
    rough_finish = EXCLUDED.rough_finish, proposed_at = EXCLUDED.proposed_at, proposed_by = EXCLUDED.proposed_by,
    state_since = EXCLUDED.state_since, baseline = EXCLUDED.baseline, bac = EXCLUDED.bac,
    management_reserve = EXCLUDED.management_reserve, start = EXCLUDED.start, finish = EXCLUDED.finish,
    effective_date = EXCLUDED.effective_date, baselines_approved = EXCLUDED.baselines_approved, cost = EXCLUDED.cost,
    costs = EXCLUDED.costs, last_entry = EXCLUDED.last_entry;

-- write_baselines: store baselines
INSERT INTO projector.initiative_baselines AS b (
    portfolio, initiative, version, state, bac, management_reserve, start, finish, previous, plan, proposed_entry, proposed_at,
    proposed_by, decided_entry, decided_at, decided_by, reason, effective_date, change_class, variances_kept, change_request,
    superseded_by
)
SELECT *
FROM unnest(
    $1::text[], $2::text[], $3::integer[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::integer[],
    $10::jsonb[], $11::bigint[], $12::timestamptz[], $13::text[], $14::bigint[], $15::timestamptz[], $16::text[], $17::text[],
    $18::text[], $19::text[], $20::boolean[], $21::text[], $22::integer[]
)
ON CONFLICT (portfolio, initiative, version) DO UPDATE
SET state = EXCLUDED.state, bac = EXCLUDED.bac, management_reserve = EXCLUDED.management_reserve, start = EXCLUDED.start,
    finish = EXCLUDED.finish, previous = EXCLUDED.previous, plan = EXCLUDED.plan, proposed_entry = EXCLUDED.proposed_entry,
    proposed_at = EXCLUDED.proposed_at, proposed_by = EXCLUDED.proposed_by, decided_entry = EXCLUDED.decided_entry,
    decided_at = EXCLUDED.decided_at, decided_by = EXCLUDED.decided_by, reason = EXCLUDED.reason,
    effective_date = EXCLUDED.effective_date, change_class = EXCLUDED.change_class, variances_kept = EXCLUDED.variances_kept,
    change_request = EXCLUDED.change_request, superseded_by = EXCLUDED.superseded_by;

-- write_packages: store work packages
INSERT INTO projector.work_packages AS p (
    portfolio, package, initiative, state, name, wbs, start, finish, budget, ev_method, fraction, remaining_hours, actual_start,
    completed_at, last_entry
)
SELECT *
FROM unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::text[],
    $11::text[], $12::text[], $13::text[], $14::timestamptz[], $15::bigint[]
)
ON CONFLICT (portfolio, package) DO UPDATE
SET initiative = EXCLUDED.initiative, state = EXCLUDED.state, name = EXCLUDED.name, wbs = EXCLUDED.wbs, start = EXCLUDED.start,
    finish = EXCLUDED.finish, budget = EXCLUDED.budget, ev_method = EXCLUDED.ev_method, fraction = EXCLUDED.fraction,
    remaining_hours = EXCLUDED.remaining_hours, actual_start = EXCLUDED.actual_start, completed_at = EXCLUDED.completed_at,
    last_entry = EXCLUDED.last_entry;

-- write_costs: store costs
INSERT INTO projector.initiative_costs AS c (
    portfolio, entry, initiative, minor, period, category, treatment, time, corrected_by
)
SELECT *
FROM unnest(
    $1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::bigint[]
)
ON CONFLICT (portfolio, entry) DO UPDATE SET corrected_by = EXCLUDED.corrected_by;

-- initiative_page: initiatives by id after one
SELECT portfolio, initiative, name, mode, state, sponsor, objective, currency, rough_cost, rough_start, rough_finish, proposed_at,
       proposed_by, state_since, baseline, bac, management_reserve, start, finish, effective_date, baselines_approved, cost, costs,
       last_entry
FROM projector.initiatives
WHERE portfolio = $1 AND initiative > $2
ORDER BY initiative
LIMIT $3;

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
       completed_at, last_entry
FROM projector.work_packages
WHERE portfolio = $1 AND initiative = $2
ORDER BY package;
