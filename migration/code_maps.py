"""Retired and unknown codes: what each is read as, and how many rows wait for a reading.

The readings are applied to the staged rows, before the checks; the line keeps the original. A code that is
read as one of ours breaks no rule any more. Authority: DQ-014, DQ-023, DQ-034 ("map table").
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from django.db.backends.utils import CursorWrapper
from django.db.models import Count, F, Func, TextField, Value

from evaluations.rules.codes import exceptionalities
from migration.models import CodeMap, CodeSet, FindingCase, LoadRun
from migration.rules.records import GRADES_CSV, LEGACY_CODES_CSV, Grade, LegacyCode
from organizations.models import Site, State
from rulebook.tables import read_table

# A site that was open and the district's own on that day is read as it stands.
APPLY = {
    CodeSet.GRADE: (
        "UPDATE staging.student r SET grade = m.code FROM staging.legacy_code m"
        " WHERE m.code_set = 'grade' AND m.legacy_code = r.grade",
        "UPDATE staging.iep r SET grade = m.code FROM staging.legacy_code m"
        " WHERE m.code_set = 'grade' AND m.legacy_code = r.grade",
    ),
    CodeSet.SITE: (
        "UPDATE staging.jurisdiction r SET site_code = m.code FROM staging.legacy_code m"
        " WHERE m.code_set = 'site' AND m.legacy_code = r.site_code AND NOT EXISTS ("
        " SELECT FROM staging.place p WHERE p.sponsor_code = r.sponsor_code AND p.site_code = r.site_code"
        " AND r.begin_date BETWEEN p.first_day AND p.last_day)",
    ),
}


@dataclass(frozen=True)
class Source:
    """Where the codes of a set stand in a finding: the rule, and the column that its value names."""

    rule: str
    column: str

    @property
    def pattern(self) -> str:
        return rf"{self.column} ([^,\s]+)"


SOURCES = {
    CodeSet.GRADE: Source("DQ-014", "GRADE"),
    CodeSet.SITE: Source("DQ-023", "SITE_CODE"),
    CodeSet.EXCEPTIONALITY: Source("DQ-034", "EXCEPTIONALITY"),
}


@dataclass(frozen=True)
class Waiting:
    """A legacy code that nothing of ours is known for, and how many rows of the latest run have it."""

    code_set: CodeSet
    legacy_code: str
    rows: int

    @property
    def rule(self) -> str:
        return SOURCES[self.code_set].rule

    @property
    def column(self) -> str:
        return SOURCES[self.code_set].column


def apply(cursor: CursorWrapper, run: LoadRun) -> None:
    """After the lines are cut into columns: the readings in force, those of the table overruled."""
    cursor.execute("CREATE UNLOGGED TABLE staging.our_exceptionality (code text)")
    ours = {row.code for row in exceptionalities()}
    cursor.execute("INSERT INTO staging.our_exceptionality SELECT unnest(%s::text[])", [sorted(ours)])
    rows = CodeMap.objects.in_force().filter(of_state=run.of_state_id)
    for row in rows:
        key = {"set": row.code_set, "legacy": row.legacy_code, "code": row.code}
        cursor.execute(
            "DELETE FROM staging.legacy_code WHERE code_set = %(set)s AND legacy_code = %(legacy)s", key
        )
        cursor.execute(
            "INSERT INTO staging.legacy_code (code_set, legacy_code, code, label, authority)"
            " VALUES (%(set)s, %(legacy)s, %(code)s, '', '')",
            key,
        )
    for code_set in {CodeSet(row.code_set) for row in rows} & APPLY.keys():
        for statement in APPLY[code_set]:
            cursor.execute(statement)


def waiting(state: State) -> list[Waiting]:
    """Most rows first; a blank is no code, somebody has to know the value."""
    known = {(row.code_set, row.legacy_code) for row in readings(state)}
    found = [
        Waiting(code_set, row["code"], row["rows"])
        for code_set in CodeSet
        for row in _codes_found(state, code_set)
        if (code_set, row["code"]) not in known
    ]
    return sorted(found, key=lambda row: (-row.rows, row.code_set, row.legacy_code))


def _codes_found(state: State, code_set: CodeSet):
    source = SOURCES[code_set]
    code = Func(F("value"), Value(source.pattern), function="substring", output_field=TextField())
    cases = FindingCase.objects.open().filter(of_state=state, rule=source.rule)
    rows = cases.order_by().annotate(code=code).values("code").annotate(rows=Count("pk"))
    return rows.exclude(code=None).exclude(code="")


@dataclass(frozen=True)
class Reading:
    """`kept`: the row of a person, None for one of rules/legacy_codes.csv; `said`: with its meaning."""

    code_set: CodeSet
    legacy_code: str
    code: str
    why: str
    kept: CodeMap | None = None
    said: str = ""


def readings(state: State) -> list[Reading]:
    """Those in force, in the order of their codes."""
    kept = CodeMap.objects.in_force().filter(of_state=state).select_related("by")
    ours = {
        (row.code_set, row.legacy_code): Reading(
            CodeSet(row.code_set), row.legacy_code, row.code, row.why, row
        )
        for row in kept
    }
    shipped = {
        (row.code_set, row.legacy_code): Reading(
            CodeSet(row.code_set), row.legacy_code, row.code, f"{row.label} ({row.authority})"
        )
        for row in read_table(LEGACY_CODES_CSV, LegacyCode)
        if row.code_set in CodeSet.values
    }
    meanings = {code_set: dict(codes_of(code_set, state)) for code_set in CodeSet}
    return [
        replace(reading, said=meanings[reading.code_set].get(reading.code, reading.code))
        for _, reading in sorted((shipped | ours).items())
    ]


@cache
def _grades() -> list[tuple[str, str]]:
    return [(row.code, f"{row.code} {row.label}") for row in read_table(GRADES_CSV, Grade)]


def _exceptionalities(state: State) -> list[tuple[str, str]]:
    return [(row.code, f"{row.code} {row.name}") for row in exceptionalities()]


def _sites(state: State) -> list[tuple[str, str]]:
    sites = Site.objects.filter(state=state).order_by("code")
    return [(site.code, f"{site.code} {site.name}") for site in sites]


_CHOICES: dict[CodeSet, Callable[[State], list[tuple[str, str]]]] = {
    CodeSet.GRADE: lambda state: _grades(),
    CodeSet.SITE: _sites,
    CodeSet.EXCEPTIONALITY: _exceptionalities,
}


def codes_of(code_set: CodeSet, state: State) -> list[tuple[str, str]]:
    """Our codes of the set, each with its meaning."""
    return _CHOICES[code_set](state)
