"""A child comes with an IEP of elsewhere: comparable services at once, then it is adopted or replaced."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q

from ieps import access
from ieps.actions.copy import copy_content
from ieps.actions.draft import start_draft
from ieps.actions.hold import hold
from ieps.frozen import content_of
from ieps.models import AgreedCopy, ComparableServices, HowEnded, Iep, IepStatus, OutsideIep, Service
from ieps.models.agreed import sha256_of
from ieps.signed import Signing
from ieps.stood import as_it_stands
from ieps.told import told
from journal.actions import record
from notices.actions.hold import kept_file, refuse_before, refuse_empty, refuse_future
from security.models import User
from security.refusals import RuleBroken
from students.access import responsible_today
from students.models import Student
from ui.dates import in_words

AS_AGREED = (
    "form", "category", "meeting_date", "parent_date", "last_day", "grade", "lre", "regular_minutes",
    "total_minutes", "assessment", "esy",
)  # fmt: skip
GIVEN = ("code", "recipient", "minutes", "sessions", "per", "location")
REVIEW = "REV"
# What belongs to the earlier meeting alone is written anew.
OF_THE_MEETING = (
    ("GSI", "meeting_date"), ("GSI", "participants"), ("GSI", "excusals"), ("GSI", "attempts"),
    ("GSI", "rights_given"), ("GSI", "rights_given_date"), ("GSI", "iep_begin"), ("GSI", "iep_end"),
    ("GSI", "home_school"), ("GSI", "other_school"), ("PRG", "time_frame_first"), ("PRG", "time_frame_last"),
    ("PLC", "choice"), ("PLC", "copy_given"),
)  # fmt: skip
ONE_DAY = timedelta(days=1)
RUNNING = "Comparable services are recorded already. End those first."


@dataclass(frozen=True)
class Comparable:
    """`services` in words; `consulted`: the parent with whom they were agreed, on a day."""

    services: str
    first_day: date
    consulted: str
    consulted_on: date


@dataclass(frozen=True)
class Outside:
    """The facts of an IEP of another state, as its paper tells them."""

    state: str
    agency: str
    meeting_date: date
    exceptionality: str
    services: str
    received_on: date
    first_day: date | None = None
    last_day: date | None = None


@transaction.atomic
def take_in_outside(*, by: User, student: Student, outside: Outside, file: File | None = None) -> OutsideIep:
    """Authority: 34 CFR 300.323(f). Raises NotAllowed, RuleBroken."""
    district = access.check_may_receive(by, student)
    refuse_future(outside.received_on, "day on which it came in", "received_on")
    refuse_before(outside.meeting_date, student.birth_date, "meeting", "birth", "meeting_date")
    refuse_before(
        outside.received_on, outside.meeting_date, "day on which it came in", "meeting", "received_on"
    )
    if outside.first_day and outside.last_day:
        refuse_before(outside.last_day, outside.first_day, "last day", "first day", "last_day")
    row = OutsideIep.objects.create(
        student=student, district=district, by=by, **asdict(outside),
        document_id=kept_file(file, "outside_iep", student.pk, district.pk, by),
    )  # fmt: skip
    _tell("OUTSIDE_IEP_TAKEN_IN", f"Took in an IEP of {row.state}, {in_words(row.meeting_date)}", row, by)
    return row


@transaction.atomic
def begin_comparable(
    *, by: User, student: Student, comparable: Comparable, iep: Iep | None, outside: OutsideIep | None = None
) -> ComparableServices:
    """Comparable to the services of `iep` of an earlier district, or of an `outside` one; in consultation
    with the parents.

    Authority: 34 CFR 300.323(e) and (f). Raises NotAllowed, RuleBroken.
    """
    district = access.check_may_receive(by, student)
    if iep is None and outside is None:
        raise RuleBroken("There is no IEP of elsewhere that services could be comparable to.")
    if any(one is not None and one.student_id != student.pk for one in (iep, outside)):
        raise RuleBroken("This belongs to another student.")
    refuse_empty(comparable.services, "Say which services are given.", "services")
    refuse_empty(comparable.consulted, "Say with which parent they were agreed.", "consulted")
    refuse_future(comparable.consulted_on, "talk with the parents", "consulted_on")
    Student.objects.select_for_update().get(pk=student.pk)
    if ComparableServices.objects.filter(student=student, district=district, last_day=None).exists():
        raise RuleBroken(RUNNING)
    row = ComparableServices.objects.create(
        student=student, district=district, iep=iep, outside=outside, by=by, **asdict(comparable)
    )
    _tell("COMPARABLE_SERVICES", f"Comparable services from {in_words(row.first_day)}", row, by)
    return row


@transaction.atomic
def end_comparable(*, by: User, services: ComparableServices, on: date, how: str) -> ComparableServices:
    """Raises NotAllowed, RuleBroken."""
    access.check_may_receive(by, services.student)
    row = ComparableServices.objects.select_for_update(of=("self",)).get(pk=services.pk)
    if row.last_day:
        raise RuleBroken("They have ended already.")
    if how not in HowEnded:
        raise RuleBroken("Choose why they end.", "how")
    refuse_before(on, row.first_day, "last day", "first day", "on")
    return _end(row, on, how, by)


@transaction.atomic
def adopt(*, by: User, iep: Iep, on: date) -> Iep:
    """The IEP of the earlier district becomes this district's own, word for word, in effect from a day.

    The meeting and the annual review stay where they are. Authority: 34 CFR 300.323(e)(1).
    Raises NotAllowed, RuleBroken.
    """
    student = Student.objects.select_for_update().get(pk=iep.student_id)
    iep = hold(iep)
    access.check_may_adopt(by, iep)
    district = responsible_today(student)
    _check_day(iep, student, on)
    own = Iep.objects.create(
        student=student, district=district, evaluation=iep.evaluation, adopted_from=iep, first_day=on,
        odr_date=on, author=by, kind=_full(iep).kind, **{name: getattr(iep, name) for name in AS_AGREED},
    )  # fmt: skip
    copy_content(by=by, source=iep, to=own)
    _keep_copy(by, own, iep)
    own.status = IepStatus.OFFICIAL
    own.save(update_fields=["status"])
    iep.status, iep.replaced_by, iep.replaced_from = IepStatus.SUPERSEDED, own, on
    iep.save(update_fields=["status", "replaced_by", "replaced_from"])
    _take_over_services(own, iep, on)
    for row in ComparableServices.objects.filter(student=student, district=district, last_day=None):
        _end(row, max(row.first_day, on - ONE_DAY), HowEnded.ADOPTED, by)
    words = f"Adopted the {iep.title} of {iep.district}, in effect from {in_words(on)}"
    record(
        "IEP_ADOPTED",
        words,
        by=by,
        student_id=student.pk,
        district_id=district.pk,
        iep=own.pk,
        earlier=iep.pk,
    )
    return own


@transaction.atomic
def begin_review_from(*, by: User, student: Student, earlier: Iep | None) -> Iep:
    """A new IEP of the district, begun with the words of the earlier one; 34 CFR 300.323(e)(2).

    Raises NotAllowed, RuleBroken.
    """
    access.check_may_start(by, student)
    if earlier is None:
        raise RuleBroken("There is no IEP of another district in effect.")
    draft = start_draft(by=by, student=student, kind=REVIEW, category=earlier.category)
    copy_content(by=by, source=earlier, to=draft, leave_out=OF_THE_MEETING)
    return draft


def _full(iep: Iep) -> Iep:
    """The IEP that an amendment amends: adopted, both are one."""
    while iep.amends is not None:
        iep = iep.amends
    return iep


def _keep_copy(by: User, own: Iep, earlier: Iep) -> None:
    """As it is adopted, with the signatures that the earlier district has of it."""
    stood, files = as_it_stands(own), earlier.attachments.select_related("document")
    content = content_of(stood, told(own), Signing(earlier).standing, files)
    AgreedCopy.objects.create(iep=own, content=content, sha256=sha256_of(content), made_by=by)


def _check_day(iep: Iep, student: Student, on: date) -> None:
    refuse_future(on, "day from which it is adopted", "on")
    since = student.jurisdictions.filter(last_day=None).values_list("first_day", flat=True).first()
    refuse_before(on, since, "day from which it is adopted", "first day here,", "on")
    if iep.last_day and on > iep.last_day:
        raise RuleBroken(f"This IEP ended on {in_words(iep.last_day)}: write a new one.", "on")


def _take_over_services(own: Iep, earlier: Iep, on: date) -> None:
    """What the earlier district gave ends the day before; the same is given here from that day, or later as
    it was agreed.
    """
    running = Service.objects.filter(Q(last_day=None) | Q(last_day__gte=on), student=own.student_id)
    for service in running.exclude(district=own.district_id).select_for_update(of=("self",)):
        Service.objects.create(
            student_id=own.student_id, district_id=own.district_id, first_day=max(service.first_day, on),
            last_day=service.last_day, iep=own if service.iep_id == earlier.pk else None,
            **{name: getattr(service, name) for name in GIVEN},
        )  # fmt: skip
        service.last_day = max(service.first_day, on - ONE_DAY)
        service.save(update_fields=["last_day"])


def _end(row: ComparableServices, on: date, how: str, by: User) -> ComparableServices:
    row.last_day, row.ended = on, how
    row.save(update_fields=["last_day", "ended"])
    words = f"Comparable services end {in_words(on)}: {row.get_ended_display()}"
    _tell("COMPARABLE_SERVICES_ENDED", words, row, by)
    return row


def _tell(kind: str, words: str, row: OutsideIep | ComparableServices, by: User) -> None:
    record(kind, words, by=by, student_id=row.student_id, district_id=row.district_id, row=row.pk)
