-- The statement that creates database $1; no row where it exists. A database's name cannot be a parameter.
SELECT format('CREATE DATABASE %I OWNER portfolio_owner ENCODING ''UTF8'' TEMPLATE template0', $1::text)
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = $1);
