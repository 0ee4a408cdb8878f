"""A record of the desk becomes somebody's to mend."""

from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse

from edfi.access import check_may_work_on, who_may_take
from edfi.models import Trouble
from journal.actions import record_for_each
from security.actions.notices import tell
from security.models import User
from security.refusals import RuleBroken

ASSIGNED = "EDFI_ASSIGNED"


@transaction.atomic
def assign(*, by: User, troubles: Sequence[Trouble], to: User | None) -> int:
    """`to` None: nobody's again. The person is told, and no child is named. Raises NotAllowed, RuleBroken."""
    check_may_work_on(by, troubles)
    for trouble in {row.district_id: row for row in troubles}.values():
        if to and not who_may_take(trouble).filter(pk=to.pk).exists():
            raise RuleBroken(f"The Ed-Fi desk is not open to {to.get_full_name()} in this district.", "to")
    Trouble.objects.filter(pk__in=[row.pk for row in troubles]).update(assigned_to=to)
    _note_in_journal(troubles, to, by)
    if to and to != by and troubles:
        _tell(to, troubles)
    return len(troubles)


def _note_in_journal(troubles: Sequence[Trouble], to: User | None, by: User) -> None:
    words = f"Gave a record of the Ed-Fi desk to {to.get_full_name()}" if to else "Left a record to nobody"
    children = ((row.student_id, row.district_id, {"code": row.code}) for row in troubles)
    record_for_each(ASSIGNED, words, by=by, children=children)


def _tell(to: User, troubles: Sequence[Trouble]) -> None:
    first = troubles[0]
    many = (
        f"{len(troubles)} records of the Ed-Fi desk are"
        if len(troubles) > 1
        else "A record of the Ed-Fi desk is"
    )
    address = f"{reverse('edfi:desk')}?connection={first.connection_id}&record={first.pk}"
    tell([to], f"{many} yours to mend.", key=f"edfi-{first.pk}-{to.pk}", address=address)
