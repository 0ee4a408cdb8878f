"""View-only mode in the database: the span, and what the trigger of every guarded table does.

The triggers themselves are set after each migrate, from security/rules/guarded_tables.csv.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

# One index-free look at a table of at most a few rows, and nothing else, on every day but the last one before
# the beginning. On that day each writing transaction leaves its number once; what is left is looked at when
# it commits, because only then is it known whether it came in time (RLO-02).
FUNCTIONS = """
CREATE UNLOGGED TABLE security_saveunderway (transaction_id xid8 PRIMARY KEY);

-- Who loads is known to the floor that loads; until that one says otherwise, nobody passes.
CREATE FUNCTION security_loader_passes() RETURNS boolean LANGUAGE sql STABLE AS 'SELECT false';

CREATE FUNCTION security_guard_view_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    span record;
BEGIN
    SELECT since, sentence INTO span FROM security_viewonly
    WHERE ended_at IS NULL AND since <= clock_timestamp() + interval '1 day';
    IF NOT FOUND OR (current_setting('eser.loader', true) = 'on' AND security_loader_passes()) THEN
        RETURN NULL;
    END IF;
    IF span.since <= clock_timestamp() THEN
        RAISE EXCEPTION USING ERRCODE = 'ES423', MESSAGE = span.sentence;
    END IF;
    INSERT INTO security_saveunderway VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE FUNCTION security_came_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    span record;
BEGIN
    DELETE FROM security_saveunderway WHERE transaction_id = NEW.transaction_id;
    SELECT sentence INTO span FROM security_viewonly WHERE ended_at IS NULL AND since <= clock_timestamp();
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'ES423', MESSAGE = span.sentence;
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER decided_at_commit AFTER INSERT ON security_saveunderway
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION security_came_in_time();
"""
BACK = """
DROP FUNCTION security_guard_view_only() CASCADE;
DROP TABLE security_saveunderway;
DROP FUNCTION security_came_in_time();
DROP FUNCTION security_loader_passes();
"""


class Migration(migrations.Migration):
    dependencies = [("security", "0002_row_security")]

    operations = [
        migrations.CreateModel(
            name="ViewOnly",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("sentence", models.CharField(max_length=300)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-since"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ended_at",), name="one_view_only_span_at_a_time", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=Q(until__gt=F("since")), name="view_only_ends_after_it_began"
                    ),
                    models.CheckConstraint(condition=~Q(sentence=""), name="view_only_says_why"),
                ],
            },
        ),
        migrations.RunSQL(FUNCTIONS, BACK),
    ]
