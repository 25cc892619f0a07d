-- Remember that migration $1, whose file has the SHA-256 $2, has run.
INSERT INTO public.applied_migrations (name, sha256) VALUES ($1, $2);
