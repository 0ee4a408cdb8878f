"""Follows each finding over the runs: found again it is open again, found no more it is mended.

Sets, in the transaction that notes the findings of a run. Done twice for a run it changes nothing more.
What somebody closed stays closed while the extract is the same file: running it again tells nothing new.
What the merge queue has decided stays closed too: the likeness is there in every later extract.
"""

from django.db.backends.utils import CursorWrapper
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from migration.models import CLOSED_BY_A_PERSON, Finding, FindingCase, LoadRun
from migration.rules.findings import Outcome, Severity, quality_rules

LINE_ONLY = "line "

# DQ-100 and DQ-102 are about the run itself, and nobody's to work off.
FOUND = """
DROP TABLE IF EXISTS staging.found;
CREATE UNLOGGED TABLE staging.found AS
SELECT DISTINCT ON (f.rule, f.record_type, k.key)
       f.rule, f.severity, f.record_type, k.key, f.district_id, f.line, f.value,
       coalesce(staging.kept_text(l.raw), '') AS original
FROM ser_rollover_finding f
CROSS JOIN LATERAL (SELECT coalesce(nullif(f.key, ''), %(line_only)s || f.line) AS key) k
LEFT JOIN staging.line l ON l.number = f.line
WHERE f.run_id = %(run)s AND f.record_type <> 'run'
ORDER BY f.rule, f.record_type, k.key, f.line
"""
SETTLED = """EXISTS (
    SELECT FROM ser_rollover_duplicaterecord d JOIN ser_rollover_duplicategroup g ON g.id = d.group_id
    WHERE g.of_state_id = c.of_state_id AND g.rule = c.rule AND d.key = c.key AND c.record_type = '01'
      AND g.verdict IN ('SAME', 'DIFFERENT'))"""
TELLS_NEWS = f"""(c.state = 'GONE' OR (SELECT r.sha256 FROM ser_rollover_loadrun r WHERE r.id = c.last_run_id)
    <> (SELECT r.sha256 FROM ser_rollover_loadrun r WHERE r.id = %(run)s) AND NOT {SETTLED})"""  # noqa: S608
NOTE_AGAIN = f"""
INSERT INTO ser_rollover_casestep (case_id, deed, at, run_id, words)
SELECT c.id, 'AGAIN', clock_timestamp(), %(run)s, ''
FROM ser_rollover_findingcase c
JOIN staging.found f ON (f.rule, f.record_type, f.key) = (c.rule, c.record_type, c.key)
WHERE c.of_state_id = %(state)s AND c.state <> 'OPEN' AND c.last_run_id <> %(run)s AND {TELLS_NEWS}
"""  # noqa: S608  our own words
KEEP = f"""
INSERT INTO ser_rollover_findingcase AS c (
    of_state_id, rule, severity, record_type, key, district_id, line, value, original, state, first_run_id,
    last_run_id, times)
SELECT %(state)s, rule, severity, record_type, key, district_id, line, value, original, 'OPEN', %(run)s,
       %(run)s, 1
FROM staging.found
ON CONFLICT (of_state_id, rule, record_type, key) DO UPDATE
SET district_id = excluded.district_id, line = excluded.line, value = excluded.value,
    original = excluded.original, severity = excluded.severity, last_run_id = excluded.last_run_id,
    times = c.times + CASE WHEN c.last_run_id <> excluded.last_run_id THEN 1 ELSE 0 END,
    state = CASE WHEN c.last_run_id <> excluded.last_run_id AND {TELLS_NEWS} THEN 'OPEN' ELSE c.state END
"""  # noqa: S608
# In a later check of the same run a finding can be gone too, where the run was interrupted in between.
NOT_FOUND = """c.of_state_id = %(state)s AND c.state = 'OPEN' AND NOT EXISTS (
    SELECT FROM staging.found f WHERE (f.rule, f.record_type, f.key) = (c.rule, c.record_type, c.key))"""
NOTE_GONE = f"""
INSERT INTO ser_rollover_casestep (case_id, deed, at, run_id, words)
SELECT c.id, 'GONE', clock_timestamp(), %(run)s, '' FROM ser_rollover_findingcase c WHERE {NOT_FOUND}
"""  # noqa: S608
CLOSE = f"UPDATE ser_rollover_findingcase c SET state = 'GONE' WHERE {NOT_FOUND}"  # noqa: S608


def follow(cursor: CursorWrapper, run: LoadRun) -> None:
    """After the findings of the run are noted, while its lines are staged."""
    at = {"run": run.pk, "state": run.of_state_id, "line_only": LINE_ONLY}
    for statement in (FOUND, "ANALYZE staging.found", NOTE_AGAIN, KEEP, NOTE_GONE, CLOSE):
        cursor.execute(statement, at if "%(" in statement else None)


def fatal_findings_open(run: LoadRun) -> QuerySet[Finding]:
    """The fatal findings that block the go-live (RLO-14): all but those that a person has closed.

    The legacy system is frozen, so a rejected record may never be mended there; the state answers for each
    with a word. What stops a run (DQ-001, DQ-100 to DQ-102) no word opens.
    """
    by_line = Concat(Value(LINE_ONLY), Cast(OuterRef("line"), TextField()))
    closed = FindingCase.objects.filter(
        Q(key=OuterRef("key")) | Q(key=by_line), of_state=run.of_state_id, rule=OuterRef("rule"),
        record_type=OuterRef("record_type"), state__in=CLOSED_BY_A_PERSON,
    ).exclude(rule__in=no_word_opens())  # fmt: skip
    return run.findings.filter(~Exists(closed), severity=Severity.FATAL)


def no_word_opens() -> list[str]:
    return [rule.id for rule in quality_rules().values() if rule.outcome == Outcome.STOP]
