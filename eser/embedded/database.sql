-- Roles, extensions and database. May run again. Also run by docker/postgres-init.sh.
SET client_min_messages = warning;

SELECT 'CREATE ROLE eser_owner LOGIN CREATEDB'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'eser_owner') \gexec
SELECT 'CREATE ROLE eser_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'eser_app') \gexec
-- The owner drops databases that the application is still connected to.
GRANT pg_signal_backend TO eser_owner;

-- In template1, so that every database made later has them, test databases too.
\connect template1
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS citext;

\connect postgres
SELECT 'CREATE DATABASE eser OWNER eser_owner'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'eser') \gexec

\connect eser
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS citext;
