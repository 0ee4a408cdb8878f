"""The progress toward each goal is written for a period, and the parents are told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from ieps import access
from ieps.goals import Goal, goals_of, measured
from ieps.models import GoalReport, Iep, Measurement
from ieps.rules.progress import Period, Said, why_not_issue
from journal.actions import record
from notices.actions import issue_from_record
from notices.models import Notice
from notices.rules.kinds import Kind
from security.models import User
from security.refusals import RuleBroken, Stale
from students.access import responsible_today
from ui.dates import in_words
from ui.two_texts import plain

LONGEST = 5_000
TOLD = "The parents have this report already. It stays as it is."


@dataclass(frozen=True)
class Progress:
    """`seen`: the version that it was written over, 0 for the first."""

    sufficient: bool | None
    text: str
    seen: int = 0


@transaction.atomic
def save_progress(*, by: User, iep: Iep, goal: Goal, period: Period, progress: Progress) -> GoalReport:
    """A draft may be incomplete. Raises NotAllowed, RuleBroken, Stale with what stands there."""
    access.check_may_report(by, iep)
    text = plain(progress.text).strip()
    if len(text) > LONGEST:
        raise RuleBroken(f"At most {LONGEST:,} characters fit here.", "text")
    place = {"goal_id": goal.line, "last_day": period.last}
    first = {
        "student": iep.student, "iep": iep, "district": responsible_today(iep.student),
        "first_day": period.first, "version": 0,
    }  # fmt: skip
    rows = GoalReport.objects.select_for_update(of=("self",)).select_related("saved_by")
    row, _ = rows.get_or_create(**place, defaults=first)
    if (row.sufficient, row.text) == (progress.sufficient, text) and row.version:
        return row
    if row.notice_id:
        raise RuleBroken(TOLD)
    if row.version != progress.seen:
        raise Stale(f"{row.saved_by or 'Somebody else'} wrote about {goal.title} meanwhile: “{row.text}”.")
    row.sufficient, row.text, row.district = progress.sufficient, text, first["district"]
    row.version, row.saved_by, row.saved_at = row.version + 1, by, timezone.now()
    row.save()
    return row


@transaction.atomic
def issue_progress(*, by: User, iep: Iep, period: Period, on: date) -> Notice:
    """One notice to the parents about every goal, with the latest measurements of the period.

    Authority: 34 CFR 300.320(a)(3)(ii); LAC 28:XLIII.1324.G. Raises NotAllowed, RuleBroken.
    """
    access.check_may_report(by, iep)
    goals = goals_of([iep.pk]).get(iep.pk, [])
    written = GoalReport.objects.select_for_update(of=("self",)).filter(iep=iep, last_day=period.last)
    rows = {row.goal_id: row for row in written}
    if any(row.notice_id for row in rows.values()):
        raise RuleBroken(TOLD)
    if sentence := why_not_issue(_said(goal, rows.get(goal.line)) for goal in goals):
        raise RuleBroken(sentence)
    notice = issue_from_record(
        by=by, student=iep.student, kind=Kind.PROGRESS, record=_lines(goals, rows, period), on=on
    )
    for row in rows.values():
        row.notice_id = notice.pk
    GoalReport.objects.bulk_update(rows.values(), ["notice_id"])
    record(
        "PROGRESS_REPORTED", f"Progress report of {period.label} issued", by=by, student_id=iep.student_id,
        district_id=notice.district_id, iep=iep.pk, notice=notice.pk,
    )  # fmt: skip
    return notice


def _said(goal: Goal, row: GoalReport | None) -> Said:
    return Said(goal.title, row.sufficient if row else None, row.text if row else "")


def _lines(goals: Sequence[Goal], rows: dict[int, GoalReport], period: Period) -> list[tuple[str, str]]:
    values = measured(goals)
    return [("Time", period.label), *((goal.title, _told(goal, rows[goal.line], values[goal.line], period))
                                      for goal in goals)]  # fmt: skip


def _told(goal: Goal, row: GoalReport, values: Sequence[Measurement], period: Period) -> str:
    standing = [each for each in values if each.withdrawn_at is None and each.on <= period.last]
    enough = "Progress is sufficient" if row.sufficient else "Progress is not sufficient"
    told = [
        goal.goal,
        f"Baseline: {goal.baseline}" if goal.baseline else "",
        f"Criterion: {goal.criterion}" if goal.criterion else "",
        *(f"Measured on {in_words(each.on)}: {each.measured}" for each in standing[-3:]),
        f"{enough} to reach the goal by the end of the year.",
        row.text,
    ]
    return "\n".join(filter(None, told))
