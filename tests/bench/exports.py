"""A list of 30 columns as CSV beside the database's own COPY, and as XLSX beside XlsxWriter; and the memory.

XlsxWriter is no dependency of the product: `pip install --target DIR xlsxwriter`, and DIR on PYTHONPATH.
"""

import resource
import tempfile
import time
from collections.abc import Callable

from django.db import connection, transaction

from enrollment.models import Enrollment
from enrollment.rules.codes import entry_codes
from reports.exports.files import csv_blocks, write_xlsx
from reports.lists.cells import Kind, words_for, yes_no
from reports.lists.children import CHILD, records
from reports.lists.filters import names
from reports.lists.listing import List, Part, Rows
from security import scope
from tests.bench.generated import use
from tests.bench.measure import Result, report

TITLE = "Exports"
CSV_GOAL, XLSX_GOAL, MEMORY_GOAL = 0.9, 5.0, 100  # of COPY's speed; times; MB
SHEET = 50_000  # rows of the workbook: XlsxWriter takes minutes for a million
ROUNDS, SHEET_ROUNDS = 5, 2
COLUMNS = (
    *CHILD,
    Part("Middle name", "student__middle_name"),
    Part("Ed-Fi ID", "student__edfi_id"),
    Part("Sex", "student__sex"),
    Part("Races", "student__races"),
    Part("Home language", "student__home_language"),
    Part("Active", yes_no("student__is_active"), Kind.WORDS),
    Part("School", "site__name"),
    Part("School code", "site__code"),
    Part("Kind of school", "site__kind", Kind.WORDS),
    Part("District code", "district__code"),
    Part("Grade", "grade"),
    Part("Stage", "stage", Kind.NUMBER),
    Part("Entry code", "entry_code"),
    Part("Entry", words_for("entry_code", names(entry_codes())), Kind.WORDS),
    Part("First day", "first_day", Kind.DAY),
    Part("Exit code", "exit_code"),
    Part("Effective exit code", "effective_exit_code"),
    Part("Last day", "last_day", Kind.DAY),
    Part("New school", "new_school"),
    Part("Attended", yes_no("attended"), Kind.WORDS),
    Part("No-show", yes_no("no_show"), Kind.WORDS),
    Part("Roster", "seds_state", Kind.WORDS),
    Part("Days late", "entry_lag", Kind.NUMBER),
    Part("Type", "state_type", Kind.WORDS),
    Part("Service type", "service_type", Kind.WORDS),
)
WIDE = List("bench", "Enrollments", "", COLUMNS, lambda places, _: records(places, Enrollment))


def run(students: int) -> int:
    """Measure at a generated state of this many students, one row for each; 0 when every goal is kept."""
    use(students)
    assert len(COLUMNS) == 30
    with transaction.atomic():
        scope.enter(scope.EVERYTHING)
        rows, few = first(students), first(min(SHEET, students))
        written, sheet = rows.count(), few.count()
        before = peak()
        drained(csv_blocks(WIDE, rows))
        grown = peak() - before
        theirs, ours = fastest(lambda: plain_copy(rows), lambda: drained(csv_blocks(WIDE, rows)))
        their_sheet, our_sheet = fastest(
            lambda: their_workbook(few), lambda: our_workbook(few), rounds=SHEET_ROUNDS
        )
    results = [
        Result(
            f"CSV, {written:,} × {len(COLUMNS)}", theirs, ours, f"≥ {CSV_GOAL}× COPY's speed",
            ours * CSV_GOAL <= theirs,
        ),
        Result("MB more meanwhile", MEMORY_GOAL, grown, f"≤ {MEMORY_GOAL} MB", grown <= MEMORY_GOAL),
        Result(
            f"XLSX, {sheet:,} × {len(COLUMNS)}", their_sheet, our_sheet, f"{XLSX_GOAL:g}× faster",
            their_sheet >= XLSX_GOAL * our_sheet,
        ),
    ]  # fmt: skip
    report(f"{TITLE}, {students:,} students", results)
    return 0 if all(result.reached for result in results) else 1


def first(many: int) -> Rows:
    """So many enrollments, or a few less, in the order of their keys."""
    return Enrollment.objects.filter(pk__lte=many).order_by("pk")


def fastest(*ways: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Of each way its best in ms, in turns; what else the machine does only makes one slower."""
    taken: list[list[float]] = [[] for _ in ways]
    for _ in range(rounds):
        for way, times in zip(ways, taken, strict=True):
            begun = time.perf_counter()
            way()
            times.append((time.perf_counter() - begun) * 1000)
    return [min(times) for times in taken]


def drained(blocks) -> int:
    return sum(map(len, blocks))


def plain_copy(rows: Rows) -> int:
    """The same columns as they stand in the tables, without guard and words, as the database sends them."""
    plain = rows.values_list(*(one if isinstance(one, str) else "stage" for one in sources()))
    sql, params = plain.query.sql_with_params()
    with (
        connection.cursor() as cursor,
        cursor.cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv)", params) as lines,
    ):
        return sum(map(len, lines))


def sources() -> list[object]:
    stand_ins = {"Active": "student__is_active", "Entry": "entry_code", "Attended": "attended",
                 "No-show": "no_show"}  # fmt: skip
    return [stand_ins.get(part.label, part.source) for part in COLUMNS]


def our_workbook(rows: Rows) -> None:
    with tempfile.TemporaryFile() as target:
        write_xlsx(WIDE, rows, target)


def their_workbook(rows: Rows) -> None:
    from xlsxwriter import Workbook

    with tempfile.NamedTemporaryFile(suffix=".xlsx") as target:
        book = Workbook(target.name, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, WIDE.labels)
        sql, params = WIDE.cells(rows).query.sql_with_params()
        with connection.chunked_cursor() as cursor:
            cursor.execute(sql, params)
            for number, row in enumerate(cursor, start=1):
                sheet.write_row(number, 0, row)
        book.close()


def peak() -> int:
    """MB that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
