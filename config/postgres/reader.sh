#!/bin/sh
# The role by which Grafana reads the latest stories. Run by the image when the database is first made; for
# a database that is there already: docs/operations.md, "Titles in Grafana". What it may read is granted with
# the table itself (store/latest.py).
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set password="$(cat /run/secrets/reader_password)" <<'SQL'
CREATE ROLE archwatch_reader LOGIN CONNECTION LIMIT 10 PASSWORD :'password';
ALTER ROLE archwatch_reader SET default_transaction_read_only = on;
ALTER ROLE archwatch_reader SET statement_timeout = '10s';
SELECT 'GRANT SELECT ON latest_stories TO archwatch_reader' WHERE to_regclass('latest_stories') IS NOT NULL \gexec
SQL
