"""Finding a child by any ID, by name, by birth date, and by a misspelled name; says why each was found."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

from django.db import connection
from django.utils import timezone

from security import asked_often
from security.models import User
from security.scope import Scope
from students.models import Student, StudentAccess
from students.queries import EARLIER, RosterRows, Wanted, with_places
from ui.dates import DateNotUnderstood, in_words, read_day

LONGEST = 200
ENOUGH = 5
SHORTEST_FUZZY = 3
# Each branch has an index of its own; row-level security keeps each to the scope of the transaction.
BY_ID = """
    SELECT id, 'state ID is the same' FROM students_student WHERE state_student_id = ANY (%(typed)s::text[])
    UNION ALL
    SELECT id, 'Ed-Fi ID is the same' FROM students_student
    WHERE edfi_id = ANY (%(typed)s::text[]) AND NOT edfi_id = ''
    UNION ALL
    SELECT id, 'legacy ID is the same' FROM students_student
    WHERE source = 'LEGACY_SER' AND legacy_key = ANY (%(typed)s::text[])
    UNION ALL
    SELECT student_id, 'district ID is the same' FROM students_jurisdiction
    WHERE local_student_id = ANY (%(typed)s::text[]) AND NOT local_student_id = ''
    UNION ALL
    SELECT student_id, 'earlier ' || what || ' is the same' FROM students_studentidentifier
    WHERE value = ANY (%(typed)s::text[])
"""
WITH_YEAR = re.compile(r"\d{4}|\d{1,2}\D+\d{1,2}\D+\d{2}$")


@dataclass(frozen=True)
class Found:
    """A child and the words that say why it was found; `certain` when an ID was given in full."""

    student: Student
    why: str
    certain: bool = False

    @property
    def place(self) -> StudentAccess | None:
        return self.student.place


def find(user: User, words: str, most: int = 20) -> list[Found]:
    """At most `most` children in the user's scope: exact IDs, else names and birth dates, then similar names.

    Works in the transaction of a request or task that has this user's scope. Raises ValueError with a
    sentence when the words are too long to be a name or an ID.
    """
    words = " ".join(words.replace("\x00", " ").split())
    if len(words) > LONGEST:
        raise ValueError(f"A search has at most {LONGEST} letters. Type a name, a birth date or an ID.")
    found: dict[int, Found] = {}
    for hit in _hits(user.scope(), words, most) if words else ():
        found.setdefault(hit.student.pk, hit)
        if len(found) >= most:
            break
    return list(found.values())


def similar_and_born_on(name: str, birth_date: date, most: int = 5) -> list[Student]:
    """Children born on the day whose name is alike, in the transaction's scope: perhaps the same child."""
    alike = [pk for pk, _ in _similar(name, 50)]
    return list(Student.objects.filter(pk__in=alike, birth_date=birth_date)[:most])


def _hits(scope: Scope, words: str, most: int) -> Iterator[Found]:
    """The surest first; what costs more is asked only while the caller goes on."""
    if known := _by_id(scope, words):
        yield from known
        return
    count = 0
    for hit in chain(_by_name(scope, words, most), _by_birth_date(scope, words, most)):
        count += 1
        yield hit
    if count < ENOUGH and len(re.sub(r"[\W\d_]", "", words)) >= SHORTEST_FUZZY:
        yield from _by_likeness(scope, words, most)


def _by_id(scope: Scope, words: str) -> list[Found]:
    """The state's ID, the Ed-Fi ID, the district's own, the legacy key; without blanks and dashes too."""
    if not any(letter.isdigit() for letter in words):
        return []
    found = asked_often.rows(BY_ID, {"typed": [words, re.sub(r"[\s-]", "", words)]})
    reasons = dict(reversed(found))
    return [Found(child, reasons[pk], certain=True) for pk, child in with_places(reasons, scope).items()]


def _by_name(scope: Scope, words: str, most: int) -> Iterator[Found]:
    """ "Fontenot", "Fontenot, Ju", "Jules Fontenot": as typed, and with the last word moved to the front.

    Children of an earlier time are looked for only when few of today are found.
    """
    if not any(letter.isalpha() for letter in words):
        return
    *first, last = words.split()
    orders = [words, f"{last} {' '.join(first)}"] if first else [words]
    looked_for = [Wanted(name=name) for name in orders]
    if not scope.everything:
        looked_for += [Wanted(name=name, when=EARLIER) for name in orders]
    count = 0
    for wanted in looked_for:
        if count >= ENOUGH:
            return
        for child in RosterRows(scope, wanted)[0:most]:
            count += 1
            yield Found(child, "name begins so")


def _by_birth_date(scope: Scope, words: str, most: int) -> list[Found]:
    born = read_birth_date(words)
    if not born:
        return []
    rows = Student.objects.in_scope(scope).filter(birth_date=born).order_by("sort_name", "pk")
    ids = list(rows.values_list("pk", flat=True)[:most])
    return [Found(child, f"born {in_words(born)}") for child in _in_order(ids, scope)]


def _by_likeness(scope: Scope, words: str, most: int) -> list[Found]:
    alike = dict(_similar(words, most))
    return [
        Found(child, "name is alike" if alike[child.pk] < 1 else "name holds these words")
        for child in _in_order(alike, scope)
    ]


def _in_order(ids: Iterable[int], scope: Scope) -> list[Student]:
    found = with_places(ids, scope)
    return [found[pk] for pk in ids if pk in found]


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
