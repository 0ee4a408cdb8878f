"""Keeping a list as it is laid out, changing what is kept, and forgetting it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from journal.actions import record
from organizations.models import District
from reports.access import why_not_export
from reports.actions import MAY_NAME
from reports.lists.every import every_list
from reports.lists.listing import List
from reports.models import SavedReport
from reports.saved.access import check_may_change, districts_of
from security.refusals import NotAllowed, RuleBroken

NOT_SAVED = ("page", "size")


@dataclass(frozen=True)
class Kept:
    """What is chosen about a saved report. `every` is "" or of `Every`; then `reason` says what for."""

    name: str
    district: District | None = None
    every: str = ""
    format: str = "xlsx"
    bom: bool = False
    reason: str = ""
    by_email: bool = False


@transaction.atomic
def save_report(*, by: Any, found: List, query: Mapping[str, str], kept: Kept) -> SavedReport:
    """Raises RuleBroken; NotAllowed when it is to be repeated and the person may not export."""
    said = {name: value for name, value in query.items() if name not in NOT_SAVED}
    report = _keep(by, SavedReport(owner=by, slug=found.slug, query=said), kept)
    record("REPORT_SAVED", "saved a report", by=by, **_told(report))
    return report


@transaction.atomic
def change_report(*, by: Any, report: SavedReport, kept: Kept) -> SavedReport:
    """Raises NotAllowed, RuleBroken."""
    check_may_change(by, report)
    report = _keep(by, report, kept)
    record("REPORT_CHANGED", "changed a saved report", by=by, **_told(report))
    return report


@transaction.atomic
def remove_report(*, by: Any, report: SavedReport) -> None:
    """Files that it made stay until they expire. Raises NotAllowed."""
    check_may_change(by, report)
    record("REPORT_REMOVED", "removed a saved report", by=by, **_told(report))
    report.delete()


def _keep(by: Any, report: SavedReport, kept: Kept) -> SavedReport:
    _check(by, report, kept)
    begins = _first_day(report, kept.every)
    report.name, report.district, report.every = kept.name, kept.district, kept.every
    report.format, report.bom, report.by_email = kept.format, kept.bom, kept.by_email
    report.reason = kept.reason if kept.every else ""
    if begins != report.begins_on or not kept.every:
        report.begins_on = report.next_on = begins
    report.stopped = "" if kept.every else report.stopped
    report.save()
    return report


def _first_day(report: SavedReport, every: str) -> date | None:
    """Tomorrow, when the repeating begins or changes; else as it was."""
    if not every:
        return None
    return report.begins_on if report.every == every else timezone.localdate() + timedelta(days=1)


def _check(by: Any, report: SavedReport, kept: Kept) -> None:
    others = SavedReport.objects.filter(owner=by, name=kept.name).exclude(pk=report.pk)
    if others.exists():
        raise RuleBroken("You have a report of this name already. Choose another name.", "name")
    if kept.district and any(report.query.get(name) for name in MAY_NAME):
        raise RuleBroken(
            "A name is typed in a filter of this report. Take it out before you share the report.", "district"
        )
    if kept.district and not districts_of(by).filter(pk=kept.district.pk).exists():
        raise RuleBroken("You can share a report inside your own district alone.", "district")
    if kept.every and not kept.reason:
        raise RuleBroken("Say what you need the files for.", "reason")
    if kept.every and (sentence := why_not_export(by, every_list()[report.slug])):
        raise NotAllowed(sentence)


def _told(report: SavedReport) -> dict[str, Any]:
    """For the journal: no name that was typed."""
    return {
        "report": report.pk, "list": report.slug, "shared": report.district_id, "every": report.every,
        "reason": report.reason,
    }  # fmt: skip
