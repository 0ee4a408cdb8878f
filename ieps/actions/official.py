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
from ieps.models.iep import AMENDMENT, IN_FORCE, IepQuerySet
from ieps.rules.life import Move, targets
from ieps.signed import Signing
from ieps.stood import Stood
from ieps.taken import FACTS, earliest, services_of, take_facts
from ieps.told import told
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
    if iep.amends is None:
        return
    iep.amends = hold(iep.amends)
    if not targets(Move.AMEND, iep.amends.status) or iep.amends.replaced_by_id:
        raise RuleBroken("Another IEP has taken the place of the one that this amends: begin anew from that.")


def _keep_copy(by: User, iep: Iep, signing: Signing) -> None:
    stood, files = Stood(iep, signing.written, {}), iep.attachments.select_related("document")
    content = content_of(stood, told(iep), signing.standing, files)
    AgreedCopy.objects.create(iep=iep, content=content, sha256=sha256_of(content), made_by=by)


def _replace_earlier(iep: Iep) -> None:
    """At once in the records, or from the first day that lies ahead; one that begins later replaces this."""
    assert iep.first_day is not None
    if after := _followed_by(iep):
        iep.replaced_by, iep.replaced_from = after, after.first_day
        iep.save(update_fields=["replaced_by", "replaced_from"])
    for earlier in _replaced_by(iep):
        earlier.replaced_by, earlier.replaced_from = iep, iep.first_day
        move = Move.AMEND if iep.kind == AMENDMENT else Move.SUPERSEDE
        found = targets(move, earlier.status)
        if iep.first_day <= timezone.localdate() and found:
            (earlier.status,) = found
        earlier.save(update_fields=["replaced_by", "replaced_from", "status"])


def _replaced_by(iep: Iep) -> list[Iep]:
    """The one that an amendment amends; for any other all that are agreed to and begin no later, with what
    amends them from a later day."""
    if iep.kind == AMENDMENT:
        return [iep.amends]
    begun = Q(first_day=None) | Q(first_day__lte=iep.first_day)
    to_amend = Q(kind=AMENDMENT, amends__first_day__lte=iep.first_day)
    return list(_standing_after(iep).filter(begun | to_amend).select_for_update(of=("self",)))


def _followed_by(iep: Iep) -> Iep | None:
    """The next one that was agreed to before this, and begins later."""
    if iep.kind == AMENDMENT:
        return None
    later = _standing_after(iep).filter(first_day__gt=iep.first_day).exclude(kind=AMENDMENT)
    return later.order_by("first_day").first()


def _standing_after(iep: Iep) -> IepQuerySet:
    """The others of the child that are agreed to, and stand on its first day or begin after it."""
    standing = Q(replaced_from=None) | Q(replaced_from__gt=iep.first_day)
    return Iep.objects.filter(standing, student=iep.student_id, status__in=IN_FORCE).exclude(pk=iep.pk)


def _begin_services(iep: Iep, signing: Signing) -> None:
    """Those of earlier plans end the day before, and these before a later plan; a reason is given only where
    somebody gives one."""
    assert iep.first_day is not None
    running = Service.objects.filter(
        Q(last_day=None) | Q(last_day__gte=iep.first_day), student=iep.student_id
    )
    later = Q(iep__first_day__gt=iep.first_day) & (Q(iep__replaced_by=None) | ~Q(iep__replaced_by=iep))
    for service in running.exclude(later).select_for_update(of=("self",)):
        service.last_day = max(service.first_day, iep.first_day - ONE_DAY)
        service.save(update_fields=["last_day"])
    for service in services_of(iep, signing.written):
        service.last_day = earliest(service.last_day, iep.replaced_from and iep.replaced_from - ONE_DAY)
        service.save()


def _tell(by: User, iep: Iep) -> None:
    assert iep.first_day is not None
    words = f"The {iep.title} is official, in effect from {in_words(iep.first_day)}"
    record(
        "IEP_OFFICIAL", words, by=by, student_id=iep.student_id, district_id=iep.district_id,
        iep=iep.pk, sha256=iep.agreed.sha256,
    )  # fmt: skip
