"""What stands here of the children, schools and codes that a district's ODS shows."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q
from django.utils import timezone

from edfi.models import DistrictOds, Number
from edfi.rules.pulled import Here
from enrollment.facts import profile_of
from enrollment.models import Enrollment
from enrollment.rules.codes import code_set, entry_codes
from organizations.models import SchoolYear, Site
from students.models import Student


def stands_here(ods: DistrictOds, year: SchoolYear, unique_ids: Collection[str]) -> Here:
    """In the scope of the system: a child of the ODS may be another district's here. Five queries."""
    district = ods.district
    sites = Site.objects.filter(state=district.state_id).exclude(edfi_id=None)
    numbers = _numbers(district.state_id, unique_ids)
    children = Student.objects.filter(
        state=district.state_id, state_student_id__in={*unique_ids, *numbers.values()}
    )
    return Here(
        first_day=year.first_day.isoformat(),
        last_day=year.last_day.isoformat(),
        year=year.last_day.year,
        today=timezone.localdate().isoformat(),
        agency=str(district.edfi_id or ""),
        unique_is_state_number=ods.number == Number.STATE,
        schools={str(edfi_id): code for edfi_id, code in sites.values_list("edfi_id", "code")},
        numbers=numbers,
        sexes=dict(children.values_list("state_student_id", "sex")),
        came=_came(district.pk, year),
        attending=_attending(ods),
        meanings={(row.kind, row.uri): row.code for row in ods.values.exclude(code="")},
    )


def _numbers(state_id: int, unique_ids: Collection[str]) -> dict[str, str]:
    """State numbers by Ed-Fi ID. Of one that two children bear none is known; a merged record bears none."""
    rows = Student.objects.filter(state=state_id, edfi_id__in=set(unique_ids) - {""}, merged_into=None)
    found: dict[str, set[str]] = defaultdict(set)
    for edfi_id, number in rows.values_list("edfi_id", "state_student_id"):
        found[edfi_id].add(number)
    return {edfi_id: numbers.pop() for edfi_id, numbers in found.items() if len(numbers) == 1}


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
