"""Taking back an end that has not come yet: the role goes on. Never one whose instant is past (SEC-43).

Where another end was recorded too, that one still comes.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from journal.actions import record
from security.actions.assign import district_of, end_assignment, follow
from security.models import Assignment, Departure, EndReason, Justification, User
from security.refusals import Stale


@transaction.atomic
def let_go_on(*, by: User, assignment: Assignment, planned: datetime, why: str) -> None:
    """The end that was planned for the instant is taken back. Raises Stale when it is past, or another."""
    row = Assignment.objects.select_for_update(of=["self"]).get(pk=assignment.pk)
    if row.ended_at != planned or planned <= timezone.now():
        raise Stale("This role has ended meanwhile. It does not come back: it has to be asked for again.")
    row.ended_at, row.ended_by, row.end_reason, row.end_note = None, None, "", ""
    row.save(update_fields=["ended_at", "ended_by", "end_reason", "end_note"])
    follow(row.user)
    for reason, end in _next_end(row):
        end_assignment(by=end.recorded_by, assignment=row, reason=reason, at=end.ends_at, note=end.note)
    record(
        "ROLE_GOES_ON",
        f"{row.role} of user {row.user_id} goes on: {why}",
        by=by,
        district_id=district_of(row),
        assignment=row.pk,
    )


def _next_end(row: Assignment) -> list[tuple[EndReason, Departure | Justification]]:
    """The first of the other ends that were recorded for the role and still stand; none or one."""
    now = timezone.now()
    leaves = Departure.objects.ahead(now).filter(user=row.user_id, district=district_of(row))
    duties = Justification.objects.unconfirmed().filter(assignment=row, ends_at__gt=now)
    found = [(EndReason.EMPLOYMENT_ENDED, each) for each in leaves]
    found += [(EndReason.DUTIES_CHANGED, each) for each in duties]
    return sorted(found, key=lambda pair: pair[1].ends_at)[:1]
