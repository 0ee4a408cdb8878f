"""Scope queries: the first page of my students, one student, search; against SQL without permissions."""

from collections.abc import Callable

from django.db import connection, connections, transaction
from guardian.shortcuts import get_objects_for_user

from security import scope
from security.models import User
from students.models import Student
from students.queries import RosterRows, Wanted
from students.search import find
from tests.bench.generated import use
from tests.bench.measure import Result, alternating, report
from ui.lists import Count

PAGE = 50
TITLE = "Scope queries"
# The same rows and what the page shows of each, written by hand and past row-level security.
FIRST_PAGE = """
    SELECT s.*, d.name, t.name
    FROM (SELECT student_id, district_id, site_id, sort_name FROM students_studentaccess
          WHERE district_id = %s AND is_current ORDER BY sort_name, student_id LIMIT 50) a
    JOIN students_student s ON s.id = a.student_id
    JOIN organizations_district d ON d.id = a.district_id
    LEFT JOIN organizations_site t ON t.id = a.site_id
    ORDER BY a.sort_name, s.id
"""
FIRST_PAGE_OF_STATE = """
    SELECT s.*, d.name, t.name
    FROM (SELECT * FROM students_student ORDER BY sort_name, id LIMIT 50) s
    LEFT JOIN students_studentaccess a ON a.student_id = s.id AND a.is_current
    LEFT JOIN organizations_district d ON d.id = a.district_id
    LEFT JOIN organizations_site t ON t.id = a.site_id
    ORDER BY s.sort_name, s.id
"""


def run(students: int) -> int:
    """Measure at a generated state of this many students; 0 when every goal is kept."""
    use(students)
    with transaction.atomic():
        results = measured()
    report(f"{TITLE}, {students:,} students", results)
    return 0 if all(result.reached for result in results) else 1


def measured() -> list[Result]:
    large, small, state = (User.objects.get(username=name) for name in ("large", "small", "state"))
    return [
        first_page("large district", large),
        first_page("small district", small),
        first_page("whole state", state),
        naive("large district", large),
        naive("small district", small),
        naive("whole state", state),
        *one_student(large),
        *searches(large),
    ]


def first_page(where: str, user: User) -> Result:
    """SQL against SQL: the statement that the roster runs, under row-level security, and the optimal one."""
    statements = statements_of(lambda: RosterRows(user.scope(), Wanted())[0:PAGE], user)
    reference, ours = alternating(optimal(user), as_application(user, lambda: replay(statements)))
    return Result(f"first page, {where}, SQL", reference, ours, "≤ 2.5×", ours <= 2.5 * reference)


def naive(where: str, user: User) -> Result:
    """The page with its count, SQL against SQL: the statements of `get_objects_for_user` with a row for each
    student, past row-level security, and those of the roster, whose count stops at its cap."""
    theirs = statements_of(lambda: guardian_page(user), None)
    mine = statements_of(lambda: roster_page(user), user)
    by_guardian, ours = alternating(
        lambda: replay(theirs, "owner"), as_application(user, lambda: replay(mine)), rounds=8
    )
    faster = by_guardian >= 20 * ours
    return Result(f"page and count, {where}, guardian per student", by_guardian, ours, "≥ 20× faster", faster)


def guardian_page(user: User) -> tuple[list[Student], int]:
    """What Django's paginator asks of the permitted rows, and the places that the page names."""
    permitted = get_objects_for_user(user, "students.naive_view", Student).order_by("sort_name", "pk")
    rows = permitted.prefetch_related("access__district", "access__site")
    return list(rows[:PAGE]), permitted.count()


def roster_page(user: User) -> tuple[list[Student], Count]:
    rows = RosterRows(user.scope(), Wanted())
    return rows[0:PAGE], rows.count()


def one_student(user: User) -> list[Result]:
    seen = RosterRows(user.scope(), Wanted())
    with scope.of(user):
        pk = seen[0:1][0].pk
    other = (
        Student.objects.using("owner").exclude(access__district_id__in=user.scope().district_ids).first().pk
    )
    by_key = as_owner("SELECT * FROM students_student WHERE id = %s", [pk])
    reference, ours = alternating(
        by_key, as_application(user, lambda: Student.objects.one_visible_to(user, pk)), rounds=20, each=10
    )
    _, hidden = alternating(
        by_key,
        as_application(user, lambda: Student.objects.one_visible_to(user, other)),
        rounds=20,
        each=10,
    )
    return [
        Result("one student of mine, through Django", reference, ours, "≤ 1.5 ms", ours <= 1.5),
        Result("one student not mine (404), through Django", reference, hidden, "≤ 1.5 ms", hidden <= 1.5),
    ]


def searches(user: User) -> list[Result]:
    with scope.of(user):
        child = RosterRows(user.scope(), Wanted())[30_000:30_001] or RosterRows(user.scope(), Wanted())[0:1]
    child = child[0]
    misspelled = child.last_name.replace("o", "u", 1).replace("e", "a", 1) + "s " + child.first_name
    by_key = as_owner("SELECT * FROM students_student WHERE state_student_id = %s", [child.state_student_id])
    asked = [
        ("search by name prefix", child.last_name[:5], 5.0),
        ("search by any ID", child.state_student_id, 2.0),
        ("search by a misspelled name", misspelled, 80.0),
    ]
    return [searched(user, by_key, *row) for row in asked]


def searched(user: User, by_key: Callable[[], object], what: str, words: str, limit: float) -> Result:
    reference, ours = alternating(by_key, as_application(user, lambda: find(user, words)), rounds=20)
    return Result(what, reference, ours, f"≤ {limit:g} ms", ours <= limit)


def as_owner(statement: str, params: list[object]) -> Callable[[], object]:
    def ask() -> object:
        with connections["owner"].cursor() as cursor:
            cursor.execute(statement, params)
            return cursor.fetchall()

    return ask


def as_application(user: User | None, work: Callable[[], object]) -> Callable[[], object]:
    """The work in a transaction of the application's role; the scope is set before when it is another's."""

    def ask() -> object:
        enter_once(user)
        return work()

    return ask


_entered: list[User | None] = []


def enter_once(user: User | None) -> None:
    """Change the transaction's scope only when another user is measured."""
    if _entered != [user]:
        scope.enter(user.scope() if user else scope.EVERYTHING)
        _entered[:] = [user]


def optimal(user: User) -> Callable[[], object]:
    reach = user.scope()
    if reach.everything:
        return as_owner(FIRST_PAGE_OF_STATE, [])
    return as_owner(FIRST_PAGE, [reach.district_ids[0]])


def statements_of(work: Callable[[], object], user: User | None) -> list[tuple[str, object]]:
    """The statements that the work sends, with their parameters."""
    caught: list[tuple[str, object]] = []

    def catch(execute, sql, params, many, context):
        caught.append((sql, params))
        return execute(sql, params, many, context)

    enter_once(user)
    with connection.execute_wrapper(catch):
        work()
    return caught


def replay(statements: list[tuple[str, object]], alias: str = "default") -> list[object]:
    rows = []
    with connections[alias].cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            rows.append(cursor.fetchall())
    return rows
