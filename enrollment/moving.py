"""Enrollments and what belongs to them in a merge of two records of one child."""

from django.db.models import DateField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from enrollment.models import (
    ContactAttempt,
    Duty,
    Enrollment,
    ExitNotice,
    ExitPaper,
    Finding,
    SeatHold,
    SpecialEducationActivity,
    SupportRequest,
)
from students.extensions import MovesAlong
from students.models import Student

FOREVER = Value("9999-12-31", DateField())
OF_AN_ENROLLMENT = (
    (Duty, "duties"),
    (ContactAttempt, "attempts to reach the family"),
    (ExitPaper, "papers of exits"),
    (ExitNotice, "notices of exits"),
    (SupportRequest, "requests to the state"),
    (SeatHold, "seats held"),
    (Finding, "findings of the audit"),
)


def doubled(kept: Student, merged: Student) -> QuerySet[Enrollment]:
    """Enrollments of the merged child at a school and on days at which the kept child is enrolled too."""
    same = Enrollment.objects.filter(
        student=kept, site=OuterRef("site"), no_show=False,
        first_day__lte=Coalesce(OuterRef("last_day"), FOREVER),
    ).annotate(until=Coalesce("last_day", FOREVER)).filter(until__gte=OuterRef("first_day"))  # fmt: skip
    return Enrollment.objects.filter(Exists(same), student=merged, no_show=False)


def with_enrollments(kept: Student, merged: Student) -> Q:
    return Q(pk__in=doubled(kept, merged).values("pk"))


def with_its_enrollment(kept: Student, merged: Student) -> Q:
    return Q(enrollment__in=doubled(kept, merged).values("pk"))


def same_activity(kept: Student, merged: Student) -> Q:
    """Special education that began on the same day under the same district."""
    same = SpecialEducationActivity.objects.filter(
        student=kept, first_day=OuterRef("first_day"), district=OuterRef("district")
    )
    return Q(Exists(same))


# What belongs to an enrollment is looked at first: afterwards nothing tells any more that it was doubled.
OF_THE_CHILD = (
    *(MovesAlong(model, words, with_its_enrollment) for model, words in OF_AN_ENROLLMENT),
    MovesAlong(Enrollment, "enrollments", with_enrollments),
    MovesAlong(SpecialEducationActivity, "times in special education", same_activity),
)
