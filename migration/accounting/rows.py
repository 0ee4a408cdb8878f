"""The records behind a number of the reconciliation, in the staging area while it still holds the run."""

# ruff: noqa: S608  the SQL is built from the tables in rules/, never from what somebody typed

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from migration import reference
from migration.models import LoadRun
from migration.reconciliation import COUNTED, NO_DISTRICT
from migration.rules.records import RecordType, record_types
from ui.lists import MOST_COUNTED, Count

FATES = ("migrated", "archived", "rejected")


@dataclass(frozen=True)
class StagedRow:
    """`student_id`: the live child that the record belongs to, if there is one."""

    line: int
    key: str
    fate: str
    rule: str | None
    continuity: bool
    student_id: int | None


@dataclass(frozen=True)
class Wanted:
    """`measure` and `district`: the rows of a control total (those that were migrated)."""

    record_type: RecordType
    fate: str = ""
    measure: str = ""
    district: str = ""


class StagedRows:
    """Read in slices, as `ui.lists.take` does; counted apart."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted

    def __getitem__(self, part: slice) -> list[StagedRow]:
        return list(self._read(part.start or 0, part.stop))

    def count(self) -> Count:
        sql, params = self._rows()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM (SELECT {sql} LIMIT {MOST_COUNTED + 1}) c", params)
            return Count.up_to(MOST_COUNTED, cursor.fetchone()[0])

    def _read(self, start: int, stop: int) -> Iterator[StagedRow]:
        sql, params = self._rows()
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT f.line, coalesce(f.key, ''), f.fate, f.root, f.continuity, s.id {sql}"
                " ORDER BY f.line LIMIT %(most)s OFFSET %(start)s",
                {**params, "most": stop - start, "start": start},
            )
            for row in cursor.fetchall():
                yield StagedRow(*row)

    def _rows(self) -> tuple[str, dict[str, object]]:
        table, fate = self.wanted.record_type.table, self.wanted.fate
        sql = (
            f"FROM staging.{table}_fate f LEFT JOIN staging.{table} l USING (line)"
            " LEFT JOIN staging.responsible p ON p.student = f.student"
            " LEFT JOIN students_student s ON s.source = 'LEGACY_SER' AND s.legacy_key = f.student"
            f" WHERE (%(fate)s = '' OR f.fate = %(fate)s) AND {self._measured()}"
            f" AND (%(district)s = '' OR coalesce(p.sponsor_code, '{NO_DISTRICT}') = %(district)s)"
        )
        return sql, {"fate": fate, "district": self.wanted.district}

    def _measured(self) -> str:
        found = (staged for name, _, staged, _ in COUNTED if name == self.wanted.measure)
        return f"({next(found, 'true')})"


def are_staged(run: LoadRun) -> bool:
    """Another run, or a crash of the database, may have taken the staging area."""
    with connection.cursor() as cursor:
        return reference.is_laid_out_for(cursor, run) and reference.exists(cursor, "staging.text_load")


def type_of_measure(measure: str) -> RecordType | None:
    return next((record_types()[code] for name, code, _, _ in COUNTED if name == measure), None)
