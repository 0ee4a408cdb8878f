"""The children that a page names, each with its grade and where it is: one query, written out."""

from collections.abc import Iterable
from functools import cache

from security import asked_often
from security.scope import Scope
from students.facts import grade_name
from students.models import Student
from students.models.student import IN_PLACES, NAMED, named

CHILD = (("c", Student),)


def with_places(scope: Scope, ids: Iterable[int]) -> dict[int, Student]:
    """The children by id, each with `where`: its grade and school, or district."""
    asked = {"ids": asked_often.array(ids), "everything": scope.everything, **named(scope)}
    return {child.pk: child for child in map(_placed, asked_often.rows(_statement(), asked))}


def _placed(row: tuple) -> Student:
    child = next(asked_often.objects(CHILD, row))
    grade = grade_name(child.grade)
    child.grade_in_words = f"{grade[:1].upper()}{grade[1:]}"
    child.where = f"{child.grade_in_words}, {row[-1] or ''}".strip(", ")
    return child


@cache
def _statement() -> str:
    """The district that answers today comes before earlier ones."""
    return f"""SELECT {asked_often.columns(CHILD)}, (
            SELECT coalesce(nullif(s.name, ''), d.name) FROM students_studentaccess a
            JOIN organizations_district d ON d.id = a.district_id
            LEFT JOIN organizations_site s ON s.id = a.site_id
            WHERE a.student_id = c.id AND (%(everything)s OR {IN_PLACES.format(**NAMED)})
            ORDER BY a.is_current DESC LIMIT 1)
        FROM students_student c WHERE c.id = ANY (%(ids)s::bigint[])"""  # noqa: S608  our own columns
