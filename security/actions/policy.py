"""A district records its policy, its removal procedure and its training (SEC-01 to SEC-03, SEC-45)."""

from collections.abc import Sequence
from datetime import date

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from documents.actions import store
from documents.models import Document
from journal.actions import record
from organizations.models import District
from organizations.rules.calendar import school_year_of
from security.access import who_can
from security.access.requests import holds_at
from security.models import RemovalProcedure, SecurityPolicy, Training, User
from security.queries.recorded import this_school_year
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Permission


def why_not_record(user: User, district: District) -> str | None:
    """Coordinators and supervisors of the district keep what it records each year."""
    if holds_at(user, Permission.GRANT_ACCESS, district):
        return None
    if holds_at(user, Permission.APPROVE_REQUESTS, district):
        return None
    who = f"{who_can(Permission.APPROVE_REQUESTS)} or a security coordinator"
    return f"Only {who} of {district} can record this."


@transaction.atomic
def record_policy(
    *, by: User, district: District, adopted_on: date, iep_section: str, file: File | None = None
) -> SecurityPolicy:
    """For this school year. Without its section on IEPs it is not taken (SEC-02)."""
    _check(by, district)
    if not iep_section.strip():
        raise RuleBroken("Say what the policy says about the security of IEPs.", "iep_section")
    if adopted_on > timezone.localdate():
        raise RuleBroken("This day is still to come.", "adopted_on")
    policy = SecurityPolicy.objects.create(
        **_common(by, district, "security_policy", file),
        adopted_on=adopted_on,
        iep_section=iep_section.strip(),
    )
    _note("POLICY_RECORDED", "security policy", policy, by)
    return policy


@transaction.atomic
def record_procedure(
    *, by: User, district: District, steps: str, file: File | None = None
) -> RemovalProcedure:
    """How access is removed, for this school year."""
    _check(by, district)
    if not steps.strip():
        raise RuleBroken("Write who removes access, and how soon.", "steps")
    common = _common(by, district, "removal_procedure", file)
    procedure = RemovalProcedure.objects.create(**common, steps=steps.strip())
    _note("PROCEDURE_RECORDED", "removal procedure", procedure, by)
    return procedure


@transaction.atomic
def record_training(
    *,
    by: User,
    district: District,
    held_on: date,
    topic: str,
    attendees: Sequence[User],
    file: File | None = None,
) -> Training:
    """For the school year in which it was held, with who was there (SEC-03)."""
    _check(by, district)
    if held_on > timezone.localdate():
        raise RuleBroken("This day is still to come.", "held_on")
    if not topic.strip():
        raise RuleBroken("Say what the training was about.", "topic")
    if not attendees:
        raise RuleBroken("Name who was there.", "attendees")
    common = _common(by, district, "training", file) | {"school_year": school_year_of(held_on).label}
    training = Training.objects.create(**common, held_on=held_on, topic=topic.strip())
    training.attendees.set(attendees)
    _note("TRAINING_RECORDED", "training", training, by)
    return training


def _check(by: User, district: District) -> None:
    if sentence := why_not_record(by, district):
        raise NotAllowed(sentence)


def _common(by: User, district: District, kind: str, file: File | None) -> dict:
    document: Document | None = store(file, kind, by.pk, district_id=district.pk) if file else None
    year = this_school_year()
    return {"district": district, "school_year": year, "recorded_by": by, "document": document}


def _note(kind: str, what: str, row: SecurityPolicy | RemovalProcedure | Training, by: User) -> None:
    words = f"recorded the {what} for {row.school_year}"
    record(kind, words, by=by, district_id=row.district_id, record=row.pk)
