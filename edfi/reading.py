"""Reads the facts of children for the rules: seven queries for any number of children."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from edfi.models import Connection
from edfi.rules.facts import (
    ActivityFacts,
    EnrollmentFacts,
    EvaluationFacts,
    Facts,
    IepFacts,
    ServiceFacts,
    StudentFacts,
)
from enrollment.models import Enrollment, SpecialEducationActivity
from evaluations.models import Evaluation
from evaluations.rules.codes import exceptionality
from ieps.models import Iep, IepStatus, Service
from ieps.rules.service_minutes import ServiceLine, weeks
from students.models import Student

ONCE_OFFICIAL = [
    IepStatus.OFFICIAL,
    IepStatus.OFFICIAL_INCOMPLETE,
    IepStatus.AMENDED,
    IepStatus.SUPERSEDED,
    IepStatus.DELREQ,
]
AS_THEY_ARE = (
    "id", "first_day", "last_day", "district_id", "state_type", "service_type", "state_exclude",
    "wise_exclude", "eval_only", "no_show", "exit_code",
)  # fmt: skip
# At a nonpublic site that the state does not know, the responsible school stands for it.
LOOKED_UP = {
    "school_edfi_id": Coalesce("site__edfi_id", "responsible_site__edfi_id"),
    "override_school_edfi_id": F("school_override__edfi_id"),
    "calendar_excluded": Coalesce("calendar__state_exclude", Value(False)),
    "summer_school": Coalesce("calendar__summer_school", Value(False)),
    "school_excluded": F("site__excluded_from_state"),
    "year_ends": F("school_year__last_day"),
}


def facts_of(student_ids: Iterable[int], connection: Connection) -> Mapping[int, Facts]:
    """Facts by student id, in the scope that the transaction has; a child that is gone has none.

    A connection of one district sees that district's enrollments only.
    """
    ids = list(student_ids)
    parts = _evaluations(ids), _enrollments(ids, connection), _ieps(ids), _activities(ids)
    return {
        pk: Facts(StudentFacts(pk, edfi_id), *(tuple(rows[pk]) for rows in parts))
        for pk, edfi_id in Student.objects.filter(pk__in=ids).values_list("pk", "edfi_id")
    }


def _evaluations(ids: list[int]) -> Mapping[int, list[EvaluationFacts]]:
    rows = defaultdict(list)
    for row in Evaluation.objects.filter(student_id__in=ids).prefetch_related("exceptionalities"):
        rows[row.student_id].append(
            EvaluationFacts(
                id=row.pk,
                district_id=row.district_id,
                type=row.kind,
                locked_at=(row.locked_at or row.created_at) if row.locked else None,
                consent_date=row.consent_date,
                determination_date=row.determination_date,
                delay_reason=row.delay_reason,
                late_reason=row.late_reason,
                outcome=row.outcome,
                disabilities=tuple(
                    found.code for found in row.exceptionalities.all() if _is_a_disability(found.code)
                ),
            )
        )
    return rows


def _is_a_disability(code: str) -> bool:
    """Giftedness is an exceptionality, and none to IDEA; a code that no table knows may be one."""
    row = exceptionality(code)
    return row is None or row.in_idea


def _enrollments(ids: list[int], connection: Connection) -> Mapping[int, list[EnrollmentFacts]]:
    where = Q(student_id__in=ids)
    if connection.district_id:
        where &= Q(district_id=connection.district_id)
    rows = defaultdict(list)
    for row in Enrollment.objects.filter(where).values("student_id", *AS_THEY_ARE, **LOOKED_UP):
        student_id, ends = row.pop("student_id"), row.pop("year_ends")
        rows[student_id].append(EnrollmentFacts(school_year=ends.year if ends else None, **row))
    return rows


def _ieps(ids: list[int]) -> Mapping[int, list[IepFacts]]:
    """An IEP is official from the district's signature; legacy ones without it, from the meeting."""
    rows = defaultdict(list)
    official = Iep.objects.filter(student_id__in=ids, status__in=ONCE_OFFICIAL)
    for row in official.prefetch_related("services"):
        if day := row.odr_date or row.meeting_date:
            rows[row.student_id].append(
                IepFacts(
                    day,
                    id=row.pk,
                    district_id=row.district_id,
                    first_day=row.first_day or row.meeting_date,
                    last_day=row.last_day,
                    replaced_from=row.replaced_from,
                    setting=row.lre,
                    total_minutes=row.total_minutes,
                    services=tuple(_service(service) for service in row.services.all()),
                )
            )
    return rows


def _service(row: Service) -> ServiceFacts:
    line = ServiceLine(row.minutes or 0, row.sessions or 0, row.per, row.location, row.recipient)
    known = row.per in weeks() and line.takes_the_student
    return ServiceFacts(row.code, row.first_day, row.last_day, float(line.a_week) if known else 0)


def _activities(ids: list[int]) -> Mapping[int, list[ActivityFacts]]:
    rows = defaultdict(list)
    for row in SpecialEducationActivity.objects.filter(student_id__in=ids):
        rows[row.student_id].append(ActivityFacts(row.first_day, row.last_day, row.exit_reason))
    return rows
