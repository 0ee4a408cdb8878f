"""The merge queue: which records of an extract may be one child, and what was decided about them.

Noted with the findings of a run. A group that was decided is never asked again; its decision is applied to
the staged rows of every later run, before the checks.
"""

# ruff: noqa: S608  the SQL is built from the tables in rules/, never from what somebody typed

import hashlib
import json
from collections.abc import Collection, Iterable

from django.db.backends.utils import CursorWrapper

from migration.models import DuplicateGroup, DuplicateRecord, LoadRun, Verdict
from migration.rules.findings import bits
from migration.rules.records import RecordType, record_types
from migration.staging import owner_column

SHARED, ALIKE = "DQ-011", "DQ-012"
DECIDED = (Verdict.SAME, Verdict.DIFFERENT)
STUDENTS = "01"
CONTACTS = "02"
NAMES = ("last_name", "first_name", "middle_name", "suffix", "birth_date", "sex", "grade")
CONTACTS_OF_THE_OTHER = 50  # the contacts of the record that does not stand come after those of the other
AT_ONCE = 1_000
COUNTED = ("jurisdiction", "evaluation", "iep")


def counted(table: str) -> str:
    """How many rows each of the asked students has: the table is read once for all of them."""
    return (
        f"counted_{table} AS MATERIALIZED (SELECT ser_student_key AS key, count(*) AS number"
        f" FROM staging.{table} WHERE ser_student_key IN (SELECT key FROM asked) GROUP BY 1)"
    )


# Every record with the LASID, also one that stands and is no finding any more.
SHARING = f"""
SELECT r.lasid, array_agg(DISTINCT r.key) FROM staging.student r
WHERE r.copy = 1 AND r.lasid IN (
    SELECT s.lasid FROM staging.student_fate f JOIN staging.student s USING (line)
    WHERE f.mask & {bits()[SHARED]} <> 0)
GROUP BY r.lasid"""
PAIRS = """
SELECT a.key, b.key FROM staging.twin_pair t
JOIN staging.student a ON a.line = t.line JOIN staging.student b ON b.line = t.other
WHERE a.copy = 1 AND b.copy = 1"""
FACTS = f"""
WITH asked AS MATERIALIZED (SELECT unnest(%s::text[]) AS key), {", ".join(map(counted, COUNTED))}
SELECT r.key, r.lasid, r.line, p.district_id, jsonb_build_object(
    'last_name', r.last_name, 'first_name', r.first_name, 'middle_name', r.middle_name, 'suffix', r.suffix,
    'birth_date', r.birth_date, 'sex', r.sex, 'grade', r.grade, 'home_language', r.home_language,
    'active', r.active, 'saved', r.modified_ts, 'fate', f.fate,
    'jurisdictions', coalesce(j.number, 0), 'evaluations', coalesce(e.number, 0),
    'ieps', coalesce(i.number, 0))::text
FROM asked JOIN staging.student r ON r.key = asked.key AND r.copy = 1
JOIN staging.student_fate f USING (line)
LEFT JOIN staging.responsible p ON p.student = r.key
LEFT JOIN counted_jurisdiction j ON j.key = r.key
LEFT JOIN counted_evaluation e ON e.key = r.key
LEFT JOIN counted_iep i ON i.key = r.key"""
HERE = """
SELECT coalesce(nullif(h.legacy_key, ''), h.state_student_id), h.state_student_id, h.last_name, h.first_name,
       h.middle_name, h.suffix, h.birth_date::text, h.sex, h.grade
FROM students_student h JOIN staging.cutover c ON c.state_id = h.state_id
WHERE h.state_student_id = ANY (%s)"""


def note(cursor: CursorWrapper, run: LoadRun) -> None:
    """After the fates are decided: the groups of this run; undecided ones that are no more are gone."""
    shared, here = _sharing(cursor)
    groups = [*((SHARED, keys) for keys in shared), *((ALIKE, keys) for keys in _alike(cursor))]
    facts = here | _facts(cursor, {key for _, keys in groups for key in keys})
    _note_groups(
        run, {(rule, fingerprint(keys)): [facts[key] for key in sorted(keys)] for rule, keys in groups}
    )
    undecided = DuplicateGroup.objects.filter(of_state=run.of_state_id, verdict=Verdict.OPEN)
    undecided.exclude(last_run=run).update(verdict=Verdict.GONE)


