"""Whether people had signed the confidentiality assurance on a day, in words for lists."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.utils import timezone

from security.models import Assignment
from security.queries.standings import roles_with_places, standings
from ui.dates import in_words

UNSIGNED = "not signed, sees no students"


def assurance_status(user_ids: Iterable[int], day: date) -> dict[int, str]:
    """By user id, such as "signed Aug 4, 2026"; who needs none has no status to show."""
    end = min(timezone.make_aware(datetime.combine(day, time.max)), timezone.now())
    roles = roles_with_places(Assignment.objects.on(day).filter(user__in=user_ids))
    told: dict[int, str] = {}
    for row, standing in standings(roles, end):
        signed = standing.signed_at and f"signed {in_words(timezone.localdate(standing.signed_at))}"
        told[row.user_id] = signed if standing.counts(end) else UNSIGNED
    return told
