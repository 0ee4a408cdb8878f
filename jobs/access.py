"""Who may see a job: its owner; and those who look after the whole state."""

from typing import Any

from django.db.models import QuerySet

from jobs.models import Job

SEE_JOBS = "see_jobs"


def sees_all(user: Any) -> bool:
    return user.holds_statewide(SEE_JOBS)


def seen_by(user: Any) -> QuerySet[Job]:
    return Job.objects.all() if sees_all(user) else Job.objects.of(user.pk)
