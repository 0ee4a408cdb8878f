"""Who came and who left between two rosters, and why: the code, who recorded it, when (R4.05, R10.05)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from enrollment.models import Enrollment
from enrollment.queries.rosters import Asked, params, roster_sql
from enrollment.rules.codes import entry_code, exit_code
from organizations.models import District
from organizations.rules.profiles import Profile
from security.models import User
from students.models import Student, known_as

MOST = 2_000


@dataclass(frozen=True)
class Change:
    """`came` or left; `code` with its meaning, `day` of it, recorded when and by whom, as far as is known."""

    student: Student
    came: bool
    site_id: int | None
    why: str
    day: date | None
    recorded_at: datetime | None
    by: User | None


def difference(before: Asked, after: Asked, most: int | None = MOST) -> tuple[list[Change], bool]:
    """The changes by name, those who left first, and whether there are more than `most`; None: all."""
    found = _found(before, after, most)
    shown = found[:most]
    children = known_as([row[0] for row in shown])
    events = _recorded([row[2] for row in shown if row[2]], after.known_at)
    people = User.objects.in_bulk({row[-1] for row in events.values() if row[-1]})
    profile = Profile(District.objects.select_related("state").get(pk=after.district_id).state.profile)
    changes = [
        _change(children[pk], came, site, events.get(enrollment), people, profile)
        for pk, came, enrollment, site in shown
        if pk in children
    ]
    return sorted(changes, key=lambda row: (row.came, row.student.sort_name)), len(found) > len(shown)


def _found(before: Asked, after: Asked, most: int | None) -> list[tuple]:
    """(student, came, enrollment, site): of one who left, the enrollment that it was on the roster with."""
    query = f"""
        SELECT coalesce(a.student_id, b.student_id), a.student_id IS NULL,
               coalesce(a.enrollment_id, b.enrollment_id), coalesce(a.site_id, b.site_id)
        FROM {roster_sql(before.roster, "_a")} a
        FULL JOIN {roster_sql(after.roster, "_b")} b USING (student_id)
        WHERE a.student_id IS NULL OR b.student_id IS NULL
        ORDER BY 2, 1 LIMIT %(most)s"""  # noqa: S608  our own names
    with connection.cursor() as cursor:
        enough = {"most": most + 1 if most else None}
        cursor.execute(query, {**params(before, "_a"), **params(after, "_b"), **enough})
        return cursor.fetchall()


def _recorded(ids: Iterable[int], known_at: datetime) -> dict[int, tuple]:
    """Of each enrollment the last event known at the instant, and the person whose request wrote it."""
    event = Enrollment.history.rel.related_model
    rows = event.objects.filter(pgh_obj_id__in=list(ids), pgh_created_at__lte=known_at)
    rows = rows.order_by("pgh_obj_id", "-pgh_created_at", "-pgh_id").distinct("pgh_obj_id")
    return {
        row.pgh_obj_id: (
            row.pgh_label, row.entry_code, row.first_day, row.exit_code, row.last_day, row.pgh_created_at,
            (row.pgh_context or {}).get("user"),
        )
        for row in rows
    }  # fmt: skip


def _change(
    child: Student, came: bool, site: int | None, event: tuple | None, people: dict, profile: Profile
) -> Change:
    if event is None:
        return Change(child, came, site, "recorded before the history begins", None, None, None)
    label, entry, first, exited, last, at, by = event
    code, day = (entry, first) if came else (exited, last)
    meaning = (entry_code if came else exit_code)(profile, code)
    if label == "delete":
        why = "The enrollment was taken back"
    elif not code:
        why = "Special education ended, or the day of entry was corrected"
    else:
        why = str(meaning or code)
    return Change(child, came, site, why, day, at, people.get(by))
