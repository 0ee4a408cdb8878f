"""Reminders and the weekly digest: for who chose them, of what is with them, without any child's data."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from caseload.due import HORIZON, WEEK
from caseload.models import Deadline, ReminderChoice
from caseload.rules.sources import listed
from security import scope
from security.actions.notices import tell
from security.models import User
from ui.dates import in_words

HOME = "/"
ONE_DAY = timedelta(days=1)


@transaction.atomic
def choose(*, by: User, weekly: bool, by_email: bool, days_before: int | None) -> ReminderChoice:
    chosen = {"weekly": weekly, "by_email": by_email, "days_before": days_before}
    return ReminderChoice.objects.update_or_create(user=by, defaults=chosen)[0]


def remind_all(today: date | None = None) -> int:
    """Each day; tells of the same day of the same deadline once. Returns how many notices are new."""
    today = today or timezone.localdate()
    choices = ReminderChoice.objects.filter(days_before__isnull=False, user__is_active=True)
    return sum(_remind(choice, today) for choice in choices.select_related("user"))


def _remind(choice: ReminderChoice, today: date) -> int:
    with scope.of(choice.user) as reach:
        last = today + timedelta(days=choice.days_before or 0)
        rows = with_whom(choice.user, reach).filter(due_on__range=(today, last))
        return sum(
            tell(
                [choice.user], f"{row.name} is due on {in_words(row.due_on)}.",
                key=f"due: {row.pk}, {row.due_on}", address="/caseload/deadlines/?who=me",
            )
            for row in rows
        )  # fmt: skip


def digest_all(today: date | None = None) -> int:
    """Each week; the same week is told once. Returns how many people were told."""
    today = today or timezone.localdate()
    choices = ReminderChoice.objects.filter(weekly=True, user__is_active=True).select_related("user")
    return sum(_digest(choice, today) for choice in choices)


def _digest(choice: ReminderChoice, today: date) -> int:
    year, week, _ = today.isocalendar()
    with scope.of(choice.user) as reach:
        days = (
            with_whom(choice.user, reach).filter(due_on__lte=today + HORIZON).values_list("due_on", flat=True)
        )
        words = week_in_words(days, today)
        told = tell([choice.user], words, key=f"digest: {year}-{week:02}", address=HOME) if words else 0
        if told and choice.by_email:
            transaction.on_commit(lambda: _send(choice.user, words), robust=True)
    return told


def with_whom(user: User, reach: scope.Scope):
    return (
        Deadline.objects.in_scope(reach)
        .open()
        .filter(responsible=user, number__in=listed())
        .order_by("due_on")
    )


def week_in_words(days: Iterable[date], today: date) -> str:
    """ "Your week: 2 overdue, 3 due this week, 4 later."; "" when there is nothing to tell."""
    found, end = list(days), today + WEEK
    counted = (
        (sum(day < today for day in found), "overdue"),
        (sum(today <= day < end for day in found), "due this week"),
        (sum(day >= end for day in found), "later"),
    )
    told = ", ".join(f"{n} {what}" for n, what in counted if n)
    return f"Your week: {told}." if told else ""


def _send(user: User, words: str) -> None:
    """Counts and a link alone: e-mail leaves the product."""
    if not settings.EMAIL_HOST or not user.email:
        return
    body = f"{words}\n\nSee them after signing in: {settings.ESER_PUBLIC_ADDRESS}{HOME}\n"
    EmailMessage(words.removesuffix("."), body, to=[user.email]).send()