def apply(cursor: CursorWrapper, run: LoadRun) -> None:
    """What was decided about records with one LASID, before the checks: `staging.stands` has those that keep
    it; another child gets the LASID it has in truth; the records of the same child belong to the one that
    stands. Their own keys stay, so that a record is loaded once.
    """
    cursor.execute("CREATE UNLOGGED TABLE staging.stands (key text, lasid text)")
    decided = DuplicateRecord.objects.filter(
        group__of_state=run.of_state_id, group__rule=SHARED, group__verdict__in=DECIDED
    )
    for record in decided.select_related("group").order_by("group_id", "-stands", "pk"):
        if record.stands:
            cursor.execute("INSERT INTO staging.stands VALUES (%s, %s)", [record.key, record.lasid])
            standing = record
        elif record.group.verdict == Verdict.SAME:
            _give_records(cursor, record.key, standing.key)
        elif record.corrected:
            cursor.execute(
                "UPDATE staging.student SET lasid = %s WHERE key = %s AND lasid = %s",
                [record.corrected, record.key, record.lasid],
            )


def _give_records(cursor: CursorWrapper, of: str, to: str) -> None:
    for record_type in record_types().values():
        if record_type.belongs_to == STUDENTS:
            cursor.execute(_given(record_type), [to, of])


def _given(record_type: RecordType) -> str:
    owner, more = owner_column(record_type), ""
    if record_type.code == CONTACTS:
        more = f", seq = (coalesce(staging.whole_number(seq), 0) + {CONTACTS_OF_THE_OTHER})::text"
    return f"UPDATE staging.{record_type.table} SET {owner} = %s{more} WHERE {owner} = %s"


def _sharing(cursor: CursorWrapper) -> tuple[list[set[str]], dict[str, dict]]:
    """The keys that share a LASID, and the facts of the children that are here already with one of them."""
    cursor.execute(SHARING)
    keys_of = {lasid: set(keys) for lasid, keys in cursor.fetchall()}
    cursor.execute(HERE, [list(keys_of)])
    here = {}
    for key, lasid, *values in cursor.fetchall():
        keys_of[lasid].add(key)
        facts = dict(zip(NAMES, values, strict=True)) | {"fate": "here"}
        here[key] = {"key": key, "lasid": lasid, "line": None, "district_id": None, "facts": facts}
    return list(keys_of.values()), here


def _alike(cursor: CursorWrapper) -> list[set[str]]:
    """Pairs that have a record in common are one group."""
    cursor.execute(PAIRS)
    group_of: dict[str, set[str]] = {}
    for one, other in cursor.fetchall():
        joined = group_of.get(one, {one}) | group_of.get(other, {other})
        group_of |= dict.fromkeys(joined, joined)
    return list({id(group): group for group in group_of.values()}.values())


def _facts(cursor: CursorWrapper, keys: Iterable[str]) -> dict[str, dict]:
    cursor.execute(FACTS, [sorted(keys)])
    rows = cursor.fetchall()
    names = ("key", "lasid", "line", "district_id", "facts")
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return {row["key"]: row | {"facts": json.loads(row["facts"])} for row in found}


def _note_groups(run: LoadRun, found: dict[tuple[str, str], list[dict]]) -> None:
    """By rule and fingerprint. The records of what nobody has decided yet are noted anew."""
    there = {(group.rule, group.fingerprint): group for group in _noted(run, found)}
    new = {key: _new_group(run, *key) for key in found if key not in there}
    for key, group in (there | new).items():
        districts = {record["district_id"] for record in found[key]}
        group.last_run, group.district_id = run, districts.pop() if len(districts) == 1 else None
        group.verdict = Verdict.OPEN if group.verdict == Verdict.GONE else group.verdict
    DuplicateGroup.objects.bulk_update(list(there.values()), ["last_run", "district", "verdict"], AT_ONCE)
    DuplicateGroup.objects.bulk_create(new.values(), AT_ONCE)
    undecided = {key: group for key, group in (there | new).items() if group.is_open}
    DuplicateRecord.objects.filter(group__in=undecided.values()).delete()
    records = (DuplicateRecord(group=group, **row) for key, group in undecided.items() for row in found[key])
    DuplicateRecord.objects.bulk_create(records, AT_ONCE)


def _noted(run: LoadRun, found: Collection[tuple[str, str]]) -> list[DuplicateGroup]:
    groups = DuplicateGroup.objects.filter(of_state=run.of_state, fingerprint__in=[mark for _, mark in found])
    return [group for group in groups if (group.rule, group.fingerprint) in found]


def _new_group(run: LoadRun, rule: str, mark: str) -> DuplicateGroup:
    return DuplicateGroup(of_state=run.of_state, rule=rule, fingerprint=mark, last_run=run)


def fingerprint(keys: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()
