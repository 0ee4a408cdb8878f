"""The findings as a CSV file: with a reason, within scope, noted for every child that is here."""

import csv
import io

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from journal.actions import record
from migration.child_of_record import children_of
from migration.findings_access import check_may_take_away, runs_the_rollover
from migration.models import FindingCase
from migration.rules.findings import quality_rules
from rulebook.formulas import guarded
from security.models import User
from security.refusals import RuleBroken
from security.rules.roles import Permission
from security.scope import scope_of

HEADS = (
    "Rule", "Severity", "What is wrong", "Record type", "Record key", "Line", "Value", "What to do",
    "District", "State", "Given to", "First run", "Last run", "Times found", "State student ID", "Steps",
)  # fmt: skip
SHORTEST_REASON = 5


def take_findings(*, by: User, cases: QuerySet[FindingCase], reason: str) -> str:
    """The text of the file. `cases` are those that the person sees. Raises NotAllowed, RuleBroken."""
    check_may_take_away(by)
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise RuleBroken("Say what you need the file for.", "reason")
    if not runs_the_rollover(by):
        cases = cases.filter(district__in=scope_of(by, Permission.EXPORT).district_ids)
    cap = settings.ESER_EXPORT_CAP
    rows = cases.select_related("district", "assigned_to").prefetch_related("steps__by")
    lines = list(rows[: cap + 1])
    if len(lines) > cap:
        raise RuleBroken(f"One file holds at most {cap:,} lines. Narrow the list with a filter first.")
    children = children_of(by, [(row.record_type, row.key) for row in lines])
    by.took_away({child.pk for child in children.values()}, "CSV of the rollover's findings", reason)
    words = f"exported findings of the rollover, {len(lines):,} rows as CSV"
    record("EXPORTED", words, by=by, list="rollover-findings", format="csv", rows=len(lines), reason=reason)
    file = io.StringIO()
    write = csv.writer(file, lineterminator="\n").writerow
    write(HEADS)
    for row in lines:
        child = children.get((row.record_type, row.key))
        write([guarded(cell) for cell in _cells(row, child.state_student_id if child else "")])
    return file.getvalue()


def _cells(row: FindingCase, state_student_id: str) -> list[str]:
    rule = quality_rules()[row.rule]
    return [
        row.rule, row.severity, rule.title, row.record_type, row.key, str(row.line or ""), row.value,
        rule.hint,
        str(row.district or ""), row.get_state_display(),
        row.assigned_to.get_full_name() if row.assigned_to else "", str(row.first_run_id),
        str(row.last_run_id), str(row.times), state_student_id, " | ".join(map(_step, row.steps.all())),
    ]  # fmt: skip


def _step(step) -> str:
    who = step.by.get_full_name() if step.by else f"run {step.run_id}"
    words = f": {step.words}" if step.words else ""
    return f"{timezone.localtime(step.at):%Y-%m-%d} {who} {step.get_deed_display()}{words}"
