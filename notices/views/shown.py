"""How notices, contacts and requests are shown, wherever they are."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from enrollment.models import ContactAttempt
from evaluations.rules.standing import Standing, days_late
from notices.models import Notice, RecordsRequest, ServicesConsent
from notices.models import Status as NoticeStatus
from notices.rules.kinds import notice_row
from notices.rules.sending import send_by
from organizations.rules.days import PlaceCalendar
from security.models import User
from ui.dates import in_words
from ui.parts import Status

STATES = {
    NoticeStatus.DRAFT: Status("info", "draft", "edit"),
    NoticeStatus.ISSUED: Status("warn", "not delivered yet", "mail"),
    NoticeStatus.DELIVERED: Status("good", "delivered"),
}


def status_of(notice: Notice) -> Status:
    return STATES[notice.status]


def late_words(notice: Notice, calendar: PlaceCalendar | None, today: date) -> str:
    """Such as "3 days late"; "" when it went, or can still go, in time."""
    row = notice_row(notice.kind)
    found = send_by(row, notice.district.state.profile, notice.event_on, calendar) if row else None
    if found is None:
        return ""
    delivered = notice.first_delivery
    days = days_late(found.day, delivered and delivered.on, today)
    return f"{days} {'day' if days == 1 else 'days'} late" if days else ""


def standing_of(request: RecordsRequest, profile: str, today: date) -> Status:
    due = request.due(profile).day
    match request.standing(profile, today):
        case Standing.MET:
            return Status("good", f"answered {in_words(request.answered_on)}")
        case Standing.EXCUSED:
            return Status("quiet", "taken back")
        case Standing.LATE if request.answered_on:
            return Status("bad", f"answered {in_words(request.answered_on)}, late")
        case Standing.LATE:
            return Status("bad", f"overdue since {in_words(due)}")
        case _:
            return Status("info", f"due {in_words(due)}", "schedule")


def consent_status(consent: ServicesConsent) -> Status:
    if not consent.given:
        return Status("warn", "refused")
    if consent.services_end_on:
        return Status("quiet", f"withdrawn, services end {in_words(consent.services_end_on)}")
    if consent.revoked_on:
        return Status("warn", f"withdrawn {in_words(consent.revoked_on)}, services go on until a notice")
    return Status("good", "given")


def file_url(document_id: int | None) -> str:
    return reverse("documents:download", args=[document_id]) if document_id else ""


def told_by(attempts: Iterable[ContactAttempt]) -> list[dict[str, object]]:
    """The log, latest first, with who wrote each line."""
    rows = sorted(attempts, key=lambda row: (row.on, row.pk), reverse=True)
    names = dict(_names({row.by_id for row in rows if row.by_id}))
    return [
        {"row": row, "by": names.get(row.by_id, "the system"), "file": file_url(row.document_id)}
        for row in rows
    ]


def _names(ids: set[int]) -> list[tuple[int, str]]:
    return [(person.pk, str(person)) for person in User.objects.filter(pk__in=ids)]
