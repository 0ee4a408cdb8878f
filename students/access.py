"""Whose child is this, and who may look at the record of access."""

from collections.abc import Collection
from datetime import date
from functools import cache

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from organizations.models import District
from security import asked_often, scope
from security.access import only_they_can
from security.holdings import holdings_of
from security.models import AccessRecord, User
from security.rules.roles import Permission
from students.models import Jurisdiction, Student, StudentAccess, every_record_of, goes_on_as

ANSWERING = (("d", District),)
NOBODY_ANSWERS = "No district answers for this student today. Enter the student in a district first."


def student_or_404(user: User, pk: int) -> Student:
    """The child if this user may see it; otherwise nothing here says that it exists."""
    student = Student.objects.one_visible_to(user, pk) or _goes_on_as(user, pk)
    if student is None:
        raise Http404
    return student


def _goes_on_as(user: User, pk: int) -> Student | None:
    """The child that a merged record became: its old address still leads there."""
    kept = goes_on_as(pk)
    return Student.objects.one_visible_to(user, kept) if kept not in (None, pk) else None


def why_not_for(
    user: User, permission: Permission, place: District | None, student: Student | None, deed: str
) -> str | None:
    """A sentence when the permission does not reach this child at `place`: through that district, or through
    its site at which the child is today. A role at another site of it does not, nor one at the child's school
    of today for what belongs to an earlier district (ROL-11).
    """
    held = holdings_of(user)
    if permission.value in held.statewide:
        return None
    if place and place.pk in held.districts.get(permission.value, ()):
        return None
    sites = held.sites.get(permission.value, ())
    here = StudentAccess.objects.current().filter(student=student, site__in=sites, district=place)
    return None if place and sites and here.exists() else only_they_can(permission, place, deed)


def responsible_today(student: Student) -> District | None:
    """The district that answers for the child, and so for finishing what another one began.

    Who answers sees all who do. To an earlier district it would seem that nobody answers: for that the answer
    is looked up beyond the reader's scope.
    """
    asked = {"child": student.pk, "today": timezone.localdate()}
    found = asked_often.rows(_answering_today(), asked)
    if found:
        return next(asked_often.objects(ANSWERING, found[0]))
    return responsible_for([student.pk]).get(student.pk)


@cache
def _answering_today() -> str:
    """As `_open_today`; asked by every page and save of an IEP, so written out."""
    return f"""SELECT {asked_often.columns(ANSWERING)}
        FROM students_jurisdiction j JOIN organizations_district d ON d.id = j.district_id
        WHERE j.student_id = %(child)s
            AND j.first_day <= %(today)s AND (j.last_day IS NULL OR j.last_day >= %(today)s)
        ORDER BY j.first_day DESC, j.id DESC LIMIT 1"""  # noqa: S608  names of our own columns


def responsible_for(student_ids: Collection[int]) -> dict[int, District]:
    """The same for many children by their keys, with one query."""
    with scope.elevated():
        return {row.student_id: row.district for row in _open_today(student_ids)}


def _open_today(student_ids: Collection[int]) -> QuerySet[Jurisdiction]:
    open_ones = Jurisdiction.objects.on(timezone.localdate()).filter(student__in=student_ids)
    return open_ones.select_related("district").order_by("first_day", "pk")


def jurisdiction_in_view(student: Student) -> Jurisdiction | None:
    """The latest responsibility that row-level security lets this reader see."""
    rows = student.jurisdictions.select_related("district", "site").order_by("-first_day", "-pk")
    found = list(rows[:10])
    return next((row for row in found if row.last_day is None), found[0] if found else None)


def visits_in_view(user: User, student: Student) -> QuerySet[AccessRecord]:
    """Who looked at the record; an earlier district is told of the time of its own responsibility only."""
    visits = AccessRecord.objects.filter(student_id__in=every_record_of(student))
    places = list(StudentAccess.objects.in_scope(user.scope()).filter(student=student))
    if user.scope().everything or any(place.is_current for place in places):
        return visits
    last = max((place.last_day for place in places), default=date.min)
    return visits.filter(at__date__lte=last)


def why_not_edit(user: User, jurisdiction: Jurisdiction | None) -> str | None:
    return _why_not(user, Permission.EDIT_STUDENTS, jurisdiction, "correct what is known about this student")


def why_not_record_part_c(user: User, student: Student) -> str | None:
    """Who refers a child to the district knows where it comes from."""
    return why_not_for(
        user, Permission.REFER, responsible_today(student), student, "record early intervention"
    )


def why_not_see_visits(user: User, jurisdiction: Jurisdiction | None) -> str | None:
    return _why_not(user, Permission.VIEW_ACCESS_RECORD, jurisdiction, "see who has looked at this record")


def _why_not(user: User, permission: Permission, row: Jurisdiction | None, deed: str) -> str | None:
    return why_not_for(user, permission, row and row.district, row and row.student, deed)
