"""Making the files of repeated reports on their days, for their owners, in the scope these have by then."""

from datetime import date
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jobs.models import Job
from journal.actions import record
from reports import access, actions
from reports.lists.every import every_list
from reports.models import SavedReport
from reports.rules.repeating import next_day
from reports.saved.orders import order_of
from security import scope
from security.actions.notices import tell
from security.refusals import RuleBroken

log = structlog.get_logger(__name__)
READY = "A report that you repeat is ready. Its file waits under Jobs."
OVER = "A report of yours is no longer repeated. Its page says why."


def make_due(today: date | None = None) -> int:
    """May run twice a day: a report that was handed over has its next day by then. Returns how many."""
    today = today or timezone.localdate()
    return sum(_made(pk, today) for pk in SavedReport.objects.due(today).values_list("pk", flat=True))


def _made(pk: int, today: date) -> bool:
    """What goes wrong with one report keeps no other back; it is tried again with the next run."""
    try:
        return _make(pk, today)
    except Exception:
        log.exception("report_not_made", report=pk)
        return False


@transaction.atomic
def _make(pk: int, today: date) -> bool:
    report = SavedReport.objects.select_for_update(of=("self",)).select_related("owner").get(pk=pk)
    if report.next_on is None or report.begins_on is None or report.next_on > today:
        return False
    try:
        _check(report)
        with scope.of(report.owner):
            _hand_over(report)
    except RuleBroken as broken:
        _stop(report, str(broken))
        return False
    report.next_on = next_day(report.every, report.begins_on, today)
    report.save(update_fields=["next_on"])
    return True


def _check(report: SavedReport) -> None:
    found = every_list().get(report.slug)
    if found is None:
        raise RuleBroken("This list is no longer there.")
    if sentence := access.why_not_take(report.owner, found):
        raise RuleBroken(f"You may not take this list away any more. {sentence}")


def _hand_over(report: SavedReport) -> Job:
    order = order_of(report.slug, report.query, report.format, report.reason, report.bom)
    n = actions.count(report.owner, order)
    if n > settings.ESER_EXPORT_CAP:
        raise RuleBroken(
            f"It has {n:,} rows by now; above {settings.ESER_EXPORT_CAP:,} a second person approves"
            " each file. Narrow it with a filter, or export it by hand."
        )
    actions.note(report.owner, order, n, report=report.pk)
    return actions.open_job_for(report.owner, order, n, report=report.pk)


def _stop(report: SavedReport, sentence: str) -> None:
    report.every, report.begins_on, report.next_on, report.stopped = "", None, None, sentence[:300]
    report.save(update_fields=["every", "begins_on", "next_on", "stopped"])
    record("REPORT_STOPPED", "a repeated report was stopped", report=report.pk, list=report.slug)
    address = reverse("reports:change_saved", args=[report.pk])
    tell([report.owner], OVER, key=f"report stopped: {report.pk}, {timezone.localdate()}", address=address)


def tell_it_is_there(job: Job) -> None:
    """A notice, and an e-mail where that was chosen: neither names a child, a school or the report."""
    report = SavedReport.objects.filter(pk=job.params["report"], owner=job.owner_id)
    report = report.select_related("owner").first()
    if report is None:
        return
    tell([report.owner], READY, key=f"report: {job.pk}", address=job.get_absolute_url())
    if report.by_email:
        _send(report.owner, job)


def _send(user: Any, job: Job) -> None:
    if not settings.EMAIL_HOST or not user.email:
        return
    address = f"{settings.ESER_PUBLIC_ADDRESS}{job.get_absolute_url()}"
    try:
        EmailMessage("A report is ready", f"{READY}\n\n{address}\n", to=[user.email]).send()
    except OSError:
        log.warning("mail_away", job=job.pk)
