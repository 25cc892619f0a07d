-- The migrations that ran here.
SELECT name, sha256 FROM public.applied_migrations;
