"""When a person lost access: what was taken away before then holds more than they reach now."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from security.models import Absence, Assignment, User


def lost_a_role_at(user: User) -> datetime | None:
    """The latest instant at which a role ended, ran out, or was suspended; two queries."""
    now = timezone.now()
    roles = Assignment.objects.filter(user=user).values_list("ended_at", "last_day")
    ends = [end for ended_at, last_day in roles for end in (ended_at, _end_of(last_day)) if end]
    ends += Absence.objects.suspended().filter(user=user).values_list("suspended_at", flat=True)
    return max((end for end in ends if end <= now), default=None)


def _end_of(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) if day else None
