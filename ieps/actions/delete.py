"""An official IEP that should not be: one person asks for its deletion, another one decides."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from ieps import access
from ieps.actions.hold import hold
from ieps.actions.official import settle
from ieps.models import DeleteRequest, Iep, IepStatus
from ieps.rules.life import Move, targets
from ieps.taken import earliest
from journal.actions import record
from security.models import User
from security.refusals import RuleBroken

OFFICIAL = (IepStatus.OFFICIAL, IepStatus.OFFICIAL_INCOMPLETE)
ONE_DAY = timedelta(days=1)
NOT_OFFICIAL = "Only an official IEP is deleted on request. A draft is discarded."
NOTHING_ASKED = "Nobody asks for the deletion of this IEP."
OWN = "You asked for this deletion yourself: somebody else decides."


@transaction.atomic
def ask_deletion(*, by: User, iep: Iep, reason: str) -> DeleteRequest:
    """It stays in force until somebody else approves. Raises NotAllowed, RuleBroken."""
    iep = hold(iep)
    access.check_may_ask_deletion(by, iep)
    if not targets(Move.ASK_DELETION, iep.status):
        raise RuleBroken(NOT_OFFICIAL)
    if not reason.strip():
        raise RuleBroken("Say why it should be deleted: whoever decides has to know.", "reason")
    asked = DeleteRequest.objects.create(iep=iep, was=iep.status, reason=reason.strip(), asked_by=by)
    _move(iep, IepStatus.DELREQ)
    _tell("IEP_DELETION_ASKED", "Asked for the deletion of", iep, by)
    return asked


@transaction.atomic
def decide_deletion(*, by: User, iep: Iep, grant: bool, answer: str = "") -> Iep:
    """Granted, it is gone from lists and counts, and nothing of it is erased; the one before stands again.

    Refused, it is what it was before. Raises NotAllowed, RuleBroken.
    """
    iep = hold(iep)
    access.check_may_decide_deletion(by, iep)
    asked = iep.delete_requests.filter(granted=None).select_for_update().first()
    if asked is None:
        raise RuleBroken(NOTHING_ASKED)
    if asked.asked_by_id == by.pk:
        raise RuleBroken(OWN)
    if not grant and not answer.strip():
        raise RuleBroken("Say why it is refused: whoever asked has to know.", "answer")
    asked.granted, asked.answer, asked.decided_by, asked.decided_at = (
        grant,
        answer.strip(),
        by,
        timezone.now(),
    )
    asked.save()
    _move(iep, IepStatus.DELETED if grant else asked.was)
    if grant:
        _stand_again(iep)
    verb = "Approved" if grant else "Refused"
    _tell("IEP_DELETED" if grant else "IEP_DELETION_REFUSED", f"{verb} the deletion of", iep, by)
    return iep


def why_not_decide(user: User, iep: Iep) -> str | None:
    """For the page: the sentence when this person cannot decide about the open request."""
    asked = iep.delete_requests.filter(granted=None).first()
    if asked is None:
        return NOTHING_ASKED
    return access.why_not_decide_deletion(user, iep) or (OWN if asked.asked_by_id == user.pk else None)


def _move(iep: Iep, status: str) -> None:
    iep.status, iep.modified_at = status, timezone.now()
    iep.save(update_fields=["status", "modified_at"])


def _stand_again(iep: Iep) -> None:
    """What it had replaced is what was agreed before, and goes on, until one that came after takes its place;
    its services do with it."""
    _end_services(iep)
    for earlier in iep.replaces.select_for_update():
        earlier.replaced_by, earlier.replaced_from = iep.replaced_by, iep.replaced_from
        earlier.status = _as_agreed(earlier)
        earlier.save(update_fields=["replaced_by", "replaced_from", "status"])
        if iep.first_day:
            _go_on(earlier, iep.first_day - ONE_DAY)
    settle()


def _as_agreed(iep: Iep) -> str:
    """Its status before another one took its place."""
    events = Iep.pgh_event_model.objects.filter(pgh_obj_id=iep.pk, status__in=OFFICIAL)
    return events.order_by("-pgh_id").values_list("status", flat=True).first() or IepStatus.OFFICIAL


def _go_on(earlier: Iep, ended_on: date) -> None:
    """The services that had ended with it last as long as it does."""
    last = earliest(earlier.last_day, earlier.replaced_from and earlier.replaced_from - ONE_DAY)
    earlier.services.filter(last_day=ended_on).update(last_day=last)


def _end_services(iep: Iep) -> None:
    today = timezone.localdate()
    for service in iep.services.filter(last_day__gt=today) | iep.services.filter(last_day=None):
        service.last_day = max(service.first_day, today)
        service.save(update_fields=["last_day"])


def _tell(kind: str, words: str, iep: Iep, by: User) -> None:
    record(
        kind, f"{words} the {iep.title}", by=by,
        student_id=iep.student_id, district_id=iep.district_id, iep=iep.pk,
    )  # fmt: skip
