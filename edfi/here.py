"""What stands here of the children, schools and codes that a district's ODS shows."""

from collections.abc import Collection

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from edfi.models import DistrictOds, Number
from edfi.rules.pulled import Here, Record
from enrollment.facts import profile_of
from enrollment.models import Enrollment
from enrollment.rules.codes import code_set, entry_codes
from organizations.models import SchoolYear, Site

# By Ed-Fi ID or state number, and only where name and birth date agree: an ODS that lists numbers under
# invented names learns nothing of the children who bear them.
SAME_CHILD = """
SELECT u.id, min(s.state_student_id), min(s.sex)
FROM unnest(%(ids)s::text[], %(names)s::text[], %(births)s::text[]) u (id, last_name, birth_date)
JOIN students_student s ON s.{number} = u.id AND s.state_id = %(state)s AND s.merged_into_id IS NULL
    AND s.birth_date::text = u.birth_date AND eser_fold(s.last_name) = eser_fold(u.last_name)
WHERE u.id <> ''
GROUP BY u.id HAVING count(*) = 1"""
BY_EDFI_ID, BY_STATE_NUMBER = (SAME_CHILD.format(number=name) for name in ("edfi_id", "state_student_id"))


def stands_here(ods: DistrictOds, year: SchoolYear, shown: Collection[Record]) -> Here:
    """In the scope of the system: a child of the ODS may be another district's here. Six queries."""
    district = ods.district
    sites = Site.objects.filter(state=district.state_id).exclude(edfi_id=None)
    known = _same(BY_EDFI_ID, district.state_id, shown)
    if ods.number == Number.STATE:
        known = _same(BY_STATE_NUMBER, district.state_id, shown) | known
    return Here(
        first_day=year.first_day.isoformat(),
        last_day=year.last_day.isoformat(),
        year=year.last_day.year,
        today=timezone.localdate().isoformat(),
        agency=str(district.edfi_id or ""),
        unique_is_state_number=ods.number == Number.STATE,
        schools={str(edfi_id): code for edfi_id, code in sites.values_list("edfi_id", "code")},
        numbers={unique_id: number for unique_id, (number, _) in known.items()},
        sexes=dict(known.values()),
        came=_came(district.pk, year),
        attending=_attending(ods),
        meanings={(row.kind, row.uri): row.code for row in ods.values.exclude(code="")},
    )


def _same(query: str, state_id: int, shown: Collection[Record]) -> dict[str, tuple[str, str]]:
    """(state number, sex) by the number that the ODS shows. What two children bear tells of none."""
    columns = {"ids": "studentUniqueId", "names": "lastSurname", "births": "birthDate"}
    asked = {name: [row.get(part, "") for row in shown] for name, part in columns.items()}
    with connection.cursor() as cursor:
        cursor.execute(query, {**asked, "state": state_id})
        return {unique_id: (number, sex) for unique_id, number, sex in cursor.fetchall()}


def _came(district_id: int, year: SchoolYear) -> dict[tuple[str, str, str], str]:
    rows = Enrollment.objects.filter(district=district_id, attended=True, no_show=False)
    rows = rows.filter(Q(last_day=None) | Q(last_day__gte=year.first_day))
    names = ("student__state_student_id", "site__code", "first_day", "first_attended")
    return {
        (number, code, first.isoformat()): came.isoformat() if came else ""
        for number, code, first, came in rows.values_list(*names)
    }


def _attending(ods: DistrictOds) -> frozenset[str]:
    used = code_set(profile_of(ods.district))
    return frozenset(row.code for row in entry_codes() if row.profile == used and row.attendance_first)
