"""A feed in temporary tables of one transaction: its rows as they came, the codes they may use, what they do.

The checks are one statement over all rows (judge.sql), so that a night's feed of a large district takes
seconds. Call inside a transaction in the scope of the system: a row may be about another district's child.
"""

# ruff: noqa: S608  the SQL is built from the layout table, never from what a file says

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path

from django.db import connection
from django.db.backends.utils import CursorWrapper

from enrollment.actions.mapping import day_of
from enrollment.facts import profile_of
from enrollment.feed.reading import FeedLine
from enrollment.models import FeedLoad, LocalCode
from enrollment.rules.codes import Code, Kind, code_set, entry_codes, exit_codes, why_not_usable
from enrollment.rules.facts import ATTENDING
from enrollment.rules.feed import Does, FeedRefused, Format, LayoutRow, columns, layout
from organizations.rules.places import grades

JUDGE_SQL = Path(__file__).parent / "judge.sql"
DAYS = tuple(row.column for row in layout() if row.format == Format.DAY)
_cells_of_days = itemgetter(*map(columns().index, DAYS))
AT_ONCE = 500  # lines
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_NOTHING = "\\N"
_ESCAPED = re.compile(r"[\\\n\r\x00]")


@dataclass(frozen=True)
class Wanted:
    """A row that does something, as the verbs take it."""

    line: int
    does: Does
    student_id: int | None
    enrollment_id: int | None
    site_id: int
    entry_code: str
    exit_code: str
    days: dict[str, date | None]
    cells: dict[str, str]


def stage(lines: Iterable[FeedLine]) -> int:
    """Copies the lines as they are; returns how many. Raises FeedRefused when one cannot be kept."""
    names = ", ".join((*columns(), *map(_day, DAYS)))
    cells = ", ".join((*(f"{name} text" for name in columns()), *(f"{_day(name)} date" for name in DAYS)))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.feed_staged")
        cursor.execute(
            f"CREATE TEMP TABLE feed_staged (line integer, damaged boolean, {cells}) ON COMMIT DROP"
        )
        with cursor.copy(f"COPY pg_temp.feed_staged (line, damaged, {names}) FROM STDIN") as copy:
            for some in _batched(map(_copied, lines), AT_ONCE):
                copy.write("".join(some))
        cursor.execute("ANALYZE pg_temp.feed_staged")
        cursor.execute("SELECT count(*) FROM pg_temp.feed_staged")
        return cursor.fetchone()[0]


def judge(load: FeedLoad) -> Counter[str]:
    """Judges every staged row; returns how many do what."""
    with connection.cursor() as cursor:
        _write_codes(cursor, load)
        cursor.execute("DROP TABLE IF EXISTS pg_temp.feed_judged")
        cursor.execute("SET LOCAL jit = off")  # compiling the checks takes longer than they do
        cursor.execute("SET LOCAL work_mem = '128MB'")  # a district's rows are sorted in memory
        cursor.execute(_judging(), _asked(load))
        cursor.execute("SET LOCAL work_mem TO DEFAULT")
        cursor.execute("ANALYZE pg_temp.feed_judged (does)")
        return _counted(cursor)


def refuse(sentences: dict[int, str]) -> Counter[str]:
    """Rows, by line, that a verb has refused; returns how many do what now."""
    with connection.cursor() as cursor:
        if sentences:
            cursor.execute("CREATE INDEX ON pg_temp.feed_judged (line)")
        cursor.executemany(
            "UPDATE pg_temp.feed_judged SET does = 'refused', errors = ARRAY[%s] WHERE line = %s",
            [(sentence, line) for line, sentence in sentences.items()],
        )
        return _counted(cursor)


