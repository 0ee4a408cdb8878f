"""An IEP becomes official: the records take its facts and services, and what it says is kept for good."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ieps import access
from ieps.actions.hold import hold
from ieps.frozen import content_of
from ieps.models import AgreedCopy, Iep, IepStatus, Service
from ieps.models.agreed import sha256_of
from ieps.models.iep import AMENDMENT
from ieps.rules.life import Move, targets
from ieps.signed import Signing
from ieps.taken import FACTS, services_of, take_facts
from journal.actions import record
from organizations.rules.calendar import in_words
from security.models import User
from security.refusals import RuleBroken
from students.models import Student

ONE_DAY = timedelta(days=1)


@transaction.atomic
def make_official(*, by: User, iep: Iep) -> Iep:
    """From now on it changes only by an amendment, or by another IEP.

    What it replaces ends the day before its first day. Raises NotAllowed, RuleBroken (what is lacking).
    """
    Student.objects.select_for_update().get(pk=iep.student_id)
    iep = hold(iep)
    access.check_may_make_official(by, iep)
    signing = Signing(iep)
    if sentence := signing.why_not_official:
        raise RuleBroken(sentence)
    _check_amended(iep)
    take_facts(iep, signing)
    _keep_copy(by, iep, signing)
    (iep.status,) = targets(Move.MAKE_OFFICIAL, iep.status)
    iep.modified_at = timezone.now()
    iep.save(update_fields=[*(name.removesuffix("_id") for name in FACTS), "status", "modified_at"])
    _replace_earlier(iep)
    _begin_services(iep, signing)
    _tell(by, iep)
    return iep


@transaction.atomic
def settle(today: date | None = None) -> int:
    """Give each IEP whose place another one has taken by today the status that says so; how many there were.

    The days decide where one stands; the status follows them, for lists that go by it.
    """
    due = Iep.objects.filter(replaced_from__lte=today or timezone.localdate())
    due = due.filter(status__in=(IepStatus.OFFICIAL, IepStatus.OFFICIAL_INCOMPLETE))
    by_amendment = due.filter(replaced_by__kind=AMENDMENT).update(status=IepStatus.AMENDED)
    return by_amendment + due.update(status=IepStatus.SUPERSEDED)


def _check_amended(iep: Iep) -> None:
    """The IEP that is amended has to be in force still, when the amendment is ready."""
    if iep.amends_id and (not targets(Move.AMEND, iep.amends.status) or iep.amends.replaced_by_id):
        raise RuleBroken("Another IEP has taken the place of the one that this amends: begin anew from that.")


def _keep_copy(by: User, iep: Iep, signing: Signing) -> None:
    content = content_of(iep, signing.written, signing.standing)
    AgreedCopy.objects.create(iep=iep, content=content, sha256=sha256_of(content), made_by=by)


def _replace_earlier(iep: Iep) -> None:
    """At once in the records, or from the first day that lies ahead."""
    assert iep.first_day is not None
    for earlier in _replaced_by(iep):
        earlier.replaced_by, earlier.replaced_from = iep, iep.first_day
        move = Move.AMEND if iep.kind == AMENDMENT else Move.SUPERSEDE
        found = targets(move, earlier.status)
        if iep.first_day <= timezone.localdate() and found:
            (earlier.status,) = found
        earlier.save(update_fields=["replaced_by", "replaced_from", "status"])


def _replaced_by(iep: Iep) -> list[Iep]:
    """The one that an amendment amends; for any other all that are agreed to and begin no later."""
    if iep.kind == AMENDMENT:
        return [iep.amends]
    standing = Iep.objects.filter(
        Q(first_day=None) | Q(first_day__lte=iep.first_day), student=iep.student_id, replaced_by=None,
        status__in=(IepStatus.OFFICIAL, IepStatus.OFFICIAL_INCOMPLETE, IepStatus.DELREQ),
    )  # fmt: skip
    return list(standing.exclude(pk=iep.pk).select_for_update(of=("self",)))


def _begin_services(iep: Iep, signing: Signing) -> None:
    """Those of earlier plans end the day before; a reason is given only where somebody gives one."""
    assert iep.first_day is not None
    running = Service.objects.filter(
        Q(last_day=None) | Q(last_day__gte=iep.first_day), student=iep.student_id
    )
    for service in running.select_for_update():
        service.last_day = max(service.first_day, iep.first_day - ONE_DAY)
        service.save(update_fields=["last_day"])
    for service in services_of(iep, signing.written):
        service.save()


def _tell(by: User, iep: Iep) -> None:
    assert iep.first_day is not None
    words = f"The {iep.kind_name} IEP is official, in effect from {in_words(iep.first_day)}"
    record(
        "IEP_OFFICIAL", words, by=by, student_id=iep.student_id, district_id=iep.district_id,
        iep=iep.pk, sha256=iep.agreed.sha256,
    )  # fmt: skip
