#!/bin/sh
# Runs once, on an empty database volume: the roles, extensions and database of the demo, with passwords.
set -eu
psql -X -q -v ON_ERROR_STOP=1 -U postgres -d postgres -f "${ESER_DATABASE_SQL:-/eser/database.sql}"
psql -X -q -v ON_ERROR_STOP=1 -U postgres -d postgres <<'SQL'
\getenv owner_password ESER_DB_OWNER_PASSWORD
\getenv app_password ESER_DB_APP_PASSWORD
ALTER ROLE eser_owner PASSWORD :'owner_password';
ALTER ROLE eser_app PASSWORD :'app_password';
SQL