# The open enrollments at schools of the file whose child does not stand in it, also under no earlier number.
MISSING = """
    WITH here AS MATERIALIZED (
        SELECT id, student_id, site_id, entry_code, first_day FROM enrollment_enrollment
        WHERE district_id = %(district)s AND NOT no_show
            AND CASE WHEN last_day IS NULL THEN 'infinity' ELSE last_day END = 'infinity'),
    schools AS MATERIALIZED (
        SELECT id, code FROM organizations_site
        WHERE code IN (SELECT school_code FROM pg_temp.feed_staged))
    SELECT e.id, e.student_id, s.sort_name, jsonb_build_object(
        'state_student_id', s.state_student_id, 'last_name', s.last_name, 'first_name', s.first_name,
        'school_code', site.code, 'entry_code', e.entry_code, 'entry_date', e.first_day) AS fields
    FROM here e JOIN schools site ON site.id = e.site_id JOIN students_student s ON s.id = e.student_id
    WHERE s.state_student_id NOT IN (SELECT state_student_id FROM pg_temp.feed_staged)
        AND s.id NOT IN (
            SELECT m.kept_id FROM students_studentmerge m JOIN students_student o ON o.id = m.merged_id
            JOIN pg_temp.feed_staged f ON f.state_student_id = o.state_student_id WHERE m.undone_at IS NULL)
"""


def keep_missing(load: FeedLoad) -> int:
    """Behind the lines of the file those who stand here and not in it; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO enrollment_feedrow (load_id, district_id, line, fields, errors, does, student_id,"
            " enrollment_id) SELECT %(load)s, %(district)s,"
            " (SELECT max(line) FROM pg_temp.feed_staged) + row_number() OVER (ORDER BY sort_name, id),"
            f" fields, '[]', 'missing', student_id, id FROM ({MISSING}) missing",
            {"load": load.pk, "district": load.district_id},
        )
        return cursor.rowcount


def keep_rows(load: FeedLoad) -> None:
    """The rows that do something or are refused; the rest stand here as they are, and are only counted."""
    fields = ", ".join(f"'{name}', {name}" for name in columns())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM enrollment_feedrow WHERE load_id = %s AND does <> 'missing'", [load.pk])
        cursor.execute(
            "INSERT INTO enrollment_feedrow"
            " (load_id, district_id, line, fields, errors, does, student_id, enrollment_id)"
            f" SELECT %s, %s, line, jsonb_build_object({fields}), to_jsonb(errors), does,"
            " CASE WHEN enrollment IS NOT NULL THEN student END, enrollment"
            " FROM pg_temp.feed_judged",
            [load.pk, load.district_id],
        )


def wanted(*does: Does) -> list[Wanted]:
    """In the order of their entries, so that an exit stands before the entry that follows it."""
    days = ", ".join(f"{_day(name)}" for name in DAYS)
    names = ", ".join(columns())
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT line, does, student, enrollment, site, entry_means, exit_means, {days}, {names}"
            " FROM pg_temp.feed_judged WHERE does = ANY (%s) ORDER BY entry_day, line",
            [[what.value for what in does]],
        )
        return [_wanted(row) for row in cursor.fetchall()]


def touched() -> list[int]:
    """The known children that some row would change."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT student FROM pg_temp.feed_judged WHERE does <> 'refused' AND student IS NOT NULL"
        )
        return [pk for (pk,) in cursor.fetchall()]


