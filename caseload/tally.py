"""How much is due for the children of a scope, day by day, with the first of each day.

Each deadline is looked at once and only those shown are read: who answers for no child of their own sees all
of a district, which may be two hundred thousand.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from itertools import groupby
from typing import NamedTuple

from caseload.due import HORIZON, KINDS
from caseload.rules.sources import listed
from security import asked_often
from security.models import User
from security.scope import Scope
from students.models.student import IN_PLACES, NAMED, named

# As `Deadline.objects.in_scope(scope).due_by(day)`; a test holds them together.
COUNT = f"""
    SELECT d.due_on, d.number, d.record_kind, count(*), (array_agg(d.id ORDER BY d.student_id))[1:%(most)s]
    FROM caseload_deadline d
    WHERE d.standing = 'OPEN' AND d.due_on <= %(last)s AND d.number = ANY (%(numbers)s::text[]) {{whose}}
        AND (EXISTS (SELECT 1 FROM students_studentaccess a
                     WHERE a.student_id = d.student_id AND a.is_current AND {IN_PLACES.format(**NAMED)})
            OR d.record_kind = 'enrollment' AND (d.district_id = ANY ({NAMED["districts"]})
                                                 OR d.site_id = ANY ({NAMED["sites"]})))
    GROUP BY d.due_on, d.number, d.record_kind ORDER BY d.due_on
"""  # noqa: S608  our own words
OF_ONE = "AND d.responsible_id = %(person)s"


class Heap(NamedTuple):
    """What is due on one day of one kind: how many deadlines, and the keys of the first of them by child."""

    day: date
    kind: str
    n: int
    first: list[int]


def tally(scope: Scope, today: date, person: User | None, most: int) -> list[Heap]:
    """Overdue, and of the next eight weeks, soonest first; at most so many keys of each heap.

    Of one `person`, or of all.
    """
    asked = {
        "last": today + HORIZON, "numbers": list(listed()), "most": most, "person": person and person.pk,
        **named(scope),
    }  # fmt: skip
    rows = asked_often.rows(_statement(person is not None), asked)
    return [Heap(day, KINDS.get(number, kind), n, first) for day, number, kind, n, first in rows]


@cache
def _statement(of_one: bool) -> str:
    return COUNT.format(whose=OF_ONE if of_one else "")


def amount(heaps: Iterable[Heap]) -> int:
    return sum(heap.n for heap in heaps)


def first_of(heaps: Sequence[Heap], most: int) -> list[int]:
    """The keys of the first deadlines, and some more: all of the day that the last one is on."""
    keys: list[int] = []
    for _, of_day in groupby(heaps, key=lambda heap: heap.day):
        if len(keys) >= most:
            break
        keys += (key for heap in of_day for key in heap.first)
    return keys
