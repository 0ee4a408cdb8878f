"""A draft takes over what still holds of an earlier IEP; nothing of it goes through without a look."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from ieps import access
from ieps.actions.check_out import check_not_taken_out
from ieps.actions.copy import copy_content
from ieps.actions.hold import hold
from ieps.carried import GOALS, never_carried, not_looked_at, waiting_in
from ieps.models import Carried, Iep
from ieps.rules.form import sections
from journal.actions import record
from security.models import User
from security.refusals import RuleBroken


@transaction.atomic
def carry_forward(
    *, by: User, source: Iep, to: Iep, chosen: Collection[str], goals: Collection[int] = ()
) -> int:
    """Sections by their id, goals by their line in the earlier IEP. Returns how many texts came.

    Days, consents and what each meeting decides anew never come. What stands in the draft stays.
    Raises NotAllowed, RuleBroken, TakenOut.
    """
    to = hold(to)
    access.check_may_write(by, to)
    if source.is_draft or source.pk == to.pk:
        raise RuleBroken("Only what was agreed once is taken over.")
    coming = {*chosen, *([GOALS] if goals else [])}
    for section in sorted(coming):
        check_not_taken_out(by, to, section)
    there = set(to.texts.values_list("pk", flat=True))
    copy_content(
        by=by,
        source=source,
        to=to,
        leave_out=never_carried(source) | _not_chosen(source, coming),
        lines_left_out=_other_goals(source, goals),
    )
    new = to.texts.exclude(pk__in=there).values_list("pk", flat=True)
    made = Carried.objects.bulk_create(Carried(iep=to, text_id=pk, source=source) for pk in new)
    _tell(to, by, source, len(made))
    return len(made)


def _not_chosen(source: Iep, chosen: Collection[str]) -> set[tuple[str, str]]:
    return {(row.section, "") for row in sections(source.form) if row.section not in chosen}


def _other_goals(source: Iep, goals: Collection[int]) -> set[int]:
    plans = source.lines.standing().filter(section=GOALS, table="")
    return set(plans.values_list("pk", flat=True)) - set(goals)


@transaction.atomic
def look_at(*, by: User, iep: Iep, section: str, keys: Collection[str]) -> int:
    """These texts still hold, as they came from the earlier IEP. Returns how many. Raises NotAllowed."""
    iep = hold(iep)
    access.check_may_write(by, iep)
    waiting = [pk for key, pk in waiting_in(section, not_looked_at(iep)).items() if key in keys]
    return Carried.objects.filter(pk__in=waiting).update(looked_by=by, looked_at=timezone.now())


def _tell(iep: Iep, by: User, source: Iep, count: int) -> None:
    words = f"Took {count} texts over from an earlier IEP"
    record(
        "IEP_CARRIED_FORWARD", words, by=by, student_id=iep.student_id, district_id=iep.district_id,
        iep=iep.pk, source=source.pk,
    )  # fmt: skip
