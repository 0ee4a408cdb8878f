"""Taking back an end that has not come yet: the role goes on. Never one whose instant is past (SEC-43)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from journal.actions import record
from security.actions.assign import district_of, follow
from security.models import Assignment, User
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
    record(
        "ROLE_GOES_ON",
        f"{row.role} of user {row.user_id} goes on: {why}",
        by=by,
        district_id=district_of(row),
        assignment=row.pk,
    )