def children(load: FeedLoad) -> list[int]:
    """Those that some row has changed, also the new ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.id FROM students_student s WHERE s.state_id = %s AND s.state_student_id IN ("
            " SELECT state_student_id FROM pg_temp.feed_judged WHERE does <> 'refused')"
            " UNION SELECT student FROM pg_temp.feed_judged WHERE does <> 'refused' AND student IS NOT NULL",
            [load.district.state_id],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _counted(cursor: CursorWrapper) -> Counter[str]:
    """Of those that stand here already only their number is known."""
    cursor.execute(
        "SELECT does, count(*) FROM pg_temp.feed_judged GROUP BY does UNION ALL SELECT 'same',"
        " (SELECT count(*) FROM pg_temp.feed_staged) - (SELECT count(*) FROM pg_temp.feed_judged)"
    )
    return Counter(dict(cursor.fetchall()))


def _wanted(row: tuple) -> Wanted:
    line, does, student, enrollment, site, entry, exit_ = row[:7]
    days = dict(zip(DAYS, row[7 : 7 + len(DAYS)], strict=True))
    cells = dict(zip(columns(), row[7 + len(DAYS) :], strict=True))
    return Wanted(line, Does(does), student, enrollment, site, entry, exit_ or "", days, cells)


def _batched(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(texts)
    while some := list(islice(rest, size)):
        yield some


def _copied(line: FeedLine) -> str:
    text = "\t".join(line.cells)
    if text.count("\t") >= len(line.cells) or _ESCAPED.search(text):
        if "\x00" in text:
            raise FeedRefused(f"Line {line.line} holds a sign that no text has: the file is damaged.")
        text = "\t".join([cell.translate(_ESCAPES) for cell in line.cells])
    days = "\t".join(map(_read_day, _cells_of_days(line.cells)))
    return f"{line.line}\t{'t' if line.damaged else 'f'}\t{text}\t{days}\n"


@lru_cache(maxsize=1 << 16)  # the days of a file are few, and PostgreSQL reads them far more slowly
def _read_day(cell: str) -> str:
    """As COPY takes it: the day, or nothing where the cell is not written like 2026-09-04."""
    try:
        return cell if date.fromisoformat(cell).isoformat() == cell else _NOTHING
    except ValueError:
        return _NOTHING


def _asked(load: FeedLoad) -> dict[str, object]:
    year = load.school_year
    return {
        "state": load.district.state_id, "district": load.district_id, "grades": [g.grade for g in grades()],
        "first_day": year.first_day, "last_day": year.last_day, "year": year.name,
    }  # fmt: skip


def _judging() -> str:
    cells = ",\n        ".join(chain.from_iterable(_checks(row) for row in layout()))
    return JUDGE_SQL.read_text().replace("{cells}", cells)


def _day(column: str) -> str:
    return column.replace("_date", "_day") if column.endswith("_date") else f"{column}_day"


def _checks(row: LayoutRow) -> Iterator[str]:
    """What the layout alone says about a cell, as SQL that gives a sentence or nothing."""
    name = row.column
    if row.required:
        yield f"CASE WHEN {name} = '' THEN '{name} is empty.' END"
    if row.format == Format.DAY:
        yield (
            f"CASE WHEN {name} <> '' AND {_day(name)} IS NULL"
            f" THEN format('{name}: “%%s” is not a day written like 2026-09-04.', left({name}, 20)) END"
        )
        return
    yield f"CASE WHEN length({name}) > {row.most} THEN '{name} has more than {row.most} characters.' END"
    if row.format == Format.NUMBER:
        yield (
            f"CASE WHEN {name} <> '' AND {name} !~ '^[0-9A-Za-z-]{{4,20}}$'"
            f" THEN format('{name}: “%%s” is no ID of 4 to 20 digits or letters.', left({name}, 20)) END"
        )
    if row.format == Format.SEX:
        yield f"CASE WHEN {name} NOT IN ('', 'F', 'M', 'X') THEN '{name} is F, M or X.' END"


def _write_codes(cursor: CursorWrapper, load: FeedLoad) -> None:
    cursor.execute("DROP TABLE IF EXISTS pg_temp.feed_code")
    cursor.execute(
        "CREATE TEMP TABLE feed_code (kind text, written text, code text, first_day date, last_day date,"
        " unusable text, too_early text, stage smallint) ON COMMIT DROP"
    )
    some = ", ".join(["%s"] * 8)
    cursor.executemany(f"INSERT INTO feed_code VALUES ({some})", list(_codes(load)))
    cursor.execute("ANALYZE pg_temp.feed_code")


def _codes(load: FeedLoad) -> Iterator[tuple]:
    """Every way to write a state code: as mapped by the district, or as the state does (R1.03)."""
    used = code_set(profile_of(load.district))
    state = {
        kind: {row.code: row for row in rows if row.profile == used}
        for kind, rows in ((Kind.ENTRY, entry_codes()), (Kind.EXIT, exit_codes()))
    }
    mapped = LocalCode.objects.filter(district=load.district, school_year=load.school_year)
    means = {(row.kind, row.code): row.state_code for row in mapped}
    for kind, codes in state.items():
        own = {written: code for (of, written), code in means.items() if of == kind}
        for written, code in {**{code: code for code in codes}, **own}.items():
            if code in codes:
                yield _code(kind, written, codes[code], day_of(load.school_year))


def _code(kind: Kind, written: str, row: Code, on: date) -> tuple:
    early = why_not_usable(row, row.first_day - timedelta(days=1)) if row.first_day and row.active else None
    unusable = None if row.active else why_not_usable(row, on)
    known = (kind.value, written, row.code, row.first_day, row.last_day)
    return *known, unusable, early, row.stage or ATTENDING
