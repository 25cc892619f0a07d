-- In which stage an initiative is, and the releases that an Agile one promises. The rows are a fold of the log: they are emptied, and made again from the log alone when the
-- projector starts.

TRUNCATE projector.initiatives, projector.initiative_baselines, projector.work_packages, projector.initiative_costs;
DELETE FROM projector.heads WHERE read_model = 'initiatives';
DELETE FROM projector.positions WHERE read_model = 'initiatives';

ALTER TABLE projector.initiatives ADD COLUMN stage text, ADD COLUMN stage_entry bigint;
COMMENT ON COLUMN projector.initiatives.stage IS 'The stage that was entered and has not ended; null between stages and without any.';
COMMENT ON COLUMN projector.initiatives.stage_entry IS 'The entry that says so.';

CREATE TABLE projector.initiative_releases (
    portfolio     text   NOT NULL,
    release       text   NOT NULL,
    initiative    text   NOT NULL,
    start         text   NOT NULL,
    finish        text   NOT NULL,
    planned_entry bigint NOT NULL,
    shipped_entry bigint,
    PRIMARY KEY (portfolio, release)
);
CREATE INDEX initiative_releases_by_initiative ON projector.initiative_releases (portfolio, initiative);
COMMENT ON COLUMN projector.initiative_releases.finish IS 'The last day of its planned iterations.';

CREATE OR REPLACE VIEW reading.initiatives AS
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
       proposed_at, proposed_by, last_entry, stage
FROM projector.initiatives;
COMMENT ON COLUMN reading.initiatives.stage IS 'The stage that was entered and has not ended; null between stages and without any.';
