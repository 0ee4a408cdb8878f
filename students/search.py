"""Finding a child by any ID, by name, by birth date, and by a misspelled name; says why each was found."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import CharField, Q, QuerySet, Value
from django.utils import timezone

from security.models import User
from security.scope import Scope
from students.models import Jurisdiction, Source, Student, StudentAccess
from students.queries import EARLIER, RosterRows, Wanted
from ui.dates import DateNotUnderstood, in_words, read_day

LONGEST = 200
ENOUGH = 5
SHORTEST_FUZZY = 3
WITH_YEAR = re.compile(r"\d{4}|\d{1,2}\D+\d{1,2}\D+\d{2}$")


@dataclass(frozen=True)
class Found:
    """A child and the words that say why it was found; `certain` when an ID was given in full."""

    student: Student
    why: str
    certain: bool = False
    place: StudentAccess | None = None


def find(user: User, words: str, most: int = 20) -> list[Found]:
    """At most `most` children in the user's scope: exact IDs, then names and birth dates, then similar names.

    Raises ValueError with a sentence when the words are too long to be a name or an ID.
    """
    words = " ".join(words.replace("\x00", " ").split())
    if len(words) > LONGEST:
        raise ValueError(f"A search has at most {LONGEST} letters. Type a name, a birth date or an ID.")
    if not words:
        return []
    reasons: dict[int, tuple[str, bool]] = {}
    for pk, why, certain in _hits(user.scope(), words, most):
        reasons.setdefault(pk, (why, certain))
        if len(reasons) >= most:
            break
    return _found(user.scope(), reasons)


def similar_and_born_on(name: str, birth_date: date, most: int = 5) -> list[Student]:
    """Children born on the day whose name is alike, in the transaction's scope: perhaps the same child."""
    alike = [pk for pk, _ in _similar(name, 50)]
    return list(Student.objects.filter(pk__in=alike, birth_date=birth_date)[:most])


def _hits(scope: Scope, words: str, most: int) -> Iterator[tuple[int, str, bool]]:
    count = 0
    for pk, why in _by_id(scope, words):
        count += 1
        yield pk, why, True
    for pk in _by_name(scope, words, most):
        count += 1
        yield pk, "name begins so", False
    if born := read_birth_date(words):
        for pk in _by_birth_date(scope, born, most):
            count += 1
            yield pk, f"born {in_words(born)}", False
    if count < ENOUGH and len(re.sub(r"[\W\d_]", "", words)) >= SHORTEST_FUZZY:
        for pk, likeness in _similar(words, most):
            yield pk, "name is alike" if likeness < 1 else "name holds these words", False


def _by_id(scope: Scope, words: str) -> list[tuple[int, str]]:
    """The state's ID, the Ed-Fi ID, the district's own, the legacy key; without blanks and dashes too."""
    typed = {words, re.sub(r"[\s-]", "", words)}
    if not any(letter.isdigit() for letter in words):
        return []
    students = Student.objects.in_scope(scope)
    kinds: list[QuerySet] = [
        _named(students.filter(state_student_id__in=typed), "pk", "state ID"),
        _named(students.filter(~Q(edfi_id=""), edfi_id__in=typed), "pk", "Ed-Fi ID"),
        _named(students.filter(source=Source.LEGACY_SER, legacy_key__in=typed), "pk", "legacy ID"),
        _named(_local_ids(scope, typed), "student_id", "district ID"),
    ]
    return list(kinds[0].union(*kinds[1:]))


def _named(rows: QuerySet, key: str, name: str) -> QuerySet:
    return rows.order_by().values_list(key, Value(f"{name} is the same", output_field=CharField()))


def _local_ids(scope: Scope, typed: Iterable[str]) -> QuerySet:
    rows = Jurisdiction.objects.exclude(local_student_id="").filter(local_student_id__in=typed)
    return rows if scope.everything else rows.filter(student__in=Student.objects.in_scope(scope))


def _by_name(scope: Scope, words: str, most: int) -> list[int]:
    """ "Fontenot", "Fontenot, Ju", "Jules Fontenot": as typed, and with the last word moved to the front.

    Children of an earlier time are looked for only when few of today are found.
    """
    if not any(letter.isalpha() for letter in words):
        return []
    *first, last = words.split()
    orders = [words, f"{last} {' '.join(first)}"] if first else [words]
    found = [pk for name in orders for pk in RosterRows(scope, Wanted(name=name)).ids(slice(0, most))]
    if len(found) < ENOUGH and not scope.everything:
        earlier = [RosterRows(scope, Wanted(name=name, when=EARLIER)) for name in orders]
        found += [pk for rows in earlier for pk in rows.ids(slice(0, ENOUGH))]
    return list(dict.fromkeys(found))


def _by_birth_date(scope: Scope, born: date, most: int) -> list[int]:
    rows = Student.objects.in_scope(scope).filter(birth_date=born).order_by("sort_name", "pk")
    return list(rows.values_list("pk", flat=True)[:most])


def read_birth_date(words: str) -> date | None:
    """A day in any usual form; without a year it is no birth date."""
    if not WITH_YEAR.search(words):
        return None
    try:
        day = read_day(words, timezone.localdate())
    except DateNotUnderstood:
        return None
    return day if day <= timezone.localdate() else None


def _similar(words: str, most: int) -> list[tuple[int, float]]:
    """Through the one function that may look past row-level security; it keeps to the transaction's scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT student_id, likeness FROM students_find_similar(%s, %s)", [words, most])
        return cursor.fetchall()


def _found(scope: Scope, reasons: dict[int, tuple[str, bool]]) -> list[Found]:
    students = Student.objects.in_bulk(list(reasons))
    access = StudentAccess.objects.in_scope(scope).filter(student_id__in=list(reasons))
    places = {row.student_id: row for row in access.select_related("district", "site").order_by("is_current")}
    return [
        Found(students[pk], why, certain, places.get(pk))
        for pk, (why, certain) in reasons.items()
        if pk in students
    ]
