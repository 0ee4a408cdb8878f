"""Seats kept at the sending school while a student attends a nonpublic one.

Authority: OSSE 2016, slides 31-33.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from enrollment.access import check_may_exit
from enrollment.models import Enrollment, Released, SeatHold
from journal.actions import record
from organizations.models import DistrictKind
from security.models import User
from security.refusals import RuleBroken
from ui.dates import in_words


def hold_seat(enrollment: Enrollment) -> SeatHold | None:
    """R6.03, R6.05: the sending school keeps the seat; a second nonpublic school changes nothing about it."""
    if SeatHold.objects.filter(student=enrollment.student_id, released="").exists():
        return None
    sender = enrollment.responsible_site or enrollment.site
    hold, _ = SeatHold.objects.get_or_create(
        enrollment=enrollment,
        defaults={
            "student_id": enrollment.student_id, "district_id": enrollment.district_id,
            "site": sender, "since": enrollment.last_day,
        },
    )  # fmt: skip
    return hold


def release_seats(entered: Enrollment, *, by: User) -> None:
    """Called by an entry: into another district, or back to the seat."""
    for hold in SeatHold.objects.filter(student=entered.student_id, released="").select_for_update():
        if hold.district_id != entered.district_id:
            _release(hold, Released.ENTERED_ELSEWHERE, entered.first_day, by)
        elif hold.site_id == entered.site_id:
            _release(hold, Released.RETURNED, entered.first_day, by)


def why_not_release(hold: SeatHold) -> str | None:
    """R6.05, R6.06: a charter's seat is kept whatever the family says, until it enrolls elsewhere."""
    if hold.released:
        return f"The seat was released on {in_words(hold.released_on)}: {hold.get_released_display()}."
    if hold.district.kind == DistrictKind.CHARTER:
        return (
            f"{hold.district} is a charter: it holds the seat at all times until the parent or guardian"
            " enrolls the student in another LEA."
        )
    return None


@transaction.atomic
def decide_not_to_return(*, by: User, hold: SeatHold, on: date) -> SeatHold:
    """The family said that the student does not come back. Raises NotAllowed, RuleBroken."""
    check_may_exit(by, hold.enrollment)
    hold = SeatHold.objects.select_for_update(of=("self",)).select_related("district").get(pk=hold.pk)
    if hold.released == Released.NOT_RETURNING and hold.released_on == on:
        return hold
    if sentence := why_not_release(hold):
        raise RuleBroken(sentence)
    if on < hold.since:
        raise RuleBroken(f"The seat is held since {in_words(hold.since)}: give a later day.", "on")
    if on > timezone.localdate():
        raise RuleBroken(f"{in_words(on)} has not come yet.", "on")
    _release(hold, Released.NOT_RETURNING, on, by)
    return hold


def _release(hold: SeatHold, why: Released, on: date, by: User) -> None:
    hold.released, hold.released_on = why, max(on, hold.since)
    hold.save(update_fields=["released", "released_on"])
    record(
        "SEAT_RELEASED", f"seat released on {in_words(hold.released_on)}: {why.label}", by=by,
        student_id=hold.student_id, district_id=hold.district_id, seat=hold.pk,
    )  # fmt: skip
