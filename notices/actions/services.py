"""Consent to the first services: given or refused, withdrawn; services end after a prior written notice."""

from dataclasses import dataclass
from datetime import date

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from enrollment.actions import end_special_education, go_on_with_special_education
from enrollment.facts import special_education
from enrollment.rules.codes import CONSENT_REVOKED
from notices import access
from notices.actions.hold import kept_file, refuse_before, refuse_empty, refuse_future
from notices.deeds import Deed, tell
from notices.models import Notice, ServicesConsent
from notices.rules.kinds import Kind, notice_row
from notices.rules.sending import send_by
from organizations.calendars import calendars_of
from security.models import User
from security.refusals import RuleBroken
from students.models import Student
from ui.dates import in_words

NO_NOTICE = (
    "Services end only after the parents had a prior written notice of it. Write it and record its delivery"
    " first."
)


@dataclass(frozen=True)
class SignedAnswer:
    """`on` is the day on which it came in."""

    given: bool
    on: date
    signed_by: str
    file: File | None = None


@transaction.atomic
def answer_services(*, by: User, student: Student, signed: SignedAnswer) -> ServicesConsent:
    """Without consent no services begin. Who consents again before services end keeps them.

    Authority: 34 CFR 300.300(b)(1), (3). Raises NotAllowed, RuleBroken.
    """
    district = access.check_may_write(by, student)
    Student.objects.select_for_update(no_key=True).get(pk=student.pk)
    refuse_future(signed.on, "answer", "on")
    refuse_before(signed.on, student.birth_date, "answer", "birth", "on")
    refuse_empty(signed.signed_by, "Say who signed.", "signed_by")
    if standing := student.services_consents.standing().first():
        since = in_words(standing.answered_on)
        raise RuleBroken(f"The consent of {since} stands. Parents who change their mind withdraw it.")
    withdrawn = ServicesConsent.objects.last_given(student)
    if withdrawn:
        refuse_before(signed.on, withdrawn.revoked_on, "answer", "withdrawal", "on")
    consent = ServicesConsent.objects.create(
        student=student, district=district, given=signed.given, answered_on=signed.on, by_id=by.pk,
        signed_by=signed.signed_by.strip(),
        document_id=kept_file(signed.file, "services_consent", student.pk, district.pk, by),
    )  # fmt: skip
    deed = Deed.SERVICES_CONSENTED if signed.given else Deed.SERVICES_REFUSED
    words = "consent to services given" if signed.given else "consent to services refused"
    tell(deed, f"{words}, {in_words(signed.on)}", consent, by=by)
    if signed.given:
        _services_go_on(withdrawn, by)
    return consent


@transaction.atomic
def revoke_services(
    *, by: User, student: Student, on: date, how: str, file: File | None = None
) -> ServicesConsent:
    """In writing, at any time, for the time to come. Authority: 34 CFR 300.300(b)(4), 300.9(c).

    Raises NotAllowed, RuleBroken.
    """
    district = access.check_may_write(by, student)
    consent = student.services_consents.standing().select_for_update(of=("self",)).first()
    if consent is None:
        raise RuleBroken("There is no consent to services that could be withdrawn.", "on")
    refuse_future(on, "withdrawal", "on")
    refuse_before(on, consent.answered_on, "withdrawal", "consent", "on")
    refuse_empty(how, "Say how the parents told you; they must do so in writing.", "how")
    consent.revoked_on, consent.revoked_how, consent.district = on, how.strip(), district
    consent.revoked_document_id = kept_file(file, "services_revocation", student.pk, district.pk, by)
    consent.save()
    tell(Deed.SERVICES_REVOKED, f"consent to services withdrawn, {in_words(on)}", consent, by=by)
    return consent


@transaction.atomic
def end_services(*, by: User, student: Student, on: date) -> ServicesConsent:
    """The day from which no services are given any more, after the notice and the days that a state asks for.

    The child stays enrolled and leaves special education on that day. Until it has come, another day takes
    its place.

    Authority: 34 CFR 300.300(b)(4)(i), 300.503; RS 17:1946.1. Raises NotAllowed, RuleBroken.
    """
    district = access.check_may_write(by, student)
    today = timezone.localdate()
    consent = ServicesConsent.objects.last_given(student)
    if consent is None or not consent.may_end(today):
        raise RuleBroken("There is no withdrawn consent for which services still end.", "on")
    refuse_before(on, consent.revoked_on, "end of services", "withdrawal", "on")
    _check_told(consent, on)
    consent.services_end_on, consent.district = on, district
    consent.save()
    if special_education(student, today).exists():
        end_special_education(by=by, student=student, reason=CONSENT_REVOKED, on=on)
    tell(Deed.SERVICES_END, f"services end {in_words(on)}, consent withdrawn", consent, by=by)
    return consent


def _services_go_on(withdrawn: ServicesConsent | None, by: User) -> None:
    """Not when the day is past: then the parents ask for an initial evaluation."""
    today = timezone.localdate()
    if withdrawn is None or withdrawn.services_end_on is None or not withdrawn.may_end(today):
        return
    words = f"services do not end {in_words(withdrawn.services_end_on)}, the parents consented again"
    withdrawn.services_end_on = None
    withdrawn.save()
    announced = special_education(withdrawn.student, today).filter(exit_reason=CONSENT_REVOKED)
    if announced.exists():
        go_on_with_special_education(by=by, student=withdrawn.student)
    tell(Deed.SERVICES_GO_ON, words, withdrawn, by=by)


def _check_told(consent: ServicesConsent, on: date) -> None:
    since = Notice.objects.standing().filter(student=consent.student_id, issued_on__gte=consent.revoked_on)
    told = since.first_delivered(Kind.PRIOR_WRITTEN).get(consent.student_id)
    if told is None or told > on:
        raise RuleBroken(NO_NOTICE, "on")
    row = notice_row(Kind.PRIOR_WRITTEN)
    assert row is not None
    calendar = calendars_of([consent.district_id]).get(consent.district_id)
    found = send_by(row, consent.district.state.profile, on, calendar)
    if found and found.day and told > found.day:
        length = found.counting.length_in_words or "a day"
        raise RuleBroken(f"The notice came on {in_words(told)}: services end at least {length} later.", "on")
