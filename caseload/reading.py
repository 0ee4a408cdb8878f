"""Reads what the deadlines of many children are counted from: eleven queries, however many children."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.utils import timezone

from caseload.reading_told import notices_of, requests_of, services_of
from caseload.rules.facts import ChildFacts, EvaluationFacts, ExitFacts, IepFacts
from enrollment.models import Enrollment, SpecialEducationActivity
from evaluations.models import Evaluation, ReportCopy
from ieps.models import Iep, IepStatus
from students.models import Student, StudentAccess
from students.models.student import PartCHistory

WAS_IN_FORCE = (
    IepStatus.OFFICIAL,
    IepStatus.OFFICIAL_INCOMPLETE,
    IepStatus.AMENDED,
    IepStatus.SUPERSEDED,
    IepStatus.DELREQ,
)
Found = dict[int, list[Any]]


def facts_of(student_ids: Collection[int]) -> Iterator[ChildFacts]:
    """Of each child that there is and that was not merged into another; asks in the scope of the caller."""
    ids = among(student_ids)
    evaluations, ieps, exits = _evaluations(ids), _ieps(ids), _exits(ids)
    activities, places = _activities(ids), _places(ids)
    notices, asked, services = notices_of(ids), requests_of(ids), services_of(ids)
    children = Student.objects.filter(pk__in=ids, merged_into=None).order_by("pk")
    columns = ("pk", "state__profile", "birth_date", "part_c_history", "part_c_continued_on")
    for pk, profile, born, part_c, went_on in children.values_list(*columns):
        current, ended = activities.get(pk, (False, None))
        district_id, site_id = places.get(pk, (None, None))
        yield ChildFacts(
            pk, profile, born, part_c == PartCHistory.YES, district_id, site_id, current, ended,
            tuple(evaluations[pk]), tuple(ieps[pk]), tuple(exits[pk]),
            notices.get(pk, ()), asked.get(pk, ()), services.get(pk), went_on,
        )  # fmt: skip


def among(student_ids: Collection[int]) -> RawSQL:
    """The children as one array: a list of a thousand parameters takes longer to write than to answer."""
    return RawSQL("SELECT unnest(%s::bigint[])", (list(student_ids),))


def _evaluations(ids: RawSQL) -> Found:
    first = ReportCopy.objects.filter(evaluation=OuterRef("pk")).order_by("on").values("on")[:1]
    rows = Evaluation.objects.filter(student_id__in=ids).annotate(copied=Subquery(first)).values_list(
        "student_id", "pk", "kind", "district_id", "coordinator_id", "referral_date", "consent_requested_on",
        "consent_date", "consent_revoked_on", "extended_to", "extension_code", "determination_date",
        "dissemination_date", "outcome", "delay_reason", "locked", "copied",
    )  # fmt: skip
    return _by_child(rows.order_by("pk"), EvaluationFacts)


def _ieps(ids: RawSQL) -> Found:
    rows = Iep.objects.filter(student_id__in=ids, status__in=WAS_IN_FORCE, meeting_date__isnull=False)
    columns = ("student_id", "pk", "kind", "meeting_date", "district_id", "author_id", "first_day")
    return _by_child(rows.order_by("pk").values_list(*columns), IepFacts)


def _exits(ids: RawSQL) -> Found:
    rows = Enrollment.objects.filter(student_id__in=ids, documentation_due__isnull=False)
    columns = ("student_id", "pk", "district_id", "site_id", "last_day", "documentation_due")
    return _by_child(rows.order_by("pk").values_list(*columns, "documentation_accepted_at"), _exit)


def _exit(pk: int, district_id: int, site_id: int, last_day: date, due: date, accepted: Any) -> ExitFacts:
    return ExitFacts(
        pk, district_id, site_id, last_day, due, accepted and timezone.localtime(accepted).date()
    )


def _by_child(rows: QuerySet, fact: Any) -> Found:
    found: Found = defaultdict(list)
    for student_id, *values in rows:
        found[student_id].append(fact(*values))
    return found


def _activities(ids: RawSQL) -> dict[int, tuple[bool, date | None]]:
    """Whether the child is in special education today, and the last day of the latest activity that ended."""
    today = timezone.localdate()
    rows = SpecialEducationActivity.objects.filter(student_id__in=ids).order_by("first_day", "pk")
    ends: dict[int, list[date | None]] = defaultdict(list)
    for student_id, last_day in rows.values_list("student_id", "last_day"):
        ends[student_id].append(last_day if last_day is None or last_day <= today else None)
    return {pk: (None in days, max((day for day in days if day), default=None)) for pk, days in ends.items()}


def _places(ids: RawSQL) -> dict[int, tuple[int, int | None]]:
    """The district and the school that answer today."""
    rows = StudentAccess.objects.filter(student_id__in=ids).current().order_by("-pk")
    return {pk: (district, site) for pk, district, site in rows.values_list("student_id", "district", "site")}
