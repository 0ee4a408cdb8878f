"""The list of students that a person may see, page by page, without reading more than the page.

The access table drives it with literal ids (docs/adr/0005): one district walks its own index of sort names;
several places give their first rows each, which are merged; a state role walks the index of all students.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, reduce

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from organizations.models import District, Site
from security import asked_often
from security.scope import Scope
from students.extensions import list_extensions
from students.models import Student, StudentAccess
from students.models.student import IN_PLACES, NAMED, Fold, named
from ui.lists import Count, count_up_to

MOST_COUNTED = 1_000
LAST_LETTER = "\uffff"
EARLIER = "earlier"


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to. `extra` holds the values of filters that other apps added."""

    name: str = ""
    site: str = ""
    grade: str = ""
    when: str = ""
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def is_current(self) -> bool:
        return self.when != EARLIER


ANYBODY = Wanted()


def begins_with(field: str, words: str) -> Q:
    """A prefix as a range: unlike LIKE it is leakproof, so the index serves under row-level security."""
    folded = Fold(Value(words))
    return Q(**{f"{field}__gte": folded}, **{f"{field}__lt": Concat(folded, Value(LAST_LETTER))})


class RosterRows:
    """The students in scope as a sequence that is read in slices only: `rows[50:101]`."""

    def __init__(self, scope: Scope, wanted: Wanted, order: Sequence[str] = ("sort_name", "pk")) -> None:
        self.scope, self.wanted, self.order = scope, wanted, tuple(order)

    def __getitem__(self, part: slice) -> list[Student]:
        """The students of the slice, each with its `place`: one statement, or two where places are merged."""
        places = _places(self.scope)
        if self.scope.everything or not self._by_name:
            return _placed(self.students().order_by(*self.order)[part], self.scope, self.wanted)
        if len(places) == 1:
            return [_at(row) for row in _whole(self._first(places[0]))[part]]
        ids = self.ids(part)
        found = with_places(ids, self.scope, self.wanted)
        return [found[pk] for pk in ids if pk in found]

    def count(self, cap: int = MOST_COUNTED) -> Count:
        """Exact up to the cap: counting all of a large district costs more than it tells."""
        rows = self.students() if self.scope.everything else self._merged(cap + 1)
        return count_up_to(rows, cap)

    def ids(self, part: slice) -> list[int]:
        """Only the keys, in order."""
        if self.scope.everything or not self._by_name:
            return list(self.students().order_by(*self.order).values_list("pk", flat=True)[part])
        return [pk for _, pk in self._merged(part.stop)[part]]

    @property
    def _by_name(self) -> bool:
        return self.order[0].lstrip("-") == "sort_name"

    def _merged(self, last: int) -> QuerySet | list:
        """(sort name, id) of the first `last` rows of each place, merged: none gives more than needed."""
        firsts = [self._first(place).values_list("sort_name", "student_id") for place in _places(self.scope)]
        if not firsts:
            return []
        if len(firsts) == 1:
            return firsts[0]
        return firsts[0][:last].union(*(rows[:last] for rows in firsts[1:])).order_by(*self._access_order)

    @property
    def _access_order(self) -> tuple[str, str]:
        down = "-" if self.order[0].startswith("-") else ""
        return f"{down}sort_name", f"{down}student_id"

    def _first(self, place: Scope) -> QuerySet:
        return self._access(place).order_by(*self._access_order)

    def _access(self, scope: Scope) -> QuerySet:
        """Rows of the access table in a scope: current ones, or children of an earlier time."""
        wanted = self.wanted
        rows = _rows_of(scope).filter(is_current=wanted.is_current)
        if wanted.name:
            rows = rows.filter(begins_with("sort_name", wanted.name))
        if wanted.site:
            rows = rows.filter(site_id=wanted.site)
        if condition := _about_the_child(wanted):
            rows = rows.filter(Exists(Student.objects.filter(condition, pk=OuterRef("student_id"))))
        return rows

    def students(self) -> QuerySet:
        """All of them, unordered: for exports, for counts of the state and for other orders than by name."""
        wanted, scope = self.wanted, self.scope
        rows = Student.objects.filter(_about_the_child(wanted) or Q())
        if wanted.name:
            rows = rows.filter(begins_with("sort_name", wanted.name))
        access = StudentAccess.objects.in_scope(scope).filter(student_id=OuterRef("pk"))
        if wanted.site:
            access = access.filter(site_id=wanted.site)
        if not scope.everything or wanted.site or not wanted.is_current:
            return rows.filter(Exists(access.filter(is_current=wanted.is_current)))
        return rows


