"""Reads what the notices to parents and their requests tell of many children: four queries."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Min
from django.db.models.expressions import RawSQL
from django.db.models.fields.json import KT

from caseload.rules.told import NoticeFacts, RequestFacts, ServicesFacts
from ieps.models import Service
from notices.models import Notice, RecordsRequest, ServicesConsent, Way

REFUSES = "refuses"


def notices_of(ids: RawSQL) -> Mapping[int, tuple[NoticeFacts, ...]]:
    """Drafts too, for the days that they are to be sent by; without what was replaced by another."""
    rows = Notice.objects.filter(student_id__in=ids).exclude(replaced_by__issued_on__isnull=False)
    rows = rows.annotate(told=Min("deliveries__on"), position=KT("elements__position")).order_by("pk")
    found = defaultdict(list)
    for student_id, *values, position in rows.values_list(
        "student_id", "pk", "kind", "district_id", "written_by_id", "event_on", "told", "evaluation_id",
        "position",
    ):  # fmt: skip
        found[student_id].append(NoticeFacts(*values, refuses=position == REFUSES))
    return _frozen(found)


def requests_of(ids: RawSQL) -> Mapping[int, tuple[RequestFacts, ...]]:
    rows = RecordsRequest.objects.filter(student_id__in=ids).order_by("pk")
    found = defaultdict(list)
    columns = ("student_id", "pk", "district_id", "asked_on", "meeting_on", "answered_on", "way")
    for student_id, *values, way in rows.values_list(*columns):
        found[student_id].append(RequestFacts(*values, withdrawn=way == Way.WITHDRAWN))
    return _frozen(found)


def services_of(ids: RawSQL) -> dict[int, ServicesFacts]:
    """Of the children whose parents answered; the latest answer counts."""
    rows = ServicesConsent.objects.filter(student_id__in=ids).order_by("answered_on", "pk")
    answers = {pk: answer for pk, *answer in rows.values_list("student_id", "given", "answered_on")}
    begun = _begun(list(answers)) if answers else {}
    return {pk: ServicesFacts(given, on, begun.get(pk)) for pk, (given, on) in answers.items()}


def _begun(student_ids: list[int]) -> dict[int, date]:
    rows = Service.objects.filter(student_id__in=student_ids).order_by()
    return dict(rows.values("student_id").annotate(first=Min("first_day")).values_list("student_id", "first"))


def _frozen(found: Mapping[int, list[Any]]) -> dict[int, tuple[Any, ...]]:
    return {pk: tuple(rows) for pk, rows in found.items()}