def _places(scope: Scope) -> list[Scope]:
    districts = [Scope(district_ids=(pk,), rolled_up=scope.rolled_up) for pk in scope.district_ids]
    return districts + [Scope(site_ids=(pk,)) for pk in scope.site_ids]


def _rows_of(scope: Scope) -> QuerySet:
    """Literal equality for a single place, so that its own index gives the order."""
    if scope.district_ids and not scope.site_ids and len(scope.district_ids) == 1 and scope.rolled_up:
        return StudentAccess.objects.filter(district_id=scope.district_ids[0])
    if scope.site_ids and not scope.district_ids and len(scope.site_ids) == 1:
        return StudentAccess.objects.filter(site_id=scope.site_ids[0], is_current=True)
    return StudentAccess.objects.in_scope(scope)


def _about_the_child(wanted: Wanted) -> Q | None:
    conditions = [Q(grade=wanted.grade)] if wanted.grade else []
    chosen = dict(wanted.extra)
    conditions += [e.narrow(chosen[e.filter.name]) for e in list_extensions() if chosen.get(e.filter.name)]
    return reduce(lambda one, other: one & other, conditions) if conditions else None


def with_places(ids: Iterable[int], scope: Scope, wanted: Wanted = ANYBODY) -> dict[int, Student]:
    """The students of these keys by key, each with its `place`; only a state role sees some without one."""
    if scope.everything:
        return {student.pk: student for student in _placed(Student.objects.filter(pk__in=ids), scope, wanted)}
    found = asked_often.rows(_by_keys(), {"ids": list(ids), **named(scope)})
    rows = [_row(*asked_often.objects(ROW, row)) for row in found]
    return {row.student_id: _at(row) for row in rows if wanted.is_current or not row.is_current}


ROW = (("a", StudentAccess), ("c", Student), ("d", District), ("t", Site))


@cache
def _by_keys() -> str:
    """Of a child with several rows the one that counts most comes last."""
    return f"""SELECT {asked_often.columns(ROW)}
        FROM students_studentaccess a JOIN students_student c ON c.id = a.student_id
        JOIN organizations_district d ON d.id = a.district_id
        LEFT JOIN organizations_site t ON t.id = a.site_id
        WHERE a.student_id = ANY (%(ids)s::bigint[]) AND {IN_PLACES.format(**NAMED)}
        ORDER BY a.is_current, a.last_day ASC NULLS LAST"""  # noqa: S608  names of our own columns


def _row(row: StudentAccess, child: Student, district: District, site: Site | None) -> StudentAccess:
    row.student, row.district, row.site = child, district, site
    return row


def _placed(students: Iterable[Student], scope: Scope, wanted: Wanted) -> list[Student]:
    """Each student gets `place`: the access row that says which district and site is meant, or None."""
    students = list(students)
    rows = _of([student.pk for student in students], scope).select_related("district", "site")
    places = {row.student_id: row for row in rows if wanted.is_current or not row.is_current}
    for student in students:
        student.place = places.get(student.pk)
    return students


def _of(ids: Iterable[int], scope: Scope) -> QuerySet:
    """Access rows of these students; of a child with several the one that counts most comes last."""
    rows = StudentAccess.objects.in_scope(scope).filter(student_id__in=ids)
    return rows.order_by("is_current", F("last_day").asc(nulls_last=True))


def _whole(rows: QuerySet) -> QuerySet:
    return rows.select_related("student", "district", "site")


def _at(row: StudentAccess) -> Student:
    row.student.place = row
    return row.student
